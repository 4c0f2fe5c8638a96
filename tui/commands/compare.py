"""`jettison compare`: build variants and print sizes, the ratio and times."""

from __future__ import annotations

from tui.commands.building import build_all, no_engine, open_workbench
from tui.commands.exits import Exit
from tui.commands.say import print_json, print_table
from tui.engine.errors import NoEngine
from tui.session import format
from tui.session.comparison import Comparison, comparison_json
from tui.session.options import StartOptions


def run(options: StartOptions, names: tuple[str, ...], *, as_json: bool) -> Exit:
    """Build and compare these variants (all of the project without a name). Raises KeyError for an unknown one."""
    project = options.project()
    variants = tuple(map(project.variant, names)) or project.variants
    try:
        bench = open_workbench(options)
    except NoEngine as error:
        return no_engine(error)
    if not build_all(bench, project, variants, options, logs=False):
        return Exit.BUILD_FAILED
    comparison = bench.comparison(project, variants)
    if as_json:
        print_json(comparison_json(comparison))
    else:
        _print(comparison)
    return Exit.FINE


def _print(comparison: Comparison) -> None:
    """A table, the ratio, and what must be known to read the figures."""
    rows = [
        (
            built.variant.name,
            format.size(built.image.size_bytes),
            format.duration(built.record.seconds or 0.0),
            f"{built.record.cached_steps} of {len(built.record.instructions)}",
            built.image.image_id.removeprefix("sha256:")[:12],
        )
        for built in comparison.built
    ]
    print_table(("VARIANT", "SIZE", "BUILT IN", "CACHED", "IMAGE ID"), rows, right=(1, 2))
    if comparison.ratio is not None:
        assert comparison.largest is not None
        assert comparison.smallest is not None
        larger, smaller = comparison.largest.variant.name, comparison.smallest.variant.name
        if comparison.ratio == 1:
            words = f"{' and '.join(built.variant.name for built in comparison.built)} are the same size"
        else:
            words = f"{larger} is {format.times(comparison.ratio)} the size of {smaller}"
        print(f"\n{words} ({comparison.built[0].image.size_basis} size)")
    for words in comparison.stand_ins:
        print(f"on stand-in base images: {words}")
    if comparison.engine.recorded_on is not None:
        print(f"recorded on {comparison.engine.recorded_on:%Y-%m-%d}: nothing was built here")
