"""POST /hooks/<provider>/<key>: banks' messengers say that money has come. docs/payments.md says what each of them sends.

Nobody is signed in here and no cookie is read: the signature over the bytes is all that counts. `key` tells which secret they
are signed with, and is not one itself.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, current_app, jsonify, request

from fair_pos.kernel.clock import now
from fair_pos.payments.hooks import (
    MAX_BODY_BYTES,
    PROVIDERS,
    is_genuine,
    others_may_read,
    read_secrets,
    tells_of_its_own,
)
from fair_pos.payments.intake import store_event, take_event
from fair_pos.plumbing.db import in_transaction
from fair_pos.plumbing.web import public

blueprint = Blueprint("payments_api", __name__)
log = logging.getLogger("fair_pos")


@blueprint.post(f"/hooks/<any({', '.join(PROVIDERS)}):provider>/<key>")
@public
def hook(provider: str, key: str) -> tuple[Response, int]:
    """Store it, then match it, each in a transaction of its own: what was signed is here even when matching fails.

    Sent again, it changes nothing and gets the same answer.
    """
    # Said first, so that nobody reads megabytes of a body that is too long; counted afterwards, as a length may be missing.
    if (request.content_length or 0) > MAX_BODY_BYTES or len(body := request.get_data(cache=False)) > MAX_BODY_BYTES:
        return jsonify(success=False), 413
    at, path = now(), current_app.extensions["fair_pos_settings"].hooks_path
    held = read_secrets(path).get(provider, {}).get(key)
    if others_may_read(path):
        log.warning("secrets of providers can be read by other users of this machine: chmod 600 %s", path.name)
    if held is None or not is_genuine(provider, held.proof, dict(request.headers), body, at):
        log.warning("hook refused: %s from %s, %s bytes", provider, request.remote_addr, len(body))
        return jsonify(success=False), 401
    if not tells_of_its_own(held, provider, body):
        log.warning("hook refused: key %s of %s told of an account that is not its own", key, provider)
        return jsonify(success=False), 403
    event_id = in_transaction(lambda session: store_event(session, provider, body, at))
    outcome = in_transaction(lambda session: take_event(session, event_id, at))
    log.info("hook %s: %s", provider, outcome)
    return jsonify(success=True), 200
