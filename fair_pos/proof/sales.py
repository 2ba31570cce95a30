"""Sales, refunds and giveaways made again from their commands, with all that they moved: stock, figures, journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from fair_pos.proof.heard import (
    AnySession,
    Heard,
    Sums,
    by_id,
    grouped,
    same_rows,
    stored_sums,
    table_of,
)
from fair_pos.proof.rules import add_to, same, same_fields, same_sums
from fair_pos.proof.stock import Ledger, SetAside
from fair_pos.proof.then import Then, look_back
from fair_pos.proof.witnesses import check_line_count, check_lines, check_recomputed, check_subjects
from fair_pos.sales.facts import GiveawayFact, Judged, JudgedGiveaway, SaleFact
from fair_pos.sales.figures import figures_of
from fair_pos.sales.latest import Latest
from fair_pos.sales.rows import (
    giveaway_journal_of,
    giveaway_line_rows,
    giveaway_movements,
    giveaway_row,
    is_set_aside,
    journal_of,
    line_rows,
    movements,
    payment_rows,
    sale_row,
)
from fair_pos.sales.rules import judge, judge_giveaway
from fair_pos.sales.tables import (
    DiscountFigure,
    Giveaway,
    GiveawayLine,
    HourFigure,
    Payment,
    ProductFigure,
    Sale,
    SaleLine,
    TenderFigure,
)
from fair_pos.till.parcels import giveaway_fact_of, sale_fact_of

_SALE, _LINE, _PAYMENT = table_of(Sale), table_of(SaleLine), table_of(Payment)
_GIVEAWAY, _GIVEAWAY_LINE = table_of(Giveaway), table_of(GiveawayLine)
_PRODUCT = table_of(ProductFigure)
_LINES_TOLD = ("sale_recorded", "refund_recorded", "giveaway_recorded")


@dataclass
class _Totals:
    """What all commands together make."""

    hours: Sums = field(default_factory=dict)
    products: Sums = field(default_factory=dict)
    tenders: Sums = field(default_factory=dict)
    discounts: Sums = field(default_factory=dict)
    latest: Latest = field(default_factory=Latest)
    rows: dict[str, int] = field(default_factory=dict)
    """How many rows of a kind the commands make."""

    def count(self, what: str, more: int) -> None:
        """Add to the rows of a kind."""
        self.rows[what] = self.rows.get(what, 0) + more


class Sold:
    """Checks the commands `sale`, `refund` and `giveaway`; `also` are handed the judged sales, to check what they made of them."""

    def __init__(self, *also: Callable[[AnySession, Sequence[Judged]], None]) -> None:
        self.totals = _Totals()
        self.ledger = Ledger()
        self.aside = SetAside()
        self.also = also

    def check(self, session: AnySession, some: Sequence[Heard]) -> None:
        """Every row that they became. Raises Differs."""
        given = [(one, giveaway_fact_of(one.opened)) for one in some if one.kind == "giveaway"]
        sold = [(one, sale_fact_of(one.opened)) for one in some if one.kind != "giveaway"]
        then = look_back(session, [fact for _, fact in (*sold, *given)])
        self._check_sales(session, sold, then)
        self._check_giveaways(session, given, then)

    def finish(self, session: AnySession) -> None:
        """Figures, stock, and that there is no sale and no giveaway beside the commands. Raises Differs."""
        totals = self.totals
        counted = (("sale", _SALE), ("sale line", _LINE), ("payment", _PAYMENT))
        for what, table in (*counted, ("giveaway", _GIVEAWAY), ("giveaway line", _GIVEAWAY_LINE)):
            stored = session.scalar(select(func.count()).select_from(table)) or 0
            same(what, "table", "number of rows", stored, totals.rows.get(what, 0))
        check_line_count(session, _LINES_TOLD, totals.rows.get("sale", 0) + totals.rows.get("giveaway", 0))
        same_sums("hour figure", stored_sums(session, table_of(HourFigure), 3), totals.hours)
        same_sums("product figure", stored_sums(session, _PRODUCT, 5), totals.products)
        same_sums("tender figure", stored_sums(session, table_of(TenderFigure), 4), totals.tenders)
        same_sums("discount figure", stored_sums(session, table_of(DiscountFigure), 5), totals.discounts)
        self.ledger.finish(session)
        check_subjects(session)
        _check_latest(session, totals.latest)

    def _check_sales(self, session: AnySession, sold: Sequence[tuple[Heard, SaleFact]], then: Then) -> None:
        ids = [one.id for one, _ in sold]
        stored_sales = by_id(session, _SALE, ids)
        stored_lines = grouped(session, _LINE, "sale_id", ids, "line_no")
        stored_payments = grouped(session, _PAYMENT, "sale_id", ids, "payment_no")
        batch: list[Judged] = []
        for one, fact in sold:
            judged = judge(fact, one.place, then.known_to(fact, one.noted, one.place.received_at))
            which = f"{one.id} ({fact.receipt_number})"
            stored = stored_sales.get(one.id)
            if stored is None:
                same("sale", which, "row", None, "a sale")
                continue
            same_fields("sale", which, stored, sale_row(judged))
            same_rows("sale line", one.id, stored_lines[one.id], line_rows(judged))
            same_rows("payment", one.id, stored_payments[one.id], payment_rows(judged))
            received_at = one.place.received_at
            damaged_at = self.aside.place(session, one.place.booth_id, received_at) if is_set_aside(judged) else ""
            self.ledger.hear(movements(judged, damaged_at), received_at)
            check_recomputed(one.id, judged.oddities, one.noted)
            batch.append(judged)
        check_lines(session, [journal_of(judged) for judged in batch])
        for check in self.also:
            check(session, batch)
        self._add_sales(batch)

    def _add_sales(self, batch: Sequence[Judged]) -> None:
        totals, figures = self.totals, figures_of(batch)
        totals.latest.add(batch)
        add_to(totals.hours, figures.hours)
        add_to(totals.products, figures.products)
        add_to(totals.tenders, figures.tenders)
        add_to(totals.discounts, figures.discounts)
        totals.count("sale", len(batch))
        totals.count("payment", sum(len(judged.fact.payments) for judged in batch))
        totals.count("sale line", sum(len(judged.lines) for judged in batch))

    def _check_giveaways(self, session: AnySession, given: Sequence[tuple[Heard, GiveawayFact]], then: Then) -> None:
        if not given:
            return
        ids = [one.id for one, _ in given]
        stored_giveaways = by_id(session, _GIVEAWAY, ids)
        stored_lines = grouped(session, _GIVEAWAY_LINE, "giveaway_id", ids, "line_no")
        batch: list[JudgedGiveaway] = []
        for one, fact in given:
            judged = judge_giveaway(fact, one.place, then.known_to(fact, one.noted, one.place.received_at))
            stored = stored_giveaways.get(one.id)
            if stored is None:
                same("giveaway", one.id, "row", None, "a giveaway")
                continue
            same_fields("giveaway", one.id, stored, giveaway_row(judged))
            same_rows("giveaway line", one.id, stored_lines[one.id], giveaway_line_rows(judged))
            self.ledger.hear(giveaway_movements(judged), one.place.received_at)
            check_recomputed(one.id, judged.oddities, one.noted)
            batch.append(judged)
        check_lines(session, [giveaway_journal_of(judged) for judged in batch])
        self.totals.count("giveaway", len(batch))
        self.totals.count("giveaway line", sum(len(judged.lines) for judged in batch))


def _check_latest(session: AnySession, latest: Latest) -> None:
    for hour in session.scalars(select(HourFigure)):
        key = (hour.booth_id, hour.fair_day, hour.hour)
        same("hour figure", key, "last_received_at", hour.last_received_at, latest.hours.get(key))
    for row in session.execute(select(_PRODUCT)):
        last = latest.goods.get((row.booth_id, row.fair_day, row.hour, row.product_id, row.producer_id))
        which = f"{row.booth_id}/{row.fair_day}/{row.hour}/{row.product_id}/{row.producer_id}"
        same("product figure", which, "last_at", row.last_at, last and last.last_at)
        same("product figure", which, "last_sold_at", row.last_sold_at, last and last.last_sold_at)
        names = last.names if last else {(None, None)}
        # Of several names on receipts of one moment, either may have come first.
        written = (row.name, row.unit)
        same("product figure", which, "name", written, written if written in names else names)
