"""Running figures of money otherwise than in cash: confirmed, claimed and by card, for each producer"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LIST = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "cashless_figure",
        sa.Column("booth_id", sa.String(length=36), nullable=False),
        sa.Column("fair_day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("producer_id", sa.String(length=36), nullable=False),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("part in ('confirmed', 'claimed', 'card')", name=op.f("ck_cashless_figure_part")),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_cashless_figure_booth_id_booth")),
        sa.PrimaryKeyConstraint(
            "booth_id", "fair_day", "hour", "part", "account_id", "producer_id", name=op.f("pk_cashless_figure")
        ),
    )
    op.create_index(
        op.f("ix_cashless_figure_producer_id_fair_day"), "cashless_figure", ["producer_id", "fair_day"], unique=False
    )
    op.add_column("transfer", sa.Column("hour", sa.Integer(), server_default="0", nullable=False))
    op.add_column("transfer", sa.Column("shares", LIST, server_default="[]", nullable=False))
    op.add_column("transfer", sa.Column("confirmed_dong", sa.BigInteger(), nullable=True))
    count_what_is_here(op.get_bind())


def downgrade() -> None:
    op.drop_column("transfer", "confirmed_dong")
    op.drop_column("transfer", "shares")
    op.drop_column("transfer", "hour")
    op.drop_table("cashless_figure")


# --- what was sold before this step: as payments/figures.py does it today, written out since a step must not change with it ----

SALE = sa.table("sale", sa.column("id"), sa.column("kind"), sa.column("refund_of"), sa.column("booth_id"),
                sa.column("fair_day", sa.Date), sa.column("hour"))  # fmt: skip
LINE = sa.table("sale_line", sa.column("sale_id"), sa.column("producer_id"), sa.column("amount_dong"))
PAYMENT = sa.table(
    "payment", sa.column("sale_id"), sa.column("payment_no"), sa.column("method"), sa.column("amount_dong")
)
TRANSFER = sa.table(
    "transfer", sa.column("sale_id"), sa.column("payment_no"), sa.column("kind"), sa.column("refund_of"),
    sa.column("sold_at"), sa.column("amount_dong"), sa.column("received_dong"), sa.column("seen"), sa.column("account_id"),
    sa.column("hour"), sa.column("shares", LIST), sa.column("confirmed_dong"),
)  # fmt: skip
FIGURE = sa.table(
    "cashless_figure", sa.column("booth_id"), sa.column("fair_day", sa.Date), sa.column("hour"), sa.column("part"),
    sa.column("account_id"), sa.column("producer_id"), sa.column("amount_dong"),
)  # fmt: skip


def count_what_is_here(connection: sa.Connection) -> None:
    not_cash = sa.select(PAYMENT.c.sale_id).where(PAYMENT.c.method != "cash")
    sales = {row.id: row for row in connection.execute(sa.select(SALE).where(SALE.c.id.in_(not_cash)))}
    goods: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in connection.execute(sa.select(LINE).where(LINE.c.sale_id.in_(not_cash))):
        goods[row.sale_id][row.producer_id] += row.amount_dong
    payments = sa.select(PAYMENT).where(PAYMENT.c.sale_id.in_(not_cash), PAYMENT.c.method != "cash")
    shares: dict[tuple[str, int], list[list[object]]] = {}
    figures: dict[tuple[object, ...], int] = defaultdict(int)
    for paid in connection.execute(payments.order_by(PAYMENT.c.sale_id, PAYMENT.c.payment_no)).all():
        sale = sales[paid.sale_id]
        found = shares_of(goods[paid.sale_id], paid.amount_dong)
        shares[paid.sale_id, paid.payment_no] = [[producer, amount] for producer, amount in found]
        for producer, amount in found if paid.method == "card" else []:
            sign = 1 if sale.kind == "sale" else -1
            figures[sale.booth_id, sale.fair_day, sale.hour, "card", "", producer] += sign * amount
    families: dict[str, list[sa.Row]] = defaultdict(list)
    order = (TRANSFER.c.sold_at, TRANSFER.c.sale_id, TRANSFER.c.payment_no)
    for row in connection.execute(sa.select(TRANSFER).order_by(*order)).all():
        families[row.sale_id if row.kind == "sale" else row.refund_of or row.sale_id].append(row)
    for family in families.values():
        count_family(connection, family, sales, shares, figures)
    names = ("booth_id", "fair_day", "hour", "part", "account_id", "producer_id", "amount_dong")
    rows = [dict(zip(names, (*key, amount), strict=True)) for key, amount in figures.items() if amount]
    if rows:
        connection.execute(FIGURE.insert(), rows)


def shares_of(left: dict[str, int], amount: int) -> list[tuple[str, int]]:
    """Share a payment over what each producer's goods still cost, and take it off that."""
    producers, taken = sorted(left), min(amount, sum(left.values()))
    parts = by_largest_remainder(taken, [left[one] for one in producers]) if taken else []
    share = dict(zip(producers, parts, strict=False))
    for producer, part in share.items():
        left[producer] -= part
    if amount > taken:
        share[""] = share.get("", 0) + amount - taken
    return [(producer, part) for producer, part in sorted(share.items()) if part]


def by_largest_remainder(total: int, weights: list[int]) -> list[int]:
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    for at in sorted(range(len(parts)), key=lambda at: (-remainders[at], at))[: total - sum(parts)]:
        parts[at] += 1
    return parts


def count_family(
    connection: sa.Connection,
    family: list[sa.Row],
    sales: dict[str, sa.Row],
    shares: dict[tuple[str, int], list[list[object]]],
    figures: dict[tuple[object, ...], int],
) -> None:
    asked = [row for row in family if row.kind == "sale"]
    confirmed = {}
    for row in asked:
        by_person = row.amount_dong if row.seen else 0
        confirmed[row.sale_id, row.payment_no] = (
            min(row.received_dong, row.amount_dong) if row.received_dong else by_person
        )
    confirmed_left = sum(confirmed.values())
    claimed_left = sum(row.amount_dong for row in asked) - confirmed_left
    for row in (row for row in family if row.kind != "sale"):
        of_confirmed = min(row.amount_dong, confirmed_left)
        of_claimed = min(row.amount_dong - of_confirmed, claimed_left)
        confirmed_left, claimed_left = confirmed_left - of_confirmed, claimed_left - of_claimed
        confirmed[row.sale_id, row.payment_no] = row.amount_dong - of_claimed
    account = max((row.account_id or "" for row in asked), default="")
    for row in family:
        sale, key = sales[row.sale_id], (row.sale_id, row.payment_no)
        to = row.account_id or ("" if row.kind == "sale" else account)
        found = shares.get(key, [])
        parts = by_largest_remainder(confirmed[key], [amount for _, amount in found]) if found else []
        for (producer, amount), sure in zip(found, parts, strict=True):
            sign = 1 if row.kind == "sale" else -1
            figures[sale.booth_id, sale.fair_day, sale.hour, "confirmed", to, producer] += sign * sure
            figures[sale.booth_id, sale.fair_day, sale.hour, "claimed", to, producer] += sign * (amount - sure)
        where = (TRANSFER.c.sale_id == row.sale_id, TRANSFER.c.payment_no == row.payment_no)
        connection.execute(
            TRANSFER.update().where(*where).values(hour=sale.hour, shares=found, confirmed_dong=confirmed[key])
        )
