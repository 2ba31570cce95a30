"""Files of cameras and counters: columns found by their headings, hours added up, the same file twice changes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import identity
from fair_pos.plumbing.db import reading, transaction
from fair_pos.plumbing.sheets import FileUnreadable, write_csv, write_xlsx
from fair_pos.venues.actions import freeze_edition
from fair_pos.venues.refusals import EditionFrozen
from fair_pos.visitors.counters import (
    Imported,
    counter_files_of,
    get_counter_file,
    guess_columns,
    import_counter_file,
    keep_counter_file,
    read_counter_file,
    read_moment,
    read_rows,
)
from fair_pos.visitors.queries import counter_hours, counters_of
from fair_pos.visitors.refusals import CounterColumnsMissing, CounterFileEmpty, CounterFileGone, SourceWrong
from fair_pos.visitors.tables import CounterFile, CounterHour
from tests.builders import BOUNDARY, Fair, make_fair
from tests.visitors.phones import make_gates, sums

DAY = date(2026, 11, 24)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


COLUMNS = ["Thời gian", "Cổng", "Lượt vào", "Lượt ra"]


def camera(rows: list[list[str | int | date | None]]) -> bytes:
    return write_csv(COLUMNS, rows)


def test_columns_are_found_by_their_headings() -> None:
    assert guess_columns(["Thời gian", "Cổng", "Lượt vào", "Lượt ra"]) == {
        "time": 0, "gate": 1, "people_in": 2, "people_out": 3,
    }  # fmt: skip
    assert guess_columns(["Date", "Hour", "In", "Out"]) == {"time": 0, "hour": 1, "people_in": 2, "people_out": 3}
    assert guess_columns(["Timestamp", "Camera", "Entries"]) == {"time": 0, "people_in": 2, "gate": 1}
    assert guess_columns(["a", "b"]) == {}


@pytest.mark.parametrize(
    ("time", "hour", "expected"),
    [
        ("24/11/2026 10:15", "", (10, 15)),
        ("2026-11-24 10:15:59", "", (10, 15)),
        ("2026-11-24T10:15", "", (10, 15)),
        ("2026-11-24T03:15:00Z", "", (10, 15)),
        ("2026-11-24T10:15:00+07:00", "", (10, 15)),
        ("24.11.2026", "10h15", (10, 15)),
        ("24-11-2026", "10", (10, 0)),
        ("24/11/2026", "10 giờ", (10, 0)),
        ("24/11/2026", "10:00-11:00", (10, 0)),
    ],
)
def test_times_as_counters_write_them(time: str, hour: str, expected: tuple[int, int]) -> None:
    assert read_moment(time, hour) == datetime(2026, 11, 24, *expected, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "time", ["", "Tổng", "24/11/2026", "32/11/2026 10:00", "24/11/2026 25:00", "10:15", "0001-01-01T00:00:00-23:59"]
)
def test_what_is_no_time_is_none(time: str) -> None:
    assert read_moment(time, "") is None


def test_rows_of_an_hour_are_added_up_and_the_rest_is_told() -> None:
    data = camera(
        [
            ["24/11/2026 10:05", "Cổng chính", 12, 3],
            ["24/11/2026 10:55", "CỔNG CHÍNH", "1.000", 4],
            ["25/11/2026 01:30", "", 7, None],
            ["24/11/2026 11:00", "Cổng lạ", 5, 5],
            ["24/11/2026 12:00", "Cổng chính", "nhiều", 5],
            ["Tổng", "", 1024, 12],
        ]
    )
    sheet = read_counter_file(data, "camera.csv")
    found = read_rows(sheet, guess_columns(sheet.headings), {identity("Cổng chính"): "g1"}, BOUNDARY)
    assert found.hours == {("g1", DAY, 10): (1012, 7), ("", DAY, 1): (7, 0), ("", DAY, 11): (5, 5)}
    assert (found.rows, found.left_out, found.unreadable, found.unknown_gates) == (4, 1, [6], ["Cổng lạ"])
    assert found.people_in == 1024
    with pytest.raises(CounterColumnsMissing):
        read_rows(sheet, {"time": 0}, {}, BOUNDARY)


def test_what_is_no_file_of_counts_is_refused() -> None:
    with pytest.raises(CounterFileEmpty):
        read_counter_file(b"", "leer.csv")
    with pytest.raises(CounterFileEmpty):
        read_counter_file(camera([]), "camera.csv")
    with pytest.raises(FileUnreadable):
        read_counter_file(b"PK\x03\x04 broken", "camera.xlsx")


def run(app: Flask, fair: Fair, data: bytes, source: str = "Camera", *, keep: bool = True) -> Imported:
    by, at = fair.people["bantochuc"], now()
    with app.app_context(), transaction() as session:
        kept = keep_counter_file(session, fair.edition_id, source, data, "camera.csv", at=at, by=by)
        file_id = kept.id
    with app.app_context(), transaction() as session:
        kept = get_counter_file(session, fair.edition_id, file_id, at=at, by=by)
        sheet = read_counter_file(data, "camera.csv")
        done = import_counter_file(session, kept, guess_columns(sheet.headings), at=at, by=by)
        if not keep:
            session.rollback()
        return done


def rows_of_today() -> list[list[str | int | date | None]]:
    day = fair_day(now(), BOUNDARY).strftime("%d/%m/%Y")
    return [[f"{day} 09:00", "Cổng chính", 40, 1], [f"{day} 10:00", "Cổng chính", 60, 20]]


def test_a_file_is_a_source_of_its_own_and_twice_changes_nothing(app: Flask, fair: Fair) -> None:
    make_gates(app, fair)
    rows = rows_of_today()
    tried = run(app, fair, camera(rows), keep=False)
    assert (tried.new, tried.changed, tried.same) == (2, 0, 0)
    assert total(app) == 0, "a dry run leaves nothing"
    assert run(app, fair, camera(rows)).new == 2
    again = run(app, fair, camera(rows))
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert total(app) == 100
    rows[1][2] = 65
    changed = run(app, fair, write_xlsx("x", ["Thời gian", "Cổng", "Lượt vào", "Lượt ra"], rows))
    assert (changed.new, changed.changed, changed.same) == (0, 1, 1)
    assert total(app) == 105
    run(app, fair, camera(rows), "Máy đếm")
    assert sums(app) == (0, 0), "never added to taps"
    with app.app_context():
        day = fair_day(now(), BOUNDARY)
        assert [(one.source, one.people_in) for one in counters_of(reading(), fair.edition_id, day)] == [
            ("Camera", 105), ("Máy đếm", 105),
        ]  # fmt: skip
        assert counter_hours(reading(), fair.edition_id, day)["Camera", 9] == 40
        assert len(counter_files_of(reading(), fair.edition_id)) == 4


def total(app: Flask) -> int:
    with app.app_context():
        return int(reading().scalar(select(func.sum(CounterHour.people_in))) or 0)


def test_a_file_waits_an_hour_for_whoever_sent_it(app: Flask, fair: Fair) -> None:
    by, at = fair.people["bantochuc"], now()
    with app.app_context(), transaction() as session:
        with pytest.raises(SourceWrong):
            keep_counter_file(session, fair.edition_id, " ", camera(rows_of_today()), "c.csv", at=at, by=by)
        kept = keep_counter_file(session, fair.edition_id, "Camera", camera(rows_of_today()), "c.csv", at=at, by=by)
        with pytest.raises(NotFound):
            get_counter_file(session, fair.edition_id, kept.id, at=at, by=fair.people["quantri"])
        with pytest.raises(NotFound):
            get_counter_file(session, "other", kept.id, at=at, by=by)
        late = at + timedelta(hours=1, seconds=1)
        with pytest.raises(CounterFileGone):
            get_counter_file(session, fair.edition_id, kept.id, at=late, by=by)
        keep_counter_file(session, fair.edition_id, "Camera", camera(rows_of_today()), "d.csv", at=late, by=by)
        assert session.scalar(select(func.count()).select_from(CounterFile)) == 1, "the old one is gone"


def test_a_frozen_edition_takes_no_file(app: Flask, fair: Fair) -> None:
    by = fair.people["bantochuc"]
    with app.app_context(), transaction() as session:
        data = camera(rows_of_today())
        kept = keep_counter_file(session, fair.edition_id, "Camera", data, "camera.csv", at=now(), by=by)
        freeze_edition(session, fair.edition_id, at=now(), by=by)
    for work in (
        lambda session: keep_counter_file(session, fair.edition_id, "Camera", data, "camera.csv", at=now(), by=by),
        lambda session: import_counter_file(session, kept, guess_columns(COLUMNS), at=now(), by=by),
    ):
        with app.app_context(), transaction() as session, pytest.raises(EditionFrozen):
            work(session)
    assert total(app) == 0
