"""Everything that stands on a statement, frozen as text when it is made. Pure.

Rules are kept as what they say and not in words: who reads the paper later reads them in the language of that day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from fair_pos.settlement.rules import (
    Borne,
    Carried,
    Charge,
    Content,
    Entry,
    GoodsRow,
    Part,
    by_vat_rate,
    goods_of,
    written_number,
)
from fair_pos.terms.rules import Rule, Share

VERSION = 1


@dataclass(frozen=True)
class Heading:
    """Names as they were then."""

    edition: str
    place: str
    sample: bool
    owner: str
    owner_place: str
    number: int
    from_day: date | None
    until_day: date
    made_at: datetime
    made_by: str


def content_of(heading: Heading, made: Content, minimum_dong: int) -> dict[str, Any]:
    """The statement as it will be kept: heading, sums, goods by product and by VAT rate, and every entry with the rule that divided it."""
    goods = goods_of(made.entries)
    return {
        "version": VERSION,
        "heading": {
            **asdict(heading),
            "number": written_number(heading.number),
            "from_day": None if heading.from_day is None else heading.from_day.isoformat(),
            "until_day": heading.until_day.isoformat(),
            "made_at": heading.made_at.isoformat(timespec="seconds"),
        },
        "minimum_dong": minimum_dong,
        "sums": asdict(made.sums),
        "goods": [goods_row(row) for row in goods],
        "vat": [
            {
                "vat_code": code,
                "net_dong": sum(row.net_dong for row in rows),
                "goods": [goods_row(row) for row in rows if row.sold or row.returned],
            }
            for code, rows in by_vat_rate(goods)
        ],
        "rules": rules_used(made),
        "entries": [entry_row(one) for one in made.entries],
    }


def goods_row(row: GoodsRow) -> dict[str, Any]:
    """A product as it is kept."""
    return {**asdict(row), "net_dong": row.net_dong}


def rules_used(made: Content) -> dict[str, dict[str, Any]]:
    """The rules that divided anything, by id."""
    return {one.rule.id: rule_row(one.rule) for one in made.entries if one.rule is not None}


def rule_row(rule: Rule) -> dict[str, Any]:
    """A rule as it is kept: what it says, and from when on."""
    return {
        "kind": rule.kind,
        "basis_points": rule.basis_points,
        "tiers": [list(one) for one in rule.tiers],
        "unit_dong": rule.unit_dong,
        "starts_day": rule.starts_day.isoformat(),
    }


def share_of(row: Mapping[str, Any]) -> Share:
    """What a kept rule says."""
    tiers = tuple((start, points) for start, points in row["tiers"])
    return Share(kind=row["kind"], basis_points=row["basis_points"], tiers=tiers, unit_dong=row["unit_dong"])


def entry_row(one: Entry) -> dict[str, Any]:
    """An entry as it is kept."""
    row: dict[str, Any] = {
        "source": one.source,
        "net_dong": one.net_dong,
        "owner_dong": one.owner_dong,
        "house_dong": one.house_dong,
    }
    match one.about:
        case Part() as part:
            row |= {
                "day": part.day.isoformat(),
                "receipt": part.receipt,
                "name": part.name,
                "unit": part.unit,
                "quantity": part.quantity,
                "weighed": part.weighed,
                "discount_dong": part.discount_dong,
                "discount_borne_by": part.discount_borne_by,
                "vat_code": part.vat_code,
                "late": part.late,
                "of_day": part.rule_day.isoformat(),
                "rule": None if one.rule is None else one.rule.id,
            }
        case Borne() as borne:
            row |= {
                "day": borne.day.isoformat(),
                "receipt": borne.number,
                "name": borne.name,
                "unit": borne.unit,
                "quantity": borne.quantity,
                "weighed": borne.weighed,
                "worth_dong": borne.worth_dong,
                "borne_by": borne.borne_by,
                "reason": borne.reason,
                "note": borne.subject_id,
                "photo": borne.photo,
                "rule": None if one.rule is None else one.rule.id,
            }
        case Charge() as fee:
            row |= {"day": fee.day.isoformat(), "kind": fee.kind, "words": fee.words}
        case Carried() as carried:
            row |= {"receipt": written_number(carried.number)}
    return row


def frozen(content: Mapping[str, Any]) -> str:
    """The content as text: the same content is the same text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thawed(text: str) -> dict[str, Any]:
    """The content again, with its days and instants."""
    content: dict[str, Any] = json.loads(text)
    heading = content["heading"]
    for name in ("from_day", "until_day"):
        if heading[name] is not None:
            heading[name] = date.fromisoformat(heading[name])
    heading["made_at"] = datetime.fromisoformat(heading["made_at"])
    for entry in content["entries"]:
        for name in ("day", "of_day"):
            if name in entry:
                entry[name] = date.fromisoformat(entry[name])
    for rule in content["rules"].values():
        rule["starts_day"] = date.fromisoformat(rule["starts_day"])
    return content
