"""Day sheets again, from the receipts that each signs: every sum of money on them, their order, and the journal beside them.

What was known at that moment and is gone (who was late, how much of the transfers was confirmed, who was inside) is the sheet's own;
what those parts must add up to is checked. Reads tables, writes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from fair_pos.daysheet.sheet import PARTS, SUMS, VERSION, frozen, thawed, zones_of
from fair_pos.daysheet.tables import DayReopening, DaySheet, SignedSale
from fair_pos.journal.tables import Line
from fair_pos.kernel.chain import digest
from fair_pos.proof.heard import AnySession
from fair_pos.proof.rules import Difference, Differs, same
from fair_pos.sales.tables import Payment, Sale, SaleLine


@dataclass
class SheetProof:
    """What was checked."""

    sheets: int = 0
    receipts: int = 0
    """Signed, one that stands on two sheets twice."""


def prove_day_sheets(session: AnySession) -> SheetProof:
    """Compute every signed sheet again. Raises Differs at the first difference."""
    proof = SheetProof()
    reopened = {one.sheet_id: one for one in session.scalars(select(DayReopening))}
    last: dict[str, int] = {}
    of_day: dict[tuple[str, Any], DaySheet] = {}
    lines = _lines(session)
    for sheet in session.scalars(select(DaySheet).order_by(DaySheet.edition_id, DaySheet.number)):
        proof.sheets += 1
        same("day sheet", sheet.id, "number", sheet.number, last.get(sheet.edition_id, 0) + 1)
        last[sheet.edition_id] = sheet.number
        before = of_day.get((sheet.edition_id, sheet.fair_day))
        same("day sheet", sheet.id, "round", sheet.round, 1 if before is None else before.round + 1)
        if before is not None:
            opened = reopened.get(before.id)
            same("day sheet", sheet.id, "opened again before", opened is not None, True)
            _check_kept(session, before, sheet)
        of_day[sheet.edition_id, sheet.fair_day] = sheet
        _check_lines(sheet, reopened.get(sheet.id), lines)
        proof.receipts += _check_sheet(session, sheet)
    same("journal line", "day sheets", "lines without a sheet", sorted(lines), [])
    signed = session.scalar(select(func.count()).select_from(SignedSale)) or 0
    same("signed sale", "table", "number of rows", signed, proof.receipts)
    return proof


def _lines(session: AnySession) -> dict[tuple[str, str], Line]:
    wanted = select(Line).where(Line.verb.in_(("day_closed", "day_reopened")))
    found: dict[tuple[str, str], Line] = {}
    for line in session.scalars(wanted.order_by(Line.seq)):
        same("journal line", line.subject_id, "said once", (line.subject_id, line.verb) in found, False)
        found[line.subject_id, line.verb] = line
    return found


def _check_lines(sheet: DaySheet, opened: DayReopening | None, lines: dict[tuple[str, str], Line]) -> None:
    closed = lines.pop((sheet.id, "day_closed"), None)
    own = {"day": sheet.fair_day.isoformat(), "number": sheet.number, "round": sheet.round, "digest": sheet.digest}
    said = None if closed is None else {name: closed.facts.get(name) for name in own}
    same("journal line", sheet.id, "facts of closing", said, own)
    if closed is not None:
        same("journal line", sheet.id, "who closed", (closed.person_id, closed.at), (sheet.closed_by, sheet.closed_at))
    again = lines.pop((sheet.id, "day_reopened"), None)
    same("journal line", sheet.id, "opened again", again is not None, opened is not None)
    if again is not None and opened is not None:
        said_of = (again.person_id, again.at, again.facts.get("reason"))
        same("day reopening", sheet.id, "who and why", (opened.person_id, opened.at, opened.reason), said_of)
        same("day reopening", sheet.id, "after closing", opened.at >= sheet.closed_at, True)


def _check_kept(session: AnySession, before: DaySheet, sheet: DaySheet) -> None:
    """Nothing goes away: what the sheet before signed is on this one too."""
    here = aliased(SignedSale)
    on_both = and_(here.sale_id == SignedSale.sale_id, here.sheet_id == sheet.id)
    gone = select(SignedSale.sale_id).outerjoin(here, on_both)
    gone = gone.where(SignedSale.sheet_id == before.id, here.sale_id.is_(None)).order_by(SignedSale.sale_id)
    same("signed sale", sheet.id, "signed before", session.scalars(gone.limit(1)).first(), None)


def _check_sheet(session: AnySession, sheet: DaySheet) -> int:
    same("day sheet", sheet.id, "digest", sheet.digest, digest(sheet.content))
    signed = select(Sale).join(SignedSale, SignedSale.sale_id == Sale.id).where(SignedSale.sheet_id == sheet.id)
    booths: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    rounding = samples = count = 0
    for sale in session.scalars(signed):
        same("signed sale", sale.id, "day", (sale.edition_id, sale.fair_day), (sheet.edition_id, sheet.fair_day))
        sums, sign = booths[sale.booth_id], 1 if sale.kind == "sale" else -1
        sums["receipts" if sign == 1 else "refunds"] += 1
        sums["sold_dong" if sign == 1 else "refunded_dong"] += sale.total_dong
        rounding += sign * sale.rounding_dong
        samples += sale.sample
        count += 1
    total = {name: sum(one[name] for one in booths.values()) for name in SUMS}
    for name in SUMS:
        same("day sheet", sheet.id, name, getattr(sheet, name), total[name])
    beside = {"discount_dong": _discount(session, sheet), "rounding_dong": rounding, "sample_receipts": samples}
    _check_content(session, sheet, booths, total | beside)
    return count


def _discount(session: AnySession, sheet: DaySheet) -> int:
    wanted = select(Sale.kind, func.sum(SaleLine.discount_dong)).join(SaleLine, SaleLine.sale_id == Sale.id)
    wanted = wanted.join(SignedSale, SignedSale.sale_id == Sale.id).where(SignedSale.sheet_id == sheet.id)
    by_kind = {kind: int(dong or 0) for kind, dong in session.execute(wanted.group_by(Sale.kind))}
    return by_kind.get("sale", 0) - by_kind.get("refund", 0)


def _paid(session: AnySession, sheet: DaySheet) -> dict[tuple[str, str], int]:
    """(booth, way of paying) → đồng received less paid out."""
    wanted = select(Sale.booth_id, Payment.method, Sale.kind, func.sum(Payment.amount_dong))
    wanted = wanted.select_from(Payment).join(Sale, Sale.id == Payment.sale_id)
    wanted = wanted.join(SignedSale, SignedSale.sale_id == Sale.id).where(SignedSale.sheet_id == sheet.id)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for booth_id, method, kind, dong in session.execute(wanted.group_by(Sale.booth_id, Payment.method, Sale.kind)):
        found[booth_id, method] += int(dong) if kind == "sale" else -int(dong)
    return found


def _check_content(
    session: AnySession, sheet: DaySheet, booths: dict[str, dict[str, int]], money: dict[str, int]
) -> None:
    try:
        content = thawed(sheet.content)
        heading = (content["version"], content["day"], content["number"], content["round"], content["closed"]["at"])
        stored = {one["id"]: one for one in content["booths"]}
        entries = None if content["visitors"] is None else content["visitors"]["entries"]
        paid = {booth_id: [one[name] for name in PARTS] for booth_id, one in stored.items()}
        sums = {booth_id: {name: one[name] for name in SUMS} for booth_id, one in stored.items()}
        zones, whole = zones_of(content["booths"]), content["paid"]
        again = {"money": content["money"], "zones": content["zones"]}
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Differs(Difference("day sheet", sheet.id, "content", "unreadable", "a sheet")) from None
    same(
        "day sheet", sheet.id, "heading", heading, (VERSION, sheet.fair_day, sheet.number, sheet.round, sheet.closed_at)
    )
    same("day sheet", sheet.id, "booths", sums, dict(booths))
    same("day sheet", sheet.id, "money", again["money"], money)
    same("day sheet", sheet.id, "zones", again["zones"], zones)
    same("day sheet", sheet.id, "entries", sheet.entries, entries)
    by_method = _paid(session, sheet)
    for booth_id, (cash, confirmed, claimed, card) in sorted(paid.items()):
        expected = tuple(by_method.get((booth_id, method), 0) for method in ("cash", "transfer", "card"))
        same("day sheet", sheet.id, f"paid at {booth_id}", (cash, confirmed + claimed, card), expected)
    columns = [sum(one[place] for one in paid.values()) for place in range(len(PARTS))]
    same("day sheet", sheet.id, "paid", whole, dict(zip(PARTS, columns, strict=True)))
    same("day sheet", sheet.id, "form", frozen_again(sheet.content), sheet.content)


def frozen_again(content: str) -> str:
    """The same text when it is in the one form in which sheets are written."""
    return frozen(json.loads(content))
