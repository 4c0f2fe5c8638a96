"""`--secret id=NAME[,src=FILE|,env=VARIABLE]`, by the rules of buildx and BuildKit's client.

Fields are one record of CSV, their keys in any case. `source` is `src`; with `type=env` it names a variable. Where both
a file and a variable are named the variable counts, and with neither the id itself is the name: of a variable where
there is one, else of a file.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from tui.engine.request import MOST_SECRET_BYTES, BuildSecret, SecretFile, SecretVariable
from tui.session.build_options.model import OptionRefused

KEYS = ("id", "src", "source", "env", "type")
TYPES = ("file", "env")
_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|$)')


def read_secret(text: str, environ: Mapping[str, str], cwd: Path) -> BuildSecret:
    """Where the secret's value will come from; the value itself is not read. Raises OptionRefused."""
    option = f"--secret {text}"
    fields = _fields(option, text)
    name = fields.get("id", "")
    if not name:
        raise OptionRefused(f"{option} has no id: write --secret id=NAME,src=FILE or --secret id=NAME,env=VARIABLE.")
    file, variable = fields.get("src", ""), fields.get("env", "")
    if fields.get("type") == "env" and not variable:
        file, variable = "", file or name
    if not (file or variable):
        file, variable = ("", name) if name in environ else (name, "")
    if variable:
        if variable not in environ:
            raise OptionRefused(f"{option}: there is no environment variable {variable}.")
        return SecretVariable(name, variable)
    return SecretFile(name, _file(option, file, cwd))


def _fields(option: str, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in _records(option, text):
        key, has_value, value = field.partition("=")
        key = key.lower()
        if not has_value:
            raise OptionRefused(f"{option}: {field!r} is not of the form key=value.")
        if key not in KEYS:
            raise OptionRefused(f"{option}: {key!r} is unknown; there are id, src, env and type.")
        found["src" if key == "source" else key] = value
    if found.get("type", TYPES[0]) not in TYPES:
        raise OptionRefused(f"{option}: the type is {' or '.join(TYPES)}, not {found['type']!r}.")
    return found


def _records(option: str, text: str) -> Iterator[str]:
    """The fields of one line of CSV: a field in quotes may hold commas, and quotes that are written twice."""
    at, ends = 0, ","
    while ends == ",":
        match = _FIELD.match(text, at)
        if match is None:
            raise OptionRefused(f"{option}: the quotes do not match.")
        yield match[2] if match[1] is None else match[1].replace('""', '"')
        at, ends = match.end(), match[3]


def _file(option: str, name: str, cwd: Path) -> Path:
    """The file, if a secret can be read from it. A pipe can: shells have them for `<(command)`."""
    # No link is followed: that of a shell's pipe leads to no file.
    path = Path(os.path.abspath(cwd / name))  # noqa: PTH100
    try:
        about = path.stat()
    except OSError as error:
        hint = " The shell expands ~ only where a word begins: write $HOME." if name.startswith("~") else ""
        raise OptionRefused(f"{option}: the file {name} cannot be used ({error.strerror}).{hint}") from error
    if stat.S_ISDIR(about.st_mode):
        raise OptionRefused(f"{option}: {name} is a folder, not a file.")
    if about.st_size > MOST_SECRET_BYTES:
        raise OptionRefused(f"{option}: {name} is too large; a secret has at most {MOST_SECRET_BYTES // 1024} KB.")
    if not os.access(path, os.R_OK):
        raise OptionRefused(f"{option}: you do not have permission to read {name}.")
    return path
