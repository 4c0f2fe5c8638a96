"""`jettison build`: build variants, with their logs on stderr and their image IDs on stdout."""

from __future__ import annotations

from tui.commands.building import build_all, no_engine, open_workbench
from tui.commands.exits import Exit
from tui.commands.say import print_json
from tui.engine.errors import NoEngine
from tui.session.comparison import engine_json, variant_json
from tui.session.options import StartOptions
from tui.session.variants import Variant


def run(options: StartOptions, names: tuple[str, ...], *, as_json: bool) -> Exit:
    """Build these variants (all of the project without a name). Raises KeyError for an unknown one."""
    project = options.project()
    variants: tuple[Variant, ...] = tuple(map(project.variant, names)) or project.variants
    try:
        bench = open_workbench(options)
    except NoEngine as error:
        return no_engine(error)
    succeeded = build_all(bench, project, variants, options, logs=True)
    records = [(variant, bench.records[project.subject(variant)]) for variant in variants]
    if as_json:
        built = [variant_json(variant, record) for variant, record in records]
        print_json({"edition": project.edition, "engine": engine_json(bench.engine.info), "variants": built})
    else:
        for _, record in records:
            if record.image is not None:
                print(record.image.image_id)
    return Exit.FINE if succeeded else Exit.BUILD_FAILED
