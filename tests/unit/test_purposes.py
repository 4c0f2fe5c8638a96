from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.layers import Member, file, folder, go_program, layer, symlink
from tui.image.model import LayerIndex, Program
from tui.image.path_rules import NO_RULE, PathTable, PatternRefused, path_rule
from tui.image.provenance import Bringer
from tui.image.purposes import PURPOSES, Purpose, RulesDamaged, purposes_of, read_rules, standard_rules

BASE = Bringer(is_base=True)
COPY = Bringer("COPY", from_context=True, is_written=True)
TAKE_OVER = Bringer("COPY", from_context=False, is_written=True)
RUN = Bringer("RUN", is_written=True)
UNKNOWN = Bringer()

C_PROGRAM = Program(is_executable=True, is_static=False, is_stripped=True, machine="amd64")
LIBRARY = Program(is_executable=False, is_static=False, is_stripped=True, machine="amd64")


def purpose(member: Member | str, bringer: Bringer = UNKNOWN, *environment: str) -> Purpose:
    member = member if isinstance(member, Member) else file(member, 1)
    return PURPOSES[purposes_of([layer(member)], [bringer], environment)[0][0]]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("usr/local/go/src/fmt/print.go", Purpose.TOOLCHAIN),
        ("usr/local/go/src/vendor/golang.org/x/net/x.go", Purpose.TOOLCHAIN),
        ("usr/lib/go-1.19/bin/go", Purpose.TOOLCHAIN),
        ("go/pkg/mod/golang.org/toolchain@v0.0.1-go1.27.3.linux-amd64/bin/go", Purpose.TOOLCHAIN),
        ("usr/lib/gcc/x86_64-linux-gnu/12/cc1", Purpose.TOOLCHAIN),
        ("usr/include/stdio.h", Purpose.TOOLCHAIN),
        ("root/.cache/go-build/ab/abcdef-d", Purpose.BUILD_CACHE),
        ("home/me/.cache/go-build/README", Purpose.BUILD_CACHE),
        ("tmp/go-build123456/b001/exe/main", Purpose.BUILD_CACHE),
        ("go/pkg/mod/github.com/gorilla/mux@v1.8.1/mux.go", Purpose.MODULE_CACHE),
        ("home/me/go/pkg/mod/cache/download/x.zip", Purpose.MODULE_CACHE),
        ("go/pkg/sumdb/sum.golang.org/latest", Purpose.MODULE_CACHE),
        ("app/vendor/modules.txt", Purpose.MODULE_CACHE),
        ("var/lib/apt/lists/deb.debian.org_Packages", Purpose.PACKAGE_LEFTOVERS),
        ("var/cache/apt/archives/gcc.deb", Purpose.PACKAGE_LEFTOVERS),
        ("var/cache/debconf/templates.dat-old", Purpose.PACKAGE_LEFTOVERS),
        ("var/lib/dpkg/status-old", Purpose.PACKAGE_LEFTOVERS),
        ("var/log/apt/history.log", Purpose.PACKAGE_LEFTOVERS),
        ("var/cache/apk/APKINDEX.tar.gz", Purpose.PACKAGE_LEFTOVERS),
        ("var/lib/dpkg/status", Purpose.BASE_SYSTEM),
        ("usr/share/vendor/x", Purpose.BASE_SYSTEM),
        ("usr/lib/golem/x", Purpose.BASE_SYSTEM),
        ("usr/local/gopher", Purpose.BASE_SYSTEM),
        ("etc/passwd", Purpose.BASE_SYSTEM),
        ("go/src/echo/main.go", Purpose.SOURCES),
        ("srv/echo/go.mod", Purpose.SOURCES),
        ("srv/echo/.git/HEAD", Purpose.SOURCES),
        ("srv/echo/data", Purpose.OTHER),
        ("odd\nname.go", Purpose.SOURCES),
    ],
)
def test_paths_tell_what_bytes_are_for(path: str, expected: Purpose) -> None:
    assert purpose(path) is expected


def test_your_program_is_a_go_main_module_outside_the_system() -> None:
    program = go_program()
    for bringer in (UNKNOWN, RUN, TAKE_OVER, BASE):
        assert purpose(file("app/main", 9, program=program), bringer) is Purpose.YOUR_PROGRAM
        assert purpose(file("go/bin/main", 9, program=program), bringer) is Purpose.YOUR_PROGRAM
        assert purpose(file("usr/local/go/bin/gopls", 9, program=program), bringer) is Purpose.TOOLCHAIN
        assert purpose(file("root/.cache/go-build/a/b-d", 9, program=program), bringer) is Purpose.BUILD_CACHE
    assert purpose(file("usr/bin/podman", 9, program=program), BASE) is Purpose.BASE_SYSTEM


def test_what_the_dockerfile_copies_into_the_system_is_your_program_all_the_same() -> None:
    assert purpose(file("usr/bin/main", 9, program=go_program()), TAKE_OVER) is Purpose.YOUR_PROGRAM


def test_a_program_in_another_language_is_yours_when_an_instruction_brought_or_made_it() -> None:
    for bringer in (COPY, TAKE_OVER, RUN, Bringer("RUN")):
        assert purpose(file("app/main", 9, program=C_PROGRAM), bringer) is Purpose.YOUR_PROGRAM
    assert purpose(file("app/main", 9, program=C_PROGRAM), UNKNOWN) is Purpose.OTHER
    assert purpose(file("app/main", 9, program=C_PROGRAM), BASE) is Purpose.BASE_SYSTEM
    assert purpose(file("usr/bin/curl", 9, program=C_PROGRAM), RUN) is Purpose.BASE_SYSTEM
    assert purpose(file("app/lib.so", 9, program=LIBRARY), RUN) is Purpose.OTHER


def test_a_compiler_is_told_by_its_name_and_by_being_a_program() -> None:
    for bringer in (BASE, RUN, UNKNOWN):
        assert purpose(file("usr/bin/x86_64-linux-gnu-gcc-12", 9, program=C_PROGRAM), bringer) is Purpose.TOOLCHAIN
        assert purpose(symlink("usr/bin/ar", "/bin/busybox"), bringer) is Purpose.BASE_SYSTEM


def test_what_the_context_brought_are_sources_wherever_they_went() -> None:
    assert purpose("etc/app.conf", COPY) is Purpose.SOURCES
    assert purpose("app/index.html", COPY) is Purpose.SOURCES
    assert purpose("app/index.html", TAKE_OVER) is Purpose.OTHER
    assert purpose("app/index.html", Bringer("COPY", from_context=True)) is Purpose.SOURCES
    assert purpose("etc/passwd", Bringer("ADD", from_context=True)) is Purpose.BASE_SYSTEM


def test_all_else_of_a_base_image_is_the_base_system() -> None:
    assert purpose("opt/data", BASE) is Purpose.BASE_SYSTEM
    assert purpose("opt/data", RUN) is Purpose.OTHER


def test_the_environment_moves_folders() -> None:
    assert purpose("cache/ab/x-d", RUN, "GOCACHE=/cache") is Purpose.BUILD_CACHE
    assert purpose("one/pkg/mod/x", RUN, "GOPATH=/one:/two") is Purpose.MODULE_CACHE
    assert purpose("two/pkg/mod/x", RUN, "GOPATH=/one:/two") is Purpose.MODULE_CACHE
    assert purpose("opt/go/bin/go", RUN, "GOROOT=/opt/go/") is Purpose.TOOLCHAIN
    endless = "GOPATH=" + ":".join(f"/{number}" for number in range(1000))
    assert purpose("15/pkg/mod/x", RUN, endless) is Purpose.MODULE_CACHE
    assert purpose("16/pkg/mod/x", RUN, endless) is not Purpose.MODULE_CACHE
    assert purpose("x/y", RUN, "GOCACHE=off", "GOPATH=", "GOROOT=/*", "PATH=/x") is Purpose.OTHER


def test_a_folder_belongs_to_what_is_in_it_and_a_link_to_where_it_lies() -> None:
    assert purpose(folder("usr/local/go")) is Purpose.TOOLCHAIN
    assert purpose(folder("usr/local")) is Purpose.BASE_SYSTEM
    assert purpose(symlink("usr/local/gone", "go")) is Purpose.BASE_SYSTEM


def test_another_language_is_another_text() -> None:
    python = """
        format = 1
        [folders]
        SITE = ["/usr/lib/python3/dist-packages", "/venv/lib/*/site-packages"]
        [[rules]]
        purpose = "build_cache"
        paths = ["**/__pycache__/**", "**/*.pyc"]
        [[rules]]
        purpose = "module_cache"
        paths = ["$SITE/**", "$HOME/.cache/pip/**"]
    """
    shared = "format = 1\n[folders]\nHOME = ['/data/home']"
    rules = read_rules(python, shared, standard_text())
    paths = {
        "venv/lib/python3.13/site-packages/x.py": Purpose.MODULE_CACHE,
        "venv/lib/python3.13/site-packages/__pycache__/x": Purpose.BUILD_CACHE,
        "data/home/.cache/pip/wheel": Purpose.MODULE_CACHE,
        "root/.cache/pip/wheel": Purpose.MODULE_CACHE,
        "app/x.pyc": Purpose.BUILD_CACHE,
        "usr/local/go/bin/go": Purpose.TOOLCHAIN,
    }
    index = layer(*(file(path, 1) for path in paths))
    found = [PURPOSES[number] for number in purposes_of([index], [UNKNOWN], rules=rules)[0]]
    assert dict(zip(paths, found, strict=True)) == paths


def standard_text() -> str:
    from importlib.resources import files

    return files("tui.image").joinpath("purposes.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("format =", "no TOML"),
        ("format = 2", "format"),
        ("format = 1\n[[rules]]\npurpose = 'fun'", "'fun'"),
        ("format = 1\n[[rules]]\npurpose = 'other'\npath = ['/a']", "unknown path"),
        ("format = 1\n[[rules]]\npurpose = 'other'\npaths = '/a'", "list of texts"),
        ("format = 1\n[[rules]]\npurpose = 'other'\npaths = ['a']", "no absolute path"),
        ("format = 1\n[[rules]]\npurpose = 'other'\npaths = ['/a**/b']", "no whole name"),
        ("format = 1\n[[rules]]\npurpose = 'other'\npaths = ['$NO/b']", "not there"),
        ("format = 1\n[folders]\nA = ['$A/x']\n[[rules]]\npurpose = 'other'\npaths = ['$A/b']", "names itself"),
        ("format = 1\n[[rules]]\npurpose = 'other'\npaths = ['/a']\nprogram = 'rust'", "'rust'"),
        ("format = 1\n" + "[[rules]]\npurpose = 'other'\n" * 255, "limit"),
    ],
)
def test_damaged_rules_say_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(RulesDamaged, match=complaint):
        read_rules(text)


def test_every_purpose_has_words_for_people_and_a_rule_or_the_rest() -> None:
    assert {purpose.label for purpose in Purpose} >= {"base system", "your program"}
    assert {rule.purpose for rule in standard_rules().rules} == set(Purpose) - {Purpose.OTHER}


NAMES = st.sampled_from(["a", "b", "ab", "vendor", "x.go"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
PARTS = st.lists(st.one_of(NAMES, st.sampled_from(["*", "?", "a*", "*.go", "**"])), min_size=1, max_size=4)


def plainly(pattern: list[str], path: list[str]) -> bool:
    """What a pattern means, said as simply as can be."""
    from fnmatch import fnmatchcase

    if not pattern:
        return not path
    if pattern[0] == "**":
        if len(pattern) == 1:
            return bool(path)
        return any(plainly(pattern[1:], path[count:]) for count in range(len(path)))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and plainly(pattern[1:], path[1:])


@given(st.lists(PARTS, max_size=4), st.lists(PATHS, min_size=1, max_size=8))
def test_a_table_agrees_with_what_patterns_plainly_mean(patterns: list[list[str]], paths: list[str]) -> None:
    table = PathTable({n: path_rule(["/" + "/".join(parts)]) for n, parts in enumerate(patterns)})
    index: LayerIndex = layer(*(file(path, 1) for path in paths))
    for path, found in zip(paths, table.column(index), strict=True):
        expected = next((n for n, parts in enumerate(patterns) if plainly(parts, path.split("/"))), NO_RULE)
        assert found == expected


def test_what_lies_outside_is_left_out_with_all_that_is_in_it() -> None:
    rule = path_rule(["/**", "**/*.pem"], ["/usr/**"])
    assert rule.matches("a.pem") and rule.matches("usrs/x")
    assert not rule.matches("usr/x") and not rule.matches("usr/a/b.pem")
    with pytest.raises(PatternRefused):
        path_rule(["relative"])
