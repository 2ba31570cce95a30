"""/api/board: the one door that a display's token opens.

`GET /api/board/wall` with `Authorization: Bearer <token>` and `X-Fair-Pos: wall` answers the board of the display's edition for the fair
day in which it is asked, as JSON (wire.WallBoard):

    {"v": 1, "edition": "Tuần lễ OCOP 2026", "place": "…", "day": "2026-11-24", "day_number": 2, "phase": "running",
     "server_time": "2026-11-24T07:00:03.120Z", "read_at": "2026-11-24T07:00:02.700Z", "newest_receipt_at": "2026-11-24T07:00:01Z",
     "net_dong": 152340000, "receipts": 812, "visitors": 4120, "booths_selling": 131, "booths": 150,
     "hours": [{"hour": 8, "net_dong": 12000000, "before_dong": 9500000}, …],
     "compared": {"edition": "Tuần lễ OCOP 2025", "day": "2025-12-20"},
     "top_kind": "products", "top": [{"name": "Mật ong (chai)", "net_dong": null, "pieces": 120}, …],
     "marks": [{"minute": 540, "kind": "opening", "title": "Khai mạc"}],
     "badge": {"complete": 142, "total": 150, "until": "2026-11-24T06:59:00Z", "waiting": 31, "is_final": false},
     "crowd": {"people": 812, "limit": 3000, "level": "calm"}, "sample": false}

Amounts are whole đồng, net of what was given back; instants UTC; hours those of Vietnam's clocks, minutes
those since the midnight with which `day` begins there (1500 is 01:00 of the night after). `visitors` and
`crowd.people` are null where nobody can say. Errors: 401 `display_unknown` (no token, or nobody's), 401 `display_revoked` (an organiser
switched it off: ask no more), 415 `not_for_pages`.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from fair_pos.board.actions import note_display
from fair_pos.board.queries import AnySession, board_of, find_display_by_token
from fair_pos.board.refusals import DisplayRevoked, DisplayUnknown
from fair_pos.board.rules import is_news
from fair_pos.board.shared import SharedBoards
from fair_pos.board.tables import Display
from fair_pos.board.wire import on_wall
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.json_door import answer, check_caller
from fair_pos.plumbing.web import for_device

blueprint = Blueprint("board_api", __name__, url_prefix="/api/board")


@blueprint.record_once
def hold_boards(state: BlueprintSetupState) -> None:
    """Each app has boards of its own."""
    state.app.extensions["fair_pos_boards"] = SharedBoards()


def calling_device(session: AnySession) -> Display:
    """The display whose token the request carries. Raises DisplayUnknown, DisplayRevoked."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    display = find_display_by_token(session, token.strip()) if kind.lower() == "bearer" and token.strip() else None
    if display is None:
        raise DisplayUnknown
    if display.revoked_at is not None:
        raise DisplayRevoked
    return display


@blueprint.get("/wall")
@for_device
def wall() -> Response:
    """The board, for the display that asks."""
    check_caller()
    display, at = calling_device(reading()), now()
    display_id, edition_id, shows_makers = display.id, display.edition_id, display.shows_makers
    if is_news(display.last_seen_at, at):
        in_transaction(lambda work: note_display(work, display_id, at))
    boards: SharedBoards = current_app.extensions["fair_pos_boards"]
    board = boards.get(edition_id, at, lambda: board_of(reading(), edition_id, at))
    return answer(on_wall(board, shows_makers=shows_makers, server_time=now()))
