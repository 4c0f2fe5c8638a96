"""How long a registry wants us to wait, and how much it still allows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_EPOCH_FROM = 1_000_000_000
"""From here on a number of seconds is a date: Docker Hub sends those too."""


def retry_seconds(headers: Mapping[str, str], now: datetime | None = None) -> int | None:
    """Seconds until a registry answers again, by its headers; None where they do not tell.

    `Retry-After` holds seconds, a date, or seconds since 1970. The window of `ratelimit-remaining: 0;w=21600` tells
    when a place becomes free at the latest.
    """
    now = now or datetime.now(UTC)
    for name in ("Retry-After", "X-Retry-After"):
        if (seconds := _seconds(headers.get(name, ""), now)) is not None:
            return seconds
    for name in ("ratelimit-remaining", "ratelimit-limit"):
        _, _, window = headers.get(name, "").partition(";w=")
        if window.isdigit():
            return int(window)
    return None


def pulls_left(headers: Mapping[str, str]) -> int | None:
    """How many pulls are left, from `ratelimit-remaining: 76;w=21600`."""
    count = headers.get("ratelimit-remaining", "").partition(";")[0].strip()
    return int(count) if count.isdigit() else None


def _seconds(value: str, now: datetime) -> int | None:
    value = value.strip()
    if value.isdigit():
        number = int(value)
        return max(0, number - int(now.timestamp())) if number >= _EPOCH_FROM else number
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0, round((at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()))
