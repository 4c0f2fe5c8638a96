"""Options of builds, read as docker build reads them; what is wrong with one is told before anything is built."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.engine.request import MOST_SECRET_BYTES, Builder, BuildRequest, SecretFile, SecretVariable, SshAgent
from tui.session.build_options.environment import BuildEnvironment, docker_habits, other_builder, read_environment
from tui.session.build_options.model import BuildOptions, OptionRefused
from tui.session.build_options.reading import Given, read_build_options
from tui.session.options import StartOptions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the options are typed: it has a token in a file, and one in a file with an odd name."""
    for name in ("token", "to,ken", 'to"ken'):
        (tmp_path / name).write_text("hush")
    return tmp_path


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Path]:
    """The socket of an ssh agent."""
    path = tmp_path / "agent.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        yield path


def read(folder: Path, environ: dict[str, str] | None = None, **given: object) -> BuildOptions:
    return read_build_options(Given(**given), environ or {}, folder)  # type: ignore[arg-type]


def refusal(folder: Path, environ: dict[str, str] | None = None, **given: object) -> str:
    with pytest.raises(OptionRefused) as refused:
        read(folder, environ, **given)
    return str(refused.value)


# Secrets.


@pytest.mark.parametrize(
    "text",
    ["id=t,src=token", "id=t,source=token", "src=./token,id=t", "type=file,id=t,src=token", "ID=t,Src=token",
     '"id=t","src=token"', "id=other,id=t,src=token"],
)  # fmt: skip
def test_a_secret_of_a_file(folder: Path, text: str) -> None:
    assert read(folder, secrets=[text]).secrets == (SecretFile("t", folder / "token"),)


@pytest.mark.parametrize("text", ["id=t,env=TOKEN", "type=env,id=t,src=TOKEN", "id=t,env=TOKEN,src=token"])
def test_a_secret_of_a_variable(folder: Path, text: str) -> None:
    assert read(folder, {"TOKEN": "hush"}, secrets=[text]).secrets == (SecretVariable("t", "TOKEN"),)


def test_with_its_id_alone_a_secret_is_the_variable_of_that_name_or_else_the_file(folder: Path) -> None:
    assert read(folder, {"token": ""}, secrets=["id=token"]).secrets == (SecretVariable("token", "token"),)
    assert read(folder, secrets=["id=token"]).secrets == (SecretFile("token", folder / "token"),)
    assert read(folder, {"token": ""}, secrets=["type=env,id=token"]).secrets == (SecretVariable("token", "token"),)


def test_commas_and_quotes_in_a_path_are_written_as_in_csv(folder: Path) -> None:
    assert read(folder, secrets=['id=t,"src=to,ken"']).secrets == (SecretFile("t", folder / "to,ken"),)
    assert read(folder, secrets=['id=t,"src=to""ken"']).secrets == (SecretFile("t", folder / 'to"ken'),)


def test_of_two_secrets_of_one_name_the_later_counts(folder: Path) -> None:
    found = read(folder, {"T": "x"}, secrets=["id=t,src=token", "id=t,env=T"]).secrets
    assert found == (SecretVariable("t", "T"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("src=token", "has no id"),
        ("id=", "has no id"),
        ("id=t,src=absent", "the file absent cannot be used (No such file or directory)"),
        ("id=t,src=~/token", "write $HOME"),
        ("id=t,src=.", "is a folder"),
        ("id=t,env=ABSENT", "no environment variable ABSENT"),
        ("type=env,id=ABSENT", "no environment variable ABSENT"),
        ("id=absent", "the file absent cannot be used"),
        ("id=t,type=keychain", "the type is file or env, not 'keychain'"),
        ("id=t,path=token", "'path' is unknown"),
        ("token", "is not of the form key=value"),
        ("", "is not of the form key=value"),
        ('id=t,"src=token', "the quotes do not match"),
        ('id=t,src=to"ken', "the quotes do not match"),
    ],
)
def test_a_secret_that_cannot_be_had_is_refused(folder: Path, text: str, words: str) -> None:
    assert words in refusal(folder, secrets=[text])


def test_a_secret_has_an_upper_limit(folder: Path) -> None:
    (folder / "token").write_bytes(b"x" * MOST_SECRET_BYTES)
    assert read(folder, secrets=["id=token"]).secrets
    (folder / "token").write_bytes(b"x" * (MOST_SECRET_BYTES + 1))
    assert "too large" in refusal(folder, secrets=["id=token"])


def test_a_pipe_is_a_file_too_and_is_not_read_before_the_build(folder: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"hush")
    path = Path(f"/dev/fd/{reader}")
    assert read(folder, secrets=[f"id=t,src={path}"]).secrets == (SecretFile("t", path),)
    assert os.read(reader, 10) == b"hush"
    os.close(reader)
    os.close(writer)


# Agents.


def test_the_usual_agent_is_that_of_the_environment(folder: Path, agent: Path) -> None:
    environ = {"SSH_AUTH_SOCK": str(agent)}
    assert read(folder, environ, ssh=["default"]).ssh_agents == (SshAgent("default"),)
    assert read(folder, environ, ssh=["", "github"]).ssh_agents == (SshAgent("default"), SshAgent("github"))


def test_another_agent_is_named_by_its_socket(folder: Path, agent: Path) -> None:
    assert read(folder, ssh=["default=agent.sock"]).ssh_agents == (SshAgent("default", agent),)
    assert read(folder, ssh=[f"github={agent}"]).ssh_agents == (SshAgent("github", agent),)


@pytest.mark.parametrize(
    ("texts", "environ", "words"),
    [
        (["default"], {}, "no ssh agent, $SSH_AUTH_SOCK is not set"),
        (["default"], {"SSH_AUTH_SOCK": ""}, "no ssh agent"),
        (["default"], {"SSH_AUTH_SOCK": "/absent.sock"}, "no agent at /absent.sock"),
        (["default=absent.sock"], {}, "there is no agent at"),
        (["default=token"], {}, "ssh-add"),
        (["default=id_a,id_b"], {}, "ssh-add id_a id_b"),
        (["default=."], {}, "is not an agent's socket"),
        (["x=agent.sock", "x=agent.sock"], {}, "is given twice"),
    ],
)
@pytest.mark.usefixtures("agent")
def test_an_agent_that_is_none_is_refused(folder: Path, texts: list[str], environ: dict[str, str], words: str) -> None:
    assert words in refusal(folder, environ, ssh=texts)


# Build arguments, platforms, stages.


def test_a_build_argument_has_its_value_or_that_of_the_environment(folder: Path) -> None:
    options = read(folder, {"B": "from here"}, build_args=["A=1", "A=2", "B", "UNSET", "C=x=y", "D="])
    assert options.build_args == (("A", "2"), ("B", "from here"), ("C", "x=y"), ("D", ""))
    assert options.inherited_args == {"B"}


def test_a_build_argument_without_a_name_is_refused(folder: Path) -> None:
    assert "has no name" in refusal(folder, build_args=["=1"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("linux/amd64", "linux/amd64"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/arm/v7", "linux/arm/v7"),
        ("Linux/AARCH64", "linux/arm64"),
        ("linux/x86_64", "linux/amd64"),
        ("arm64", "linux/arm64"),
        ("armhf", "linux/arm/v7"),
        (" linux/s390x ", "linux/s390x"),
    ],
)
def test_a_platform_has_one_name(folder: Path, written: str, meant: str) -> None:
    assert read(folder, platform=written).platform == meant


@pytest.mark.parametrize("text", ["", "linux", "linux/", "/amd64", "linux/a/b/c", "linux/amd64,linux/arm64", "a b/c"])
def test_what_is_no_platform_is_refused(folder: Path, text: str) -> None:
    assert "--platform" in refusal(folder, platform=text)


def test_an_empty_stage_is_refused(folder: Path) -> None:
    assert "--target is empty" in refusal(folder, target="")


def test_a_stage_must_be_in_each_dockerfile_of_ones_own(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM golang AS Build\nFROM scratch\n")
    for target in ("build", "BUILD", "0", "1"):
        options = StartOptions(context=folder, build=BuildOptions(target=target))
        assert options.project().variants[0].target == target
    with pytest.raises(OptionRefused, match="Dockerfile has no such stage, it has Build, 1"):
        StartOptions(context=folder, build=BuildOptions(target="prod")).project()


def test_the_tutorial_has_no_stages_of_the_learner_s(folder: Path) -> None:
    with pytest.raises(OptionRefused, match="jettison build builder"):
        StartOptions(build=BuildOptions(target="builder")).project()


# What becomes of them.


def test_a_course_is_lent_no_secrets() -> None:
    options = BuildOptions(
        (("A", "1"),), frozenset({"A"}), (SecretVariable("t", "T"),), (SshAgent(),), None, "linux/arm", True
    )
    request = BuildRequest(Path("/c"), Path("Dockerfile"), "me/it:1")
    own, course = (options.applied(request, is_course_image=is_course) for is_course in (False, True))
    assert (own.build_args, own.secrets, own.ssh_agents) == (options.build_args, options.secrets, options.ssh_agents)
    assert (course.build_args, course.secrets, course.ssh_agents) == ((), (), ())
    assert (course.platform, course.pull) == (own.platform, own.pull) == ("linux/arm", True)


def test_the_classic_builder_is_lent_nothing() -> None:
    assert "--secret needs BuildKit, but" in BuildOptions(secrets=(SecretVariable("t", "T"),)).refusal(Builder.CLASSIC)
    both = BuildOptions(secrets=(SecretVariable("t", "T"),), ssh_agents=(SshAgent(),))
    assert "--secret and --ssh need BuildKit, but" in both.refusal(Builder.CLASSIC)
    assert both.refusal(Builder.BUILDKIT) == ""
    assert BuildOptions((("A", "1"),), pull=True, platform="linux/amd64").refusal(Builder.CLASSIC) == ""


# The environment.


@pytest.mark.parametrize(
    ("value", "builder"),
    [
        ("0", Builder.CLASSIC),
        ("false", Builder.CLASSIC),
        ("F", Builder.CLASSIC),
        ("1", None),
        ("TRUE", None),
        ("", None),
    ],
)
def test_docker_buildkit_chooses_the_builder(value: str, builder: Builder | None) -> None:
    assert read_environment({"DOCKER_BUILDKIT": value}).builder is builder


@pytest.mark.parametrize("value", ["yes", "2", "tRUE", " 1"])
def test_a_docker_buildkit_that_says_neither_is_refused(value: str) -> None:
    with pytest.raises(OptionRefused, match="it is 1 for BuildKit or 0"):
        read_environment({"DOCKER_BUILDKIT": value})


def test_the_command_line_stands_above_the_environment(folder: Path) -> None:
    environ = {"DOCKER_BUILDKIT": "0", "DOCKER_DEFAULT_PLATFORM": "linux/arm64"}
    asked = StartOptions().with_build_options(Given(), environ, folder)
    assert (asked.builder, asked.build.platform) == (Builder.CLASSIC, "linux/arm64")
    typed = StartOptions(builder=Builder.BUILDKIT)
    asked = typed.with_build_options(Given(platform="linux/amd64"), environ, folder)
    assert (asked.builder, asked.build.platform) == (Builder.BUILDKIT, "linux/amd64")


def test_a_default_platform_that_is_none_is_refused() -> None:
    with pytest.raises(OptionRefused, match="DOCKER_DEFAULT_PLATFORM is 'nonsense'"):
        read_environment({"DOCKER_DEFAULT_PLATFORM": "nonsense"})
    assert read_environment({}) == read_environment({"DOCKER_DEFAULT_PLATFORM": ""}) == BuildEnvironment()


def test_secrets_and_docker_buildkit_0_do_not_go_together(folder: Path) -> None:
    with pytest.raises(OptionRefused, match="classic builder"):
        StartOptions().with_build_options(Given(secrets=["id=token"]), {"DOCKER_BUILDKIT": "0"}, folder)


def test_a_builder_of_buildx_s_own_is_told_of(tmp_path: Path) -> None:
    environ = {"DOCKER_CONFIG": str(tmp_path)}
    assert other_builder(environ) == ""
    current = tmp_path / "buildx" / "current"
    current.parent.mkdir()
    for content, name in (("{", ""), ("[]", ""), ('{"Name": ""}', ""), ('{"Name": "remote"}', "remote")):
        current.write_text(content)
        assert other_builder(environ) == name
    assert other_builder({**environ, "BUILDX_BUILDER": "named"}) == "named"


def test_what_the_environment_asks_is_told_in_words(tmp_path: Path) -> None:
    environ = {"DOCKER_CONFIG": str(tmp_path), "DOCKER_BUILDKIT": "0", "DOCKER_DEFAULT_PLATFORM": "arm64"}
    assert list(docker_habits(environ)) == [
        "DOCKER_BUILDKIT=0: by the classic builder.",
        "DOCKER_DEFAULT_PLATFORM=arm64: for linux/arm64.",
    ]
    assert "it is 1 for BuildKit" in next(iter(docker_habits({"DOCKER_BUILDKIT": "junk"})))
    assert list(docker_habits({"DOCKER_CONFIG": str(tmp_path)})) == []
