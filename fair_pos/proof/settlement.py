"""Statements of owners again: what stands on each from its own lines and the ledger, and that no part stands on two. Reads, writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fair_pos.journal.tables import Line
from fair_pos.kernel.chain import digest
from fair_pos.proof.heard import AnySession
from fair_pos.proof.rules import Difference, Differs, same
from fair_pos.sales.settling import divided_lines
from fair_pos.settlement.content import share_of, thawed
from fair_pos.settlement.rules import GOODS, payable_of, spread, written_number
from fair_pos.settlement.tables import Payout, Settlement, SettlementLine
from fair_pos.stock.tables import Movement
from fair_pos.terms.rules import Share, price_of_unit, share_line

SUMS = (
    "net_dong", "owner_dong", "house_dong", "fees_dong", "credited_dong", "carried_in_dong", "payable_dong", "carried_out_dong",
)  # fmt: skip
LINE_FIELDS = ("source", "net_dong", "owner_dong", "house_dong")


@dataclass
class SettlementProof:
    """What was checked."""

    statements: int = 0
    parts: int = 0
    payouts: int = 0


def prove_settlements(session: AnySession) -> SettlementProof:
    """Add every statement up again. Raises Differs at the first difference."""
    proof = SettlementProof()
    lines: dict[str, list[SettlementLine]] = defaultdict(list)
    for line in session.scalars(select(SettlementLine).order_by(SettlementLine.settlement_id, SettlementLine.line_no)):
        lines[line.settlement_id].append(line)
        proof.parts += 1
    last: dict[str, int] = defaultdict(int)
    before: dict[tuple[str, str], Settlement] = {}
    said = _said(session)
    entries: dict[str, list[Share | None]] = {}
    for one in session.scalars(select(Settlement).order_by(Settlement.edition_id, Settlement.number)):
        proof.statements += 1
        last[one.edition_id] += 1
        same("settlement", one.id, "number", one.number, last[one.edition_id])
        same("settlement", one.id, "digest", one.digest, digest(one.content))
        same("settlement", one.id, "digest in the journal", one.digest, said.get(one.id))
        _check_sums(one, lines[one.id])
        _check_carried(one, lines[one.id], before.get((one.edition_id, one.producer_id)))
        before[one.edition_id, one.producer_id] = one
        entries[one.id] = _check_content(one, lines[one.id])
    _check_shares(session, _check_movements(session), entries)
    proof.payouts = _check_payouts(session)
    return proof


def _said(session: AnySession) -> dict[str, object]:
    wanted = select(Line.subject_id, Line.facts).where(Line.verb == "statement_made")
    return {subject: facts.get("digest") for subject, facts in session.execute(wanted)}


def _check_sums(one: Settlement, lines: list[SettlementLine]) -> None:
    def owners(*sources: str) -> int:
        return sum(line.owner_dong for line in lines if line.source in sources)

    net, owner = sum(line.net_dong for line in lines), owners(*GOODS)
    fees, credited, carried = -owners("fee"), owners("giveaway", "write_off", "count"), owners("carried")
    due = owner - fees + credited + carried
    payable = payable_of(due, thawed(one.content)["minimum_dong"])
    computed = (net, owner, net - owner, fees, credited, carried, payable, due - payable)
    for name, value in zip(SUMS, computed, strict=True):
        same("settlement", one.id, name, getattr(one, name), value)


def _check_carried(one: Settlement, lines: list[SettlementLine], before: Settlement | None) -> None:
    """What the owner's last statement left stands here, and nothing else does."""
    left = [] if before is None or before.carried_out_dong == 0 else [(before.id, before.carried_out_dong)]
    taken = [(line.source_id, line.owner_dong) for line in lines if line.source == "carried"]
    same("settlement", one.id, "carried over from the last", taken, left)
    if before is not None:
        same("settlement", one.id, "after the last", one.until_day > before.until_day, True)


def _check_content(one: Settlement, lines: list[SettlementLine]) -> list[Share | None]:
    """Returns the rules by which the entries were divided, as they stand on the paper."""
    try:
        content = thawed(one.content)
        heading, sums, entries = content["heading"], content["sums"], content["entries"]
        stated = (heading["number"], heading["until_day"], tuple(sums[name] for name in SUMS))
        rows = [tuple(entry[name] for name in LINE_FIELDS) for entry in entries]
        by_rate = sum(rate["net_dong"] for rate in content["vat"])
        rules = {name: share_of(rule) for name, rule in content["rules"].items()}
        divided = [rules[entry["rule"]] if entry.get("rule") else None for entry in entries]
    except (KeyError, TypeError, ValueError) as error:
        raise Differs(Difference("settlement", one.id, "content", repr(error), "a statement")) from None
    own = (written_number(one.number), one.until_day, tuple(getattr(one, name) for name in SUMS))
    same("settlement", one.id, "what the paper says", stated, own)
    kept = [tuple(getattr(line, name) for name in LINE_FIELDS) for line in lines]
    same("settlement", one.id, "lines on the paper", rows, kept)
    same("settlement", one.id, "lists by VAT rate", by_rate, one.net_dong)
    return divided


def _check_movements(session: AnySession) -> dict[int, SettlementLine]:
    """Each part of goods is a movement of that owner, of that kind, as large. Returns movement → the part."""
    wanted = (
        select(SettlementLine, Settlement.producer_id, Movement)
        .join(Settlement, Settlement.id == SettlementLine.settlement_id)
        .join(Movement, Movement.id == SettlementLine.movement_id)
    )
    settled: dict[int, SettlementLine] = {}
    for line, owner_id, move in session.execute(wanted):
        said = (line.source, line.source_id, line.subject_id, line.product_id, line.quantity, owner_id)
        booked = (move.kind, str(move.id), move.subject_id, move.product_id, -move.quantity, move.owner_id)
        same("settlement line", _name(line), "movement", said, booked)
        settled[move.id] = line
    return settled


def _name(line: SettlementLine) -> str:
    return f"{line.settlement_id}:{line.line_no}"


def _check_shares(
    session: AnySession, settled: dict[int, SettlementLine], entries: dict[str, list[Share | None]]
) -> None:
    """Each part has its piece of the receipt's line, divided by the rule on the paper; and the pieces make the line."""
    goods = {number: line for number, line in settled.items() if line.source in GOODS}
    lines = divided_lines(session, {line.subject_id for line in goods.values() if line.subject_id}, date.max)
    moves: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    wanted = select(Movement.id, Movement.subject_id, Movement.line_no, Movement.quantity)
    for number, subject_id, line_no, quantity in session.execute(
        wanted.where(Movement.kind.in_(GOODS)).order_by(Movement.id)
    ):
        if (subject_id, line_no) in lines:
            moves[subject_id, line_no].append((number, quantity))
    for key, line in lines.items():
        sign = 1 if line.kind == "sale" else -1
        of_line, quantities = [number for number, _ in moves[key]], [quantity for _, quantity in moves[key]]
        amounts = spread(sign * line.amount_dong, quantities)
        discounts = spread(sign * line.discount_dong, quantities)
        for number, amount, discount in zip(of_line, amounts, discounts, strict=True):
            if number in goods:
                part = goods[number]
                rule = entries[part.settlement_id][part.line_no - 1]
                owner = share_line(
                    amount, discount, line.discount_borne_by, price_of_unit(line.unit_price_dong, line.pack_size),
                    part.quantity, None if line.grams is None else part.quantity, rule,
                ).owner_dong  # fmt: skip
                same(
                    "settlement line",
                    _name(part),
                    "amount and share",
                    (part.net_dong, part.owner_dong),
                    (amount, owner),
                )
        if of_line and all(number in goods for number in of_line):
            together = sum(goods[number].net_dong for number in of_line)
            same("receipt line", f"{key[0]}:{key[1]}", "settled in all", together, sign * line.amount_dong)


def _check_payouts(session: AnySession) -> int:
    count = 0
    steps: dict[str, list[Payout]] = defaultdict(list)
    for one in session.scalars(select(Payout).order_by(Payout.settlement_id, Payout.step)):
        steps[one.settlement_id].append(one)
        count += 1
    for settlement_id, of_statement in steps.items():
        payable = session.scalars(select(Settlement.payable_dong).where(Settlement.id == settlement_id)).one()
        for at, one in enumerate(of_statement):
            same("payout", one.id, "step", one.step, at + 1)
            same("payout", one.id, "amount", one.amount_dong, payable)
            same("payout", one.id, "takes back", one.reverses_id, of_statement[at - 1].id if at % 2 else None)
    return count
