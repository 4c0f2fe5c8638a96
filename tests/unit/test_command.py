from __future__ import annotations

from pathlib import Path

from tui.engine.command import docker_build_command
from tui.engine.model import Builder, BuildRequest

ROOT = Path("/work")


def command(**changes: object) -> str:
    given = {"context": ROOT / "app", "dockerfile": Path("Dockerfile"), "tag": "me/it:1", **changes}
    return docker_build_command(BuildRequest(**given), ROOT)  # type: ignore[arg-type]


def test_the_plain_command_needs_no_file() -> None:
    assert command() == "docker build -t me/it:1 app"


def test_all_that_a_request_can_say_is_in_it_but_our_labels() -> None:
    full = command(
        dockerfile=Path("Dockerfile.slim"),
        target="builder",
        build_args=(("V", "a b"),),
        labels=(("jettison.owner", "me"),),
        no_cache=True,
        builder=Builder.CLASSIC,
    )
    assert full == (
        "DOCKER_BUILDKIT=0 docker build -t me/it:1 -f app/Dockerfile.slim --target builder "
        "--build-arg 'V=a b' --no-cache app"
    )


def test_paths_with_spaces_are_quoted() -> None:
    assert command(context=ROOT / "my app").endswith("'my app'")
