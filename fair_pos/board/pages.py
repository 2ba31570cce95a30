"""The organiser's live board, displays and the wall's page, and the public board."""

from __future__ import annotations

import json
from pathlib import Path
from zlib import crc32

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from fair_pos.board import actions
from fair_pos.board.curve import CurveWords, as_drawn, curve_svg
from fair_pos.board.queries import (
    Board,
    board_of,
    displays_of,
    find_board_by_slug,
    find_display,
    find_public_board,
    find_reading,
    is_sample,
    totals_said,
)
from fair_pos.board.refusals import DisplayNameMissing
from fair_pos.board.rules import (
    LEAST_BOOTHS,
    LEAST_PAUSE,
    LEAST_RECEIPTS,
    MONEY_STEP_DONG,
    RECEIPT_STEP,
    VISITOR_STEP,
    phase_of,
    public_totals,
)
from fair_pos.board.shared import SharedBoards
from fair_pos.board.tables import Display
from fair_pos.daysheet.queries import sheet_of_day
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import fair_day
from fair_pos.kernel.refusal import NotFound
from fair_pos.people.rules import Verb
from fair_pos.plumbing.db import in_transaction, reading
from fair_pos.plumbing.qr import qr_svg
from fair_pos.plumbing.sentences import sentence
from fair_pos.plumbing.web import public, requires
from fair_pos.plumbing.words import LANGUAGES
from fair_pos.plumbing.words import day as written_day
from fair_pos.reports.plot_data import mark_words, svg_answer
from fair_pos.reports.plots import Mark
from fair_pos.settings import Settings
from fair_pos.venues.queries import get_edition

blueprint = Blueprint("board", __name__)

# --- the organiser's board --------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/live")
@requires(Verb.SEE_FIGURES)
def live(edition_id: str) -> str:
    """The four numbers, the hours beside last year's, the top and the crowd; a script asks for the page again and puts in what changed."""
    board = shared_board(edition_id)
    compared = board.compared
    return render_template(
        "board/live.html",
        edition=get_edition(reading(), edition_id),
        board=board,
        hours=list(zip(board.hours, as_drawn(board.hours), strict=True)),
        before_day=compared and written_day(compared[1]),
        programme=[one.label for one in marks_of(board)],
        version=f"{crc32(repr((as_drawn(board.hours), marks_of(board))).encode()):x}",
        now=board.at,
    )


@blueprint.get("/editions/<edition_id>/live/hours.svg")
@requires(Verb.SEE_FIGURES)
def live_plot(edition_id: str) -> Response:
    """The plot beside the table of hours, made from the same figures."""
    board = shared_board(edition_id)
    compared = board.compared
    words = CurveWords(
        today=_("█ Hôm nay (đồng)"),
        before=_("╍○╍ %(edition)s, %(day)s", edition=compared[0].name, day=written_day(compared[1]))
        if compared
        else "",
        nothing=_("Hôm nay chưa có phiếu nào"),
        million=_(" tr"),
        billion=_(" tỷ"),
    )
    return svg_answer(curve_svg(as_drawn(board.hours), words, marks_of(board), narrow="narrow" in request.args))


def marks_of(board: Board) -> tuple[Mark, ...]:
    """The programme of the day as the plot has it, each with its time and name."""
    first = board.hours[0].hour if board.hours else 0
    return tuple(Mark((one.minute - first * 60) % 1440, mark_words(one.minute, one.title)) for one in board.marks)


def shared_board(edition_id: str) -> Board:
    """The board as it stood at most a second ago. Raises NotFound."""
    boards: SharedBoards = current_app.extensions["fair_pos_boards"]
    at = now()
    return boards.get(edition_id, at, lambda: board_of(reading(), edition_id, at))


# --- the wall ---------------------------------------------------------------------------------------------------------


@blueprint.get("/wall/")
@public
def wall_shell() -> Response:
    """The page of a display; public, since it holds nothing: the display's token opens /api/board/wall."""
    script, styles = built_wall(Path(current_app.static_folder or "") / "wall" / ".vite" / "manifest.json")
    language = request.args.get("lang", "vi")
    language = language if language in LANGUAGES else "vi"
    with force_locale(language):
        return make_response(render_template("board/wall_shell.html", script=script, styles=styles, language=language))


def built_wall(manifest: Path) -> tuple[str, tuple[str, ...]]:
    """(script, style sheets) of the built program as URLs. Raises NotFound while it has not been built."""
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound from None
    entry = next(entry for entry in entries.values() if entry.get("isEntry"))
    return f"/static/wall/{entry['file']}", tuple(f"/static/wall/{css}" for css in entry.get("css", ()))


# --- displays ---------------------------------------------------------------------------------------------------------


@blueprint.get("/editions/<edition_id>/displays")
@requires(Verb.MANAGE_DEVICES)
def displays(edition_id: str) -> str:
    """The screens on walls, and whether the public may see rounded totals."""
    return displays_page(edition_id, "", "")


@blueprint.post("/editions/<edition_id>/displays")
@requires(Verb.MANAGE_DEVICES)
def make_display(edition_id: str) -> AnyResponse | tuple[str, int]:
    """A new screen. Its address is shown on the next page, once; this browser's own session carries it there."""
    name, shows_makers = request.form.get("name", ""), request.form.get("shows_makers") == "yes"
    at, by = now(), current_user.id
    try:
        display, token = in_transaction(
            lambda work: actions.make_display(work, edition_id, name=name, shows_makers=shows_makers, at=at, by=by)
        )
    except DisplayNameMissing as refusal:
        return displays_page(edition_id, name, sentence(refusal.code, refusal.facts)), refusal.status
    session["display_made"] = {"display": display.id, "token": token}
    return redirect(url_for("board.display_address", edition_id=edition_id, display_id=display.id))


@blueprint.get("/editions/<edition_id>/displays/<display_id>/address")
@requires(Verb.MANAGE_DEVICES)
def display_address(edition_id: str, display_id: str) -> AnyResponse | str:
    """The address just made in this browser, to scan or type; seen once, then back to the displays."""
    made = session.pop("display_made", {})
    if made.get("display") != display_id:
        flash(_("Địa chỉ của màn hình chỉ hiện một lần. Nếu chưa mở được, hãy ngừng màn hình đó và tạo màn hình mới."))
        return back(edition_id)
    settings: Settings = current_app.extensions["fair_pos_settings"]
    address = f"{settings.public_url}/wall/#{made['token']}"
    return render_template(
        "board/display_address.html",
        edition=get_edition(reading(), edition_id),
        display=get_display(display_id),
        address=address,
        qr=Markup(qr_svg(address)),  # noqa: S704 (our own address and base64url)
    )


@blueprint.get("/editions/<edition_id>/displays/<display_id>/revoke")
@requires(Verb.MANAGE_DEVICES)
def revoke_ask(edition_id: str, display_id: str) -> str:
    """Ask before a screen goes dark: there is no way back but a new address."""
    edition, display = get_edition(reading(), edition_id), get_display(display_id)
    return render_template("board/display_revoke.html", edition=edition, display=display)


@blueprint.post("/editions/<edition_id>/displays/<display_id>/revoke")
@requires(Verb.MANAGE_DEVICES)
def revoke(edition_id: str, display_id: str) -> AnyResponse:
    """The screen shows nothing any more."""
    at, by = now(), current_user.id
    if in_transaction(lambda work: actions.revoke_display(work, display_id, at=at, by=by)):
        flash(_("Đã ngừng màn hình. Nó báo «đã ngừng» trong vài giây."), "done")
    return back(edition_id)


@blueprint.post("/editions/<edition_id>/public-board")
@requires(Verb.MANAGE_DEVICES)
def switch_public_board(edition_id: str) -> AnyResponse:
    """Show rounded totals to everyone, or no longer."""
    on, at, by = request.form.get("on") == "yes", now(), current_user.id
    if in_transaction(lambda work: actions.switch_public_board(work, edition_id, on=on, at=at, by=by)):
        flash(_("Đã bật bảng công khai.") if on else _("Đã tắt bảng công khai."), "done")
    return back(edition_id)


def get_display(display_id: str) -> Display:
    """The display with this id. Raises NotFound."""
    display = find_display(reading(), display_id)
    if display is None:
        raise NotFound
    return display


def back(edition_id: str) -> AnyResponse:
    """To the displays."""
    return redirect(url_for("board.displays", edition_id=edition_id))


def displays_page(edition_id: str, name: str, error: str) -> str:
    """All of it, with the form as it was sent."""
    settings: Settings = current_app.extensions["fair_pos_settings"]
    board = find_public_board(reading(), edition_id)
    return render_template(
        "board/displays.html",
        edition=get_edition(reading(), edition_id),
        displays=displays_of(reading(), edition_id),
        board=board,
        address=f"{settings.public_url}/fair/{board.slug}" if board else "",
        steps=(VISITOR_STEP, RECEIPT_STEP, MONEY_STEP_DONG),
        least=(LEAST_RECEIPTS, LEAST_BOOTHS),
        name=name,
        error=error,
        now=now(),
    )


# --- the public -------------------------------------------------------------------------------------------------------


@blueprint.get("/fair/<slug>")
@blueprint.get("/fair/<slug>/<any(en):language>")
@public
def public_board(slug: str, language: str = "vi") -> Response:
    """Rounded totals for everyone, the same for everyone: no cookie of its own, no script, kept by caches for a minute."""
    board = find_board_by_slug(reading(), slug)
    if board is None or not board.is_on:
        raise NotFound
    edition_id, at = board.edition_id, now()
    edition = get_edition(reading(), edition_id)
    day = fair_day(at, edition.day_boundary_minutes)
    phase, said = phase_of(day, edition.starts_day, edition.ends_day), find_reading(reading(), edition_id, day)
    if phase == "running" and (said is None or at - said.taken_at >= LEAST_PAUSE):
        said = in_transaction(lambda work: actions.take_reading(work, edition_id, at))
        edition = get_edition(reading(), edition_id)
    with force_locale(language):
        page = render_template(
            "board/public.html",
            edition=edition,
            slug=slug,
            language=language,
            day=day,
            phase=phase,
            totals=said and public_totals(totals_said(said), said.visitors),
            taken_at=said and said.taken_at,
            sample=is_sample(reading(), edition_id, day),
            signed=sheet_of_day(reading(), edition_id, day) is not None,
            steps=(VISITOR_STEP, RECEIPT_STEP, MONEY_STEP_DONG),
            least=(LEAST_RECEIPTS, LEAST_BOOTHS),
        )
    answer = make_response(page)
    # Whoever is signed in gets their session's cookie anew with every answer: no cache may hand that to others.
    answer.headers["Cache-Control"] = f"{'private' if request.cookies else 'public'}, max-age=60"
    return answer
