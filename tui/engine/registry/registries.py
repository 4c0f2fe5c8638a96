"""What registries offer, as far as this machine or the engine can ask them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tui.engine.cause import Cause
from tui.engine.registry.client import FindLogin, look_up
from tui.engine.registry.errors import PullRefused
from tui.engine.registry.manifests import offered_platforms, pick
from tui.engine.registry.offer import Offer
from tui.engine.registry.pull_causes import about_login, pull_cause, why_unreachable
from tui.engine.registry.pull_words import Pull
from tui.engine.registry.reference import Reference
from tui.engine.registry.settings import RegistrySettings

NOT_FROM_HERE = (Cause.UNREACHABLE, Cause.PROXY, Cause.CERTIFICATE, Cause.PLAIN_HTTP)
"""What says nothing about the engine, which may be elsewhere, or be configured otherwise."""


class DistributionRefused(Exception):
    """The engine's answer to GET /distribution says no; the message is its words."""


AskEngine = Callable[[str], Mapping[str, Any]]
"""GET /distribution/NAME/json without any login. Raises DistributionRefused, EngineLost."""


@dataclass(frozen=True, slots=True)
class Registries:
    """The registries of one engine."""

    settings: RegistrySettings
    find_login: FindLogin
    ask_engine: AskEngine

    def look_up(self, reference: Reference, platform: str) -> Offer:
        """What a pull would bring; blocks. Raises PullRefused, EngineLost.

        Asked from here, with the user's login. Where no registry can be reached from here, the engine asks, which
        is never given a login and does not tell what an image weighs.
        """
        try:
            return look_up(reference, platform, self.settings, self.find_login)
        except PullRefused as refused:
            if refused.cause not in NOT_FROM_HERE:
                raise
        return self._through_engine(reference, platform)

    def _through_engine(self, reference: Reference, platform: str) -> Offer:
        pull = Pull(reference, platform=platform)
        try:
            told = self.ask_engine(reference.full_name)
        except DistributionRefused as error:
            words = str(error)
            cause = about_login(pull_cause(words) or Cause.REGISTRY_FAILED, words, reference, None)
            raise PullRefused(cause, replace(pull, detail=why_unreachable(words))) from error
        listed: Sequence[Mapping[str, Any]] = told.get("Platforms") or ()
        index = {"manifests": [{"platform": one} for one in listed]}
        if listed and pick(index, platform) is None:
            raise PullRefused(Cause.PLATFORM, replace(pull, alike=offered_platforms(index)))
        digest = str((told.get("Descriptor") or {}).get("digest") or "")
        return Offer(reference, digest, "", platform=platform if listed else "")
