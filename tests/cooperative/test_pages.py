"""A cooperative's pages: shares add up to what a real statement pays, incomes are private, bands give nobody away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from fair_pos.cooperative import actions, refusals
from fair_pos.cooperative.queries import delivered_in, incomes_of_year, lines_of_run, members_of, plan_of, published_of
from fair_pos.cooperative.tables import MemberShare, ShareRun
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.ids import new_id
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.registry.tables import Producer
from fair_pos.settlement.actions import settle
from fair_pos.settlement.tables import Settlement
from tests.builders import Fair, csrf_token, make_fair, pair_tablet, sign_in

MILLION = 10**6
HONG_YEN_DU = [45, 62, 88, 95, 100, 110, 132, 150, 168, 200, 201, 240]


@pytest.fixture
def fair(app: Flask) -> Fair:
    return make_fair(app)


def with_members(app: Flask, fair: Fair, how_many: int) -> list[str]:
    """Households of the first producer, a cooperative; and one of the second, which is none of its business."""
    at, by = now(), fair.people["chuthe"]
    with app.app_context(), transaction() as session:
        mine = [
            actions.add_member(
                session, fair.producer_ids[0], code=f"h{number:02}", name=f"Hộ số {number}",
                joined_day=date(2020, 1, 1), at=at, by=by,
            ).id
            for number in range(1, how_many + 1)
        ]  # fmt: skip
        actions.add_member(
            session, fair.producer_ids[1], code="H01", name="Hộ nhà khác", joined_day=date(2020, 1, 1), at=at, by=by
        )
    return mine


def deliver(app: Flask, fair: Fair, member_id: str, grams: int, measure: str = "grams", day: date | None = None) -> str:
    at = now()
    with app.app_context(), transaction() as session:
        return actions.add_delivery(
            session, fair.producer_ids[0], member_id, day=day or fair_day(at, 240) - timedelta(days=1), measure=measure,
            quantity=grams, what="", at=at, by=fair.people["chuthe"],
        )  # fmt: skip


def statement(app: Flask, fair: Fair) -> str:
    """A statement of the first producer over what was sold yesterday."""
    at = now() - timedelta(days=1)
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 3), (fair.goods[2], 1)], at=at))
    until = fair_day(at, 240)
    with app.app_context():
        (made,) = in_transaction(
            lambda session: settle(
                session,
                fair.edition_id,
                until,
                at=now(),
                by=fair.people["bantochuc"],
                producer_ids=[fair.producer_ids[0]],
            ),
            one_moment=True,
        )
    return made


def share(app: Flask, fair: Fair, statement_id: str) -> str:
    owner = fair.producer_ids[0]
    with app.app_context():
        return in_transaction(
            lambda session: actions.share_out(
                session, owner, statement_id, seen=plan_of(session, owner, statement_id).mark, at=now(),
                by=fair.people["chuthe"],
            )
        )  # fmt: skip


def earned(app: Flask, fair: Fair, members: list[str], millions: list[int], year: int) -> None:
    """Shares of a year, written as share_out writes them."""
    at, by = now(), fair.people["chuthe"]
    with app.app_context(), transaction() as session:
        paid = sum(millions) * MILLION
        made = Settlement(
            id=new_id(), edition_id=fair.edition_id, producer_id=fair.producer_ids[0], number=1, from_day=date(year, 1, 1),
            until_day=date(year, 12, 31), net_dong=paid, owner_dong=paid, house_dong=0, fees_dong=0, credited_dong=0,
            carried_in_dong=0, payable_dong=paid, carried_out_dong=0, content="{}", digest="", made_at=at, made_by=None,
        )  # fmt: skip
        session.add(made)
        session.flush()
        run = ShareRun(
            id=new_id(), producer_id=fair.producer_ids[0], settlement_id=made.id, number="TT-0001",
            from_day=date(year, 1, 1), until_day=date(year, 12, 31), payable_dong=sum(millions) * MILLION,
            measure="grams", made_at=at, made_by=by,
        )  # fmt: skip
        session.add(run)
        session.flush()
        for member, million in zip(members, millions, strict=True):
            session.add(MemberShare(run_id=run.id, member_id=member, quantity=million, amount_dong=million * MILLION))


def test_shares_of_a_real_statement_add_up_to_what_it_pays(app: Flask, fair: Fair, client: FlaskClient) -> None:
    members = with_members(app, fair, 12)
    for number, member in enumerate(members, 1):
        deliver(app, fair, member, 700 * number + 13)
    made = statement(app, fair)
    share(app, fair, made)
    sign_in(client, "chuthe")
    base = f"/producers/{fair.producer_ids[0]}"
    page = client.get(f"{base}/shares/{made}").get_data(as_text=True)
    assert "697.500" in page
    with app.app_context():
        run = reading().scalars(select(ShareRun)).one()
        lines = lines_of_run(reading(), run.id)
    assert (len(lines), sum(one.amount_dong for one in lines), run.payable_dong) == (12, 697_500, 697_500)
    workbook = client.get(f"{base}/shares/{made}.xlsx")
    assert (workbook.status_code, workbook.data[:2]) == (200, b"PK")
    assert "Đã chia, xem" in client.get(f"{base}/shares").get_data(as_text=True)
    with pytest.raises(refusals.SharesMade):
        share(app, fair, made)


def test_nothing_delivered_and_mixed_deliveries_are_told(app: Flask, fair: Fair, client: FlaskClient) -> None:
    members = with_members(app, fair, 2)
    made = statement(app, fair)
    sign_in(client, "chuthe")
    address = f"/producers/{fair.producer_ids[0]}/shares/{made}"
    for answer in (client.get(address), client.post(address, data={"csrf_token": csrf_token(client)})):
        assert answer.status_code == 400
        assert "chưa ghi lần giao hàng nào" in answer.get_data(as_text=True)
    deliver(app, fair, members[0], 1000)
    wrong = deliver(app, fair, members[1], 5, "pieces")
    with pytest.raises(refusals.DeliveriesMixed):
        share(app, fair, made)
    undo = f"/producers/{fair.producer_ids[0]}/members/{members[1]}/deliveries/{wrong}/undo"
    assert client.post(undo, data={"csrf_token": csrf_token(client)}).status_code == 302
    assert client.post(undo, data={"csrf_token": csrf_token(client)}).status_code == 409
    assert press(client, address, looked_at(client.get(address).get_data(as_text=True))).status_code == 302


def looked_at(page: str) -> str:
    """What the button says was on the screen."""
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def press(client: FlaskClient, address: str, seen: str) -> TestResponse:
    return client.post(address, data={"csrf_token": csrf_token(client), "seen": seen})


def test_shares_are_looked_at_before_they_stand_for_good(app: Flask, fair: Fair, client: FlaskClient) -> None:
    members = with_members(app, fair, 3)
    for member in members:
        deliver(app, fair, member, 1000)
    made = statement(app, fair)
    sign_in(client, "chuthe")
    address = f"/producers/{fair.producer_ids[0]}/shares/{made}"
    before = client.get(address).get_data(as_text=True)
    assert before.count("232.500") == 3
    assert "Chưa chia" in before
    with app.app_context():
        assert reading().scalars(select(ShareRun)).all() == []
    deliver(app, fair, members[0], 2000)  # meanwhile, by somebody else
    answers = [press(client, address, seen) for seen in (looked_at(before), "")]
    assert [one.status_code for one in answers] == [409, 409]
    again = answers[0].get_data(as_text=True)
    assert "Số hàng giao đã đổi" in again
    assert "418.500" in again
    with app.app_context():
        assert reading().scalars(select(ShareRun)).all() == []
    assert press(client, address, looked_at(again)).status_code == 302
    after = client.get(address).get_data(as_text=True)
    assert "Đã chia lúc" in after
    assert after.count("139.500") == 2
    assert 'name="seen"' not in after
    answer = press(client, address, looked_at(again))
    assert answer.status_code == 409
    assert "đã chia rồi" in answer.get_data(as_text=True)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(brought=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10**6), st.booleans()), max_size=12))
def test_whatever_was_delivered_and_undone_the_shares_are_of_what_stands(
    app: Flask, fair: Fair, brought: list[tuple[int, int, bool]]
) -> None:
    with app.app_context():
        members = [one.id for one in members_of(reading(), fair.producer_ids[0])] or with_members(app, fair, 4)
    day, at, by = date(2026, 3, 1), now(), fair.people["chuthe"]
    with app.app_context(), transaction() as session:
        for which, grams, wrong in brought:
            one = actions.add_delivery(
                session, fair.producer_ids[0], members[which], day=day, measure="grams", quantity=grams, what="", at=at,
                by=by,
            )  # fmt: skip
            if wrong:
                actions.undo_delivery(session, fair.producer_ids[0], members[which], one, at=at, by=by)
        stands: dict[str, int] = {}
        for which, grams, wrong in brought:
            if not wrong:
                stands[members[which]] = stands.get(members[which], 0) + grams
        found = delivered_in(session, fair.producer_ids[0], day, day)
        session.rollback()
    assert [one.quantities for one in found] == ([stands] if stands else [])


# --- private --------------------------------------------------------------------------------------------------------------


def test_a_cooperative_s_pages_are_closed_to_everybody_else(app: Flask, fair: Fair) -> None:
    members = with_members(app, fair, 2)
    deliver(app, fair, members[0], 1000)
    made = statement(app, fair)
    share(app, fair, made)
    base = f"/producers/{fair.producer_ids[0]}"
    pages = ["members", f"members/{members[0]}", "shares", f"shares/{made}", f"shares/{made}.xlsx", "bands"]
    make_fair(app, name="Hội chợ khác")
    for login in ("quantri", "bantochuc", "nguoiban", "chuthe.hoi-cho-khac"):
        browser = app.test_client()
        sign_in(browser, login)
        for page in pages:
            answer = browser.get(f"{base}/{page}")
            assert answer.status_code == 404, (login, page)
            assert "Hộ số" not in answer.get_data(as_text=True)
    own = app.test_client()
    sign_in(own, "chuthe")
    assert [own.get(f"{base}/{page}").status_code for page in pages] == [200] * len(pages)
    # Another cooperative's household under one's own address does not exist either.
    with app.app_context():
        (other,) = members_of(reading(), fair.producer_ids[1])
    assert own.get(f"{base}/members/{other.id}").status_code == 404


def test_a_household_s_link_shows_its_own_figures_until_it_is_taken_back(
    app: Flask, fair: Fair, client: FlaskClient
) -> None:
    members = with_members(app, fair, 2)
    earned(app, fair, members, [95, 150], 2025)
    sign_in(client, "chuthe")
    base = f"/producers/{fair.producer_ids[0]}/members/{members[0]}"
    page = client.post(f"{base}/card", data={"csrf_token": csrf_token(client)}).get_data(as_text=True)
    path = "/household/" + page.split("/household/")[1].split("<")[0]
    stranger = app.test_client()
    seen = stranger.get(path).get_data(as_text=True)
    assert "95.000.000" in seen
    assert "150.000.000" not in seen
    assert "Hộ số 2" not in seen
    assert stranger.get("/household/somebody").status_code == 404
    assert client.post(f"{base}/card/revoke", data={"csrf_token": csrf_token(client)}).status_code == 302
    gone = stranger.get(path)
    assert (gone.status_code, "Hãy hỏi hợp tác xã để lấy mã mới" in gone.get_data(as_text=True)) == (404, True)


# --- bands ----------------------------------------------------------------------------------------------------------------


def test_hong_yen_du_is_published_in_bands_and_nothing_else(app: Flask, fair: Fair, client: FlaskClient) -> None:
    members = with_members(app, fair, 12)
    earned(app, fair, members, HONG_YEN_DU, 2025)
    office = app.test_client()
    sign_in(office, "bantochuc")
    bands = f"/editions/{fair.edition_id}/income-bands"
    assert "Chưa hợp tác xã nào công bố" in office.get(bands).get_data(as_text=True)
    sign_in(client, "chuthe")
    address = f"/producers/{fair.producer_ids[0]}/bands"
    form = {"csrf_token": csrf_token(client), "year": "2025"}
    assert client.post(address, data=form).status_code == 302
    assert client.post(address, data=form).status_code == 409
    page = office.get(bands).get_data(as_text=True).split("<main", 1)[1]
    assert page.count("không công bố</span>") == 3
    assert '<td role="cell" class="number" data-label="Số hộ">6</td>' in page
    assert "Hộ số" not in page
    assert "000.000" not in page
    with app.app_context():
        (published,) = published_of(reading(), {fair.producer_ids[0]})
        assert published.households == {"100_to_200": 6}  # what is kept back is not even stored
        assert sum(incomes_of_year(reading(), fair.producer_ids[0], 2025).values()) == sum(HONG_YEN_DU) * MILLION


def test_a_year_of_which_no_band_may_be_shown_is_not_published_empty_for_good(
    app: Flask, fair: Fair, client: FlaskClient
) -> None:
    members = with_members(app, fair, 3)
    earned(app, fair, members, [10, 95, 150], 2025)
    sign_in(client, "chuthe")
    address = f"/producers/{fair.producer_ids[0]}/bands"
    page = client.get(address).get_data(as_text=True)
    assert ("Chưa công bố được năm này" in page, "Công bố năm 2025" in page) == (True, False)
    answer = client.post(address, data={"csrf_token": csrf_token(client), "year": "2025"})
    assert (answer.status_code, "Năm 2025 chưa công bố được" in answer.get_data(as_text=True)) == (409, True)
    with app.app_context():
        assert not published_of(reading(), {fair.producer_ids[0]})


def test_a_year_that_still_runs_and_an_empty_one_are_not_published(app: Flask, fair: Fair, client: FlaskClient) -> None:
    sign_in(client, "chuthe")
    address = f"/producers/{fair.producer_ids[0]}/bands"
    for year in ("2024", str(fair_day(now(), 0).year), "x"):
        answer = client.post(address, data={"csrf_token": csrf_token(client), "year": year})
        assert answer.status_code == 400


def test_who_is_no_cooperative_has_no_members(app: Flask, fair: Fair, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Producer, fair.producer_ids[0]).kind = "doanh_nghiep"
    sign_in(client, "chuthe")
    assert client.get(f"/producers/{fair.producer_ids[0]}/members").status_code == 404
