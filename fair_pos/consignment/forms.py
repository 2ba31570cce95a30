"""What people type on a note: rows of goods, on a page or in a sheet, and what of them can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from werkzeug.datastructures import FileStorage, MultiDict

from fair_pos.consignment.lying import Known, Lying
from fair_pos.consignment.rules import (
    MOST_LINES,
    MOST_PRICE_DONG,
    MOST_QUANTITY,
    Bearer,
    IntakeLine,
    Kind,
    OutLine,
    Reason,
    Signed,
    trouble_with_intake,
    trouble_with_out,
)
from fair_pos.consignment.words import HEADINGS
from fair_pos.kernel.refusal import NotFound
from fair_pos.kernel.text import clean, fold, identity
from fair_pos.kernel.weight import read_grams
from fair_pos.plumbing.sheets import read_sheet

FIELDS = ("key", "name", "quantity", "price", "lot_code", "expires", "reason", "borne_by")
MORE_ROWS = 5
_GROUPED = re.compile(r"\d{1,3}([. ]\d{3})+|\d{1,10}")


@dataclass(frozen=True)
class Row:
    """A row as typed. `key` is «product|owner|lot» of goods that the page offered, «» where `name` was typed."""

    key: str = ""
    name: str = ""
    quantity: str = ""
    price: str = ""
    lot_code: str = ""
    expires: str = ""
    reason: str = ""
    borne_by: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody wants it on the note."""
        return not self.quantity.strip() and (bool(self.key) or not self.name.strip())


@dataclass(frozen=True)
class Wrong:
    """Row `number` (from 1) of the page cannot be read, and why."""

    number: int
    name: str
    code: str


def rows_said(form: MultiDict[str, str]) -> list[Row]:
    """The rows of a form. Raises NotFound when they do not fit together, as no page of ours sends them."""
    columns = [form.getlist(name) for name in FIELDS]
    if len({len(column) for column in columns}) != 1 or len(columns[0]) > 4 * MOST_LINES:
        raise NotFound
    return [Row(*(cell[:400] for cell in cells)) for cells in zip(*columns, strict=True)]


def lying_rows(lying: Sequence[Lying]) -> list[Row]:
    """A row for everything that lies there."""
    return [Row(key=key_of(one), name=one.name, lot_code=one.lot_code) for one in lying]


def damaged_rows(lying: Sequence[Lying], kind: Kind) -> list[Row]:
    """The same of damaged goods, all of them, with why they are written off."""
    reason = "damaged" if kind == "write_off" else ""
    return [
        Row(
            key=key_of(one),
            name=one.name,
            lot_code=one.lot_code,
            quantity=quantity_written(one.quantity, weighed=one.weighed),
            reason=reason,
        )
        for one in lying
    ]


def key_of(one: Lying) -> str:
    """How a form names goods that lie there."""
    return f"{one.product_id}|{one.owner_id}|{one.lot_id}"


def whole(text: str) -> int | None:
    """A whole number as people type it («1.200»), None for anything else."""
    plain = text.strip().replace("\u00a0", " ")
    return int(re.sub(r"[. ]", "", plain)) if _GROUPED.fullmatch(plain) and plain.isascii() else None


def day_said(text: str) -> date | None:
    """A day as a browser sends it or as people write it; None for what is none."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


def quantity_written(quantity: int, *, weighed: bool) -> str:
    """A quantity as one types it: units, or kilograms of grams."""
    return f"{quantity // 1000},{quantity % 1000:03}" if weighed else str(quantity)


def quantity_said(text: str, *, weighed: bool) -> int | None:
    """Units, or grams from kilograms; None for what is no quantity above zero."""
    found = read_grams(text) if weighed else whole(text)
    return found if found is not None and 0 < found <= MOST_QUANTITY else None


def received_said(text: str, *, weighed: bool) -> int | None:
    """How much came, 0 too; None for what is no quantity."""
    plain = text.strip()
    return 0 if re.fullmatch(r"0+([.,]0+)?", plain) else quantity_said(plain, weighed=weighed)


Find = Callable[[str], Sequence[Known]]


def read_intake(
    rows: Sequence[Row], products: Mapping[str, Known], find: Find, day: date | None
) -> tuple[list[IntakeLine], list[Wrong]]:
    """Lines of an intake, and every row that is wrong. `products` are those the page offered, `find` looks a typed name up.

    `day` is the note's; None when it cannot be read, which is told elsewhere.
    """
    lines: list[IntakeLine] = []
    wrong: list[Wrong] = []
    for number, row in enumerate(rows, start=1):
        if row.is_empty:
            continue
        known = products.get(row.key.partition("|")[0]) or only(find(row.name))
        expires = day_said(row.expires)
        code = None
        if known is None:
            code = "product_unknown"
        elif quantity_said(row.quantity, weighed=known.weighed) is None:
            code = "quantity_wrong"
        elif row.price.strip() and not is_price(whole(row.price)):
            code = "note_price_wrong"
        elif row.expires.strip() and expires is None:
            code = "note_expiry_wrong"
        if code is not None or known is None:
            wrong.append(Wrong(number, known.name if known else clean(row.name), code or ""))
            continue
        price = whole(row.price)
        quantity = quantity_said(row.quantity, weighed=known.weighed) or 0
        line = IntakeLine(
            known.product_id, quantity, clean(row.lot_code), expires, known.price_dong if price is None else price
        )
        code = trouble_with_intake(line, day) if day else None
        if code is None:
            lines.append(line)
        else:
            wrong.append(Wrong(number, known.name, code))
    return lines, wrong


def read_out(
    rows: Sequence[Row], lying: Mapping[str, Lying], find: Find, owner_id: str, kind: str
) -> tuple[list[OutLine], list[Wrong]]:
    """Lines of goods that leave, and every row that is wrong; `kind` is the note's. Goods that do not lie there are those of `owner_id`, else of their maker, in no lot."""
    lines: list[OutLine] = []
    wrong: list[Wrong] = []
    for number, row in enumerate(rows, start=1):
        if row.is_empty:
            continue
        there, known = lying.get(row.key), only(find(row.name))
        said = (cast("Reason", row.reason), cast("Bearer", row.borne_by))
        if there is None and known is None:
            wrong.append(Wrong(number, clean(row.name), "product_unknown"))
            continue
        name, weighed = (there.name, there.weighed) if there else (known.name, known.weighed) if known else ("", False)
        quantity = quantity_said(row.quantity, weighed=weighed) or 0
        if there is not None:
            line = OutLine(there.product_id, there.owner_id, there.lot_id, quantity, *said)
        elif known is not None:
            line = OutLine(known.product_id, owner_id or known.owner_id, "", quantity, *said)
        else:
            continue
        code = trouble_with_out(line, kind)
        if code is None:
            lines.append(line)
        else:
            wrong.append(Wrong(number, name, code))
    return lines, wrong


def is_price(price_dong: int | None) -> bool:
    """Whether that is a price."""
    return price_dong is not None and price_dong <= MOST_PRICE_DONG


def only(found: Sequence[Known]) -> Known | None:
    """What a name means when it means one thing."""
    return found[0] if len(found) == 1 else None


def signed_said(form: Mapping[str, str]) -> Signed | None:
    """Who signed on the screen; None when it is signed on paper."""
    if form.get("signed_how") != "drawn":
        return None
    return Signed(form.get("signed_name", ""), form.get("signature", ""))


# --- sheets ---------------------------------------------------------------------------------------------------------

OTHERS = {
    "ten san pham": "name", "ten hang": "name", "mat hang": "name", "product": "name", "lo": "lot_code", "lo hang": "lot_code",
    "lot": "lot_code", "so luong kg": "quantity", "sl": "quantity", "quantity": "quantity", "gia": "price", "don gia": "price",
    "price": "price", "hsd": "expires", "han su dung": "expires", "ngay het han": "expires", "expiry": "expires",
}  # fmt: skip
COLUMNS = {
    "intake": ("name", "quantity", "price", "lot_code", "expires"),
    "return": ("name", "lot_code", "quantity"),
    "transfer": ("name", "lot_code", "quantity"),
    "write_off": ("name", "lot_code", "quantity", "reason", "borne_by"),
}
SAID = {
    "hong": "damaged", "hu hong": "damaged", "hang mau": "sample", "mau": "sample", "mat": "lost", "khac": "other",
    "chu hang": "owner", "ben ban": "house", "chia doi": "shared",
}  # fmt: skip


def rows_of_sheet(data: bytes, filename: str) -> list[Row]:
    """The rows of an XLSX or CSV file under our headings, blank cells and unknown columns left out. Raises FileUnreadable, FileTooLarge."""
    sheet = read_sheet(data, filename, lambda cells: sum(_field(one) is not None for one in cells))
    at: dict[str, int] = {}
    for index, heading in enumerate(sheet.headings):
        field = _field(heading)
        if field is not None:
            at.setdefault(field, index)
    rows = []
    for one in sheet.rows[: MOST_LINES + 1]:
        cells: dict[str, Any] = {name: clean(one.cells[index])[:400] for name, index in at.items()}
        for name in ("reason", "borne_by"):
            cells[name] = SAID.get(fold(cells.get(name, "")), cells.get(name, ""))
        rows.append(Row(**cells))
    return [row for row in rows if not row.is_empty]


def _field(heading: str) -> str | None:
    plain = re.sub(r"[^a-z0-9]+", " ", fold(heading)).strip()
    named = {re.sub(r"[^a-z0-9]+", " ", fold(text)).strip(): name for name, text in HEADINGS.items()}
    return named.get(plain) or OTHERS.get(plain)


def matched(read: Sequence[Row], offered: Sequence[Row]) -> list[Row]:
    """Rows of a sheet put into the rows that a page offers, by name and lot (no lot named: the first of that name that is free);
    what fits none stands below them as it was typed.
    """
    rows, rest, taken = list(offered), [], set()
    for one in read:
        found = next(
            (
                index
                for index, row in enumerate(rows)
                if index not in taken
                and row.key
                and identity(row.name) == identity(one.name)
                and (not one.lot_code or not row.lot_code or identity(row.lot_code) == identity(one.lot_code))
            ),
            None,
        )
        if found is None:
            rest.append(one)
            continue
        taken.add(found)
        code = rows[found].lot_code or one.lot_code
        rows[found] = replace(
            one, key=rows[found].key, name=rows[found].name, lot_code=code, price=one.price or rows[found].price
        )
    return rows + rest


def photos_said(files: MultiDict[str, FileStorage], lines: int) -> dict[int, list[bytes]]:
    """Line → the photos of it that came with the form, as sent; lines without any are left out."""
    sent = {line_no: [one.read() for one in files.getlist(f"photo-{line_no}")] for line_no in range(1, lines + 1)}
    # A browser sends an empty part for a field in which nothing was chosen.
    return {line_no: found for line_no, some in sent.items() if (found := [data for data in some if data])}
