"""Where things stand: mirrored tests, short files, nothing built or vendored, settings that are written down."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterable

import pytest

from tests.house.repository import TOP, files, none, our_python, read, under

MOST_LINES = 400

# Each may go without a test file of its own, because:
NEEDS_NO_TEST_FILE = {
    "__init__": "names its package and holds no decisions",
    "tables": "test_schema.py compares all of them with the migrations, and every action writes through them",
    "refusals": "test_words.py walks all of them, and each is raised in the test of its action",
    "every_table": "test_schema.py is its test",
}


def mirror_of(module: str) -> str:
    """fair_pos/sales/rules.py → tests/sales/test_rules.py."""
    folder, _, name = module.removeprefix("fair_pos/").rpartition("/")
    return "/".join(part for part in ("tests", folder, f"test_{name}") if part)


def has_code(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in ast.walk(tree))


def without_mirror(modules: Iterable[tuple[str, ast.Module]], known: Iterable[str]) -> list[str]:
    known = set(known)
    return [
        f"{path} has no {mirror_of(path)}"
        for path, tree in modules
        if has_code(tree)
        and path.rpartition("/")[2].removesuffix(".py") not in NEEDS_NO_TEST_FILE
        and mirror_of(path) not in known
    ]


def test_every_module_has_its_test_file() -> None:
    none(without_mirror(our_python(), files()))


def test_a_missing_test_file_is_noticed() -> None:
    with_code = ast.parse("def price(): ...")
    modules = [
        ("fair_pos/sales/rules.py", with_code),
        ("fair_pos/cli.py", with_code),
        ("fair_pos/sales/tables.py", with_code),
    ]
    known = ["tests/test_cli.py"]
    assert without_mirror(modules, known) == ["fair_pos/sales/rules.py has no tests/sales/test_rules.py"]


def test_no_test_file_outlives_its_module() -> None:
    """A mirrored test file whose module is gone tests something else by now."""
    features = {path.split("/")[1] for path, _ in our_python() if path.count("/") > 1}
    mirrors = {mirror_of(path) for path, _ in our_python()}
    stray = [
        path
        for path in under("tests", ".py")
        if path.split("/")[1] in features and path.rpartition("/")[2].startswith("test_") and path not in mirrors
    ]
    none(stray)


def too_long(paths: Iterable[str]) -> list[str]:
    counted = ((path, read(path).count("\n")) for path in paths)
    return [f"{path}: {lines} lines" for path, lines in counted if lines > MOST_LINES]


def test_no_file_is_too_long_to_read_in_one_go() -> None:
    kinds = (".py", ".ts", ".tsx", ".css", ".js", ".mjs", ".html", ".sh")
    folders = ("fair_pos", "till/src", "till/tests", "tests", "templates", "static", "scripts")
    none(too_long(path for folder in folders for path in under(folder, *kinds)))


def test_a_long_file_is_noticed() -> None:
    assert too_long(["requirements.txt"]) != []


NAMELESS = re.compile(r"(^|/)(utils?|helpers?|misc|common|tools?)(\.\w+)?(/|$)")


def test_no_module_is_named_for_nothing() -> None:
    """`util` is where things go that nobody could place; say what it does instead."""
    none([path for path in under("fair_pos") + under("till/src") + under("tests") if NAMELESS.search(path)])


@pytest.mark.parametrize("path", ["fair_pos/sales/util.py", "fair_pos/utils/money.py", "till/src/helpers.ts"])
def test_a_nameless_module_is_noticed(path: str) -> None:
    assert NAMELESS.search(path)


MADE = re.compile(
    r"(^|/)(node_modules|__pycache__|dist|\.venv|\.setup)/|^static/(till|gate|wall|vendor)/|^instance/|\.gen\.ts$|^till/wire\.schema\.json$"
    r"|\.(mo|pyc|map|sqlite3|woff2?|ttf|otf|wasm|tsbuildinfo)$|\.min\.(js|css)$"
)


def test_nothing_built_or_vendored_is_tracked() -> None:
    none([path for path in files() if MADE.search(path)])


@pytest.mark.parametrize("path", ["static/till/app-1f3a.js", "till/src/wire.gen.ts", "static/chart.min.js", "a/b.mo"])
def test_a_built_file_is_noticed(path: str) -> None:
    assert MADE.search(path)


def settings_read(python: str, shell: Iterable[str]) -> set[str]:
    """Every name read from the environment: capitals in settings.py, `${NAME:-default}` in the scripts."""
    constants = {node.value for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Constant)}
    names = {value for value in constants if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z_]{2,}", value)}
    return names | {name for text in shell for name in re.findall(r"\$\{([A-Z][A-Z_]+):-", text)}


def test_every_setting_is_documented() -> None:
    names = settings_read(read("fair_pos/settings.py"), (read(path) for path in under("scripts", ".sh")))
    documents = "\n".join(
        read(path) for path in files() if path == "README.md" or (path.startswith("docs/") and path.endswith(".md"))
    )
    none([name for name in sorted(names) if not re.search(rf"\b{name}\b", documents)])


def test_settings_are_found_where_they_are_read() -> None:
    assert settings_read('env.get("PUBLIC_URL")', ["workers=${WEB_WORKERS:-1}"]) == {"PUBLIC_URL", "WEB_WORKERS"}


def pins(path: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)", read(path), flags=re.MULTILINE):
        found.setdefault(name.lower().replace("_", "-"), set()).add(version)
    return found


@pytest.mark.parametrize("name", ["requirements", "requirements-test", "requirements-node"])
def test_lock_files_hold_what_was_asked_for(name: str) -> None:
    locked = pins(f"{name}.txt")
    assert {wish: locked.get(wish) for wish in pins(f"{name}.in")} == pins(f"{name}.in")
    assert read(f"{name}.txt").count("--hash=sha256:") >= len(locked)


def test_tests_run_on_the_versions_that_are_served() -> None:
    tested = pins("requirements-test.txt")
    assert {name: tested.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_every_feature_with_tables_keeps_them_to_itself() -> None:
    contracts = configparser.ConfigParser()
    contracts.read_string(read(".importlinter"))
    guarded = {line for section in contracts.values() for line in section.get("protected_modules", "").split()}
    features = {path.split("/")[1] for path in under("fair_pos") if path.endswith("/tables.py")}
    assert {f"fair_pos.{feature}.tables" for feature in features} - guarded == set()


def test_scripts_can_be_run() -> None:
    none([path for path in [*under("scripts", ".sh"), ".ci/run"] if not (TOP / path).stat().st_mode & 0o100])


def unmarked(path: str) -> list[str]:
    """Walks of a file of journeys that do not say so, each or all together."""
    tree = ast.parse(read(path))
    told = [
        ast.unparse(one.value) for one in tree.body if isinstance(one, ast.Assign) and "pytestmark" in ast.unparse(one)
    ]
    walks = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    marks = {one.name: [*told, *(ast.unparse(mark) for mark in one.decorator_list)] for one in walks}
    return [f"{path}::{name}" for name, its in marks.items() if not any("pytest.mark.journey" in mark for mark in its)]


def test_journeys_run_with_the_journeys_alone() -> None:
    """One without its mark would run on both databases before the till is built, minutes each."""
    none(offence for path in under("tests/journeys", ".py") for offence in unmarked(path))
