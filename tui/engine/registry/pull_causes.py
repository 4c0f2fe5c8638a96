"""What kept an image from being pulled, told by the engine's words."""

from __future__ import annotations

import re

from tui.engine.cause import Cause
from tui.engine.registry.reference import Reference

_PATTERNS: tuple[tuple[Cause, re.Pattern[str]], ...] = tuple(
    (cause, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for cause, pattern in (
        (Cause.RATE_LIMITED, r"toomanyrequests|429 too many requests"),
        # What a proxy answers to CONNECT is printed without its number: `Head "https://…": Forbidden`.
        (Cause.PROXY, r'proxyconnect|proxy authentication required|"https://[^"]*": (?:[A-Z][A-Za-z]+ ?)+$'),
        (Cause.CERTIFICATE, r"x509:|certificate"),
        (
            Cause.PLAIN_HTTP,
            r"server gave HTTP response to HTTPS client|first record does not look like a TLS handshake",
        ),
        (Cause.PLATFORM, r"no match(?:ing manifest)? for "),
        (
            Cause.LOGIN_REFUSED,
            r"incorrect username or password|failed to authorize.*\b401\b|fetch oauth token.*\b401\b|answered 40[13]\b"
            r"|unauthorized: bad credentials",
        ),
        (
            Cause.NOT_LOGGED_IN,
            r"pull access denied|insufficient_scope|authentication required|no basic auth credentials"
            r"|\b40[13] (?:unauthorized|forbidden)|^unauthorized\b|unauthorized:|requested access to the resource",
        ),
        (Cause.NO_SUCH_TAG, r"manifest unknown|manifest for \S+ not found"),
        (Cause.NO_SUCH_NAME, r"name unknown|NAME_UNKNOWN|repository \S+ not found"),
        (
            Cause.CUT_OFF,
            r"unexpected EOF|short read|expected HTTP 206|failed to read expected number of bytes"
            r"|read tcp \S+: (?:read: )?connection reset|stream error: stream ID",
        ),
        (
            Cause.UNREACHABLE,
            r"no such host|server misbehaving|connection refused|i/o timeout|(?:network|host) is unreachable"
            r"|no route to host|while waiting for connection|deadline exceeded|TLS handshake timeout|connection reset"
            r"|in name resolution|dial tcp|cannot be reached|: EOF$",
        ),
        (Cause.REGISTRY_FAILED, r"\b5\d\d [A-Z]|unexpected (?:HTTP )?status|answered 5\d\d"),
        (Cause.NOT_FOUND, r": not found(?: \(did you mean .*\))?$"),
    )
)

_REASONS = (
    (re.compile(r"lookup (\S+?)(?: on \S+)?: (?:no such host|server misbehaving)"), "the name {0} is not known to it"),
    (re.compile(r"dial tcp (\S+): connect: connection refused"), "nobody listens at {0}"),
    (re.compile(r"network is unreachable"), "its network is down"),
    (re.compile(r"i/o timeout|deadline exceeded|timeout|while waiting for connection"), "no answer came in time"),
)

_DENIED = re.compile(r"access denied|insufficient_scope|requested access|\b403\b", re.IGNORECASE)


def pull_cause(message: str) -> Cause | None:
    """Why an image could not be had; None where the words tell of something else."""
    return next((cause for cause, pattern in _PATTERNS if pattern.search(message)), None)


def why_unreachable(message: str) -> str:
    """The network's part of a message, to follow `the engine cannot reach it: `; empty where it says nothing."""
    for pattern, words in _REASONS:
        if match := pattern.search(message):
            return words.format(*match.groups())
    return ""


def about_login(cause: Cause, message: str, image: Reference, user: str | None) -> Cause:
    """What a refusal means to somebody who is logged in as `user`, or to nobody."""
    if cause is Cause.NOT_LOGGED_IN and image.is_official and _DENIED.search(message):
        return Cause.NO_SUCH_NAME
    if cause is Cause.LOGIN_REFUSED and user is None:
        return Cause.NOT_LOGGED_IN
    if cause is Cause.NOT_LOGGED_IN and user is not None:
        return Cause.NO_ACCESS if _DENIED.search(message) else Cause.LOGIN_REFUSED
    return cause
