from __future__ import annotations

import csv
import shlex
from pathlib import Path

from tui.engine.command import docker_build_command
from tui.engine.container_command import (
    docker_logs_command,
    docker_remove_command,
    docker_run_command,
    docker_shell_command,
    docker_stats_command,
    docker_stop_command,
    docker_top_command,
)
from tui.engine.containers import ContainerRequest, Limits
from tui.engine.request import Builder, BuildRequest, SecretFile, SecretVariable, SshAgent

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


def test_options_of_the_learner_s_own_can_be_typed_as_they_are_shown() -> None:
    full = command(
        platform="linux/arm64",
        pull=True,
        build_args=(("V", "1 & 2"), ("TOKEN", "of the environment")),
        inherited_args=frozenset({"TOKEN"}),
        secrets=(SecretVariable("npm", "NPM_TOKEN"), SecretFile("key", ROOT / "my keys" / "id")),
        ssh_agents=(SshAgent(), SshAgent("github", Path("/run/agent.sock"))),
    )
    assert full == (
        "docker build -t me/it:1 --platform linux/arm64 --build-arg 'V=1 & 2' --build-arg TOKEN "
        "--secret id=npm,env=NPM_TOKEN --secret 'id=key,src=my keys/id' --ssh default --ssh github=/run/agent.sock "
        "--pull app"
    )


def test_a_secret_is_shown_so_that_docker_reads_the_same_fields() -> None:
    path = ROOT / 'a,"b"'
    (word,) = [word for word in shlex.split(command(secrets=(SecretFile("t", path),))) if word.startswith("id=")]
    assert next(csv.reader([word])) == ["id=t", 'src=a,"b"']


def test_a_builder_that_was_asked_for_is_asked_for_whatever_the_shell_s_environment_says() -> None:
    assert command(builder=Builder.BUILDKIT) == "DOCKER_BUILDKIT=1 docker build -t me/it:1 app"
    assert command(builder=Builder.CLASSIC) == "DOCKER_BUILDKIT=0 docker build -t me/it:1 app"


def test_a_path_is_never_taken_for_an_option() -> None:
    assert command(context=ROOT / "-").endswith(" ./-")
    assert command(context=ROOT / "--pull").endswith(" ./--pull")


def test_paths_with_spaces_are_quoted() -> None:
    assert command(context=ROOT / "my app").endswith("'my app'")


def test_a_container_s_command_says_all_but_our_labels() -> None:
    plain = ContainerRequest("me/it:1", "it", labels=(("jettison.owner", "me"),))
    limits = "--memory 128m --pids-limit 128 --security-opt no-new-privileges --cap-drop ALL"
    assert docker_run_command(plain) == f"docker run -d --name it -p 127.0.0.1::8080 {limits} me/it:1"
    full = ContainerRequest(
        "me/it:1",
        "it",
        port=3000,
        host_port=8080,
        environment=(("A", "b c"),),
        command=("sh", "-c", "echo hi"),
        limits=Limits(read_only=True),
    )
    assert docker_run_command(full) == (
        f"docker run -d --name it -p 127.0.0.1:8080:3000 -e 'A=b c' {limits} --read-only --tmpfs /tmp me/it:1 "
        "sh -c 'echo hi'"
    )


def test_what_is_done_with_a_container_has_its_command() -> None:
    assert docker_logs_command("it") == "docker logs -f it"
    assert docker_logs_command("it", timestamps=True) == "docker logs -f -t it"
    assert docker_stop_command("it", 2.0) == "docker stop -t 2 it"
    assert docker_remove_command("it") == "docker rm -f -v it"
    assert docker_shell_command("it") == "docker exec -it it sh"
    assert docker_top_command("it") == "docker top it"
    assert docker_stats_command("it") == "docker stats --no-stream it"
