"""Habits that a tool can see in our Python: one commit, one clock, whole đồng."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.house.repository import called_name, none, our_python, read

Offence = tuple[int, str]


def offences(check: Callable[[ast.Module], Iterable[Offence]], *, but_in: tuple[str, ...] = ()) -> list[str]:
    return [f"{path}:{line} {what}" for path, tree in our_python() if path not in but_in for line, what in check(tree)]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


# --- the only commit ------------------------------------------------------------------------------------------------


def commits(tree: ast.Module) -> Iterator[Offence]:
    return ((call.lineno, "commits") for call in calls(tree) if called_name(call) == "commit")


def test_only_transaction_commits() -> None:
    none(offences(commits, but_in=("fair_pos/plumbing/db.py",)))
    assert len(list(commits(ast.parse(read("fair_pos/plumbing/db.py"))))) == 1


@pytest.mark.parametrize(
    "source", ["session.commit()", "with transaction() as s:\n    s.commit()", "db.session.commit()"]
)
def test_a_second_commit_is_noticed(source: str) -> None:
    assert list(commits(ast.parse(source)))


# --- the only clock, the only ids -----------------------------------------------------------------------------------

# Reading the time or making an id, by the last two parts of the name called. Measuring a duration is neither.
FORBIDDEN_CALLS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("func", "now"),
    ("uuid", "uuid1"), ("uuid", "uuid4"), ("uuid", "uuid5"), ("uuid", "uuid7"),
}  # fmt: skip
FORBIDDEN_IMPORTS = {("time", "time"), ("time", "time_ns")} | {("uuid", f"uuid{version}") for version in (1, 4, 5, 7)}


def reads_time_or_makes_id(tree: ast.Module) -> Iterator[Offence]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (owner, node.attr) in FORBIDDEN_CALLS:
                yield node.lineno, f"uses {owner}.{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (node.module, alias.name) in FORBIDDEN_IMPORTS:
                    yield node.lineno, f"imports {alias.name} from {node.module}"


def test_only_clock_and_ids_read_the_time_or_make_an_id() -> None:
    none(offences(reads_time_or_makes_id, but_in=("fair_pos/kernel/clock.py", "fair_pos/kernel/ids.py")))


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "time.time()",
        "from uuid import uuid4",
        "f(default=func.now)",
    ],
)
def test_a_second_clock_is_noticed(source: str) -> None:
    assert list(reads_time_or_makes_id(ast.parse(source)))


def test_our_own_clock_is_no_second_one() -> None:
    assert not list(reads_time_or_makes_id(ast.parse("from fair_pos.kernel.clock import now\nat = now()")))


def test_no_module_excuses_itself_from_the_clock_rule() -> None:
    none([path for path, _ in our_python() if "noqa: TID251" in read(path)])


# --- whole đồng -----------------------------------------------------------------------------------------------------


def is_money(node: ast.AST) -> bool:
    name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None)
    return isinstance(name, str) and name.endswith("_dong")


def is_fraction(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()) | ast.Constant(value=float()):
            return True
        case ast.Call():
            return called_name(node) in {"float", "truediv"}
        case _:
            return False


def heads(tree: ast.Module) -> Iterator[tuple[ast.stmt, list[ast.AST]]]:
    """Each statement with its own nodes, without those of the statements inside it; a function that gives đồng as one."""
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt):
            continue
        nodes: list[ast.AST] = []
        whole = isinstance(statement, ast.FunctionDef) and statement.name.endswith("_dong")
        waiting: list[ast.AST] = [statement]
        while waiting:
            node = waiting.pop()
            nodes.append(node)
            waiting += [child for child in ast.iter_child_nodes(node) if whole or not isinstance(child, ast.stmt)]
        yield statement, nodes


def fractions_of_dong(tree: ast.Module) -> Iterator[Offence]:
    for statement, nodes in heads(tree):
        named_for_money = isinstance(statement, ast.FunctionDef) and statement.name.endswith("_dong")
        if (named_for_money or any(map(is_money, nodes))) and any(map(is_fraction, nodes)):
            yield statement.lineno, "has a fraction where đồng are counted"


def test_no_fraction_comes_near_money() -> None:
    # Charts draw, and how wide a bar is on paper is no amount; the simulator rolls dice, and a chance is none either.
    none(
        offences(
            fractions_of_dong,
            but_in=(
                "fair_pos/reports/charts.py",
                "fair_pos/board/curve.py",
                "fair_pos/reports/plots.py",
                "fair_pos/demo/simulator.py",
            ),
        )
    )


@pytest.mark.parametrize(
    "source",
    [
        "share = total_dong / 3",
        "sale.total_dong = float(text)",
        "record(amount_dong=quantity * 1.1)",
        "price_dong /= 2",
        "def average_dong(total, count):\n    half = total / count\n    return int(half)",
        "if line.amount_dong > 0.5: pass",
    ],
)
def test_a_fraction_of_a_dong_is_noticed(source: str) -> None:
    assert list(fractions_of_dong(ast.parse(source)))


@pytest.mark.parametrize("source", ["total_dong // 3", "width = 80 / 3\ntotal_dong = 5", "folder / 'receipt.pdf'"])
def test_other_divisions_are_left_alone(source: str) -> None:
    assert not list(fractions_of_dong(ast.parse(source)))
