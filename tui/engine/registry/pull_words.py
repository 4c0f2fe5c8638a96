"""What is said of an image that cannot be pulled: the same words before a build and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.engine.cause import Cause
from tui.engine.registry.reference import HUB, Reference

SYNTAX = "# syntax="
"""What names a frontend."""
WITHOUT_NETWORK = "Without a network, jettison --engine replay shows a recorded build."
MOST_ALIKE = 3
"""So many of the tags that are alike are told."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull that came to nothing, as far as it is known."""

    image: Reference
    named_by: str = "FROM"
    """What names it: `FROM`, `COPY --from`, `# syntax=`."""
    platform: str = ""
    user: str | None = None
    """Who is logged in at the registry."""
    detail: str = ""
    """What else is known of the cause, to follow a colon."""
    retry_seconds: int | None = None
    """When the registry will answer again, where it told."""
    alike: Sequence[str] = ()
    """Tags that the repository has and that are much like the one that was wanted; or platforms that it offers."""
    asker: str = "the engine"
    """Who wanted it: `the engine`, `this machine`."""


def what_happened(cause: Cause, pull: Pull) -> str:
    """What happened, in a sentence that names the image as it was written."""
    image, registry = pull.image, pull.image.registry
    asker = pull.asker[0].upper() + pull.asker[1:]
    detail = f": {pull.detail}" if pull.detail else ""
    # Any other name begins with its registry.
    on_hub = " on Docker Hub" if image.host == HUB else ""
    match cause:
        case Cause.UNREACHABLE:
            return f"{asker} cannot reach {registry}, where {image.name} comes from{detail}."
        case Cause.NO_SUCH_NAME:
            return f"There is no image {image.short_repository}{on_hub}."
        case Cause.NO_SUCH_TAG if image.digest:
            return f"{image.short_repository} is there{on_hub}, but not in the version {image.digest[:19]}…."
        case Cause.NO_SUCH_TAG:
            return f"{image.short_repository} has no tag {image.tag}{on_hub}."
        case Cause.NOT_FOUND:
            return f"There is no {image.name}{on_hub}: the name or the tag is wrong."
        case Cause.NOT_LOGGED_IN:
            return f"{image.name} is private or does not exist{on_hub}."
        case Cause.LOGIN_REFUSED:
            why = "the user name or password is wrong, or the login has expired"
            return f"{registry} refuses the login{_of(pull)}: {why}."
        case Cause.NO_ACCESS:
            return f"{pull.user or 'Your login'} may not pull {image.name}, or there is no such image{on_hub}."
        case Cause.RATE_LIMITED:
            return f"{registry} is limiting your pulls, as there were too many recently: {image.name} has to wait."
        case Cause.CERTIFICATE:
            return f"{asker} does not trust the certificate of {registry}, where {image.name} comes from{detail}."
        case Cause.PLAIN_HTTP:
            return f"{registry} answers without TLS, and {pull.asker} wants TLS for {image.name}."
        case Cause.PROXY:
            return f"The proxy between {pull.asker} and {registry} does not let {image.name} through{detail}."
        case Cause.PLATFORM:
            offered = f" It is there for {', '.join(pull.alike)}." if pull.alike else ""
            return f"{image.name} is not made for {pull.platform or 'this platform'}.{offered}"
        case Cause.CUT_OFF:
            return f"The connection broke off while {image.name} was being pulled."
        case Cause.DISK_FULL:
            return f"The engine's disk ran full while {image.name} was being pulled."
    return f"{registry} cannot serve {image.name} right now{detail}."


def what_to_do(cause: Cause, pull: Pull, *, now: datetime | None = None) -> str:
    """What to do next. `now` is the local time that a waiting time is counted from."""
    image, named_by = pull.image, pull.named_by
    login = "docker login" if image.host == HUB else f"docker login {image.host}"
    match cause:
        case Cause.UNREACHABLE:
            return f"Check the network of {_machine(pull)}, then build again. {WITHOUT_NETWORK}"
        case Cause.NO_SUCH_NAME:
            return f"Check the name after {named_by}."
        case Cause.NO_SUCH_TAG if pull.alike:
            return f"Tags much like it: {', '.join(pull.alike[:MOST_ALIKE])}. Write one of them after {named_by}."
        case Cause.NO_SUCH_TAG | Cause.NOT_FOUND:
            return f"Check name and tag after {named_by}{_tag_page(image)}."
        case Cause.NOT_LOGGED_IN:
            return f"Check the name after {named_by}; if it is right, log in with {login} and build again."
        case Cause.LOGIN_REFUSED:
            return f"Log in again with {login}, then build again."
        case Cause.NO_ACCESS:
            return f"Check the name after {named_by}, or log in as somebody who may pull it ({login})."
        case Cause.RATE_LIMITED:
            raises = "" if pull.user is not None else f" {login} raises the limit."
            return f"{_when(pull.retry_seconds, now)}{raises} Images that are on the engine already need no pull."
        case Cause.CERTIFICATE:
            return f"{_trust(pull)} Then build again."
        case Cause.PLAIN_HTTP:
            return f'If that is intended, add {image.host} to "insecure-registries" in the engine\'s daemon.json.'
        case Cause.PROXY if pull.asker == "the engine":
            return "docker info shows the engine's proxy: check its address, its login, and which hosts it allows."
        case Cause.PROXY:
            return "Check HTTPS_PROXY and NO_PROXY in your environment."
        case Cause.PLATFORM:
            return f"Choose an image that is, or another platform (--platform in {named_by})."
        case Cause.CUT_OFF:
            return "Build again: layers that arrived whole are not pulled a second time."
        case Cause.DISK_FULL:
            return "Make room on it: jettison clean lists what is ours, docker system df shows the rest."
    return "Try again in a few minutes; a status page of the registry may tell more."


def waiting_words(seconds: int) -> str:
    """`5 h 32 min`, `12 min`, `40 s`; rounded up, so that nobody comes too early."""
    if seconds < 60:
        return f"{max(1, seconds)} s"
    minutes = -(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def _when(seconds: int | None, now: datetime | None) -> str:
    if seconds is None:
        return "Try again later: it did not say when."
    at = (now or datetime.now().astimezone()) + timedelta(seconds=seconds)
    return f"Try again in {waiting_words(seconds)} (at {at:%H:%M})."


def _of(pull: Pull) -> str:
    return f" of {pull.user}" if pull.user else ""


def _machine(pull: Pull) -> str:
    return "the engine's machine" if pull.asker == "the engine" else pull.asker


def _tag_page(image: Reference) -> str:
    if image.host != HUB:
        return ""
    page = f"_/{image.short_repository}" if "/" not in image.short_repository else f"r/{image.repository}"
    return f"; https://hub.docker.com/{page} lists what there is"


def _trust(pull: Pull) -> str:
    host = pull.image.host
    if host == HUB:
        return "Something between you and Docker Hub shows a certificate of its own: have its CA trusted by the system."
    where = "on the engine's machine" if pull.asker == "the engine" else "here"
    return f"Save the registry's CA certificate as /etc/docker/certs.d/{host}/ca.crt {where}."
