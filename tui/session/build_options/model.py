"""The options of a build that have the names and the meaning they have for `docker build`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui.engine.request import Builder, BuildRequest, BuildSecret, SshAgent


class OptionRefused(Exception):
    """An option, or a variable that stands for one, cannot be used; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What each build of a session has besides its Dockerfile and context. It holds no secret's value."""

    build_args: tuple[tuple[str, str], ...] = ()
    inherited_args: frozenset[str] = frozenset()
    """The names among them that were given alone: their values are those of the environment."""
    secrets: tuple[BuildSecret, ...] = ()
    ssh_agents: tuple[SshAgent, ...] = ()
    target: str | None = None
    """The stage at which Dockerfiles of the learner's own end."""
    platform: str | None = None
    """`linux/arm64`."""
    pull: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The options that were given, as they are written: `--build-arg`."""
        given = {
            "--build-arg": self.build_args,
            "--secret": self.secrets,
            "--ssh": self.ssh_agents,
            "--target": self.target,
            "--platform": self.platform,
            "--pull": self.pull,
        }
        return tuple(name for name, value in given.items() if value)

    def applied(self, request: BuildRequest, *, is_course_image: bool) -> BuildRequest:
        """The request with these options. A target is the variant's business.

        What a course brings along builds on the same platform, but is given neither secrets nor build arguments: it may
        come from anywhere.
        """
        chosen = replace(request, platform=self.platform, pull=self.pull)
        if is_course_image:
            return chosen
        return replace(
            chosen,
            build_args=self.build_args,
            inherited_args=self.inherited_args,
            secrets=self.secrets,
            ssh_agents=self.ssh_agents,
        )

    def refusal(self, builder: Builder) -> str:
        """Why this builder cannot do what is asked, in a sentence; empty where it can."""
        only_buildkit = [name for name in self.names if name in ("--secret", "--ssh")]
        if builder is Builder.BUILDKIT or not only_buildkit:
            return ""
        verb = "needs" if len(only_buildkit) == 1 else "need"
        return (
            f"{' and '.join(only_buildkit)} {verb} BuildKit, but this build uses the classic builder. "
            "Remove --builder classic and DOCKER_BUILDKIT=0, or use an engine with BuildKit."
        )
