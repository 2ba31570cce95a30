"""Every code has its sentence, every sentence gets its facts, and every Vietnamese text has its English."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any, get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from fair_pos.kernel.refusal import Refusal
from fair_pos.plumbing.sentences import ODDITIES, QUARANTINE, SENTENCES
from fair_pos.till.wire import QuarantineReason
from tests.house.repository import TOP, called_name, none, our_python, read, under

BLANK = re.compile(r"%\((\w+)\)[sd]")


def blanks(text: str) -> set[str]:
    return set(BLANK.findall(text))


def text_of(lazy: object) -> str:
    """The message id of a sentence, which is the Vietnamese text itself."""
    return str(vars(lazy)["_args"][0])


# --- codes ----------------------------------------------------------------------------------------------------------


@cache
def refusals() -> dict[str, type[Refusal]]:
    """Every kind of refusal by its class name, wherever it is declared."""
    for path in under("fair_pos", ".py"):
        importlib.import_module(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    found, waiting = {Refusal.__name__: Refusal}, [Refusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind.__module__.startswith("fair_pos."):
                found[kind.__name__] = kind
                waiting.append(kind)
    return found


def test_every_refusal_has_a_sentence() -> None:
    none(
        f"{kind.__module__}.{kind.__name__} says «{kind.code}»"
        for kind in refusals().values()
        if kind.code not in SENTENCES
    )


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in refusals().values()]
    none(f"«{code}» stands for {codes.count(code)} refusals" for code in sorted(set(codes)) if codes.count(code) > 1)


def test_every_reason_for_quarantine_has_a_sentence() -> None:
    assert set(QUARANTINE) == set(get_args(QuarantineReason))


def odd_codes(modules: Iterable[tuple[str, ast.Module]]) -> Iterator[tuple[str, str, set[str] | None]]:
    """Where an oddity is made, its code, and the facts it carries (None when they are not written out on the spot)."""
    for path, tree in modules:
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and called_name(node) == "Odd"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                facts = node.args[1] if len(node.args) > 1 else None
                written_out = isinstance(facts, ast.Dict) and all(isinstance(key, ast.Constant) for key in facts.keys)
                names = (
                    {ast.literal_eval(key) for key in facts.keys if key}
                    if isinstance(facts, ast.Dict) and written_out
                    else None
                )
                yield f"{path}:{node.lineno}", str(node.args[0].value), names


def test_every_oddity_has_a_sentence_and_every_sentence_its_oddity() -> None:
    made = {code: place for place, code, _ in odd_codes(our_python())}
    none(f"{place} says «{code}»" for code, place in made.items() if code not in ODDITIES)
    none(f"no rule finds «{code}»" for code in ODDITIES if code not in made)


def test_every_oddity_brings_the_facts_of_its_sentence() -> None:
    none(
        f"{place} «{code}» leaves out {sorted(blanks(text_of(ODDITIES[code])) - facts)}"
        for place, code, facts in odd_codes(our_python())
        if code in ODDITIES and facts is not None and not blanks(text_of(ODDITIES[code])) <= facts
    )


def refusals_made(
    modules: Iterable[tuple[str, ast.Module]], names: Iterable[str]
) -> Iterator[tuple[str, str, set[str]]]:
    """Where a refusal is raised, its class name, and the facts given; `raise LoginFailed` gives none."""
    names = set(names)
    for path, tree in modules:
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in names:
                yield f"{path}:{node.lineno}", node.exc.id, set()
            elif isinstance(node, ast.Call) and called_name(node) in names and all(word.arg for word in node.keywords):
                yield f"{path}:{node.lineno}", called_name(node), {str(word.arg) for word in node.keywords}


def test_every_refusal_brings_the_facts_of_its_sentence() -> None:
    sentences = {name: text_of(SENTENCES[kind.code]) for name, kind in refusals().items() if kind.code in SENTENCES}
    none(
        f"{place} {name} leaves out {sorted(blanks(sentences[name]) - facts)}"
        for place, name, facts in refusals_made(our_python(), sentences)
        if not blanks(sentences[name]) <= facts
    )


def test_every_sentence_is_said_somewhere() -> None:
    said = {kind.code for kind in refusals().values()}
    said |= {
        node.value
        for path, tree in our_python()
        if path != "fair_pos/plumbing/sentences.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    none(f"nothing says «{code}»" for code in SENTENCES if code not in said and not code.startswith("http_"))


def test_codes_and_facts_are_found_in_code() -> None:
    source = ast.parse('raise LoginFailed\nraise TooMany(seconds=3)\nOdd("gap", {"seq": 1})\nOdd("gap", facts)')
    assert list(refusals_made([("a.py", source)], ["LoginFailed", "TooMany"])) == [
        ("a.py:1", "LoginFailed", set()),
        ("a.py:2", "TooMany", {"seconds"}),
    ]
    assert [(code, facts) for _, code, facts in odd_codes([("a.py", source)])] == [("gap", {"seq"}), ("gap", None)]


# --- English --------------------------------------------------------------------------------------------------------

KEYWORDS: dict[str, Any] = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


Text = tuple[str, str | None]


@cache
def texts() -> dict[Text, str]:
    """Every text that goes through `_()` and where it stands, found as `make words` finds it.

    The second half of a key is the context: «Gian hàng» heads a column («Booth») and, as "plural", a tab («Booths»).
    """
    mappings = tomllib.loads(read("pyproject.toml"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    wanted = {path.split("/")[0] for path, _ in methods}
    found: dict[Text, str] = {}
    for folder in sorted(wanted):
        patterns = [
            (path.removeprefix(f"{folder}/"), method) for path, method in methods if path.startswith(f"{folder}/")
        ]
        for name, line, message, _, context in extract_from_dir(TOP / folder, method_map=patterns, keywords=KEYWORDS):
            for text in message if isinstance(message, tuple) else (message,):
                found.setdefault((text, context), f"{folder}/{name}:{line}")
    return found


def english() -> Catalog:
    return read_po(BytesIO(read("fair_pos/translations/en/LC_MESSAGES/messages.po").encode()), locale="en")


def untranslated(wanted: Mapping[Text, str], catalog: Catalog) -> list[str]:
    found = []
    for (text, context), place in wanted.items():
        message = catalog.get(text, context)
        string = message.string if message else None
        parts = [string] if isinstance(string, str) else list(string or ())
        if message is None or not parts or not all(parts):
            found.append(f"{place} «{text}» has no English")
        elif message.fuzzy:
            found.append(f"{place} «{text}» has an English that nobody has looked at (fuzzy)")
        elif any(blanks(part) != blanks(text) for part in parts):
            found.append(f"{place} «{text}» has an English with other blanks")
    return found


def test_every_text_has_its_english() -> None:
    none(untranslated(texts(), english()))


def test_no_english_outlives_its_text() -> None:
    none(
        f"«{identity}» is written nowhere any more"
        for message in english()
        for identity in [message.id if isinstance(message.id, str) else message.id[0]]
        if identity and (identity, message.context) not in texts()
    )


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('msgctxt "plural"\nmsgid "Còn %(n)s"\nmsgstr "%(n)s left"', "has no English"),
        ('msgid "Còn %(n)s"\nmsgid_plural "Còn %(n)s"\nmsgstr[0] "%(n)s left"\nmsgstr[1] ""', "has no English"),
        ('msgid "khác"\nmsgstr "other"', "has no English"),
        ('msgid "Còn %(n)s"\nmsgstr ""', "has no English"),
        ('#, fuzzy\nmsgid "Còn %(n)s"\nmsgstr "%(n)s left"', "fuzzy"),
        ('msgid "Còn %(n)s"\nmsgstr "%(count)s left"', "other blanks"),
    ],
)
def test_a_lacking_translation_is_noticed(entry: str, complaint: str) -> None:
    catalog = read_po(BytesIO(entry.encode()), locale="en")
    assert [complaint in said for said in untranslated({("Còn %(n)s", None): "a.py:1"}, catalog)] == [True]


def test_texts_are_found_in_pages_and_in_templates() -> None:
    places = {place.split("/")[0] for place in texts().values()}
    assert places == {"fair_pos", "templates"}


VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
# Where words for people are chosen. Elsewhere Vietnamese is data: names of groups, letters to sort by, the demo fair.
SPEAKING = ("pages.py", "forms.py", "api.py", "paper.py", "export.py")
TRANSLATORS = {"_", "_l", "gettext", "ngettext", "pgettext", "lazy_gettext", "lazy_ngettext"}


def bare_vietnamese(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Vietnamese strings that no `_()` stands around; docstrings are for readers of the code."""
    covered: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called_name(node) in TRANSLATORS:
            covered |= {inner for argument in node.args for inner in ast.walk(argument)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            covered.add(node.value)
    for node in ast.walk(tree):
        if node in covered or not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if VIETNAMESE.search(node.value):
            yield node.lineno, node.value


def test_doors_hold_no_bare_vietnamese() -> None:
    none(
        f"{path}:{line} «{text}» stands outside _()"
        for path, tree in our_python()
        if path.endswith(SPEAKING)
        for line, text in bare_vietnamese(tree)
    )


def test_bare_vietnamese_is_noticed() -> None:
    tree = ast.parse('"""Gian hàng."""\nflash("Đã lưu")\nflash(_("Đã lưu"))\nflash(f"Đã {x}")')
    assert [line for line, _ in bare_vietnamese(tree)] == [2, 4]
