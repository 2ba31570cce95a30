"""The drawers of an edition: its till sessions, one of them with everything in it, and the Z report on paper."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _

from fair_pos.cash import queries
from fair_pos.cash.actions import keep_paper
from fair_pos.cash.forms import DocumentsAsked, documents_asked, page_asked
from fair_pos.cash.paper import print_report
from fair_pos.cash.z_report import thawed, transfers_of
from fair_pos.kernel.clock import now
from fair_pos.people.queries import people_with
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.sentences import oddity_sentence
from fair_pos.plumbing.web import requires
from fair_pos.sales.by_session import Document, oddities_about
from fair_pos.venues.queries import booths_of, get_booth, get_edition

blueprint = Blueprint("cash", __name__)
PAGE_SIZE = 50
DOCUMENTS = 100
CASH = DocumentsAsked(method="cash", kind=None, late=False, page=1)

Told = Callable[[Any, Collection[str]], Mapping[tuple[str, int], int]]


@blueprint.get("/editions/<edition_id>/drawers")
@requires(Verb.SEE_RECEIPTS)
def drawers(edition_id: str) -> str:
    """Every till session, the newest first: open or closed, what differs, what came late; and cash that no session accounts for."""
    session, page = reading(), page_asked(request.args)
    count = queries.count_sessions(session, edition_id)
    rows = queries.session_rows(session, edition_id, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    facts: list[Any] = [fact for row in rows for fact in (row.opening, row.closing) if fact is not None]
    return render_template(
        "cash/drawers.html",
        edition=get_edition(session, edition_id),
        rows=rows,
        count=count,
        page=page,
        pages=max(1, -(-count // PAGE_SIZE)),
        booths={one.id: one for one in booths_of(session, edition_id)},
        people=names(fact.person_id for fact in facts),
        loose=queries.cash_without_session(session, edition_id),
        homeless=queries.homeless_facts(session, edition_id),
    )


@blueprint.get("/editions/<edition_id>/drawers/without")
@requires(Verb.SEE_RECEIPTS)
def without_session(edition_id: str) -> str:
    """Receipts in cash that belong to no till session we know."""
    session, page = reading(), page_asked(request.args)
    sums = queries.cash_without_session(session, edition_id)
    documents = queries.documents_without_session(session, edition_id, limit=DOCUMENTS, offset=(page - 1) * DOCUMENTS)
    return render_template(
        "cash/without_session.html",
        edition=get_edition(session, edition_id),
        sums=sums,
        documents=documents,
        booths={one.id: one for one in booths_of(session, edition_id)},
        page=page,
        pages=max(1, -(-sums.documents // DOCUMENTS)),
        method_name=method_name,
        cash_of=lambda one: signed_dong(one, CASH),
    )


@blueprint.get("/editions/<edition_id>/drawers/<device_id>/<till_session>")
@requires(Verb.SEE_RECEIPTS)
def drawer(edition_id: str, device_id: str, till_session: str) -> str:
    """One till session: what should be in the drawer, what was counted, every entry, and what came late."""
    session, asked = reading(), documents_asked(request.args)
    found = queries.get_session(session, device_id, till_session)
    entries = queries.entries_of(session, device_id, [till_session])[till_session]
    signed = queries.signed_entries(session, device_id, till_session)
    covered = {one.id for one in signed.values() if not one.late}
    late = entries.without(covered) if entries.closings else None
    reports = queries.reports_on(
        session, {one.id for one in entries.closings} | {one.closing_id for one in signed.values()}
    )
    documents = [one for one in entries.documents if is_asked(one, asked, covered)]
    sales = [one for one in entries.documents if one.kind == "sale"]
    by_transfer = [one.id for one in sales if any(payment.method == "transfer" for payment in one.payments)]
    facts: list[Any] = [*entries.openings, *entries.moves, *entries.closings]
    seconds = [one.second_person_id for one in entries.closings if one.second_person_id]
    about = oddities_about(session, {one.id for one in facts})
    return render_template(
        "cash/drawer.html",
        edition=get_edition(session, edition_id),
        booth=get_booth(session, found.booth_id),
        till=found,
        entries=entries,
        drawer=entries.drawer,
        late=late,
        late_in={one.id: reports[one.closing_id].z_number for one in signed.values() if one.late},
        reports=[(one, reports[one.id], thawed(reports[one.id].content)) for one in entries.closings],
        transfers=transfers_of(sales, lent("confirmed_transfers", by_transfer), lent("paid_back_claims", by_transfer)),
        oddities=[oddity_sentence(code, facts) for _id, code, facts in about],
        people=names([*(one.person_id for one in facts), *seconds]),
        asked=asked,
        documents=documents[(asked.page - 1) * DOCUMENTS : asked.page * DOCUMENTS],
        document_count=len(documents),
        documents_dong=sum(signed_dong(one, asked) for one in documents),
        dong_of=lambda one: signed_dong(one, asked),
        covered=covered,
        pages=max(1, -(-len(documents) // DOCUMENTS)),
        method_name=method_name,
    )


def is_asked(one: Document, asked: DocumentsAsked, covered: Collection[str]) -> bool:
    """Whether a receipt belongs to the list that was asked for."""
    if asked.kind is not None and one.kind != asked.kind:
        return False
    if asked.method is not None and all(payment.method != asked.method for payment in one.payments):
        return False
    return not (asked.late and one.id in covered)


def signed_dong(one: Document, asked: DocumentsAsked) -> int:
    """What a receipt adds to the figure that was opened: the part paid that way; below zero when it was given back."""
    parts = [payment.amount_dong for payment in one.payments if payment.method == asked.method]
    dong = one.total_dong if asked.method is None else sum(parts)
    return -dong if one.kind == "refund" else dong


@blueprint.get("/editions/<edition_id>/drawers/<device_id>/z/<closing>.pdf")
@requires(Verb.SEE_RECEIPTS)
def z_paper(edition_id: str, device_id: str, closing: str) -> Response:  # noqa: ARG001  # the policy compares both places
    """The Z report on paper: printed from its frozen content once, and the same bytes ever after. Raises PrinterBusy."""
    report = queries.get_report(reading(), device_id, closing)
    number, content = report.z_number, report.content
    pdf = queries.find_paper(reading(), closing)
    if pdf is None:
        printed = print_report(content)
        pdf = in_transaction(lambda session: keep_paper(session, closing, printed, at=now()))
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="Z-{number}-{closing[-6:]}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def names(person_ids: Any) -> dict[str, str]:
    """Person → name, for those that we know."""
    return {one.id: one.name for one in people_with(reading(), set(person_ids))}


def lent(name: str, sale_ids: Collection[str]) -> Mapping[tuple[str, int], int]:
    """What has become of the transfers of these sales: payments stand beside us, so the application lends their answers."""
    query: Told = current_app.extensions[f"fair_pos_{name}"]
    return query(reading(), sale_ids)


def method_name(method: str) -> str:
    """A way of paying, in words."""
    return str({"cash": _("Tiền mặt"), "transfer": _("Chuyển khoản"), "card": _("Thẻ")}.get(method, method))
