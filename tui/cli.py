"""The command line. Each command imports what it needs when it runs, so that none pays for another."""

from __future__ import annotations

import functools
import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.commands.context_folder import CONTEXT_FOLDER
from tui.commands.limit_types import FORBIDDEN_PATH, SIZE, SIZE_OR_SHARE
from tui.commands.output import Commands
from tui.commands.shared_options import (
    EDITIONS,
    build_options,
    course_option,
    edition_option,
    engine_options,
    project_options,
    start_options,
    target_option,
    written,
)

if TYPE_CHECKING:
    from tui.course.problems import CourseError
    from tui.engine.errors import EngineError
    from tui.session.build_options.model import OptionRefused

CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

EPILOG = """\b
Exit codes: 0 fine, 1 a check failed, 2 wrong usage, 3 no engine, 4 the build failed, 130 interrupted,
141 the reader of the output left before its end."""


def exits(command: Callable[..., int | None]) -> Callable[..., None]:
    """End the process with the command's exit code, unless it leaves that to another by answering None."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            code = command(*args, **kwargs)
        except KeyboardInterrupt:
            code = 130
        except KeyError as error:
            raise click.UsageError(f"there is no variant {error.args[0]!r}") from error
        except FileNotFoundError as error:
            raise click.UsageError(str(error)) from error
        except _option_refused() as error:
            raise click.UsageError(str(error)) from error
        except _course_error() as error:
            raise click.UsageError(f"the course cannot be opened:\n{error}") from error
        except _engine_error() as error:
            from tui.commands.say import explain

            explain(error)
            code = 4
        if code is not None:
            sys.exit(int(code))

    return wrapped


# What follows an `except` is asked only when something was raised: a start that goes well imports none of it.


def _option_refused() -> type[OptionRefused]:
    from tui.session.build_options.model import OptionRefused

    return OptionRefused


def _course_error() -> type[CourseError]:
    from tui.course.problems import CourseError

    return CourseError


def _engine_error() -> type[EngineError]:
    from tui.engine.errors import EngineError

    return EngineError


@click.group(cls=Commands, invoke_without_command=True, context_settings=CONTEXT_SETTINGS, epilog=EPILOG)
@engine_options
@project_options
@target_option
@build_options
@course_option
@click.version_option(package_name="jettison", message="%(prog)s %(version)s")
@click.pass_context
@exits
def main(click_context: click.Context, /, **given: Any) -> int | None:
    """Learn multi-stage Docker builds of Go programs by doing.

    Without a command it opens the app; where stdout is no terminal it does what `jettison compare` does.
    """
    to_app = click_context.invoked_subcommand is None and sys.stdout.isatty()
    if not to_app:
        gc.enable()
    if click_context.invoked_subcommand is not None:
        _refuse_early_options(click_context, given)
        return None
    options = start_options(**given)
    if not to_app:
        from tui.commands.compare import run

        return run(options, (), as_json=False)
    options.project()
    from tui.app import run_app

    return run_app(options)


def _refuse_early_options(context: click.Context, given: dict[str, Any]) -> None:
    """Options before the command belong after it: refused, rather than silently dropped."""
    source = context.get_parameter_source
    early = [name for name in given if source(name) is click.core.ParameterSource.COMMANDLINE]
    if early:
        names = ", ".join(written(context.command, name) for name in early)
        raise click.UsageError(f"{names} belongs behind the command: jettison {context.invoked_subcommand} {names} …")


@main.command()
@click.argument("variants", nargs=-1)
@engine_options
@project_options
@target_option
@build_options
@click.option("--at-once", is_flag=True, help="Build all at the same time; their times are then not comparable.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@exits
def compare(variants: tuple[str, ...], as_json: bool, **given: Any) -> int:
    """Build the variants and print their sizes, the ratio and the times."""
    from tui.commands.compare import run

    return run(start_options(**given), variants, as_json=as_json)


@main.command()
@click.argument("variants", nargs=-1)
@engine_options
@project_options
@target_option
@build_options
@click.option("--at-once", is_flag=True, help="Build all at the same time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@exits
def build(variants: tuple[str, ...], as_json: bool, **given: Any) -> int:
    """Build variants: simple, multistage, or builder (the stage alone); logs go to stderr."""
    from tui.commands.build import run

    return run(start_options(**given), variants, as_json=as_json)


@main.command()
@click.argument("images", nargs=-1, required=True, metavar="IMAGE [IMAGE]")
@engine_options
@click.option(
    "--edition",
    type=EDITIONS,
    default="current",
    show_default=True,
    help="Whose variants are meant by simple, multistage and builder.",
)
@click.option(
    "--file",
    "-f",
    "dockerfiles",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The Dockerfile of the first image, of the second: layers are tied to its lines.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with everything.")
@click.option("--export", type=click.Choice(["csv", "json", "svg"]), help="Print the picture in this form.")
@click.option("--packed", is_flag=True, help="Also measure what a registry would hold; --json always does.")
@click.option("--max-size", type=SIZE, help="Fail where an image is larger: 20MB.")
@click.option("--max-waste", type=SIZE_OR_SHARE, help="Fail where more is wasted: 5%, or 1MB.")
@click.option(
    "--forbid-path",
    multiple=True,
    type=FORBIDDEN_PATH,
    help="Fail where this is in it, hidden or not: /usr/local/go, '/srv/*.key', or by name alone '*.go'.",
)
@click.option("--require-static", is_flag=True, help="Fail where a program of yours needs shared libraries.")
@click.option("--require-nonroot", is_flag=True, help="Fail where it runs as root.")
@exits
def inspect(images: tuple[str, ...], as_json: bool, export: str | None, packed: bool, **given: Any) -> int:
    """Tell where the bytes of an image went, or of two beside each other.

    IMAGE is an image on the engine, a variant that was built here (simple, multistage, builder), or an archive file as
    docker save writes it; - reads one from stdin. What begins like a path (/ ./ ../ ~) or ends like an archive (.tar,
    .tgz, …) is a file; anything else is an image, or a file where no engine has such an image.
    """  # fmt: skip
    if len(images) > 2 or not all(images):
        raise click.UsageError("one image or two, by name")
    if as_json and export not in (None, "json"):
        raise click.UsageError(f"--json and --export {export} each want stdout for themselves: name one of the two")
    if len(given["dockerfiles"]) > len(images):
        raise click.UsageError("more Dockerfiles than images: each image has one of its own, in the same order")
    from tui.commands.inspect import Wanted, run
    from tui.image.limits import Limits

    waste = given.pop("max_waste")
    limits = Limits(
        max_bytes=given.pop("max_size"),
        max_waste_bytes=waste if isinstance(waste, int) else None,
        max_waste_share=waste if isinstance(waste, float) else None,
        forbidden_paths=given.pop("forbid_path"),
        require_static=given.pop("require_static"),
        require_non_root=given.pop("require_nonroot"),
    )
    return run(Wanted(images, start_options(**given), limits, as_json, export, packed))


@main.command()
@click.argument("variants", nargs=-1)
@engine_options
@project_options
@target_option
@build_options
@click.option("--both", is_flag=True, help="Run all variants, one after the other.")
@click.option("--probe", is_flag=True, help="Ask each the same questions, over HTTP and a WebSocket, and compare.")
@click.option("--keep", is_flag=True, help="Leave them running.")
@click.option("--port", type=click.IntRange(1, 65535), metavar="N", help="This port instead of a free one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@exits
def run(
    variants: tuple[str, ...], both: bool, probe: bool, keep: bool, port: int | None, as_json: bool, **given: Any
) -> int:
    """Run variants in containers; a missing image is built first.

    On a terminal the log is followed until Ctrl+C. With --probe, --json or --keep, or without a terminal, each variant
    is started, measured, probed and stopped. Nothing is left behind without --keep.
    """
    from tui.commands.run import RunOptions
    from tui.commands.run import run as run_containers

    wanted = RunOptions(both=both, probe=probe, keep=keep, port=port, as_json=as_json)
    return run_containers(start_options(**given), variants, wanted)


@main.command()
@click.option("--engine", metavar="ENGINE", help="Look there only.")
@click.option(
    "--file",
    "-f",
    "dockerfiles",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Look for the base images of this Dockerfile, not of the tutorial.",
)
@click.option("--context", type=CONTEXT_FOLDER, metavar="FOLDER", help="The same for the Dockerfile in this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@exits
def doctor(engine: str | None, dockerfiles: tuple[Path, ...], context: Path | None, *, as_json: bool) -> int:
    """Tell which engine answers, which base images are missing, and what registries say of them."""  # fmt: skip
    from tui.commands.doctor import run

    own = start_options(context=context, dockerfiles=dockerfiles).project() if context or dockerfiles else None
    return run(engine, own, as_json=as_json)


@main.command()
@engine_options
@build_options
@edition_option
@click.option("--course-images", is_flag=True, help="In place of an edition: the images that lessons build besides.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Default: EDITION.jsonl.gz")
@click.option(
    "--insides", type=click.Path(path_type=Path), metavar="FOLDER", help="Keep what is inside the images there, too."
)
@exits
def record(*, course_images: bool, output: Path | None, insides: Path | None, **given: Any) -> int:
    """Build an edition without the cache and keep what happened, for --engine replay."""  # fmt: skip
    from tui.commands.record import run
    from tui.session.connect import COURSE_IMAGES

    name = COURSE_IMAGES if course_images else given["edition"]
    return run(start_options(**given), name, output or Path(f"{name}.jsonl.gz"), insides)


@main.command()
@click.option("--engine", metavar="ENGINE", help="Clean up there.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@click.option("--cache", is_flag=True, help="Cached files too: logs of builds, what is known of images.")
@click.option("--work", is_flag=True, help="What you wrote in exercises too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@exits
def clean(engine: str | None, yes: bool, cache: bool, work: bool, as_json: bool) -> int:
    """List the containers and images made here, and remove them after asking. Nothing else is ever touched."""
    from tui.commands.clean import run

    return run(engine, yes=yes, as_json=as_json, cache=cache, work=work)


@main.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
@exits
def lessons(context: click.Context, /, *, as_json: bool) -> int | None:
    """List the courses that come with Jettison, or check one as its author."""
    if context.invoked_subcommand is not None:
        return None
    from tui.commands.lessons import list_courses

    return list_courses(as_json=as_json)


@lessons.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@engine_options
@click.option("--files-only", is_flag=True, help="Ask no engine.")
@click.option("--yes", is_flag=True, help="Run what a course from elsewhere builds and starts, without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@exits
def check(folder: Path | None, files_only: bool, yes: bool, as_json: bool, **given: Any) -> int:
    """Tell every fault of a course, with its file, line and column. lessons/AUTHORING.md is the manual.

    First its files are read. Then, where an engine is to be had, on both of its builders: every starter must fail its
    checks, every solution pass them, every prediction have an answer in its range. What is made is removed again.
    """
    from tui.commands.lessons import CheckOptions
    from tui.commands.lessons import check as check_course

    wanted = CheckOptions(files_only=files_only, agreed=yes, as_json=as_json)
    return check_course(folder, start_options(**given), wanted)


@main.command()
@course_option
@click.option("--guesses", type=click.Choice(["json", "csv"]), help="Print the ledger of guesses alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@exits
def progress(course: Path | None, guesses: str | None, as_json: bool) -> int:
    """Tell where you are in a course: steps, exercises, and guesses beside what was measured."""
    from tui.commands.progress import show

    return show(course, as_json=as_json, guesses=guesses)


@main.command()
@click.argument("step", required=False)
@course_option
@click.option("--yes", is_flag=True, help="Reset without asking.")
@exits
def reset(step: str | None, course: Path | None, yes: bool) -> int:
    """Begin a step anew (its id, file or number), or the whole course, after asking. Your Dockerfiles are set aside."""
    from tui.commands.progress import reset as reset_progress

    return reset_progress(course, step, yes=yes)


if __name__ == "__main__":
    main()
