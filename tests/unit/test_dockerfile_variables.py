from __future__ import annotations

import pytest

from tui.engine.dockerfile import parse
from tui.engine.dockerfile.platforms import platform_variables
from tui.engine.dockerfile.words import BadSubstitution, Rules, expand, split

VALUES = {"V": "3.24", "EMPTY": "", "PATH_": "a/b/a", "STAR": "a*c"}


@pytest.mark.parametrize(
    ("word", "expanded"),
    [
        ("$V", "3.24"), ("${V}", "3.24"), ("x${V}y", "x3.24y"), ("$V-alpine", "3.24-alpine"), ("$NONE", ""),
        ("${V:-x}", "3.24"), ("${NONE:-x}", "x"), ("${EMPTY:-x}", "x"), ("${EMPTY-x}", ""), ("${NONE-x}", "x"),
        ("${V:+x}", "x"), ("${EMPTY:+x}", ""), ("${EMPTY+x}", "x"), ("${NONE+x}", ""),
        ("${V:?no}", "3.24"), ("${EMPTY?no}", ""),
        ("${NONE:-${EMPTY:-${V}}}", "3.24"), ('${NONE:-"a b"}', "a b"), ("${NONE:-a'}'b}", "a}b"),
        ("'$V'", "$V"), ('"$V"', "3.24"), ("\\$V", "$V"), ('"\\$V \\a"', "$V \\a"), ("a\\ b", "a b"),
        ("$", "$"), ("a$", "a$"), ("$/", "$/"), ("$1x", "x"), ("$@", ""),
        ("${PATH_#*/}", "b/a"), ("${PATH_##*/}", "a"), ("${PATH_%/*}", "a/b"), ("${PATH_%%/*}", "a"),
        ("${PATH_/a/x}", "x/b/a"), ("${PATH_//a/x}", "x/b/x"), ("${PATH_/\\//-}", "a-b/a"), ("${PATH_//?/x}", "xxxxx"),
        ("${STAR%\\*c}", "a"), ("${STAR//*/x}", "x"), ("${PATH_#x}", "a/b/a"),
    ],
)  # fmt: skip
def test_variables_are_filled_in_as_buildkit_does(word: str, expanded: str) -> None:
    assert expand(word, VALUES) == expanded


@pytest.mark.parametrize(
    "word",
    ["${V", "${}", "${{V}}", "${:-x}", "${V:1}", "${V!}", "${NONE:?no}", "${NONE?}", "${V:#x}", "'open", '"open',
     "${V/x}", "${V%\\a}", "${V:-", "$V" * 20_000],
)  # fmt: skip
def test_what_buildkit_refuses_is_refused(word: str) -> None:
    with pytest.raises(BadSubstitution):
        expand(word, VALUES)


def test_words_are_split_behind_their_variables() -> None:
    assert split("a '$V b' ${NONE:-c d}e \"\" f\\ g", VALUES) == ["a", "$V b", "c", "de", "f g"]


def test_what_is_not_set_may_stay_as_it_is_written() -> None:
    rules = Rules(keep_quotes=True, keep_unset=True)
    assert expand("$V ${N} '${N}' \"${N:-$V}\" $N", VALUES, rules) == "3.24 ${N} '${N}' \"${N:-3.24}\" $N"


def test_an_argument_may_refer_to_those_before_it() -> None:
    text = "ARG OS=debian\nARG TAG=${OS}-slim LATE=${AFTER:-none}\nARG AFTER=x\nFROM golang:$TAG AS a\nFROM b:$LATE\n"
    assert [stage.base for stage in parse(text).stages] == ["golang:debian-slim", "b:none"]


def test_arguments_within_a_stage_mean_nothing_to_a_later_from() -> None:
    assert parse("FROM a\nARG TAG=x\nFROM b:${TAG:-y}\n").stages[1].base == "b:y"


def test_build_arguments_go_before_defaults_where_they_are_declared() -> None:
    text = "ARG GO=1.27\nARG KIND\nFROM golang:$GO$KIND$UNDECLARED\n"
    given = {"GO": "1.26", "KIND": "-alpine", "UNDECLARED": "x"}
    assert parse(text, given).stages[0].base == "golang:1.26-alpine"


def test_platforms_need_no_declaration_and_can_be_given_as_build_arguments() -> None:
    text = "FROM --platform=$BUILDPLATFORM a:$TARGETARCH$TARGETVARIANT\n"
    platforms = platform_variables("linux/amd64", "linux/arm/v7")
    assert [(s.platform, s.base) for s in parse(text, {}, platforms).stages] == [("linux/amd64", "a:armv7")]
    assert parse(text, {"BUILDPLATFORM": "linux/riscv64"}, platforms).stages[0].platform == "linux/riscv64"
    assert parse(text).stages[0].platform == "$BUILDPLATFORM"


@pytest.mark.parametrize("base", ["${BASE", "$BASE", "${BASE:?which}"])
def test_a_base_that_cannot_be_told_stays_as_it_is_written(base: str) -> None:
    dockerfile = parse(f"FROM {base}\n")
    assert dockerfile.stages[0].base == base
    assert dockerfile.external_bases() == ()


def test_arguments_that_double_and_double_are_given_up() -> None:
    doubling = "".join(f"ARG A{i + 1}=$A{i}$A{i}\n" for i in range(100))
    assert parse(f"ARG A0=xxxxxxxx\n{doubling}FROM x$A100\n").stages[0].base == "x"
