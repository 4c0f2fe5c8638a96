"""What the registry itself says of a pull that failed: more than the engine passes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui.engine.cause import Cause
from tui.engine.errors import EngineError
from tui.engine.failure.model import Diagnosis
from tui.engine.failure.pulls import pull_diagnosis
from tui.engine.registry.errors import PullRefused
from tui.engine.registry.offer import Offer
from tui.engine.registry.patience import within

ANSWER_SECONDS = 3.0
TOLD_MORE_BY = {
    Cause.NOT_FOUND: (Cause.NO_SUCH_NAME, Cause.NO_SUCH_TAG),
    Cause.NO_SUCH_TAG: (Cause.NO_SUCH_TAG,),
    Cause.RATE_LIMITED: (Cause.RATE_LIMITED,),
    Cause.PLATFORM: (Cause.PLATFORM,),
}
"""By what the engine says, what a registry may add: name or tag, tags that are alike, the time to wait, platforms."""

LookUp = Callable[[str, str], Offer]
"""The offer of an image, by its name and a platform. Raises PullRefused."""


def looked_up(diagnosis: Diagnosis, platform: str, look_up: LookUp, stopped: Callable[[], bool]) -> Diagnosis:
    """The same diagnosis, with what the registry adds within seconds; unchanged where that is nothing."""
    pull = diagnosis.pull
    if diagnosis.cause not in TOLD_MORE_BY or pull is None:
        return diagnosis
    platform = pull.platform or platform
    refused = within(ANSWER_SECONDS, lambda: _refusal(pull.image.name, platform, look_up), stopped)
    if refused is None or refused.cause not in TOLD_MORE_BY[diagnosis.cause]:
        return diagnosis
    more = pull_diagnosis(refused.cause, replace(refused.pull, named_by=pull.named_by))
    return replace(more, line=diagnosis.line)


def _refusal(image: str, platform: str, look_up: LookUp) -> PullRefused | None:
    try:
        look_up(image, platform)
    except PullRefused as refused:
        return refused
    except EngineError:
        # It was asked in the registry's place, and is gone: what it said before stands.
        return None
    return None
