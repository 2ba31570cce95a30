"""What the house tests read: the files git knows or would take, and Python as a tree."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[str, ...]:
    """Every file of the checkout that is not ignored, as a path from the top, whether committed yet or not."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return tuple(sorted(path for path in set(listed.split("\0")) if path and (TOP / path).is_file()))


def under(folder: str, *endings: str) -> list[str]:
    """The files below `folder`, with one of `endings` when given."""
    return [path for path in files() if path.startswith(f"{folder}/") and (not endings or path.endswith(endings))]


def read(path: str) -> str:
    return (TOP / path).read_text(encoding="utf-8")


@cache
def our_python() -> tuple[tuple[str, ast.Module], ...]:
    """Path and tree of every module of fair_pos."""
    return tuple((path, ast.parse(read(path), filename=path)) for path in under("fair_pos", ".py"))


def none(offences: Iterable[str]) -> None:
    """Fails with every offence on a line of its own."""
    found = list(offences)
    assert not found, "\n" + "\n".join(found)


def called_name(call: ast.Call) -> str:
    """The last part of what is called: «commit» for `session.commit()`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
