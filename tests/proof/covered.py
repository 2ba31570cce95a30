"""Which tables `verify` proves, what it calls a difference in each, and what it leaves alone, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table

from fair_pos.cash.tables import CashMove, TillClosing, TillOpening, TillSession, ZEntry, ZReport
from fair_pos.journal.tables import Line
from fair_pos.kernel.ids import new_id
from fair_pos.payments.tables import (
    BankLine,
    CashlessFigure,
    Confirmation,
    HookEvent,
    Statement,
    Transfer,
    UnplacedSeen,
)
from fair_pos.printing.tables import ReceiptCopy
from fair_pos.sales.tables import (
    DiscountFigure,
    Giveaway,
    GiveawayLine,
    HourFigure,
    Oddity,
    Payment,
    ProductFigure,
    Sale,
    SaleLine,
    TenderFigure,
)
from fair_pos.stock.tables import Balance, Movement, ShelfRow
from fair_pos.till.tables import Device, Quarantined, Received

Row = Mapping[str, Any]

FEATURES: dict[str, tuple[Any, ...]] = {
    "sales": (Sale, SaleLine, Payment, Giveaway, GiveawayLine, Oddity),
    "figures": (Movement, Balance, ShelfRow, HourFigure, ProductFigure, TenderFigure, DiscountFigure, CashlessFigure),
    "till": (Received, Device, Quarantined, Line),
    "payments": (Transfer, Confirmation, UnplacedSeen, BankLine, Statement, HookEvent),
    "cash": (TillOpening, CashMove, TillClosing, TillSession, ZReport, ZEntry),
    "printing": (ReceiptCopy,),
}
TABLES: dict[str, Table] = {
    model.__tablename__: cast("Table", model.__table__) for models in FEATURES.values() for model in models
}
UNPROVEN = {
    "product", "pack", "barcode", "pack_price", "price", "catalogue_version",  # what sales are compared with
    "product_title", "admission",  # said by people; each saying is in the journal
    "admin_unit", "producer", "certificate", "person", "role_grant", "browser_session", "attempts",
    "series", "edition", "booth", "occupant", "pairing_code", "programme_item",
    "floor_plan", "booth_spot",  # where booths stand, drawn by people; each saving is in the journal
    "damaged_place", "ledger_rule",  # where and since when; what was moved by them is proven in test_stock.py
    "store",  # named by people; each naming is in the journal
    "split_rule", "fee", "settlement_terms",  # said by people; each saying is in the journal
    "payout_account", "payout_account_change",  # two people and the journal stand for them
    "receiving_account", "account_change",  # two people and the journal stand for them
    "printer", "booth_printer", "print_job",  # papers, not facts
    "z_paper",  # drawn once from its report, by the fonts of that day
    "gate_device", "gate_entry", "gate_hour", "gate_quarantined", "visitor_correction", "paper_tally",  # proven in test_visitors.py
    "gate", "gate_code", "crowd_rule",  # set up by people
    "other_count", "counter_file", "counter_hour",  # what others say, beside the gates
    "day_sheet", "signed_sale", "day_reopening",  # proven in test_day_sheets.py
    "day_paper",  # drawn once from its sheet, by the fonts of that day
    "stock_count", "stock_count_line", "count_adjustment",  # proven in test_counts.py
    "member", "member_card", "delivery", "share_run", "member_share", "published_bands",  # a cooperative's own books, kept by people
    "goods_note", "goods_note_line", "goods_counter", "goods_receipt", "goods_receipt_line", "discrepancy_decision", "goods_photo", "lot",  # proven in test_notes.py
    "settlement", "settlement_line", "settlement_counter", "payout",  # proven in test_settlement.py
    "settlement_paper",  # made once from its statement, by the fonts of that day
    "goods_paper",  # drawn once from its note, by the fonts of that day
    "visitor_plan",  # said by people, beside what came; each saying is in the journal
    "published_figure",  # said by people, who see it beside what the system holds
    "display", "public_board", "public_reading",  # who may look at which figures, and what the public was last told
    "producer_card", "one_time_code", "shared_day",  # who may look, and what a producer has shown; each is in the journal
}  # fmt: skip
"""Tables that no command of a tablet makes."""

# What a difference may be called when it begins in a table. The first consequence found is named, not always the cause.
NAMED: dict[str, set[str]] = {
    "sale": {"sale"},
    "sale_line": {"sale line", "movement"},  # in a line under another's name the movement tells whose goods they were
    "payment": {"payment"},
    "movement": {"movement", "goods brought", "stock balance"},
    "shelf": {"movements of a shelf"},
    "balance": {"stock balance"},
    "hour_figure": {"hour figure"},
    "product_figure": {"product figure"},
    "tender_figure": {"tender figure"},
    "received": {
        "command", "sale", "giveaway", "sale line", "device", "oddity", "till opening", "cash move", "till closing", "copy",
        "confirmation", "money seen", "journal line",
        "quarantined parcel",  # another text under its id lies there, which could be read if it were not here
    },
    "discount_figure": {"discount figure"},
    "giveaway": {"giveaway"},
    "giveaway_line": {"giveaway line", "movement"},
    "oddity": {"oddity", "command", "till session"},  # without its note a wrong hash is a command that was changed
    "journal_line": {"journal line", "statement"},
    "device": {"device", "sale"},
    "quarantined": {"quarantined parcel", "device"},
    "transfer": {"transfer", "money seen", "confirmation"},
    "confirmation": {"confirmation", "transfer", "bank line", "journal line"},
    "unplaced_seen": {"money seen", "confirmation", "journal line"},
    "cashless_figure": {"cashless figure"},
    "bank_line": {"bank line", "confirmation", "hook event", "statement"},
    "statement": {"statement", "bank line"},
    "hook_event": {"hook event", "bank line"},
    "till_opening": {"till opening"},
    "cash_move": {"cash move"},
    "till_closing": {"till closing"},
    "till_session": {"till session"},
    "z_report": {"z report", "journal line", "z entry"},
    "z_entry": {"z entry", "z report", "journal line"},
    "receipt_copy": {"copy", "journal line"},
}  # fmt: skip

# Left alone, because:
NOT_PROVEN: dict[str, set[str]] = {
    "sale": {"id"},  # its lines hold on to it; a sale under another id is one deleted and one added
    "giveaway": {"id"},
    "movement": {"id"},  # only the order of what came back at several places; the number on its shelf is proven
    # How a device is found and heard of. Its beginning, its counters and what its sales copy from it are proven.
    "device": {
        "id", "name", "token_hash", "person_id", "revoked_at", "last_heard_at", "waiting",
        "oldest_waiting_at", "clock_off_ms", "app_version", "storage_persisted",
    },
    # A parcel that nobody can read proves itself and its place. A hash that was wrong when it came may be any other wrong one.
    "quarantined": {"id", "prev_hash", "hash", "detail", "received_at"},
    "journal_line": {"seq"},
    "confirmation": {"id"},  # of one that a bank or a person at a desk made, nobody else knows the id
    # Of a line of a statement only what it confirmed and how many came with it are known: the bank's file is gone.
    "bank_line": {
        "id", "account_number", "edition_id", "booked_at", "memo", "row_number", "received_at", "settled_at", "settled_by", "settled_note",
    },
    "statement": {"id", "edition_id", "account_number", "filename", "data", "uploaded_by", "uploaded_at"},
    "hook_event": {"received_at"},
    "till_opening": {"id"},  # its till session holds on to it
    "till_closing": {"id"},
    "z_report": {"closing_id"},  # its entries hold on to it
}  # fmt: skip


def proven_columns(feature: str | None = None) -> list[tuple[str, str]]:
    wanted = [model.__tablename__ for name, models in FEATURES.items() if feature in {None, name} for model in models]
    return [
        (name, column.name)
        for name in wanted
        for column in TABLES[name].columns
        if column.name not in NOT_PROVEN.get(name, set())
    ]


ADDED: dict[str, dict[str, object]] = {
    "sale": {"id": new_id()},
    "sale_line": {"line_no": 900},
    "payment": {"payment_no": 900},
    "movement": {"id": 10**6, "shelf_no": 10**6},
    "balance": {"product_id": new_id()},
    "shelf": {"product_id": new_id()},
    "hour_figure": {"hour": 24},
    "product_figure": {"product_id": new_id()},
    "tender_figure": {"method": "voucher"},
    "discount_figure": {"borne_by": "nobody"},
    "giveaway": {"id": new_id()},
    "giveaway_line": {"line_no": 900},
    "received": {"id": new_id()},
    "quarantined": {"id": 10**6, "digest": "0" * 64},
    "oddity": {"code": "clock_on"},
    "journal_line": {"seq": 10**6},
    "transfer": {"payment_no": 900},
    "confirmation": {"id": new_id(), "reverses_id": None},
    "unplaced_seen": {"id": new_id()},
    "cashless_figure": {"producer_id": new_id()},
    "bank_line": {"id": new_id()},
    "statement": {"id": new_id()},
    "hook_event": {"id": new_id(), "txn_id": "another"},
    "till_opening": {"id": new_id()},
    "cash_move": {"id": new_id()},
    "till_closing": {"id": new_id()},
    "till_session": {"id": new_id()},
    "z_entry": {"id": new_id()},
    "receipt_copy": {"id": new_id()},
}
"""A row like another but for this; a device and a Z report cannot stand without what holds on to them."""
REMOVED = [name for name in TABLES if name not in {"device", "statement"}]

AMOUNTS = {
    "sale": "total_dong",
    "sale_line": "amount_dong",
    "payment": "amount_dong",
    "movement": "quantity",
    "balance": "quantity",
    "hour_figure": "sold_dong",
    "product_figure": "sold_dong",
    "tender_figure": "received_dong",
    "discount_figure": "given_dong",
    "giveaway": "worth_dong",
    "giveaway_line": "worth_dong",
    "transfer": "amount_dong",
    "confirmation": "amount_dong",
    "cashless_figure": "amount_dong",
    "bank_line": "amount_dong",
    "hook_event": "body",
    "till_opening": "float_dong",
    "cash_move": "amount_dong",
    "till_closing": "counted_dong",
    "z_report": "content",
    "receipt_copy": "copy_no",
    "received": "text",
}
