"""What each plot is made from: the figures of the table beside it, in the reader's language. Pages ask for SVG, documents for PNG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Response
from flask_babel import gettext as _

from fair_pos.daysheet.queries import device_states
from fair_pos.daysheet.rules import DeviceState, completeness
from fair_pos.kernel.day import VIETNAM, day_starts_at
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.words import day as written_day
from fair_pos.reports import queries
from fair_pos.reports.canvas import Form
from fair_pos.reports.charts import Bar, Words, bars_svg
from fair_pos.reports.conversion import conversion_of, crowd_of, whole_hours
from fair_pos.reports.day_tables import days_table, hours_table, table_of
from fair_pos.reports.export import Table
from fair_pos.reports.plots import (
    FIRST_BARS,
    MOST_BARS,
    DayWords,
    HourMark,
    Mark,
    Point,
    cumulative_plot,
    day_plot,
    day_size,
    rows_plot,
)
from fair_pos.reports.rules import Figure, by_money
from fair_pos.venues.queries import get_edition, programme_of
from fair_pos.visitors.queries import entries_by_hour

OF_ROWS = (
    "zones",
    "booths",
    "groups",
    "stars",
    "entities",
    "localities",
    "districts",
    "communes",
    "producers",
    "products",
    "methods",
)
"""Tables whose rows may be drawn as lying bars."""


def plot_words() -> Words:
    """The words of plots of money."""
    return Words(
        net=_("Thực thu (đồng)"),
        refunded=_("▨ Trả lại"),
        nothing=_("Chưa có phiếu nào"),
        million=_(" tr"),
        billion=_(" tỷ"),
    )


def plot_of(edition_id: str, day: date | None, name: str, *, narrow: bool = False, form: Form = "svg") -> bytes | None:
    """The plot beside the table of this name, of a day or of the whole edition; None when there is no such plot.

    `days` and `growth` are of the edition, `visitors` of a day; `hours` and the rows of a table are of either. Raises NotFound.
    """
    if name == "hours":
        hours = hours_table(edition_id, day).figures
        return bars_svg(tuple(map(hour_bar, hours)), plot_words(), narrow=narrow, form=form)
    if name == "days" and day is None:
        return bars_svg(tuple(map(day_bar, days_table(edition_id).figures)), plot_words(), narrow=narrow, form=form)
    if name == "growth" and day is None:
        edition = get_edition(reading(), edition_id)
        points = growth_of(queries.day_figures(reading(), edition_id), edition.starts_day, edition.ends_day)
        words = Words(
            _("Thực thu cộng dồn (đồng)"), "", plot_words().nothing, plot_words().million, plot_words().billion
        )
        return cumulative_plot(points, words, narrow=narrow, form=form)
    if name == "visitors" and day is not None:
        return _visitors(edition_id, day, narrow=narrow, form=form)
    table = table_of(edition_id, day, name) if name in OF_ROWS else None
    return rows_of(table, narrow=narrow, form=form) if table else None


def rows_of(table: Table, *, narrow: bool = False, form: Form = "svg") -> bytes:
    """The rows of a table as lying bars, booths by money; of many the first."""
    figures = by_money(table.figures) if table.name == "booths" else table.figures
    bars = tuple(Bar(one.name, one.net_dong, one.refunded_dong) for one in figures)
    words = plot_words()
    if len(bars) > MOST_BARS:
        title = _("Thực thu (đồng), %(most)s dòng lớn nhất", most=FIRST_BARS)
        words = Words(title, words.refunded, words.nothing, words.million, words.billion)
    return rows_plot(bars, words, narrow=narrow, form=form)


def hour_bar(figure: Figure) -> Bar:
    """«8h»."""
    return Bar(f"{int(figure.key)}h", figure.net_dong, figure.refunded_dong)


def day_bar(figure: Figure) -> Bar:
    """«21/11»."""
    return Bar(figure.name[:5], figure.net_dong, figure.refunded_dong)


def growth_of(days: dict[date, Figure], starts: date, ends: date | None) -> tuple[Point, ...]:
    """What had been kept by the end of each day from the first with sales to the last, those of the edition without sales too.

    A day outside of the edition stands there only with sales: a tablet whose clock was a year off adds one point, not a year.
    """
    points: list[Point] = []
    dong = 0
    for step in range((max(days) - min(days)).days + 1 if days else 0):
        day = min(days) + timedelta(days=step)
        if day in days:
            dong += days[day].net_dong
        elif day < starts or (ends is not None and day > ends):
            continue
        points.append(Point(written_day(day)[:5], dong))
    return tuple(points)


def svg_answer(drawn: bytes) -> Response:
    """A plot as an image of its own. An SVG opened by itself is a document; its own style attributes are all it may have."""
    answer = Response(drawn, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


# --- visitors over sales ------------------------------------------------------------------------------------------------


def _visitors(edition_id: str, day: date, *, narrow: bool, form: Form) -> bytes:
    session = reading()
    edition = get_edition(session, edition_id)
    boundary = edition.day_boundary_minutes
    entries = entries_by_hour(session, edition_id, day)
    hours = hours_table(edition_id, day, also=entries).figures
    marks = []
    for one in hours:
        counted = entries.get(int(one.key))
        people, whole = (None, False) if counted is None else (counted.entries, not counted.missing)
        marks.append(HourMark(f"{int(one.key)}h", one.net_dong, one.refunded_dong, people, whole))
    late = completeness(device_states(session, edition_id), day, boundary).late
    programme = programme_of(session, edition_id, day)
    words = DayWords(
        plot_words(),
        entries=_("Lượt vào cổng"),
        part=_("○ có cổng chưa có số"),
        late=_("▒ máy chưa gửi hết"),
    )
    first = int(hours[0].key)
    return day_plot(
        tuple(marks),
        tuple(Mark((one.minute - first * 60) % 1440, mark_words(one.minute, one.title)) for one in programme),
        late_hour(late, day, boundary, [int(one.key) for one in hours]),
        words,
        narrow=narrow,
        form=form,
    )


def beside_visitors(edition_id: str, day: date) -> dict[str, Any]:
    """What a page about a day shows of visitors beside sales (templates/reports/conversion.html)."""
    rows = conversion_of(reading(), edition_id, day)
    return {
        "conversion": rows,
        "whole": whole_hours(rows),
        "crowd": crowd_of(reading(), edition_id, day),
        "programme": [mark_words(one.minute, one.title) for one in programme_of(reading(), edition_id, day)],
        "visitors_plot_size": (day_size(False), day_size(True)),
    }


def mark_words(minute: int, title: str) -> str:
    """«09:30 Khai mạc»; the minute counts from midnight."""
    return f"{minute // 60:02d}:{minute % 60:02d} {title}"


def late_hour(late: Sequence[DeviceState], day: date, boundary_minutes: int, hours: Sequence[int]) -> int | None:
    """From which place among the shown hours on tablets may still owe sales; None when none does.

    A tablet that was not heard on this day, or has a gap whose place nobody knows, owes something of the whole day; one that holds
    sales back owes from the oldest of them.
    """
    starts, first = day_starts_at(day, boundary_minutes), boundary_minutes // 60
    places: list[int] = []
    for one in late:
        if one.missing or one.last_heard_at is None or one.last_heard_at < starts:
            return 0
        since = one.oldest_waiting_at or one.last_heard_at
        if since >= starts + timedelta(days=1):
            continue
        since_hour = max(since, starts).astimezone(VIETNAM).hour
        places.append(sum((hour - first) % 24 < (since_hour - first) % 24 for hour in hours))
    return min(places, default=None)
