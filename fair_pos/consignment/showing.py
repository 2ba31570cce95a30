"""What the office's pages and a booth's have in common: the form for what came, and refusals in words."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, request, url_for
from flask_login import current_user

from fair_pos.catalogue.queries import products_for_sale
from fair_pos.consignment import forms, queries, receiving
from fair_pos.consignment.lying import Lying
from fair_pos.consignment.note import thawed
from fair_pos.consignment.queries import AnySession
from fair_pos.consignment.rules import IntakeLine, OutLine, more_than_lies
from fair_pos.consignment.tables import GoodsNote
from fair_pos.consignment.words import trouble_words
from fair_pos.kernel.clock import now
from fair_pos.kernel.refusal import NotFound, Refusal
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import sentence
from fair_pos.venues.queries import get_edition


def said_of(refusal: Refusal) -> str:
    """A refusal in words; of wrong lines with what is wrong with the first."""
    words = sentence(refusal.code, refusal.facts)
    trouble = refusal.facts.get("trouble")
    return f"{words} {trouble_words(str(trouble))}" if trouble else words


def receive_page(edition_id: str, note: GoodsNote, action: str, error: str, back: str = "") -> str:
    """The form for what came. Raises NotFound for what is no transfer."""
    if note.kind != "transfer" or note.cancels_id is not None:
        raise NotFound
    return render_template(
        "consignment/receive.html",
        edition=get_edition(reading(), edition_id),
        note=note,
        content=thawed(note.content),
        typed=request.form,
        action=action,
        back=back or url_for("consignment.note", edition_id=edition_id, note=note.id),
        for_office=not back,
        error=error,
    )


def take_receipt_at(note: GoodsNote, place_id: str) -> None:
    """Read the form and receive. Raises what receiving.receive does."""
    quantities = {
        line.line_no: found
        for line in queries.lines_of(reading(), note.id)
        if (found := forms.received_said(request.form.get(f"came-{line.line_no}", ""), weighed=line.weighed))
        is not None
    }
    signed, by, words = forms.signed_said(request.form), current_user.id, request.form.get("words", "")
    note_id = note.id
    in_transaction(
        lambda session: receiving.receive(
            session, note_id, place_id, quantities, at=now(), by=by, signed=signed, words=words
        )
    )


def beyond_words(session: AnySession, lines: Iterable[IntakeLine | OutLine], lying: Iterable[Lying]) -> str:
    """Which goods go out beyond what lies there, to ask before anybody has drawn a name; empty when none do."""
    out = [line for line in lines if isinstance(line, OutLine)]
    over = more_than_lies(out, {(one.product_id, one.owner_id, one.lot_id): one.quantity for one in lying})
    if not over:
        return ""
    goods = products_for_sale(session, {out[index].product_id for index in over})
    names = ", ".join(dict.fromkeys(goods[out[index].product_id].name for index in over))
    return sentence("more_than_lies", {"count": len(over), "names": names[:300]})
