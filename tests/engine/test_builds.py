"""Builds on a real engine, by both builders: what is told of them is what happened."""

from __future__ import annotations

import secrets
from dataclasses import replace

from tests.engine.conftest import MakeRequest, run
from tests.lab.plugin import LabEngine
from tui.engine.docker_engine import DockerEngine
from tui.engine.events import (
    BuildEvent,
    BuildFailed,
    BuildStarted,
    BuildSucceeded,
    ContextSent,
    FailureKind,
    StageImage,
    StepCached,
    StepDone,
    StepFailed,
    StepOutput,
    StepPlanned,
    StepStarted,
    Stream,
)
from tui.engine.model import SizeBasis
from tui.engine.request import Builder


def end(events: list[BuildEvent]) -> BuildEvent:
    return events[-1]


def text_of(events: list[BuildEvent], stream: Stream) -> str:
    return "".join(event.text for event in events if isinstance(event, StepOutput) and event.stream is stream)


def planned(events: list[BuildEvent]) -> dict[str, StepPlanned]:
    return {event.step: event for event in events if isinstance(event, StepPlanned) and not event.internal}


def test_a_build_tells_its_steps_their_output_and_its_image(
    engine: DockerEngine, make_request: MakeRequest, builder: Builder
) -> None:
    mark = secrets.token_hex(4)
    request = make_request(
        f"FROM BASE AS first\nRUN echo out-{mark}; echo err-{mark} >&2\nFROM BASE\nCOPY --from=first /bin/sh /copied\n",
        labels=(("jettison.owner", "test"),),
    )
    events = run(engine, request)
    assert isinstance(events[0], BuildStarted)
    assert events[0].builder is builder
    assert text_of(events, Stream.STDOUT).strip() == f"out-{mark}"
    assert text_of(events, Stream.STDERR).strip() == f"err-{mark}"
    steps = planned(events)
    lines = {step.line: step.stage for step in steps.values() if step.line}
    assert {2: "first", 4: "1"}.items() <= lines.items()
    run_step = next(step for step in steps.values() if step.line == 2)
    ours = [type(event) for event in events if getattr(event, "step", None) == run_step.step]
    assert ours[0] is StepPlanned
    assert ours[1] is StepStarted
    assert ours[-1] is StepDone
    last = end(events)
    assert isinstance(last, BuildSucceeded)
    assert last.image.tags == (request.tag,)
    assert last.image.labels["jettison.owner"] == "test"
    assert last.image.size_bytes > 0
    assert engine.inspect(request.tag) == last.image


def test_times_never_run_backwards(engine: DockerEngine, make_request: MakeRequest) -> None:
    events = run(engine, make_request("FROM BASE\nRUN echo hi\n", no_cache=True))
    assert [event.at for event in events] == sorted(event.at for event in events)


def test_the_second_build_comes_from_the_cache_unless_it_may_not(
    engine: DockerEngine, make_request: MakeRequest
) -> None:
    request = make_request(f"FROM BASE\nRUN echo {secrets.token_hex(4)}\n")
    first, second = run(engine, request), run(engine, request)
    run_line = 2
    step = next(id for id, plan in planned(second).items() if plan.line == run_line)
    assert not any(isinstance(event, StepCached) and event.step == step for event in first)
    assert any(isinstance(event, StepCached) and event.step == step for event in second)
    fresh = run(engine, replace(request, no_cache=True))
    assert not any(isinstance(event, StepCached) and event.step == step for event in fresh)
    assert any(isinstance(event, StepOutput) and event.step == step for event in fresh)


def test_a_target_and_build_arguments_reach_the_builder(engine: DockerEngine, make_request: MakeRequest) -> None:
    request = make_request(
        "FROM BASE AS one\nARG WHO\nRUN echo hello $WHO\nFROM one AS two\nRUN false\n",
        target="one",
        build_args=(("WHO", "wörld"),),
        no_cache=True,
    )
    events = run(engine, request)
    assert isinstance(end(events), BuildSucceeded)
    assert "hello wörld" in text_of(events, Stream.STDOUT)


def test_a_failing_command_is_told_with_its_step_line_and_exit_code(
    engine: DockerEngine, make_request: MakeRequest
) -> None:
    events = run(engine, make_request("FROM BASE\nRUN echo ok\nRUN echo before; sh -c 'exit 42'\nRUN echo never\n"))
    last = end(events)
    assert isinstance(last, BuildFailed)
    assert (last.kind, last.exit_code) == (FailureKind.INSTRUCTION, 42)
    assert last.step is not None
    assert planned(events)[last.step].line == 3
    failed = [event for event in events if isinstance(event, StepFailed)]
    assert [event.step for event in failed] == [last.step]
    assert "never" not in text_of(events, Stream.STDOUT)


def test_a_base_image_that_cannot_be_had_is_told_as_such(engine: DockerEngine, make_request: MakeRequest) -> None:
    last = end(run(engine, make_request("FROM jettison.invalid/absent:1\nRUN true\n")))
    assert isinstance(last, BuildFailed)
    assert last.kind is FailureKind.BASE_IMAGE


def test_a_file_that_is_not_in_the_context_is_told_as_such(engine: DockerEngine, make_request: MakeRequest) -> None:
    last = end(run(engine, make_request("FROM BASE\nCOPY absent.txt /\n")))
    assert isinstance(last, BuildFailed)
    assert last.kind is FailureKind.CONTEXT


def test_a_dockerfile_that_cannot_be_read_is_told_as_such(engine: DockerEngine, make_request: MakeRequest) -> None:
    for text, target in (("FROM BASE\nRUNN x\n", None), ("FROM BASE\n", "absent"), ("", None)):
        last = end(run(engine, make_request(text, target=target)))
        assert isinstance(last, BuildFailed)
        assert last.kind is FailureKind.DOCKERFILE, last.message


def test_a_missing_dockerfile_is_an_event_and_no_exception(engine: DockerEngine, make_request: MakeRequest) -> None:
    last = end(run(engine, make_request("FROM BASE\n", dockerfile=make_request("x").context / "absent")))
    assert isinstance(last, BuildFailed)
    assert last.kind is FailureKind.CONTEXT


def test_output_is_decoded_whole_and_only_invalid_bytes_are_replaced(
    engine: DockerEngine, make_request: MakeRequest
) -> None:
    command = r"printf 'gr\303\274n \377 \342\202\254\n'"
    events = run(engine, make_request(f"FROM BASE\nRUN {command}\n", no_cache=True))
    assert "grün \ufffd €" in text_of(events, Stream.STDOUT)


def test_hostile_output_stays_text(engine: DockerEngine, make_request: MakeRequest) -> None:
    command = r"""printf '[bold]x[/] \033]0;owned\007 {"stream":"fake"}\n'"""
    events = run(engine, make_request(f"FROM BASE\nRUN {command}\n", no_cache=True))
    assert '[bold]x[/] \x1b]0;owned\x07 {"stream":"fake"}' in text_of(events, Stream.STDOUT)


def test_the_upload_is_told_to_its_end_and_what_is_ignored_stays_here(
    engine: DockerEngine, make_request: MakeRequest
) -> None:
    files = {"big": bytes(3_000_000), "secret.env": b"TOKEN", ".dockerignore": b"*.env\n"}
    events = run(engine, make_request("FROM BASE\nCOPY . /all\nRUN ls /all\n", files, no_cache=True))
    sent = [event for event in events if isinstance(event, ContextSent)]
    assert sent[-1].sent_bytes == sent[-1].total_bytes > 3_000_000
    listed = text_of(events, Stream.STDOUT).split()
    assert "big" in listed
    assert "secret.env" not in listed


def test_a_dockerfile_outside_the_context_builds(engine: DockerEngine, make_request: MakeRequest) -> None:
    request = make_request("FROM BASE\nRUN false\n", {"data": b"x"})
    outside = request.context.parent / "Elsewhere"
    outside.write_text((request.context / "Dockerfile").read_text().replace("RUN false", "COPY data /"))
    assert isinstance(end(run(engine, make_request("FROM BASE\nRUN false\n", dockerfile=outside))), BuildSucceeded)


def test_layers_of_the_history_add_up_to_the_size(engine: DockerEngine, make_request: MakeRequest) -> None:
    request = make_request('FROM BASE\nRUN dd if=/dev/zero of=/zeros bs=1000 count=500\nCMD ["sh"]\n')
    last = end(run(engine, request))
    assert isinstance(last, BuildSucceeded)
    image = last.image
    if image.size_basis is SizeBasis.UNPACKED:
        assert sum(layer.size_bytes for layer in image.layers) == image.size_bytes
    assert image.layers[1].size_bytes >= 500_000
    assert image.platform.startswith("linux/")
    assert image.created is not None


def test_every_image_that_the_classic_builder_leaves_is_told(
    engine: DockerEngine, make_request: MakeRequest, builder: Builder, builder_engine: LabEngine
) -> None:
    client = builder_engine.client()
    before = {image.id for image in client.images.list(all=True)}
    mark = secrets.token_hex(4)
    ended = run(engine, make_request(f"FROM BASE AS a\nRUN echo {mark}>/a\nFROM BASE\nCOPY --from=a /a /a\n"))
    failed = run(engine, make_request(f"FROM BASE AS a\nRUN echo {mark}2>/a\nFROM BASE\nRUN echo {mark} && false\n"))
    assert isinstance(ended[-1], BuildSucceeded), ended[-1]
    assert isinstance(failed[-1], BuildFailed), failed[-1]
    told = {event.image_id for event in [*ended, *failed] if isinstance(event, StageImage)}
    told |= {event.image.image_id for event in ended if isinstance(event, BuildSucceeded)}
    for image in told:
        client.images.remove(image, force=True)
    after = {image.id for image in client.images.list(all=True)}
    client.close()
    assert after == before
    assert len(told) == (3 if builder is Builder.CLASSIC else 1)
