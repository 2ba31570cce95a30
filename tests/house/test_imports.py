"""The import contracts hold (`make check` runs them), and each of them breaks when it should."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repository import TOP


def lint(folder: Path) -> tuple[int, str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, re.sub(r"\s+", " ", done.stdout + done.stderr)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        TOP / "fair_pos", tmp_path / "fair_pos", ignore=shutil.ignore_patterns("__pycache__", "translations")
    )
    shutil.copy(TOP / ".importlinter", tmp_path)
    return tmp_path


def test_contracts_are_kept(copy: Path) -> None:
    status, said = lint(copy)
    assert status == 0, said


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("people/queries.py", "from fair_pos.venues import queries", "Features depend downwards only"),
        ("portal/pages.py", "from fair_pos.reports import queries", "Features depend downwards only"),
        ("plumbing/web.py", "from fair_pos.people import rules", "Features depend downwards only"),
        ("sales/rules.py", "import sqlalchemy", "Rules and kernel are plain Python"),
        ("people/rules.py", "from fair_pos.plumbing import db", "Rules and kernel are plain Python"),
        ("kernel/money.py", "import pydantic", "Rules and kernel are plain Python"),
        ("sales/actions.py", "from flask import g", "Actions and queries know no web"),
        ("venues/queries.py", "import flask_login", "Actions and queries know no web"),
        ("reports/pages.py", "from fair_pos.venues import pages", "Nobody imports pages and API doors"),
        (
            "venues/queries.py",
            "from fair_pos.people.tables import Person",
            "Tables of people are read and written by people alone",
        ),
        (
            "till/actions.py",
            "from fair_pos.sales.tables import Sale",
            "Tables of sales are read and written by sales alone",
        ),
    ],
)
def test_each_contract_can_break(copy: Path, module: str, line: str, contract: str) -> None:
    with (copy / "fair_pos" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    status, said = lint(copy)
    assert status == 1
    assert re.search(rf"{contract}[^.]*? BROKEN", said), said


def test_a_feature_that_stands_in_no_layer_is_noticed(copy: Path) -> None:
    (copy / "fair_pos" / "crowds").mkdir()
    (copy / "fair_pos" / "crowds" / "__init__.py").write_text('"""New."""\n')
    status, said = lint(copy)
    assert status == 1
    assert "fair_pos.crowds" in said
