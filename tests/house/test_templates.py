"""Templates: each is used, each that is named exists, and every word a person reads goes through `_()`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, meta

from tests.house.repository import called_name, none, our_python, read, under

RENDERERS = {"render_template", "stream_template", "get_template"}
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


def named_by_code(modules: Iterable[tuple[str, ast.Module]]) -> Iterator[tuple[str, str | None]]:
    """Where a template is rendered, and its name; None when the name is worked out and no reader can find it."""
    for path, tree in modules:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called_name(node) in RENDERERS and node.args:
                first = node.args[0]
                name = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
                yield f"{path}:{node.lineno}", name


def test_templates_are_named_in_full() -> None:
    none(f"{place} works its template's name out" for place, name in named_by_code(our_python()) if name is None)


def templates() -> dict[str, str]:
    return {path.removeprefix("templates/"): read(path) for path in under("templates", ".html")}


def unknown_and_unused(known: Mapping[str, str], code: Iterable[tuple[str, str | None]]) -> tuple[list[str], list[str]]:
    wanted = {name: place for place, name in code if name is not None}
    for name, source in known.items():
        wanted |= {
            other: name for other in meta.find_referenced_templates(ENVIRONMENT.parse(source)) if other is not None
        }
    unknown = [f"{place} names {name}, which does not exist" for name, place in wanted.items() if name not in known]
    return unknown, [f"nothing renders {name}" for name in known if name not in wanted]


def test_every_template_that_is_named_exists() -> None:
    none(unknown_and_unused(templates(), named_by_code(our_python()))[0])


def test_every_template_is_rendered_by_some_page() -> None:
    none(unknown_and_unused(templates(), named_by_code(our_python()))[1])


def test_lost_templates_are_noticed() -> None:
    known = {"a.html": '{% extends "layout.html" %}', "orphan.html": ""}
    code = list(named_by_code([("p.py", ast.parse('render_template("a.html"); render_template(name)'))]))
    assert code == [("p.py:1", "a.html"), ("p.py:1", None)]
    unknown, unused = unknown_and_unused(known, code)
    assert unknown == ["a.html names layout.html, which does not exist"]
    assert unused == ["nothing renders orphan.html"]


# --- words ----------------------------------------------------------------------------------------------------------

# The same in every language, so they need no translation.
NAMES = {"fair_pos", "OCOP", "QR", "PDF", "CSV", "XLSX", "VietQR", "GET", "POST"}
READ_ALOUD = {"alt", "aria-label", "aria-description", "content", "label", "placeholder", "summary", "title"}
WORD = re.compile(r"[^\W\d_](?:[\w'-]*\w)?")
SPOT = "\ufffc"  # stands for what Jinja will put there


class Words(HTMLParser):
    """Collects every word in the markup itself that a person would read, with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style", "code"}
        spoken = {*READ_ALOUD, *(["value"] if tag in {"button", "input"} and self._is_button(tag, attrs) else [])}
        if tag == "meta" and not any(value == "description" for _, value in attrs):
            spoken.discard("content")
        for name, value in attrs:
            if name in spoken and value:
                self._collect(value)

    def _is_button(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        return tag == "input" and dict(attrs).get("type") in {"submit", "button", "reset"}

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style", "code"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._collect(data)

    def _collect(self, text: str) -> None:
        line, _ = self.getpos()
        for offset, part in enumerate(text.split("\n")):
            # A word that touches a spot is part of a longer one: «{{ count }}kg».
            words = (word for word in WORD.findall(part) if word not in NAMES)
            self.found += [(line + offset, word) for word in words]


def bare_words(source: str) -> list[tuple[int, str]]:
    """Words that stand in a template outside of every `{{ }}` and `{% %}`."""
    markup = []
    for _, kind, value in ENVIRONMENT.lex(source):
        # Everything of Jinja's becomes a spot, with its line breaks, so that tags stay whole and lines keep their numbers.
        markup.append(value if kind == "data" else "\n" * value.count("\n") or (SPOT if kind.endswith("_end") else ""))
    words = Words()
    words.feed("".join(markup))
    words.close()
    return words.found


def test_every_word_of_a_template_can_be_translated() -> None:
    none(
        f"templates/{name}:{line} «{word}» stands outside _()"
        for name, source in templates().items()
        for line, word in bare_words(source)
    )


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("<p>Doanh thu</p>", "Doanh"),
        ('<button title="Xóa">{{ _("x") }}</button>', "Xóa"),
        ('<p>{{ _("Tổng") }} đồng</p>', "đồng"),
        ('<input type="submit" value="Lưu">', "Lưu"),
        ("{% if a %}\n<p>Hello</p>\n{% endif %}", "Hello"),
        ("<p>3 kg</p>", "kg"),
    ],
)
def test_a_bare_word_is_noticed(source: str, word: str) -> None:
    assert word in [found for _, found in bare_words(source)]


@pytest.mark.parametrize(
    "source",
    [
        '<p class="Tổng">{{ _("Tổng") }}</p>',
        '{# Ghi chú cho người đọc #}<a href="{{ url_for("x") }}">→ 5 ₫</a>',
        '<b>{{ "a" }}</b>',
        '<input name="csrf_token" value="abc"><style>.a { color: red }</style><script>const a = 1</script>',
        '<meta name="viewport" content="width=device-width"><title>{{ x }} · fair_pos</title>',
    ],
)
def test_what_nobody_reads_is_left_alone(source: str) -> None:
    assert bare_words(source) == []


def test_a_bare_word_is_found_on_its_line() -> None:
    assert bare_words('<p>\n{{ _("một\nhai") }}\n</p>\n<p>ba</p>') == [(5, "ba")]
