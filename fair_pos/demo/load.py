"""Loading the demo: a fair in its days, a showroom, their booths, goods, people, stock, and sample sales of past days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session, scoped_session

from fair_pos.catalogue.actions import bump_version, import_products, read_product_file
from fair_pos.catalogue.packs import put_barcodes
from fair_pos.catalogue.queries import BoothProduct, products_of_booth, products_of_producers
from fair_pos.catalogue.rules import PackSaid, ProductRow
from fair_pos.demo.gates import simulate_gates
from fair_pos.demo.organiser import prepare_fair, sell_last_year, sign_days, state_earlier_fairs
from fair_pos.demo.showroom import OPENED, agree_on_terms, import_goods, put_on_display, share_booths
from fair_pos.demo.showroom_life import (
    Shop,
    bring_in,
    count_some,
    hand_out_cards,
    present,
    sell_first_month,
    share_rice,
)
from fair_pos.demo.simulator import BoothPlan, hour_of, simulate
from fair_pos.demo.transfers import import_statements, open_account, sample_account
from fair_pos.kernel.barcode import in_store_ean13
from fair_pos.kernel.day import day_starts_at
from fair_pos.kernel.ids import named_id
from fair_pos.kernel.text import sort_key
from fair_pos.payments.actions import Owner, propose_change
from fair_pos.people.actions import create_person, grant_role, password_fits, set_pin
from fair_pos.people.queries import all_people, find_person_by_login
from fair_pos.people.rules import Role, Scope
from fair_pos.registry.queries import ProducerFact, all_producers, producers_by_id
from fair_pos.stock.actions import record_intake
from fair_pos.terms.vault import Vault
from fair_pos.venues.actions import create_booth, create_edition, create_series, replace_occupants
from fair_pos.venues.queries import all_editions, occupants_of
from fair_pos.venues.rules import DEFAULT_BOUNDARY_MINUTES, EditionPlan

AnySession = Session | scoped_session[Session]

PRODUCTS = Path(__file__).with_name("ocop_products.csv")
REFERENCE_DAY = date(2026, 11, 24)
"""The day for which the certificates in the file were chosen."""
PIN = "1234"
"""Of the demo's sellers and organiser, for taking over a tablet."""
PASSWORD = "fair-pos-demo"  # noqa: S105  # printed at start and written in the README; for demo data only
FAIR_DAYS = 5
SHOWROOM_DAYS = 3
SHARED_BOOTHS = 6
"""At so many booths of the fair the organiser sells for the makers and keeps a part."""
BUSY = (16, 12, 9, 14, 8, 11)
"""Receipts a day of booths in turn: some stand where everyone passes, some do not."""
SHOWROOM_RECEIPTS = 8
SEED = "fair_pos demo"

FAIR_ID, SHOWROOM_ID, SERIES_ID = (named_id("demo", name) for name in ("fair", "showroom", "series"))


@dataclass(frozen=True)
class SignIn:
    """A demo account, for the list that is printed."""

    login_name: str
    name: str


SIGN_INS = (
    SignIn("quantri", "Quản trị hệ thống"),
    SignIn("bantochuc", "Ban tổ chức"),
    SignIn("nguoiban1", "Người bán 1"),
    SignIn("nguoiban2", "Người bán 2"),
    SignIn("nguoiban3", "Người bán 3"),
    SignIn("nguoiban4", "Người bán điểm trưng bày"),
    SignIn("chuthe1", "HTX Nông nghiệp Mường So"),
    SignIn("chuthe2", "Công ty TNHH MTV Hương Linh"),
)

ZONES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("A", "Khu A · Lai Châu", frozenset({"Lai Châu"})),
    ("B", "Khu B · Điện Biên", frozenset({"Điện Biên"})),
    ("C", "Khu C · Miền núi phía Bắc", frozenset({"Lào Cai", "Sơn La", "Thái Nguyên"})),
    ("D", "Khu D · Hà Tĩnh", frozenset({"Hà Tĩnh"})),
    ("E", "Khu E · TP. Hồ Chí Minh và miền Tây", frozenset({"Hồ Chí Minh", "Vĩnh Long", "Cần Thơ"})),
)
A_BOOTH_FOR, GOODS_OF = 3, 6
"""A booth stands for so many producers and sells the goods of so many."""


def is_empty(session: AnySession) -> bool:
    """Whether nobody uses this installation yet: no person and no edition."""
    return not all_people(session) and not all_editions(session)


def open_sign_ins(session: AnySession) -> list[SignIn]:
    """The demo accounts that still have the demo password: those that may be printed, and that a real fair must not have."""
    found = ((one, find_person_by_login(session, one.login_name)) for one in SIGN_INS)
    return [
        one
        for one, person in found
        if person is not None and person.disabled_at is None and password_fits(person.password_hash, PASSWORD)
    ]


def load_demo(session: Session, *, today: date, at: datetime, demo_days: int, vault: Vault) -> bool:
    """Load the demo into an empty database; False, and nothing changed, when it is not empty.

    `today` is the present fair day and lies within the fair, which began `demo_days` before; those days get sample sales.
    `vault` seals the accounts into which the showroom's makers are paid.
    """
    if not is_empty(session):
        return False
    rows = [_dressed(_aged(row, today)) for row in read_product_file(PRODUCTS.read_bytes(), PRODUCTS.name).rows]
    import_products(session, rows, at, None, make_id=named_id)
    _open_editions(session, today=today, at=at, demo_days=demo_days)
    people = _make_people(session, at)
    producers = sorted(all_producers(session), key=lambda one: (one.province, sort_key(one.name)))
    fair = _fair_booths(session, producers, people, at)
    goods = import_goods(session, lambda row: _dressed(_aged(row, today)), at)
    showroom = _showroom_booth(session, goods, people, at)
    put_on_display(session, SHOWROOM_ID, goods, by=people["bantochuc"])
    agree_on_terms(session, SHOWROOM_ID, goods, by=people["bantochuc"])
    _label_packs(session, today)
    bump_version(session, "demo", at)
    starts = today - timedelta(days=demo_days)
    opened_at = min(day_starts_at(starts, 6 * 60), at)
    fair = _accounts_of(session, FAIR_ID, fair, people, opened_at)
    (showroom,) = _accounts_of(session, SHOWROOM_ID, [showroom], people, hour_of(OPENED, 6))
    for plan in fair:
        _stock_up(session, plan.booth_id, today, opened_at)
    share_booths(
        session, FAIR_ID, [plan.booth_id for plan in fair[:SHARED_BOOTHS]], starts, opened_at, people["bantochuc"]
    )
    shop = Shop(SHOWROOM_ID, showroom, goods, people["bantochuc"], people["quantri"], vault)
    if demo_days:
        bring_in(session, shop, OPENED - timedelta(days=1), name="opening", special={})
        sell_first_month(session, shop, seed=SEED)
        share_rice(session, shop)
        hand_out_cards(session, shop, opened_at)
        present(session, shop, starts, today, (FAIR_ID, fair[0].booth_id))
    days = [starts + timedelta(days=number) for number in range(demo_days)]
    until_now = [*days, today] if days else []
    simulate(session, fair, until_now, seed=SEED, until=at - timedelta(minutes=1))
    simulate(session, [showroom], days[-SHOWROOM_DAYS:], seed=SEED)
    if days:
        count_some(session, shop, at - timedelta(hours=1), seed=SEED)
    organiser = people["bantochuc"]
    simulate_gates(session, FAIR_ID, until_now, seed=SEED, by=organiser, until=at)
    prepare_fair(session, FAIR_ID, starts, at=opened_at, by=organiser)
    state_earlier_fairs(session, SERIES_ID, at=opened_at, by=organiser)
    if days:
        last_year = sell_last_year(session, SERIES_ID, FAIR_ID, fair, starts, seed=SEED, by=organiser)
        for booth_id in last_year:
            _stock_up(session, booth_id, today, opened_at - timedelta(weeks=52))
        # Yesterday is left open: the first thing an organiser does in the morning is to look at it and sign.
        sign_days(session, FAIR_ID, days[:-1], by=organiser)
    if days:
        import_statements(session, FAIR_ID, fair, days[-1], seed=SEED, at=at, by=people["bantochuc"])
    _propose_account(session, fair[0], people, at)
    return True


def _accounts_of(
    session: Session, edition_id: str, plans: Iterable[BoothPlan], people: dict[str, str], at: datetime
) -> list[BoothPlan]:
    """The booths, each with an account that the organiser proposed and the administrator approved."""
    opened: list[BoothPlan] = []
    for plan in plans:
        number, owner = len(opened) + (1 if edition_id == FAIR_ID else 900), Owner(edition_id, booth_id=plan.booth_id)
        makers = producers_by_id(session, occupants_of(session, plan.booth_id))
        holder = min((maker.name for maker in makers.values()), key=sort_key, default="Ban tổ chức")
        by = {"proposed_by": people["bantochuc"], "approved_by": people["quantri"]}
        said = sample_account(number, holder)
        account_id = open_account(session, owner, said, at=at, **by)
        opened.append(replace(plan, account_id=account_id, account_number=said.account_number))
    return opened


def _propose_account(session: Session, plan: BoothPlan, people: dict[str, str], at: datetime) -> None:
    """A change that waits for its second person, so that the page of accounts has one to show."""
    owner = Owner(FAIR_ID, booth_id=plan.booth_id)
    said = sample_account(990, "Hội Phụ nữ")
    account_id = named_id("demo", "account", "proposed")
    propose_change(session, owner, said, at=at, by=people["bantochuc"], account_id=account_id)


def _aged(row: ProductRow, today: date) -> ProductRow:
    """The row with its certificate moved by whole years, so that stars look the same in whatever year the demo is loaded."""
    years = (today - REFERENCE_DAY).days // 365
    if row.issued_day is None or years == 0:
        return row
    # No day of issue in the file is 29 February, so every year has it.
    return replace(row, issued_day=row.issued_day.replace(year=row.issued_day.year + years))


def _dressed(row: ProductRow) -> ProductRow:
    """The row with a code of our own, and with ways of selling that the file does not know: by weight, in cases of twelve."""
    row = replace(row, barcodes=(in_store_ean13(row.number),))
    if row.unit == "kg":
        return replace(row, sold_by="weight", packs=(PackSaid("Gói 500 g", 500, row.price_dong // 2),))
    if row.unit == "chai 500ml":
        case_dong = row.price_dong * 12 * 95 // 100 // 1000 * 1000
        return replace(row, packs=(PackSaid("Thùng 12 chai", 12, case_dong),))
    return row


def _label_packs(session: Session, day: date) -> None:
    """A code of its own on every pack."""
    products = products_of_producers(session, [producer.id for producer in all_producers(session)], day)
    packs = [pack for product in products for pack in product.packs]
    codes = {in_store_ean13(1000 + number): (pack.product_id, pack.id) for number, pack in enumerate(packs)}
    put_barcodes(session, codes)


def _open_editions(session: Session, *, today: date, at: datetime, demo_days: int) -> None:
    starts = today - timedelta(days=demo_days)
    ends = starts + timedelta(days=max(FAIR_DAYS, demo_days + 1) - 1)
    series = create_series(session, "Tuần lễ OCOP", at=at, by=None, series_id=SERIES_ID)
    name = f"Tuần lễ OCOP và sản phẩm đặc trưng các vùng miền {starts.year}"
    fair = EditionPlan("fair", name, "Công viên Lê Thị Riêng, TP. Hồ Chí Minh", starts, ends, sample=True)
    create_edition(session, fair, series_id=series.id, at=at, by=None, edition_id=FAIR_ID)
    # Opened on 18 November 2023 by the province's department of industry and trade.
    name = "Điểm trưng bày và bán sản phẩm OCOP tỉnh Điện Biên"
    showroom = EditionPlan("showroom", name, "Tỉnh Điện Biên", date(2023, 11, 18), None, sample=True)
    create_edition(session, showroom, series_id=None, at=at, by=None, edition_id=SHOWROOM_ID)


def _make_people(session: Session, at: datetime) -> dict[str, str]:
    """The demo accounts with their roles; person id by login name. A producer's account is tied to the producer of its name."""
    fair, showroom = Scope(edition_id=FAIR_ID), Scope(edition_id=SHOWROOM_ID)
    roles: dict[str, list[tuple[Role, Scope]]] = {
        "quantri": [(Role.ADMINISTRATOR, Scope())],
        "bantochuc": [(Role.ORGANISER, fair), (Role.ORGANISER, showroom)],
        "nguoiban4": [(Role.SELLER, showroom)],
    }
    producers = {producer.name: producer.id for producer in all_producers(session)}
    ids: dict[str, str] = {}
    for one in SIGN_INS:
        person = create_person(
            session,
            login_name=one.login_name,
            name=one.name,
            password=PASSWORD,
            at=at,
            by=None,
            person_id=named_id("demo", "person", one.login_name),
        )
        own = [(Role.PRODUCER, Scope(producer_id=producers[one.name]))] if one.name in producers else []
        for role, scope in roles.get(one.login_name) or own or [(Role.SELLER, fair)]:
            grant_role(session, person, role, scope, at=at, by=None)
        if one.login_name.startswith(("nguoiban", "bantochuc")):
            set_pin(session, person, PIN, at=at, by=None)
        ids[one.login_name] = person.id
    return ids


def _fair_booths(
    session: Session, producers: Iterable[ProducerFact], people: dict[str, str], at: datetime
) -> list[BoothPlan]:
    """A booth for every three producers of a region, which is a zone; each has some of its neighbours' goods too."""
    sellers = [people[f"nguoiban{number}"] for number in (1, 2, 3)]
    producers = list(producers)
    plans: list[BoothPlan] = []
    for letter, zone, provinces in ZONES:
        here = [producer for producer in producers if producer.province in provinces]
        for number, first in enumerate(range(0, len(here), A_BOOTH_FOR), start=1):
            some = [here[(first + step) % len(here)] for step in range(min(GOODS_OF, len(here)))]
            booth = create_booth(
                session,
                FAIR_ID,
                code=f"{letter}{number:02}",
                name=f"Gian {some[0].province} {number}",
                zone=zone,
                at=at,
                by=None,
                booth_id=named_id("demo", "booth", f"{letter}{number}"),
            )
            replace_occupants(session, booth.id, [one.id for one in some], at=at, by=None)
            seller = sellers[len(plans) % len(sellers)]
            plans.append(
                BoothPlan(booth.id, seller, DEFAULT_BOUNDARY_MINUTES, BUSY[len(plans) % len(BUSY)], drawer=True)
            )
    return plans


def _showroom_booth(session: Session, goods: Iterable[BoothProduct], people: dict[str, str], at: datetime) -> BoothPlan:
    """One counter with the goods of every producer of the province."""
    here = sorted({one.producer_id for one in goods})
    booth = create_booth(
        session,
        SHOWROOM_ID,
        code="ĐB1",
        name="Quầy trưng bày và bán hàng",
        at=at,
        by=None,
        booth_id=named_id("demo", "booth", "ĐB1"),
    )
    replace_occupants(session, booth.id, here, at=at, by=None)
    return BoothPlan(booth.id, people["nguoiban4"], DEFAULT_BOUNDARY_MINUTES, SHOWROOM_RECEIPTS, drawer=True)


def _stock_up(session: Session, booth_id: str, day: date, at: datetime) -> None:
    """Bring goods to a booth: many of what is cheap, few of what is dear; what is weighed in grams, what has cases by the case."""
    items = [
        (product.id, product.producer_id, _enough(product)) for product in products_of_booth(session, booth_id, day)
    ]
    if items:
        record_intake(session, booth_id, items, named_id("demo", "intake", booth_id), at)


def _enough(product: BoothProduct) -> int:
    pieces = 120 if product.price_dong < 500_000 else 30
    return pieces * (1000 if product.sold_by == "weight" else 12 if product.packs else 1)
