"""Freezing writes what the system holds; later facts move nothing; every change leaves the old value, the new one and the reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from fair_pos.journal.queries import lines_about
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.published import actions, refusals
from fair_pos.published.queries import open_items, over_at
from fair_pos.published.rules import OWN_SOURCE, contradictions, gaps, seen_token
from fair_pos.reports.standing import standing_of
from fair_pos.venues.queries import get_edition
from tests.builders import BOUNDARY, Fair, Tablet, make_fair, pair_tablet
from tests.published.freezing import (
    adjust,
    everything_open,
    freeze,
    late_gaps,
    measure,
    noon,
    past_fair,
    published,
    starts_of,
    word,
)


@pytest.fixture
def fair(app: Flask) -> Fair:
    return past_fair(app)[0]


@pytest.fixture
def past(app: Flask) -> tuple[Fair, Tablet]:
    return past_fair(app)


def test_freezing_writes_every_figure_as_it_is_now(app: Flask, fair: Fair) -> None:
    with app.app_context():
        own = standing_of(reading(), fair.edition_id, now().date())
        written = freeze(fair)
        found = published(fair)
        assert written == len(found.entries) == sum(len(values) for values in own.values())
        assert found.figures() == own
        assert {one.kind for one in found.entries} == {"frozen"}
        honey, tea = fair.goods[0].price_dong, fair.goods[1].price_dong
        assert found.value("net_dong") == 2 * honey + tea
        assert found.value("refunded_dong", starts_of(fair) + timedelta(days=1)) == honey
        assert get_edition(reading(), fair.edition_id).frozen_at is not None
        (line,) = lines_about(reading(), "edition", fair.edition_id, verb="figures_frozen")
        assert line.person_id == fair.people["bantochuc"]


def test_frozen_figures_contradict_nothing(app: Flask, fair: Fair) -> None:
    with app.app_context():
        freeze(fair)
        assert contradictions(published(fair).figures(), 5) == []


def test_what_arrives_later_is_stored_and_moves_nothing(app: Flask, past: tuple[Fair, Tablet]) -> None:
    fair, tablet = past
    with app.app_context():
        freeze(fair)
        before = published(fair).figures()
    late = tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair)))
    assert [one.answer for one in tablet.send(late)] == ["stored"]
    with app.app_context():
        found = published(fair).figures()
        assert found == before
        own = measure(fair)(reading())
        moved = {(one.day, one.name): one.difference for one in gaps(found, own)}
        more = 3 * fair.goods[1].price_dong
        day = starts_of(fair)
        assert moved == {
            (at, name): by
            for at in (None, day)
            for name, by in (("receipts", 1), ("sold_dong", more), ("net_dong", more))
        }


def test_what_is_open_must_be_ticked(app: Flask, fair: Fair) -> None:
    with app.app_context():
        opened = everything_open(fair)
        assert [one.partition(":")[0] for one in opened] == ["day"] * 5 + ["tablets"]
        with pytest.raises(refusals.OpenNotTicked) as refused:
            freeze(fair, ticked=opened[1:-1])
        assert refused.value.facts == {"count": 2}
        assert published(fair).is_empty
        assert get_edition(reading(), fair.edition_id).frozen_at is None


def test_a_fair_with_days_to_come_is_not_frozen(app: Flask) -> None:
    fair = make_fair(app)
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 1)]))
    with app.app_context():
        assert everything_open(fair)[0] == "running:"
        with pytest.raises(refusals.FairNotOver):
            freeze(fair)
        assert published(fair).is_empty
        assert get_edition(reading(), fair.edition_id).frozen_at is None


def test_frozen_from_the_closing_hour_of_the_last_day_on_so_that_its_days_are_those_of_its_figures(
    app: Flask, fair: Fair
) -> None:
    last = starts_of(fair) + timedelta(days=4)
    with app.app_context():
        closing = over_at(reading(), fair.edition_id)
        assert closing is not None
        assert fair_day(closing, BOUNDARY) == last

        def freeze_at(at: datetime) -> int:
            ticked = [one.key for one in open_items(reading(), fair.edition_id, at)]
            today = fair_day(at, BOUNDARY)
            return freeze(
                fair,
                ticked=ticked,
                word=word(fair, at=at),
                measure=lambda session: standing_of(session, fair.edition_id, today),
            )

        with pytest.raises(refusals.FairNotOver) as refused:
            freeze_at(closing - timedelta(seconds=1))
        assert refused.value.facts == {"over_at": closing.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")}
        freeze_at(closing)
        found = published(fair)
        assert (found.value("days"), len(found.days)) == (5, 5)
        assert contradictions(found.figures(), 5) == []


def test_nothing_to_freeze(app: Flask) -> None:
    fair = make_fair(app, starts=fair_day(now(), BOUNDARY) - timedelta(days=6))
    with app.app_context(), pytest.raises(refusals.NothingToFreeze):
        freeze(fair)


def test_freezing_twice_is_refused(app: Flask, fair: Fair) -> None:
    with app.app_context():
        freeze(fair)
        with pytest.raises(refusals.FrozenAlready):
            freeze(fair)
        with pytest.raises(NotFound):
            in_transaction(lambda session: actions.freeze(session, "none", measure(fair), ticked=[], word=word(fair)))


def test_an_adjustment_keeps_both_values_and_the_reason(app: Flask, fair: Fair) -> None:
    with app.app_context():
        freeze(fair)
        net = published(fair).value("net_dong")
        adjust(fair, "net_dong", net, 999_000)
        first, second = published(fair).history("net_dong")
        assert (first.kind, first.value) == ("frozen", net)
        assert (second.kind, second.old_value, second.value, second.reason) == (
            "adjusted",
            net,
            999_000,
            "Báo cáo thuế",
        )
        assert second.at > first.at
        adjust(fair, "visits", None, 1_200, "Đếm giấy ở cổng B")  # what was not counted can be added with its reason
        assert published(fair).value("visits") == 1_200
        adjust(fair, "visits", 1_200, None, "Nhầm sang hội chợ khác")
        assert published(fair).value("visits") is None
        (line, *_) = lines_about(reading(), "edition", fair.edition_id, verb="figure_adjusted")
        assert line.facts == {"name": "net_dong", "day": None, "old": net, "new": 999_000, "reason": "Báo cáo thuế"}


@pytest.mark.parametrize(
    ("name", "off", "value", "reason", "refusal"),
    [
        ("net_dong", 0, 5, "vì", refusals.ReasonTooShort),
        ("net_dong", 0, 5, "x" * 501, refusals.ReasonTooShort),
        ("net_dong", 1, 5, "Báo cáo thuế", refusals.PublishedMeanwhile),
        ("net_dong", 0, None, "Báo cáo thuế", None),
        ("no_such", 0, 5, "Báo cáo thuế", NotFound),
    ],
)
def test_adjustments_that_cannot_be(
    app: Flask, fair: Fair, name: str, off: int, value: int | None, reason: str, refusal: type[Refusal] | None
) -> None:
    with app.app_context():
        freeze(fair)
        net = published(fair).value("net_dong") or 0
        before = len(published(fair).entries)
        if refusal is None:
            adjust(fair, name, net, value, reason)
            with pytest.raises(refusals.FigureUnchanged):
                adjust(fair, name, None, value, reason)
            return
        with pytest.raises(refusal):
            adjust(fair, name, net + off, value, reason)
        with pytest.raises(refusals.FigureUnchanged):
            adjust(fair, "net_dong", net, net)
        assert len(published(fair).entries) == before


def test_a_figure_of_a_day_on_which_the_fair_was_not_held_is_none(app: Flask, fair: Fair) -> None:
    before, ends = starts_of(fair) - timedelta(days=1), starts_of(fair) + timedelta(days=4)
    with app.app_context():
        with pytest.raises(NotFound):
            state(fair, {"visits": 5}, day=before)
        freeze(fair)
        with pytest.raises(NotFound):
            adjust(fair, "visits", None, 5, day=before)
        with pytest.raises(NotFound):
            adjust(fair, "visits", None, 5, day=ends + timedelta(days=1))
        adjust(fair, "visits", None, 5, day=ends)


def test_what_a_wrong_clock_put_on_another_day_is_adjusted_there(app: Flask, past: tuple[Fair, Tablet]) -> None:
    fair, _ = past
    with app.app_context():
        with transaction() as session:
            get_edition(session, fair.edition_id).starts_day = second = starts_of(fair) + timedelta(days=1)
        freeze(fair)
        stray = second - timedelta(days=1)
        net = published(fair).value("net_dong", stray)
        adjust(fair, "net_dong", net, 0, day=stray)
        assert (net, published(fair).value("net_dong", stray)) != (0, net)


def test_only_frozen_figures_are_adjusted(app: Flask, fair: Fair) -> None:
    with app.app_context(), pytest.raises(refusals.NotFrozen):
        adjust(fair, "net_dong", None, 5)


def take_in(fair: Fair, seen: str, ticked: list[str]) -> int:
    said = word(fair, "Máy A gửi muộn")
    return in_transaction(
        lambda session: actions.take_in(session, fair.edition_id, measure(fair), seen=seen, ticked=ticked, word=said),
        one_moment=True,
    )


def test_late_figures_are_taken_in_together(app: Flask, past: tuple[Fair, Tablet]) -> None:
    fair, tablet = past
    with app.app_context():
        freeze(fair)
    tablet.send(tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair))))
    with app.app_context():
        found = late_gaps(fair)
        token, every = seen_token(found), [one.key for one in found]
        with pytest.raises(refusals.PublishedMeanwhile):
            take_in(fair, "0" * 16, every)
        with pytest.raises(refusals.FigureUnchanged):
            take_in(fair, token, [])
        assert take_in(fair, token, every) == len(found) == 6
        after = published(fair)
        assert late_gaps(fair) == []
        assert contradictions(after.figures(), 5) == []
        assert (after.entries[-1].reason, after.entries[-1].source) == ("Máy A gửi muộn", OWN_SOURCE)
        assert not after.is_deliberate("net_dong")
        assert after.frozen_at == after.entries[0].at
        with pytest.raises(refusals.FigureUnchanged):
            take_in(fair, token, every)


def test_what_came_after_the_person_looked_is_not_taken_in_unseen(app: Flask, past: tuple[Fair, Tablet]) -> None:
    fair, tablet = past
    with app.app_context():
        freeze(fair)
    tablet.send(tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair))))
    with app.app_context():
        found = late_gaps(fair)
    tablet.send(tablet.sale([(fair.goods[1], 1)], at=noon(starts_of(fair))))
    with app.app_context(), pytest.raises(refusals.PublishedMeanwhile):
        take_in(fair, seen_token(found), [one.key for one in found])


def test_a_figure_that_a_person_typed_is_left_alone_unless_ticked(app: Flask, past: tuple[Fair, Tablet]) -> None:
    fair, tablet = past
    with app.app_context():
        freeze(fair)
        adjust(fair, "net_dong", published(fair).value("net_dong"), 999_000)
        assert published(fair).is_deliberate("net_dong")
    tablet.send(tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair))))
    with app.app_context():
        found = late_gaps(fair)
        taken = [one.key for one in found if not published(fair).is_deliberate(one.name, one.day)]
        assert take_in(fair, seen_token(found), taken) == 5
        assert published(fair).value("net_dong") == 999_000
        assert [one.key for one in late_gaps(fair)] == [":net_dong"]


def test_an_adjustment_is_not_offered_to_be_taken_back_where_nothing_came(
    app: Flask, past: tuple[Fair, Tablet]
) -> None:
    fair, tablet = past
    with app.app_context():
        freeze(fair)
        adjust(fair, "net_dong", published(fair).value("net_dong"), 999_000)
        assert [one.key for one in gaps(published(fair).figures(), measure(fair)(reading()))] == [":net_dong"]
        assert late_gaps(fair) == []
        with pytest.raises(refusals.FigureUnchanged):
            take_in(fair, seen_token([]), [":net_dong"])
    tablet.send(tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair))))
    with app.app_context():
        assert ":net_dong" in [one.key for one in late_gaps(fair)]
        adjust(fair, "net_dong", 999_000, 1_500_000, "Gồm cả đơn gửi muộn")
        assert ":net_dong" not in [one.key for one in late_gaps(fair)]
        assert published(fair).held("net_dong") == measure(fair)(reading())[None]["net_dong"]


def test_what_came_while_a_person_typed_is_offered(app: Flask, past: tuple[Fair, Tablet]) -> None:
    fair, tablet = past
    with app.app_context():
        freeze(fair)
        net = published(fair).value("net_dong")
    tablet.send(tablet.sale([(fair.goods[1], 3)], at=noon(starts_of(fair))))
    with app.app_context():
        in_transaction(
            lambda session: actions.adjust(
                session,
                fair.edition_id,
                "net_dong",
                None,
                was=net,
                held=net,
                value=999_000,
                word=word(fair, "Báo cáo thuế"),
            )
        )
        assert ":net_dong" in [one.key for one in late_gaps(fair)]


def state(fair: Fair, figures: dict[str, int], source: str = "Báo Quảng Ninh, 6/9/2017", day: date | None = None) -> int:  # fmt: skip
    said = word(fair, source=source)
    return in_transaction(
        lambda session: actions.state(session, fair.edition_id, figures, day, measure(fair), word=said)
    )


def test_figures_of_old_fairs_are_stated_with_their_source(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        assert state(fair, {"visits": 54_000, "net_dong": 6_800_000_000}) == 2
        # The same once more is nothing new; another source or value is a new word, and the old one stays.
        with pytest.raises(refusals.FigureUnchanged):
            state(fair, {"visits": 54_000})
        assert state(fair, {"visits": 54_000, "net_dong": 6_900_000_000}, "Báo cáo tổng kết") == 2
        found = published(fair)
        assert [one.value for one in found.history("net_dong")] == [6_800_000_000, 6_900_000_000]
        assert found.history("net_dong")[1].old_value == 6_800_000_000
        assert {one.kind for one in found.entries} == {"stated"}
        assert found.frozen_at is None
        assert state(fair, {"visits": 9_000}, day=get_edition(reading(), fair.edition_id).starts_day) == 1


def test_a_source_that_contradicts_itself_is_written_and_said(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        state(fair, {"net_dong": 7, "ocop_dong": 10, "days": 6})
        codes = [one.code for one in contradictions(published(fair).figures(), 5)]
        assert codes == ["ocop", "days"]


def test_what_cannot_be_stated(app: Flask, fair: Fair) -> None:
    with app.app_context():
        with pytest.raises(refusals.SourceMissing):
            state(fair, {"visits": 1}, "báo")
        with pytest.raises(refusals.OwnFigure):
            state(fair, {"net_dong": 1})
        with pytest.raises(NotFound):
            state(fair, {"days": 1}, day=starts_of(fair))
        with pytest.raises(refusals.FigureUnchanged):
            state(fair, {})
        assert state(fair, {"visits": 1_000}) == 1  # nobody counted at this fair's gates
        freeze(fair)
        with pytest.raises(refusals.FrozenAlready):
            state(fair, {"visits": 2_000})
        assert published(fair).value("visits") == 1_000


def test_a_stated_figure_can_be_taken_back(app: Flask) -> None:
    fair = make_fair(app)
    with app.app_context():
        state(fair, {"visits": 54_000})

        def take_back(was: int | None, reason: str) -> None:
            said = word(fair, reason)
            in_transaction(
                lambda session: actions.take_back(session, fair.edition_id, "visits", None, was=was, word=said)
            )

        with pytest.raises(refusals.ReasonTooShort):
            take_back(54_000, "sai")
        with pytest.raises(refusals.PublishedMeanwhile):
            take_back(1, "Nhầm hội chợ")
        take_back(54_000, "Nhầm hội chợ")
        assert published(fair).value("visits") is None
        with pytest.raises(refusals.FigureUnchanged):
            take_back(None, "Nhầm hội chợ")
