"""What a test needs from the machine: skipped aloud where it is absent, failed where it was promised."""

from __future__ import annotations

import os

import pytest


def need(condition: bool, what: str, how: str) -> None:
    """Skip the calling test unless `condition` holds, saying what was not tested and how to get it.

    With JETTISON_REQUIRE_LAB=1, as in CI, nothing may be missing: the test fails instead.
    """
    if condition:
        return
    reason = f"needs {what}: {how}"
    if os.environ.get("JETTISON_REQUIRE_LAB") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
