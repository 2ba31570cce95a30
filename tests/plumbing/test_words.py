"""Two languages, and numbers, days and times as they are written in Vietnam."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fair_pos.plumbing.words import chosen_language, clock, clock_off, day, instant
from tests.builders import csrf_token, make_fair, sign_in

EVENING = datetime(2026, 11, 23, 17, 5, 59, tzinfo=timezone.utc)


def test_days_and_times_are_written_as_in_vietnam_wherever_the_server_stands() -> None:
    assert day(date(2026, 1, 2)) == "02/01/2026"
    assert clock(EVENING) == "00:05"
    assert instant(EVENING) == "24/11/2026 00:05"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-6028, "đồng hồ chậm 4 ngày 4 giờ"),
        (-1440, "đồng hồ chậm 1 ngày 0 giờ"),
        (-1439, "đồng hồ chậm 23 giờ 59 phút"),
        (60, "đồng hồ nhanh 1 giờ 0 phút"),
        (7, "đồng hồ nhanh 7 phút"),
    ],
)
def test_a_wrong_clock_is_told_in_days_and_hours(app: Flask, minutes: int, words: str) -> None:
    with app.test_request_context("/"):
        assert clock_off(minutes * 60_000) == words


def test_weights_are_written_in_kilograms_with_a_comma(app: Flask) -> None:
    words = app.jinja_env.from_string("{% for grams in some %}{{ grams | kilos }};{% endfor %}").render(
        some=[575, 0, 1_234_575, -20]
    )
    assert words.replace("\N{NO-BREAK SPACE}", " ") == "0,575 kg;0,000 kg;1.234,575 kg;−0,020 kg;"


def test_templates_write_money_numbers_days_and_times(app: Flask) -> None:
    words = "{{ 1234567 | dong }} {{ 1234567 | number }} {{ d | day }} {{ t | clock }} {{ t | instant }}"
    written = app.jinja_env.from_string(words).render(d=date(2026, 11, 24), t=EVENING)
    assert written == "1.234.567\u00a0₫ 1.234.567 24/11/2026 00:05 24/11/2026 00:05"


def test_a_true_minus_stands_before_what_is_less_than_nothing(app: Flask) -> None:
    written = app.jinja_env.from_string("{{ n | dong }} {{ n | number }}").render(n=-1_234)
    assert written == "−1.234\u00a0₫ −1.234"


@pytest.mark.parametrize(
    ("kept", "language"), [(None, "vi"), ("vi", "vi"), ("en", "en"), ("fr", "vi"), ("", "vi"), ("../en", "vi")]
)
def test_vietnamese_is_spoken_unless_english_was_chosen(app: Flask, kept: str | None, language: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}) as context:
        if kept is not None:
            context.session["language"] = kept
        assert chosen_language() == language


def test_a_language_is_chosen_for_this_browser_and_survives_signing_in(app: Flask, client: FlaskClient) -> None:
    make_fair(app)
    assert '<html lang="vi"' in client.get("/sign-in", headers={"Accept-Language": "en"}).get_data(as_text=True)
    answer = client.post("/language/en", data={"csrf_token": csrf_token(client, "/sign-in"), "next": "/sign-in"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
    assert '<html lang="en"' in client.get("/sign-in").get_data(as_text=True)
    sign_in(client, "quantri")
    assert '<html lang="en"' in client.get("/me/password").get_data(as_text=True)
    assert '<html lang="vi"' in app.test_client().get("/sign-in").get_data(as_text=True)


def test_a_language_nobody_speaks_changes_nothing(client: FlaskClient) -> None:
    answer = client.post("/language/fr", data={"csrf_token": csrf_token(client, "/sign-in"), "next": "/sign-in"})
    assert answer.status_code == 302
    assert '<html lang="vi"' in client.get("/sign-in").get_data(as_text=True)
