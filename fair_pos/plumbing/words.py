"""Language and the way numbers, days and times are written in templates."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask, session
from flask_babel import Babel
from flask_babel import gettext as _

from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.money import format_dong, group_thousands, with_true_minus

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


def chosen_language() -> str:
    """Vietnamese unless the person has chosen otherwise; the browser's wish is not asked, since staff share machines."""
    language = session.get("language", "vi")
    return language if language in LANGUAGES else "vi"


def init_words(app: Flask) -> None:
    """Connect the catalogue and the filters «dong», «number», «kilos», «day», «clock», «instant», «clock_off»."""
    Babel(
        app,
        default_locale="vi",
        default_timezone="Asia/Ho_Chi_Minh",
        default_translation_directories=str(app.root_path) + "/translations",
        locale_selector=chosen_language,
    )
    app.jinja_env.filters.update(dong=dong, number=number, kilos=kilos, day=day, clock=clock, instant=instant)
    app.jinja_env.filters["clock_off"] = clock_off
    app.jinja_env.globals.update(languages=LANGUAGES, chosen_language=chosen_language)


def dong(amount_dong: int) -> str:
    """1.234.567 ₫, and −1.234.567 ₫ with a true minus."""
    return with_true_minus(format_dong(amount_dong))


def number(value: int) -> str:
    """1.234.567, and −1.234.567 with a true minus."""
    return with_true_minus(group_thousands(value))


def kilos(grams: int) -> str:
    """1.234,575 kg of that many grams, and −0,575 kg with a true minus."""
    whole, rest = divmod(abs(grams), 1000)
    sign = "\N{MINUS SIGN}" if grams < 0 else ""
    return f"{sign}{group_thousands(whole)},{rest:03}\N{NO-BREAK SPACE}kg"


def day(value: date) -> str:
    """24/11/2026."""
    return value.strftime("%d/%m/%Y")


def clock(value: datetime) -> str:
    """14:05, Vietnamese time."""
    return value.astimezone(VIETNAM).strftime("%H:%M")


def instant(value: datetime) -> str:
    """24/11/2026 14:05, Vietnamese time."""
    return value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def clock_off(milliseconds: int) -> str:
    """How wrong a device's clock is, behind when negative: «đồng hồ chậm 4 ngày 4 giờ», «đồng hồ nhanh 7 phút»."""
    minutes_off = abs(milliseconds) // 60_000
    hours, minutes = divmod(minutes_off, 60)
    if hours >= 24:
        length = _("%(days)s ngày %(hours)s giờ", days=number(hours // 24), hours=hours % 24)
    elif hours:
        length = _("%(hours)s giờ %(minutes)s phút", hours=hours, minutes=minutes)
    else:
        length = _("%(minutes)s phút", minutes=minutes)
    if milliseconds < 0:
        return str(_("đồng hồ chậm %(length)s", length=length))
    return str(_("đồng hồ nhanh %(length)s", length=length))
