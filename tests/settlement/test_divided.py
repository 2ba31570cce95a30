"""What a statement has said stays said, whatever is agreed afterwards: of every kind of goods, in any order of rules, statements and goods."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fair_pos.consignment.actions import cancel
from fair_pos.kernel.refusal import Refusal
from fair_pos.plumbing.db import reading
from fair_pos.proof.settlement import prove_settlements
from fair_pos.settlement.content import thawed
from fair_pos.settlement.divided import BY_ANOTHER_DAY, settled_goods
from fair_pos.settlement.gather import open_parts
from fair_pos.settlement.queries import content_of_statement
from fair_pos.settlement.refusals import NothingToSettle, SettledUntilLater
from fair_pos.settlement.rules import SOURCES
from fair_pos.terms import refusals
from fair_pos.terms.actions import change_rule, end_rule, withdraw_rule
from fair_pos.terms.fees import cancel_fee, set_minimum
from fair_pos.terms.queries import rules_of
from fair_pos.terms.rules import About, Divided, Share
from tests.builders import Fair
from tests.settlement.course import STATED, Course, make_course

GATHERED = ("sale", "refund", "giveaway", "write_off", "count")


def happened(course: Course, kind: str, back: int) -> None:
    """Something of that kind on that day, with the first goods."""
    goods = course.fair.goods[0]
    match kind:
        case "sale":
            course.sell(back, goods)
        case "refund":
            course.sell(back, goods)
            course.sell(back, goods, refund=0)
        case "giveaway":
            course.give(back, goods)
        case "write_off":
            course.lose(back, goods)
        case _:
            course.count(back, goods)


def test_every_kind_that_is_gathered_is_spoken_of() -> None:
    assert {*GATHERED, "fee", "carried"} == set(SOURCES)
    assert set(BY_ANOTHER_DAY) < set(GATHERED)


@pytest.mark.parametrize("kind", GATHERED)
def test_rules_of_what_is_settled_neither_begin_nor_end_nor_go(app: Flask, kind: str) -> None:
    course = make_course(app)
    rule = course.rule(8000, starts=9)
    happened(course, kind, 6)
    course.settle(4)
    assert {one["source"] for one in entries(course)} >= {kind}
    narrow = About(product_id=course.fair.goods[0].product_id)
    other = Share(kind="percent", basis_points=5000)
    for change in (
        lambda: course.rule(5000, narrow, starts=4),
        lambda: course.rule(5000, narrow, starts=6, ends=6),
        lambda: course.said(end_rule, rule, course.day(7), settled=STATED),
        lambda: course.said(change_rule, rule, other, from_day=course.day(4), settled=STATED),
        lambda: course.said(withdraw_rule, rule, settled=STATED),
    ):
        with pytest.raises(refusals.RuleSettled) as refused:
            change()
        assert refused.value.facts["first"] == course.day(3).strftime("%d/%m/%Y")
    course.rule(5000, narrow, starts=3)
    course.said(change_rule, rule, other, from_day=course.day(3), settled=STATED)
    course.assert_statements_stand()


def entries(course: Course) -> list[dict[str, Any]]:
    """Of all statements."""
    with course.app.app_context():
        return [
            row for one in course.statements() for row in thawed(content_of_statement(reading(), one.id))["entries"]
        ]


@pytest.mark.parametrize("kind", ["giveaway", "write_off", "count"])
def test_what_stands_on_no_statement_is_divided_by_what_is_said_meanwhile(app: Flask, kind: str) -> None:
    """Goods that nobody paid for were promised nothing: a rule that is written down late reaches them, also where owners were settled."""
    course = make_course(app)
    course.rule(8000, starts=9)
    course.sell(7, course.fair.goods[-1])
    course.settle(4, [course.fair.producer_ids[-1]])
    happened(course, kind, 6)
    course.rule(5000, About(owner_id=course.fair.producer_ids[0]), starts=6)
    course.settle(3)
    mine = [one for one in entries(course) if one["source"] == kind]
    with app.app_context():
        share = {one.id: one.basis_points for one in rules_of(reading(), course.fair.edition_id)}
    assert [share[one["rule"]] for one in mine] == [5000]
    course.assert_statements_stand()


def test_a_refund_settled_before_its_sale_holds_the_rule_of_the_sale(app: Flask) -> None:
    """The tablet that sold ran ahead: what is given back lies days before, and on a statement, when the sale is on none."""
    course, goods = make_course(app), 0
    first = course.fair.goods[goods]
    course.sell(2, first)
    course.sell(6, first, refund=0)
    course.settle(5)
    about = About(owner_id=first.producer_id)
    with app.app_context():
        (found,) = settled_goods(reading(), course.fair.edition_id, about)
        assert settled_goods(reading(), course.fair.edition_id, About(owner_id=course.fair.producer_ids[1])) == []
        assert settled_goods(reading(), course.fair.edition_id, About(booth_id=course.fair.booth_ids[1])) == []
        assert settled_goods(reading(), course.fair.edition_id, About(product_id=course.fair.goods[1].product_id)) == []
    wanted = Divided(
        booth_id=course.fair.booth_ids[0], owner_id=first.producer_id, product_id=first.product_id, day=course.day(2)
    )
    assert found == wanted
    for starts in (4, 2):  # beyond the statement, and the sale is there already
        with pytest.raises(refusals.RuleSettled) as refused:
            course.rule(5000, about, starts=starts)
        assert refused.value.facts["first"] == course.day(1).strftime("%d/%m/%Y")
    course.rule(5000, about, starts=4, ends=3)  # it is over when the sale is made
    course.rule(5000, About(owner_id=course.fair.producer_ids[1]), starts=4)
    course.rule(5000, about, starts=1)
    course.assert_statements_stand()


def test_a_write_off_taken_back_before_its_day_holds_the_rule_of_that_day(app: Flask) -> None:
    course = make_course(app)
    first = course.fair.goods[0]
    note = course.lose(2, first)  # entered while the clock of the server ran ahead; then it was put right
    course.said(cancel, note, "Ghi nhầm", at=course.at(6))
    course.settle(5)
    with app.app_context():
        (found,) = settled_goods(reading(), course.fair.edition_id, About())
    assert (found.day, found.booth_id) == (course.day(2), course.fair.booth_ids[0])
    with pytest.raises(refusals.RuleSettled) as refused:
        course.rule(5000, starts=4)
    assert refused.value.facts["first"] == course.day(1).strftime("%d/%m/%Y")
    course.rule(5000, starts=1)
    course.settle(1)
    course.assert_statements_stand()
    assert sum(one.credited_dong for one in course.statements()) == 0


def test_a_fee_on_a_statement_is_not_taken_back_and_names_the_day_of_its_correction(app: Flask) -> None:
    course = make_course(app)
    owner = course.fair.producer_ids[0]
    fee = course.fee(6, owner, 5000)
    course.settle(4)
    with pytest.raises(refusals.FeeSettled) as refused:
        course.said(cancel_fee, fee, "Ghi nhầm", settled=STATED)
    assert refused.value.facts["first"] == course.day(3).strftime("%d/%m/%Y")
    course.fee(6, owner, 700)  # of a day that is settled: on the next one
    course.settle(3)
    course.assert_statements_stand()
    assert [one.fees_dong for one in course.statements()] == [700, 5000]


# --- any order --------------------------------------------------------------------------------------------------------

backs = st.integers(1, 8)
choices = st.integers(0, 5)
things = st.one_of(
    st.tuples(st.just("sell"), backs, choices, st.sampled_from(["", "producer", "organiser", "shared"])),
    st.tuples(st.just("refund"), backs, choices),
    st.tuples(st.just("give"), backs, choices, st.sampled_from(["producer", "organiser", "shared"])),
    st.tuples(st.just("lose"), backs, choices, st.sampled_from(["owner", "house", "shared"])),
    st.tuples(st.just("find"), backs, choices),
    st.tuples(st.just("count"), backs, choices),
)
agreements = st.one_of(
    st.tuples(st.just("fee"), backs, choices, st.integers(1, 90_000)),
    st.tuples(st.just("unfee"), choices),
    st.tuples(st.just("minimum"), st.sampled_from([0, 200_000])),
    st.tuples(st.just("rule"), choices, st.integers(-2, 9), st.integers(0, 6), st.integers(0, 10_000)),
    st.tuples(st.just("change"), choices, st.integers(-2, 9), st.integers(0, 10_000)),
    st.tuples(st.just("end"), choices, st.integers(-2, 9)),
    st.tuples(st.just("withdraw"), choices),
)
statements = st.tuples(st.just("settle"), st.integers(2, 6), st.sampled_from([None, None, 0, 1]))
seasons = st.tuples(
    st.lists(things, min_size=1, max_size=5), statements, st.lists(st.one_of(agreements, things), max_size=5)
)


def take(course: Course, step: tuple[Any, ...]) -> None:  # noqa: C901, PLR0912 (one case a step)
    """One step; what there is nothing for is left out."""
    fair = course.fair
    match step:
        case ("sell", back, which, bearer):
            less = (
                {"discount_dong": 333, "discount_borne_by": bearer, "discount_reason": "Khách quen"} if bearer else {}
            )
            course.sell(back, fair.goods[which], **less)
        case ("refund", back, which) if course.receipts:
            course.sell(back, fair.goods[0], refund=which % len(course.receipts))
        case ("give", back, which, bearer):
            course.give(back, fair.goods[which], bearer)
        case ("lose", back, which, bearer):
            course.lose(back, fair.goods[which], bearer, written=1)
        case ("find", back, which) if course.gone:
            course.said(cancel, course.gone.pop(which % len(course.gone)), "Ghi nhầm", at=course.at(back))
        case ("count", back, which):
            course.count(back, fair.goods[which])
        case ("fee", back, which, amount):
            course.fee(back, fair.producer_ids[which % 2], amount)
        case ("unfee", which) if course.fees:
            fee = sorted(course.fees)[which % len(course.fees)]
            course.said(cancel_fee, fee, "Ghi nhầm", settled=STATED)
            del course.fees[fee]
        case ("minimum", amount):
            course.said(set_minimum, amount)
        case ("rule", which, starts, days, points):
            ends = None if days == 0 else starts - days + 1
            course.rule(points, abouts(fair)[which], starts=starts, ends=ends)
        case ("change", which, back, points) if course.rules:
            rule, share = course.rules[which % len(course.rules)], Share(kind="percent", basis_points=points)
            course.rules.append(course.said(change_rule, rule, share, from_day=course.day(back), settled=STATED))
        case ("end", which, back) if course.rules:
            course.said(end_rule, course.rules[which % len(course.rules)], course.day(back), settled=STATED)
        case ("withdraw", which) if course.rules:
            course.said(withdraw_rule, course.rules[which % len(course.rules)], settled=STATED)
        case ("settle", back, owner):
            course.settle(back, None if owner is None else [fair.producer_ids[owner]])


def abouts(fair: Fair) -> list[About]:
    """From the widest to the narrowest."""
    booth, owner, product = fair.booth_ids[0], fair.producer_ids[0], fair.goods[0].product_id
    return [
        About(),
        About(booth_id=booth),
        About(owner_id=owner),
        About(owner_id=owner, booth_id=booth),
        About(product_id=product),
        About(owner_id=owner, product_id=product),
    ]


def begins_on_the_day_named(course: Course, step: tuple[Any, ...], refusal: Refusal) -> None:
    """Whoever follows the sentence is not sent back by a statement again."""
    if step[0] != "rule" or refusal.code != "split_settled":
        return
    first = datetime.strptime(str(refusal.facts["first"]), "%d/%m/%Y").date()  # noqa: DTZ007 (a day has no zone)
    back = (course.day(0) - first).days
    try:
        take(course, ("rule", step[1], back, step[3], step[4]))
    except refusals.RuleSettled as again:
        raise AssertionError(f"{refusal.facts} and then {again.facts}") from again
    except Refusal as other:
        event(f"then {other.code}")


@settings(
    max_examples=max(25, settings().max_examples // 5),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wide=st.one_of(st.none(), st.integers(0, 10_000)), many=st.lists(seasons, min_size=1, max_size=4))
def test_whatever_is_agreed_and_happens_in_whatever_order(
    app: Flask, wide: int | None, many: list[tuple[list[Any], Any, list[Any]]]
) -> None:
    course = make_course(app)
    if wide is not None:
        course.rule(wide, starts=9)
    for step in (step for before, settling, after in many for step in (*before, settling, *after)):
        try:
            take(course, step)
        except (NothingToSettle, SettledUntilLater):
            continue
        except Refusal as refusal:
            if not refusal.code.startswith(("split_", "fee_")):
                raise
            event(refusal.code)
            begins_on_the_day_named(course, step, refusal)
        course.assert_statements_stand()
    course.said(set_minimum, 0)
    try:
        course.settle(1)
    except NothingToSettle:
        event("nothing to settle")
    course.assert_statements_stand()
    assert_divided_whole(course)


def assert_divided_whole(course: Course) -> None:
    """Owners, house and fees together have what buyers paid."""
    made = course.statements()
    with course.app.app_context():
        prove_settlements(reading())
        left = open_parts(reading(), course.fair.edition_id, course.day(0))
    assert not any(one.is_new for one in left.by_owner.values())
    owed = sum(one.amount_dong for found in left.by_owner.values() for one in found.carried)
    owners = sum(one.payable_dong for one in made) + owed
    house = sum(one.house_dong - one.credited_dong for one in made)
    fees = sum(one.fees_dong for one in made)
    assert fees == sum(course.fees.values())
    assert owners + house + fees == course.net_dong
