"""For tests about payments: accounts in use, sales paid by transfer, statements as banks write them, hooks as providers sign them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import case, func, select

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM
from fair_pos.kernel.ids import new_id
from fair_pos.payments.actions import AccountSaid, Owner, approve_change, propose_change
from fair_pos.payments.figures import confirmed_of, family_of, transfer_figures
from fair_pos.payments.intake import import_statement, keep_statement, store_event, take_event
from fair_pos.payments.tables import BankLine, CashlessFigure, Confirmation, ReceivingAccount, Transfer
from fair_pos.plumbing.db import in_transaction, reading, transaction
from fair_pos.plumbing.sheets import write_csv
from fair_pos.sales.tables import Payment, Sale
from tests.builders import Fair, Goods, Tablet

NUMBER = "0011012345678"
OTHER_NUMBER = "9998887776665"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET = "a secret of sixteen"


def code_of(number: int) -> str:
    """The code of a sale, as the tablet makes it: OCP and seven letters."""
    letters = ""
    for _ in range(7):
        number, rest = divmod(number, 32)
        letters = LETTERS[rest] + letters
    return f"OCP{letters}"


def account_in_use(app: Flask, fair: Fair, *, booth: int = 0, number: str = NUMBER) -> str:
    """An account of a booth that two people agreed on; its id."""
    owner = Owner(fair.edition_id, booth_id=fair.booth_ids[booth])
    said = AccountSaid("970436", number, "HTX MUONG TE")
    with app.app_context(), transaction() as session:
        change = propose_change(session, owner, said, at=now(), by=fair.people["quantri"])
        approve_change(session, fair.edition_id, change.id, at=now(), by=fair.people["bantochuc"])
        assert change.account_id is not None
        return change.account_id


def by_transfer(
    tablet: Tablet,
    goods: Goods,
    code: str,
    account_id: str | None = None,
    *,
    pieces: int = 1,
    cash_dong: int = 0,
    at: datetime | None = None,
) -> dict[str, Any]:
    """A parcel with a sale paid by transfer, and in cash as far as said."""
    total = goods.price_dong * pieces
    payments = [paid("transfer", total - cash_dong) | {"reference": code, "account_id": account_id}]
    if cash_dong:
        payments.insert(0, paid("cash", cash_dong))
    return tablet.sale([(goods, pieces)], payments=payments, at=at)


def paid(method: str, amount: int) -> dict[str, Any]:
    return {"method": method, "amount_dong": amount, "tendered_dong": amount, "change_dong": 0}


def given_back(tablet: Tablet, goods: Goods, sale_id: str, method: str, *, whole: bool = False) -> dict[str, Any]:
    """A parcel that gives one piece back."""
    return tablet.sale([(goods, 1)], refund_of=sale_id, payments=[paid(method, goods.price_dong)], whole=whole)


def seen(tablet: Tablet, sale_id: str, payment_no: int = 1, **changes: Any) -> dict[str, Any]:
    """A parcel that says the money was seen."""
    tablet.seq += 1
    command = {
        "kind": "transfer_seen",
        "v": 1,
        "id": new_id(),
        "seq": tablet.seq,
        "booth_id": tablet.booth_id,
        "person_id": tablet.fair.people["nguoiban"],
        "device_at": now().isoformat().replace("+00:00", "Z"),
        "clock_offset_ms": 0,
        "fair_day": (now().astimezone(VIETNAM) - timedelta(minutes=240)).date().isoformat(),
        "sale_id": sale_id,
        "payment_no": payment_no,
        "last_digits": "1234",
        "app_version": "test",
    }
    return tablet.parcel(command | changes)


HEADINGS = ("Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Số dư", "Nội dung chi tiết")


def statement_file(rows: Sequence[tuple[str, int, str]], *, headings: Sequence[str] = HEADINGS) -> bytes:
    """A statement of (reference, money in, memo), with what banks put around it."""
    day = now().astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")
    lines = [[day, reference, "", f"{amount:,}", "1,000,000", memo] for reference, amount, memo in rows]
    return write_csv(headings, lines)


def two_hundred_lines(tablet: Tablet, fair: Fair, account: str) -> bytes:
    """197 sales; 200 lines: 10 with wrong amounts, 5 without a code, 3 told twice, 182 as they should be."""
    price = fair.goods[0].price_dong
    parcels = [by_transfer(tablet, fair.goods[0], code_of(number), account) for number in range(197)]
    for start in range(0, 197, 50):
        tablet.send(*parcels[start : start + 50])
    rows = [(f"FT{number:05}", price, f"MBVCB.{number}.{code_of(number)}.mua hang") for number in range(182)]
    rows += [(f"FT{number:05}", price - 1_000, f"{code_of(number)} mua hang") for number in range(182, 187)]
    rows += [(f"FT{number:05}", price + 1_000, f"{code_of(number)} mua hang") for number in range(187, 192)]
    rows += [(f"FT{number:05}", price, "chuyen tien mua mat ong") for number in range(192, 197)]
    twice = [("FT90001", price, code_of(3)), ("FT00004", price, code_of(4)), ("FT00005", price, code_of(5))]
    return statement_file([*rows, *twice])


def look(app: Flask, sale_id: str, payment_no: int = 1) -> Transfer:
    """The transfer as it stands."""
    with app.app_context():
        found = reading().get(Transfer, (sale_id, payment_no))
        assert found is not None
        return found


def bank_lines(app: Flask) -> list[BankLine]:
    with app.app_context():
        return list(reading().scalars(select(BankLine).order_by(BankLine.received_at, BankLine.row_number)))


def confirmations(app: Flask) -> list[Confirmation]:
    with app.app_context():
        return list(reading().scalars(select(Confirmation).order_by(Confirmation.at, Confirmation.id)))


def accounts(app: Flask) -> list[ReceivingAccount]:
    with app.app_context():
        return list(reading().scalars(select(ReceivingAccount)))


def sepay_body(memo: str, amount: int, *, txn: int = 92704, account: str = NUMBER, **changes: Any) -> bytes:
    """What SePay posts when money came in."""
    body = {
        "id": txn, "gateway": "Vietcombank", "transactionDate": "2026-11-24 14:02:37", "accountNumber": account,
        "subAccount": None, "code": None, "content": f"MBVCB.{txn}.{memo} chuyen tien mật ong", "transferType": "in",
        "description": "", "transferAmount": amount, "accumulated": 19077000, "referenceCode": f"FT{txn}",
    }  # fmt: skip
    return json.dumps(body | changes, ensure_ascii=False).encode()


def sepay_headers(body: bytes, *, secret: str = SECRET, at: datetime | None = None) -> dict[str, str]:
    stamp = str(int((at or now()).timestamp()))
    made = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-SePay-Timestamp": stamp, "X-SePay-Signature": f"sha256={made}", "Content-Type": "application/json"}


def money_told(app: Flask, fair: Fair, code: str, amount: int, *, key: int, source: str) -> None:
    """Money came in, and the bank says so by the door of its source: a statement, or what SePay posts."""
    memo = f"CT {code} tu NGUYEN VAN A"
    if source == "sepay":
        with app.app_context():
            body = sepay_body(memo, amount, txn=key)
            event_id = in_transaction(lambda session: store_event(session, source, body, now()))
            in_transaction(lambda session: take_event(session, event_id, now()))
        return
    with app.app_context(), transaction() as session:
        by, data = fair.people["bantochuc"], statement_file([(f"FT{key}", amount, memo)])
        kept = keep_statement(session, fair.edition_id, NUMBER, data, "sao-ke.csv", at=now(), by=by)
        import_statement(session, kept, None, at=now(), by=by)


def check_figures(app: Flask) -> None:
    """The running figures are what the rows of transfers and card payments add up to, and each row says what it added."""
    with app.app_context():
        session = reading()
        rows = list(session.scalars(select(Transfer)))
        held = session.execute(select(CashlessFigure.__table__)).all()
        figures: dict[Any, int] = {tuple(row[:6]): row[6] for row in held if row.part != "card" and row[6]}
        assert figures == {key: amount for key, amount in transfer_figures(rows).items() if amount}
        families: dict[str, list[Transfer]] = {}
        for row in rows:
            families.setdefault(family_of(row), []).append(row)
        told = {key: amount for family in families.values() for key, amount in confirmed_of(family).items()}
        assert {(row.sale_id, row.payment_no): row.confirmed_dong for row in rows} == told
        by_card = select(func.sum(case((Sale.kind == "sale", Payment.amount_dong), else_=-Payment.amount_dong)))
        net = session.scalar(by_card.join(Sale, Sale.id == Payment.sale_id).where(Payment.method == "card")) or 0
        assert sum(row.amount_dong for row in held if row.part == "card") == net
