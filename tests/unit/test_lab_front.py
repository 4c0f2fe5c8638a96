"""What the lab's registry makes of a path, before any fault is chosen by it."""

from __future__ import annotations

import pytest

from tests.lab.registry.front import repository_of


@pytest.mark.parametrize(
    ("path", "repository"),
    [
        ("/v2/library/golang/manifests/1.27-bookworm?ns=docker.io", "library/golang"),
        ("/v2/slow/base/blobs/sha256:12", "slow/base"),
        ("/v2/a/blobs/b/tags/list", "a/blobs/b"),
        ("/v2/", ""),
        ("/token?scope=repository:a/b:pull", ""),
    ],
)
def test_the_repository_is_told_from_the_path(path: str, repository: str) -> None:
    assert repository_of(path) == repository
