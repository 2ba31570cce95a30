from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from fair_pos.catalogue.actions import read_product_file
from fair_pos.catalogue.tables import Barcode, CatalogueVersion, Pack, Product
from fair_pos.demo.load import FAIR_ID, PASSWORD, PIN, PRODUCTS, SHOWROOM_ID, SIGN_INS, load_demo, open_sign_ins
from fair_pos.demo.transfers import STATEMENTS
from fair_pos.kernel.barcode import is_ean13
from fair_pos.kernel.clock import now
from fair_pos.kernel.text import identity
from fair_pos.payments.listing import Wanted, transfer_sums
from fair_pos.payments.queries import accounts_of, changes_of, count_to_review, statements_of
from fair_pos.payments.rules import State, banks
from fair_pos.payments.tables import Confirmation
from fair_pos.people.actions import change_password, create_person
from fair_pos.people.queries import find_person_by_login, people_who_sell
from fair_pos.people.rules import Scope, pin_hash
from fair_pos.plumbing.db import db, reading, transaction
from fair_pos.proof.queries import prove
from fair_pos.registry.tables import Certificate, Producer
from fair_pos.sales.tables import Giveaway, Oddity, Payment, Sale, SaleLine
from fair_pos.stock.tables import Balance
from fair_pos.till.tables import Received
from fair_pos.venues.queries import all_editions, booths_of, occupants_of
from tests.builders import sign_in
from tests.terms.test_accounts import vault_of

TODAY = date(2026, 11, 24)
STATES: tuple[State, ...] = ("claimed", "confirmed", "underpaid", "overpaid")
AT = datetime(2026, 11, 24, 3, 0, tzinfo=timezone.utc)


def fill(app: Flask, *, today: date = TODAY, demo_days: int = 3) -> bool:
    with app.app_context(), transaction() as session:
        return load_demo(session, today=today, at=AT, demo_days=demo_days, vault=vault_of(app))


def number_of(what: type[object]) -> int:
    return reading().scalar(select(func.count()).select_from(what)) or 0


def test_the_demo_is_a_whole_fair(app: Flask) -> None:
    assert fill(app)
    with app.app_context():
        editions = {one.id: one for one in all_editions(reading())}
        fair, showroom = editions[FAIR_ID], editions[SHOWROOM_ID]
        assert fair.starts_day <= TODAY <= (fair.ends_day or TODAY)
        assert ((fair.ends_day or TODAY) - fair.starts_day).days == 4
        assert fair.name == "Tuần lễ OCOP và sản phẩm đặc trưng các vùng miền 2026"
        assert fair.series is not None
        assert (showroom.kind, showroom.starts_day, showroom.ends_day) == ("showroom", date(2023, 11, 18), None)
        assert fair.sample
        assert showroom.sample
        booths = booths_of(reading(), FAIR_ID)
        assert len(booths) >= 20
        assert len({booth.zone for booth in booths}) == 5
        assert all(len(occupants_of(reading(), booth.id)) > 1 for booth in booths)
        assert number_of(Product) == 102 + 34
        # The goods of both files, an account of each booth and the showroom, what is on display, and the codes of packs; then notes
        # of goods, each of which the tills hear of.
        assert number_of(CatalogueVersion) > 2 + len(booths) + 1 + 1 + 1
        of_fair = Balance.place_id.in_([booth.id for booth in booths])
        assert (reading().scalar(select(func.min(Balance.quantity)).where(of_fair)) or 0) > 0
        assert all(code.startswith("20") and is_ean13(code) for code in reading().scalars(select(Barcode.code)))
        assert number_of(Barcode) == 102 + 34 + number_of(Pack)
        sellers = people_who_sell(reading(), Scope(edition_id=FAIR_ID, booth_id=booths[0].id))
        assert sum(one.pin_hash == pin_hash(PIN, one.pin_salt) for one in sellers if one.pin_hash) == 4


def test_the_sample_days_are_full_and_add_up(demo: Flask) -> None:
    with demo.app_context():
        counts = (
            reading()
            .execute(select(Sale.edition_id, Sale.fair_day, func.count()).group_by(Sale.edition_id, Sale.fair_day))
            .all()
        )
        days = [TODAY - timedelta(days=back) for back in (3, 2, 1)]
        fair = {day: count for edition_id, day, count in counts if edition_id == FAIR_ID}
        assert all(250 <= fair.pop(day) <= 400 for day in days)
        assert 10 <= fair.pop(TODAY) <= 100, "it is ten in the morning of a day that goes on"
        assert fair == {}
        assert all(at <= AT for at in reading().scalars(select(Sale.sold_at)))
        opened = date(2023, 11, 18)
        first_month = {opened + timedelta(days=number) for number in range(30)}
        assert {day for edition_id, day, _ in counts if edition_id == SHOWROOM_ID} == {*first_month, *days}
        assert number_of(Oddity) == 0
        for what in (SaleLine.grams.is_not(None), SaleLine.pack_id.is_not(None), SaleLine.discount_dong > 0):
            assert (reading().scalar(select(func.count()).where(what)) or 0) > 5
        assert number_of(Giveaway) > 2
        assert prove(reading()).quarantined == 0


def test_transfers_are_confirmed_in_part_and_the_pages_have_something_to_show(demo: Flask) -> None:
    with demo.app_context():
        booths = booths_of(reading(), FAIR_ID)
        accounts = accounts_of(reading(), FAIR_ID)
        assert {one.booth_id for one in accounts} == {booth.id for booth in booths}
        assert all(one.account_number.startswith("MAU") and one.holder.endswith("(MAU)") for one in accounts)
        assert all(one.bank_bin in banks() for one in accounts)
        assert sum(change.outcome is None for change, _account in changes_of(reading(), FAIR_ID)) == 1
        money = transfer_sums(reading(), FAIR_ID, Wanted())
        assert money.confirmed_dong > money.claimed_dong > 0
        states = {one: transfer_sums(reading(), FAIR_ID, Wanted(state=one)).count for one in STATES}
        assert states["confirmed"] > states["claimed"] > 5
        assert states["underpaid"] > 0
        assert {one.how for one in reading().scalars(select(Confirmation))} == {"person", "statement"}
        assert len(statements_of(reading(), FAIR_ID)) == STATEMENTS
        assert count_to_review(reading(), FAIR_ID, homeless=False) >= STATEMENTS
        split = [paid for paid in reading().scalars(select(Payment)) if paid.payment_no == 2]
        assert {paid.method for paid in split} == {"transfer"}


def test_no_sample_days_leave_the_fair_empty(app: Flask) -> None:
    assert fill(app, demo_days=0)
    with app.app_context():
        assert number_of(Sale) == 0
        assert all_editions(reading())[0].starts_day == TODAY


def test_many_sample_days_make_a_longer_fair(app: Flask) -> None:
    assert fill(app, demo_days=7)
    with app.app_context():
        fair = next(one for one in all_editions(reading()) if one.id == FAIR_ID)
        assert fair.starts_day + timedelta(days=7) == TODAY == fair.ends_day


def test_the_demo_is_the_same_every_time(app: Flask, demo: Flask) -> None:
    fill(app)
    seen = []
    for one in (app, demo):
        with one.app_context():
            seen.append((set(reading().scalars(select(Received.text))), set(reading().scalars(select(Product.id)))))
            db.session.remove()
            db.engine.dispose()
    assert seen[0] == seen[1]


def test_only_an_empty_database_is_filled(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        create_person(session, login_name="toi", name="Tôi", password="mật khẩu của tôi", at=now(), by=None)
    assert not fill(app)
    with app.app_context():
        assert number_of(Product) == 0


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2031])
def test_stars_look_the_same_in_every_year(app: Flask, year: int) -> None:
    today = date(year, 11, 24)
    fill(app, today=today, demo_days=0)
    with app.app_context():
        keys = {identity(row.name) for row in read_product_file(PRODUCTS.read_bytes(), PRODUCTS.name).rows}
        goods = select(Product.id).where(Product.name_key.in_(keys))
        newest = select(func.max(Certificate.expires_day)).where(Certificate.product_id.in_(goods))
        ends = list(reading().scalars(newest.group_by(Certificate.product_id)))
    assert len(ends) == 102
    assert sum(day < today for day in ends) == 2
    assert sum(today <= day <= today + timedelta(days=90) for day in ends) == 5


def test_every_demo_account_signs_in(app: Flask, client: FlaskClient) -> None:
    fill(app, demo_days=0)
    for one in SIGN_INS:
        sign_in(client, one.login_name, PASSWORD)
    with app.app_context():
        names = set(reading().scalars(select(Producer.name)))
    assert {one.name for one in SIGN_INS if one.login_name.startswith("chuthe")} <= names


def test_an_account_with_a_password_of_its_own_is_not_printed(app: Flask) -> None:
    fill(app, demo_days=0)
    with app.app_context(), transaction() as session:
        assert [one.login_name for one in open_sign_ins(session)] == [one.login_name for one in SIGN_INS]
        person = find_person_by_login(session, "quantri")
        assert person is not None
        change_password(session, person, old=PASSWORD, new="một mật khẩu khác", at=AT)
        assert "quantri" not in [one.login_name for one in open_sign_ins(session)]


# --- the commands -----------------------------------------------------------------------------------------------------


def test_prepare_fills_an_empty_database_once(app: Flask, command_line: FlaskCliRunner) -> None:
    first = command_line.invoke(args=["prepare"])
    assert first.exit_code == 0, first.output
    assert "https://fair.example/sign-in" in first.output
    assert f"«{PASSWORD}»" in first.output
    with app.app_context():
        before = number_of(Sale), number_of(CatalogueVersion)
    assert before[0] > 700
    second = command_line.invoke(args=["prepare"])
    assert second.output == first.output
    with app.app_context():
        assert (number_of(Sale), number_of(CatalogueVersion)) == before
    assert "đã có dữ liệu" in command_line.invoke(args=["load-demo"]).output


def test_load_demo_takes_its_days_from_the_command(app: Flask, command_line: FlaskCliRunner) -> None:
    assert command_line.invoke(args=["load-demo", "--days", "0"]).exit_code == 0
    with app.app_context():
        assert number_of(Sale) == 0
        assert number_of(Product) == 102 + 34


def test_import_products_says_what_it_did(app: Flask, command_line: FlaskCliRunner) -> None:
    for option, words in (("--dry-run", "Sẽ thêm 102"), ("", "Đã thêm 102"), ("", "giữ nguyên 102")):
        done = command_line.invoke(args=["import-products", str(PRODUCTS), *filter(None, [option])])
        assert (done.exit_code, words in done.output) == (0, True), done.output
        with app.app_context():
            assert number_of(Product) == (0 if option else 102)


def test_import_products_lists_every_error_and_imports_nothing(
    app: Flask, command_line: FlaskCliRunner, tmp_path: Path
) -> None:
    file = tmp_path / "hang.csv"
    file.write_text(
        "Tên sản phẩm,Chủ thể,Nhóm,ĐVT,Giá\nMật ong,HTX,Thực phẩm,chai,220.000\nChè,HTX,Thực phẩm,hộp,abc\n", "utf-8"
    )
    done = command_line.invoke(args=["import-products", str(file)])
    assert done.exit_code == 1
    assert "Dòng 3: giá «abc» không phải số tiền" in done.output
    file.write_bytes(bytes(range(256)))
    done = command_line.invoke(args=["import-products", str(file)])
    assert (done.exit_code, "Không đọc được tệp này" in done.output) == (1, True)
    with app.app_context():
        assert number_of(Product) == 0


def test_import_products_says_why_known_titles_are_in_the_way(
    app: Flask, command_line: FlaskCliRunner, tmp_path: Path
) -> None:
    file, heads = tmp_path / "hang.csv", "Tên sản phẩm,Chủ thể,Nhóm,ĐVT,Giá,Danh hiệu"
    for title, option, code in (
        ("Đặc sản địa phương cấp xã 15/06/2024", "", 0),
        ("Đặc sản địa phương cấp xã 2024 đến 01/02/2024", "--dry-run", 1),
        ("Đặc sản địa phương cấp xã 2024 đến 01/02/2024", "", 1),
    ):
        file.write_text(f"{heads}\nMật ong,HTX,Thực phẩm,chai,220000,{title}\n", "utf-8")
        done = command_line.invoke(args=["import-products", str(file), *filter(None, [option])])
        assert (done.exit_code, "Danh hiệu hết hạn trước ngày công nhận" in done.output) == (code, code == 1)


def test_the_days_in_our_file_can_be_moved_by_years() -> None:
    rows = read_product_file(PRODUCTS.read_bytes(), PRODUCTS.name).rows
    assert all(row.issued_day and (row.issued_day.month, row.issued_day.day) != (2, 29) for row in rows)
