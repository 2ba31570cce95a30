"""Sales as the rules see them: one that nothing is odd about, and any number of random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from fair_pos.kernel.day import VIETNAM, fair_day
from fair_pos.sales.facts import GiveawayFact, Goods, Kind, Known, LineFact, PaymentFact, Place, SaleFact

ARRIVED = datetime(2026, 11, 24, 20, 0, tzinfo=VIETNAM)
HONEY = LineFact("honey", "maker", "Mật ong", "chai", 2, 220_000, 440_000)
TEA = LineFact("tea", "maker", "Chè Shan tuyết", "hộp", 1, 350_000, 350_000)
RICE = LineFact("rice", "grower", "Gạo Séng cù", "kg", 3, 37_500, 112_500)
FISH = LineFact("fish", "grower", "Chả mực", "kg", 1, 38_000, 21_850, grams=575)
CASE = LineFact("honey", "maker", "Mật ong", "Thùng 12", 2, 2_400_000, 4_800_000, pack_id="case", pack_size=12)
OFFER = replace(
    HONEY, discount_dong=44_000, amount_dong=396_000, discount_reason="cuối ngày", discount_borne_by="producer"
)

PLACE = Place(
    edition_id="fair", booth_id="booth", device_id="device", day_boundary_minutes=240,
    paired_at=ARRIVED - timedelta(days=3), revoked_at=None, sample=False, received_at=ARRIVED,
)  # fmt: skip
KNOWN = Known(
    goods={
        "honey": Goods("maker"), "tea": Goods("maker"), "rice": Goods("grower"), "fish": Goods("grower", by_weight=True),
    },
    price_at={
        ("honey", 7): 220_000, ("tea", 7): 350_000, ("rice", 7): 37_500, ("fish", 7): 38_000, ("case", 7): 2_400_000, ("bag", 7): 20_000,
        ("honey", 6): 200_000, ("tea", 6): None, ("rice", 6): 37_500,
    },
    newest_version=7,
    people=frozenset({"seller", "boss", "ended", "visitor"}),
    may_sell_until={"seller": None, "boss": None, "ended": ARRIVED - timedelta(hours=2)},
    packs={"case": ("honey", 12), "bag": ("fish", 500)},
    discount_limits={"seller": 10, "boss": 100},
    price_changers=frozenset({"boss"}),
    second_signers=frozenset({"boss"}),
    refund_limit_dong=5_000_000,
)  # fmt: skip


def a_sale(*lines: LineFact, at: datetime | None = None, kind: Kind = "sale", **changes: Any) -> SaleFact:
    """A sale that nothing is odd about, sold an hour ago unless said otherwise; `changes` replace its fields."""
    lines = lines or (HONEY, RICE)
    when = at or ARRIVED - timedelta(hours=1)
    total = sum(line.amount_dong for line in lines) + changes.get("rounding_dong", 0)
    fact = SaleFact(
        id="sale", kind=kind, device_seq=1, booth_id="booth", person_id="seller", device_at=when,
        clock_offset_ms=0, fair_day=fair_day(when, 240).isoformat(), receipt_number="A-261124-001", receipt_token="t" * 22,
        price_list_version=7, lines=lines, total_dong=total, payments=(PaymentFact("cash", total, total, 0),), hash="0" * 64,
    )  # fmt: skip
    return replace(fact, **changes)


def a_giveaway(*lines: LineFact, **changes: Any) -> GiveawayFact:
    """A tasting of these goods, as `a_sale` would sell them, for nothing."""
    sale = a_sale(*[replace(line, amount_dong=0) for line in lines])
    common = {name: getattr(sale, name) for name in ("id", "device_seq", "booth_id", "person_id", "device_at",
              "clock_offset_ms", "fair_day", "hash", "price_list_version", "lines")}  # fmt: skip
    return GiveawayFact(**{**common, "purpose": "tasting", "borne_by": "producer", **changes})


def refund_of(sale: SaleFact, **changes: Any) -> SaleFact:
    """All of a sale given back."""
    return replace(sale, id=f"refund of {sale.id}", kind="refund", refund_of=sale.id, reason="đổi ý", **changes)


LINES = st.builds(
    LineFact,
    product_id=st.sampled_from(["honey", "tea", "rice", "unknown"]),
    producer_id=st.sampled_from(["maker", "grower"]),
    name=st.just("x"),
    unit=st.just("hộp"),
    quantity=st.integers(1, 100_000),
    unit_price_dong=st.integers(0, 10**9),
    amount_dong=st.integers(0, 10**13),
    grams=st.none() | st.integers(1, 10**6),
    pack_id=st.sampled_from([None, None, "case", "other"]),
    pack_size=st.integers(1, 10_000),
    discount_dong=st.just(0) | st.integers(0, 10**13),
    discount_borne_by=st.sampled_from(["", "producer", "organiser", "shared"]),
    list_price_dong=st.none() | st.integers(0, 10**9),
)
PAYMENTS = st.builds(
    PaymentFact,
    method=st.sampled_from(["cash", "transfer"]),
    amount_dong=st.integers(0, 10**13),
    tendered_dong=st.integers(0, 10**13),
    change_dong=st.integers(0, 10**13),
)
PLACES = st.builds(
    lambda booth, sample: replace(PLACE, booth_id=booth, sample=sample), st.sampled_from(["A01", "A02"]), st.booleans()
)


@st.composite
def any_sales(draw: st.DrawFn) -> SaleFact:
    """Any well-formed sale or refund, whether its sums are right or not."""
    return a_sale(
        *draw(st.lists(LINES, min_size=1, max_size=5)),
        at=ARRIVED.astimezone(timezone.utc) - timedelta(minutes=draw(st.integers(0, 3000))),
        kind=draw(st.sampled_from(["sale", "refund"])),
        payments=tuple(draw(st.lists(PAYMENTS, min_size=1, max_size=3))),
        rounding_dong=draw(st.just(0) | st.integers(-1000, 1000)),
        id=str(draw(st.uuids())),
    )
