"""Finding sales."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from fair_pos.sales.tables import Sale

AnySession = Session | scoped_session[Session]


def find_sale_place(session: AnySession, sale_id: str) -> tuple[str, str] | None:
    """(edition id, booth id) of a sale or refund."""
    row = session.execute(select(Sale.edition_id, Sale.booth_id).where(Sale.id == sale_id)).one_or_none()
    return None if row is None else (row.edition_id, row.booth_id)


def find_sale(session: AnySession, sale_id: str) -> Sale | None:
    """A sale or refund with this id."""
    return session.get(Sale, sale_id)


def find_sale_by_token(session: AnySession, token: str) -> Sale | None:
    """The sale behind a receipt's secret. Should two ever claim one token, the one that came first keeps it."""
    found = select(Sale).where(Sale.receipt_token == token).order_by(Sale.received_at, Sale.id).limit(1)
    return session.scalar(found)
