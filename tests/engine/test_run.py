"""`jettison run` on a real engine: both editions, the same answers, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import jsonschema
import pytest

from tests.lab.plugin import TINY, LabEngine
from tests.shell import jettison, started_jettison, started_on
from tui.session.identity import own_identity

RUN = {
    "type": "object",
    "required": [
        "variant",
        "container_id",
        "url",
        "ready_seconds",
        "http",
        "websocket",
        "memory_bytes",
        "user",
        "stop_seconds",
    ],
    "properties": {
        "variant": {"type": "string"},
        "container_id": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "url": {"type": "string", "pattern": r"^http://127\.0\.0\.1:\d+$"},
        "ready_seconds": {"type": "number", "exclusiveMinimum": 0},
        "http": {"type": "array", "items": {"required": ["path", "status", "body", "seconds"]}, "minItems": 2},
        "websocket": {"type": "object", "required": ["text_echoes", "utf8", "binary", "large", "close_codes"]},
        "memory_bytes": {"type": "integer", "exclusiveMinimum": 0},
        "user": {"type": "string", "minLength": 1},
        "stop_seconds": {"type": ["number", "null"]},
    },
}
SCHEMA = {
    "type": "object",
    "required": ["runs", "equal"],
    "properties": {"runs": {"type": "array", "items": RUN}, "equal": {"type": ["boolean", "null"]}},
}
SERVES_ONE_PAGE = "mkdir /w; echo ok >/w/healthz; trap exit TERM; httpd -f -p 8080 -h /w & wait"


@pytest.fixture
def lab(lab_engine: LabEngine) -> Iterator[Lab]:
    """The lab's engine for commands; what they made goes afterwards."""
    found = Lab(lab_engine)
    yield found
    assert jettison("clean", "--yes", **found.environ).returncode == 0
    assert found.ours() == []
    found.client.close()


class Lab:
    """The engine past our own code, and the environment that leads commands to it."""

    def __init__(self, engine: LabEngine) -> None:
        self.client: docker.DockerClient = engine.client()
        self.environ = {"DOCKER_HOST": engine.docker_host}

    def ours(self) -> list[str]:
        """The names of the learner's containers."""
        label = f"jettison.owner={own_identity().prefix}"
        return [
            str(one.name)
            for one in self.client.containers.list(all=True, filters={"label": label}, ignore_removed=True)
        ]

    def json(self, *arguments: str) -> dict[str, Any]:
        """What a command that ends well prints."""
        done = jettison(*arguments, "--json", **self.environ)
        assert done.returncode == 0, done.stderr
        data: dict[str, Any] = json.loads(done.stdout)
        return data


def dockerfile(folder: Path, command: list[str]) -> tuple[str, ...]:
    """A project of one's own that runs this, as options."""
    (folder / "Dockerfile").write_text(f"FROM {TINY}\nCMD {json.dumps(command)}\n")
    return ("dockerfile", "--context", str(folder))


@pytest.mark.parametrize(("edition", "users"), [("current", ["root", "nobody"]), ("2019", ["root", "root"])])
def test_both_variants_do_the_same_job_and_nothing_is_left(lab: Lab, edition: str, users: list[str]) -> None:
    data = lab.json("run", "--both", "--probe", "--edition", edition)
    jsonschema.validate(data, SCHEMA)
    assert data["equal"] is True
    assert [run["variant"] for run in data["runs"]] == ["simple", "multistage"]
    for run in data["runs"]:
        assert [(answer["path"], answer["status"], answer["body"]) for answer in run["http"]] == [
            ("/", 200, "Home Page"),
            ("/healthz", 200, "ok"),
        ]
        assert run["websocket"]["ok"]
        assert (run["websocket"]["text_echoes"], run["websocket"]["close_codes"]) == (100, [1000, 4001])
        assert len(run["processes"]) == 1
        assert run["stop_seconds"] is not None
    assert [run["user"] for run in data["runs"]] == users
    assert lab.ours() == []


def test_the_table_names_the_variants_and_says_that_they_behave_the_same(lab: Lab) -> None:
    done = jettison("run", "--both", "--probe", **lab.environ)
    assert done.returncode == 0, done.stderr
    assert "All 2 behave the same" in done.stdout
    assert "100/100" in done.stdout
    assert "docker run -d --name jettison-" in done.stderr
    assert "There is no image" in done.stderr
    assert "There is no image" not in jettison("run", "simple", **lab.environ).stderr


def test_what_is_kept_runs_on_and_is_ours_to_remove(lab: Lab) -> None:
    data = lab.json("run", "multistage", "--keep")
    (run,) = data["runs"]
    assert (run["kept"], run["stop_seconds"], data["equal"]) == (True, None, None)
    container = lab.client.containers.get(run["container_id"])
    assert container.status == "running"
    listed = lab.json("clean")
    assert [one["name"] for one in listed["containers"]] == [container.name]
    share = listed["images"][-1]
    assert share["unique_bytes"] + share["shared_bytes"] == pytest.approx(share["size_bytes"], rel=0.01)
    cleaned = lab.json("clean", "--yes")
    assert [one["error"] for one in (*cleaned["removed_containers"], *cleaned["removed"])] == [None, None]
    assert lab.ours() == []


def test_what_looks_like_ours_and_is_not_is_left_alone(lab: Lab) -> None:
    prefix = own_identity().prefix
    kept = lab.json("run", "multistage", "--keep")["runs"][0]
    with_our_label = lab.client.containers.create(
        TINY, ["sh"], labels={"jettison.owner": prefix}, name=f"{prefix}-theirs"
    )
    with_our_name = lab.client.containers.create(TINY, ["sh"], name=kept["name"] + "2")
    of_another = lab.client.containers.create(TINY, ["sh"], labels={"jettison.owner": "jettison-zzzz"})
    strangers = (with_our_label, with_our_name, of_another)
    try:
        cleaned = lab.json("clean", "--yes")
        assert [one["container_id"] for one in cleaned["removed_containers"]] == [kept["container_id"]]
        for stranger in strangers:
            stranger.reload()
    finally:
        for stranger in strangers:
            stranger.remove()


def test_a_command_that_was_killed_leaves_what_the_next_one_lists_and_removes(lab: Lab, tmp_path: Path) -> None:
    project = dockerfile(tmp_path, ["sh", "-c", "while :; do sleep 600; done"])
    process = started_jettison("run", *project, **lab.environ)
    assert process.stderr is not None
    next(line for line in process.stderr if "started at" in line)
    process.kill()
    process.communicate()
    (name,) = lab.ours()
    assert [one["name"] for one in lab.json("clean")["containers"]] == [name]
    assert len(lab.json("clean", "--yes")["removed_containers"]) == 1


def test_an_interrupted_command_is_exit_130_and_stops_what_it_ran(lab: Lab, tmp_path: Path) -> None:
    project = dockerfile(tmp_path, ["sh", "-c", "trap '' TERM; while :; do sleep 600; done"])
    process = started_jettison("run", *project, **lab.environ)
    assert process.stderr is not None
    next(line for line in process.stderr if "started at" in line)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert lab.ours() == []


def test_on_a_terminal_the_log_is_followed_until_ctrl_c_and_that_is_a_good_end(lab: Lab) -> None:
    terminal, ours = os.openpty()
    process = started_on(ours, "run", "multistage", **lab.environ)
    os.close(ours)
    assert process.stderr is not None
    next(line for line in process.stderr if "| Hello World" in line)
    next(line for line in process.stderr if "Ctrl+C stops it" in line)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 0
    assert "stopped in" in said
    assert lab.ours() == []


def test_a_program_that_dies_is_exit_1_with_its_last_words_and_the_reason(lab: Lab, tmp_path: Path) -> None:
    done = jettison("run", *dockerfile(tmp_path, ["sh", "-c", "echo goodbye; exit 7"]), "--json", **lab.environ)
    assert done.returncode == 1
    (run,) = json.loads(done.stdout)["runs"]
    assert (run["error"]["exit_code"], run["error"]["last_lines"]) == (7, ["goodbye"])
    assert "exit code 7" in done.stderr
    assert lab.ours() == []


def test_a_program_that_cannot_be_started_is_exit_1_with_the_reason(lab: Lab, tmp_path: Path) -> None:
    done = jettison("run", *dockerfile(tmp_path, ["/absent"]), **lab.environ)
    assert done.returncode == 1
    assert "is not in the image" in done.stderr


def test_a_probe_that_fails_is_exit_1(lab: Lab, tmp_path: Path) -> None:
    done = jettison("run", *dockerfile(tmp_path, ["sh", "-c", SERVES_ONE_PAGE]), "--probe", "--json", **lab.environ)
    assert done.returncode == 1, done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    assert [(one["path"], one["status"]) for one in run["http"]] == [("/", 404), ("/healthz", 200)]
    assert run["websocket"] is None
    assert lab.ours() == []


def test_a_taken_port_is_exit_1_and_names_its_holder(lab: Lab) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = jettison("run", "multistage", "--port", port, **lab.environ)
    assert done.returncode == 1
    assert f"Port {port} is taken by the process" in done.stderr
    assert f"({os.getpid()})" in done.stderr
    assert lab.ours() == []


def test_a_port_of_one_s_choice_is_the_one_that_answers(lab: Lab) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    assert lab.json("run", "multistage", "--port", port)["runs"][0]["url"] == f"http://127.0.0.1:{port}"


def test_an_image_that_cannot_be_built_is_exit_4(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {TINY}\nRUN false\n")
    assert jettison("run", "dockerfile", "--context", str(tmp_path), **lab.environ).returncode == 4


def test_cached_files_go_where_that_is_wanted(lab: Lab, own_home: Path) -> None:
    assert jettison("build", "multistage", **lab.environ).returncode == 0
    assert list((own_home / "cache" / "logs").iterdir())
    assert "cache" not in lab.json("clean", "--yes")
    assert list((own_home / "cache" / "logs").iterdir())
    cleaned = lab.json("clean", "--yes", "--cache")
    assert [one["name"] for one in cleaned["cache"]] == ["logs"]
    assert list((own_home / "cache").iterdir()) == []
