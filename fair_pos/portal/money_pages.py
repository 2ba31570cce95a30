"""What a producer is owed: statements as they were frozen, payouts, and the account that money goes to, masked."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.payments.rules import bank_name
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.web import requires
from fair_pos.portal.frame import frame_of
from fair_pos.portal.queries import settling_editions
from fair_pos.portal.rules import STATEMENTS_A_PAGE, page_of
from fair_pos.settlement.actions import keep_paper
from fair_pos.settlement.content import thawed
from fair_pos.settlement.files import KINDS, file_of, photo_of
from fair_pos.settlement.gather import owed_to
from fair_pos.settlement.queries import (
    content_of_statement,
    find_paper,
    get_statement_of,
    payouts_of,
    payouts_of_statement,
    statements_of_producer,
)
from fair_pos.settlement.rules import BORNE
from fair_pos.terms.queries import payout_account_of
from fair_pos.venues.queries import all_editions

blueprint = Blueprint("money", __name__, url_prefix="/producers/<producer_id>/money")


@blueprint.get("/")
@requires(Verb.SEE_OWN_GOODS)
def statements(producer_id: str) -> str:
    """What is owed now, every statement, every payout, and where the money goes."""
    frame = frame_of(producer_id)
    editions = {one.id: one.name for one in all_editions(reading())}
    settling = settling_editions(reading(), producer_id)
    owed = owed_to(reading(), producer_id, fair_day(now(), 0), settling)
    accounts = [
        (editions.get(one, ""), bank_name(account.bank_bin), account.last_digits)
        for one in dict.fromkeys([*settling, *(each.edition_id for each in owed)])
        if (account := payout_account_of(reading(), one, producer_id)) is not None
    ]
    every = statements_of_producer(reading(), producer_id)
    shown, number, pages = page_of(every, request.args.get("page", 1, type=int), STATEMENTS_A_PAGE)
    here = {one.id for one in shown}
    return render_template(
        "portal/money.html",
        owed=owed,
        editions=editions,
        statements=shown,
        payouts=[(one, payout) for one, payout in payouts_of(reading(), producer_id) if one.id in here],
        accounts=accounts,
        page=number,
        pages=pages,
        **frame,
    )


@blueprint.get("/<statement>")
@requires(Verb.SEE_OWN_GOODS)
def statement(producer_id: str, statement: str) -> str:
    """One statement as it was frozen, with what was paid of it."""
    frame, found = frame_of(producer_id), get_statement_of(reading(), producer_id, statement)
    content = thawed(content_of_statement(reading(), found.id))
    return render_template(
        "portal/statement.html",
        statement=found,
        edition=content["heading"],
        goods=content["goods"],
        fees=[one for one in content["entries"] if one["source"] == "fee"],
        returned=[one for one in content["entries"] if one["source"] == "refund"],
        borne=[one for one in content["entries"] if one["source"] in BORNE],
        payouts=payouts_of_statement(reading(), found.id),
        **frame,
    )


@blueprint.get("/<statement>/photos/<photo>.jpg")
@requires(Verb.SEE_OWN_GOODS)
def photo(producer_id: str, statement: str, photo: str) -> Response:
    """A photo of goods that this statement writes off."""
    found = get_statement_of(reading(), producer_id, statement)
    return Response(photo_of(reading(), found.id, photo), mimetype="image/jpeg")


@blueprint.get("/<statement>/<any('statement.pdf', 'statement.xlsx', 'goods_sold.pdf'):kind>")
@requires(Verb.SEE_OWN_GOODS)
def paper(producer_id: str, statement: str, kind: str) -> Response:
    """The statement as a file: the bytes that were made of its frozen content the first time anybody asked, here or in the office."""
    found = get_statement_of(reading(), producer_id, statement)
    made = find_paper(reading(), found.id, kind)
    if made is None:
        fresh, at = file_of(reading(), found.id, kind), now()
        made = in_transaction(lambda work: keep_paper(work, found.id, kind, fresh, at=at))
    name, ending = kind.split(".")
    title = {"statement": "bang-thanh-toan", "goods_sold": "bang-ke-hang-ban-ra"}[name]
    way = "inline" if ending == "pdf" else "attachment"
    headers = {"Content-Disposition": f'{way}; filename="{title}-{found.written}.{ending}"'}
    return Response(made, mimetype=KINDS[kind], headers=headers)
