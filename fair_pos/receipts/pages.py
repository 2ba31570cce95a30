"""The page behind a receipt's QR, its paper, and the page of a product and its maker. Public: the address is the key."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, render_template

from fair_pos.catalogue.rules import GROUPS
from fair_pos.kernel.amount_words import amount_words
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.plumbing.db import reading
from fair_pos.plumbing.web import public
from fair_pos.receipts import wording
from fair_pos.receipts.paper import print_receipt
from fair_pos.receipts.queries import Receipt, find_receipt, find_story, no_states
from fair_pos.receipts.rules import is_token, receipt_url, written_measure
from fair_pos.registry.rules import PRODUCER_KINDS
from fair_pos.settings import Settings

blueprint = Blueprint("receipts", __name__)
blueprint.add_app_template_filter(written_measure, "measure")
blueprint.add_app_template_filter(amount_words, "amount_words")


@blueprint.get("/r/<token>")
@public
def receipt(token: str) -> Response:
    """The receipt, or a page saying that it is still on its way."""
    found = _find(token)
    if found is None:
        return not_yet()
    url = receipt_url(_public_url(), token)
    return secret(make_response(render_template("receipts/receipt.html", receipt=found, url=url, words=wording)))


@blueprint.get("/r/<token>.pdf")
@public
def receipt_pdf(token: str) -> Response:
    """The receipt on 80 mm paper. Raises PrinterBusy."""
    found = _find(token)
    if found is None:
        return not_yet()
    paper = make_response(print_receipt(found, _public_url()))
    paper.mimetype = "application/pdf"
    paper.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return secret(paper)


@blueprint.get("/p/<slug>")
@public
def product(slug: str) -> str:
    """A product and its maker."""
    story = find_story(reading(), slug, fair_day(now(), 0))
    if story is None:
        abort(404)
    return render_template(
        "receipts/product.html", story=story, groups=GROUPS, kinds=PRODUCER_KINDS, public_url=_public_url()
    )


def _find(token: str) -> Receipt | None:
    """The receipt behind `token`. What cannot be a token is an ordinary 404; every token that fits takes the same way, found or not."""
    if not is_token(token):
        abort(404)
    # Payments stand beside this package and may not be imported; the app hands their query over.
    states_of = current_app.extensions.get("fair_pos_transfer_states", no_states)
    return find_receipt(reading(), token, fair_day(now(), 0), states_of)


def _public_url() -> str:
    settings: Settings = current_app.extensions["fair_pos_settings"]
    return settings.public_url


def not_yet() -> Response:
    """The same words for every secret we do not know: a sale not yet sent by its booth and a guess look alike."""
    answer = make_response(render_template("receipts/not_yet.html"), 404)
    return secret(answer)


def secret(answer: Response) -> Response:
    """Kept by no browser and found by no search engine."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
