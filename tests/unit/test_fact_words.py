"""The facts of an image in words."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.layers import file, go_program, layer, settings, whiteout
from tui.image.anatomy import dissect
from tui.image.model import LayerIndex
from tui.session.fact_words import fact_words


def words_of(*layers: LayerIndex, user: str = "", **fields: tuple[str, ...]) -> list[str]:
    config = settings(layers, *("COPY . /" for _ in layers), user=user)
    return fact_words(dissect(replace(config, **fields), layers))  # type: ignore[arg-type]


def test_what_a_container_starts_is_told_as_a_shell_would_take_it() -> None:
    words = words_of(
        user="nobody", entrypoint=("/main", "--name", "a b"), command=("serve",), exposed_ports=("80/tcp", "81/udp")
    )
    assert words[:4] == ["runs as nobody", "entry point: /main --name 'a b'", "command: serve", "ports: 80/tcp, 81/udp"]


def test_what_is_not_set_is_not_told() -> None:
    assert words_of() == [
        "runs as root",
        "no program of yours",
        "no shell",
        "CA certificates: none",
        "time zones: none",
    ]


def test_programs_tell_how_they_were_linked_and_by_what() -> None:
    files = [file(f"app/{name}", 1000 - ord(name), program=go_program(), mode=0o755) for name in "abcde"]
    told = [words for words in words_of(layer(*files)) if "/app/" in words or "of yours" in words]
    assert told[0] == "/app/a: 903 B, static, go1.27.3, not stripped"
    assert told[3:] == ["2 more programs of yours"]


def test_set_uid_files_are_counted_and_the_first_are_named() -> None:
    files = [file(f"bin/{name}", 1, mode=0o4755) for name in ("su", "mount", "ping", "at")]
    many = next(words for words in words_of(layer(*files)) if "set-uid" in words)
    assert many.startswith("4 programs run with the rights of the owner")
    assert many.endswith(": /bin/su, /bin/mount, /bin/ping and 1 more")
    one = next(words for words in words_of(layer(files[0])) if "set-uid" in words)
    assert one.startswith("1 program runs ")
    assert one.endswith(": /bin/su")


def test_secrets_are_named_also_where_they_are_hidden() -> None:
    keys = [file(f"srv/{number}/id_rsa", 9) for number in range(7)]
    words = words_of(layer(*keys), layer(whiteout("srv/0")))
    told = [line for line in words if "secret" in line]
    assert told[0].startswith("looks like a secret: /srv/0/id_rsa (")
    assert told[0].endswith("hidden in a lower layer)")
    assert told[-1] == "2 more paths that look like secrets"
    assert len(told) == 6
