"""Files of a statement, from its frozen content alone: made anywhere, at any time, they are the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from fair_pos.consignment.queries import get_photo
from fair_pos.kernel.refusal import NotFound
from fair_pos.plumbing.sheets import Cell, write_xlsx
from fair_pos.settlement.content import thawed
from fair_pos.settlement.paper import print_goods_sold, print_statement
from fair_pos.settlement.queries import AnySession, content_of_statement
from fair_pos.settlement.wording import bearer_words, entry_words, reason_words, share_words, source_words, vat_words

KINDS = {
    "statement.pdf": "application/pdf",
    "goods_sold.pdf": "application/pdf",
    "statement.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_of(session: AnySession, statement_id: str, kind: str) -> bytes:
    """A file of KINDS. Raises PrinterBusy."""
    content = content_of_statement(session, statement_id)
    photos = photos_on(content) if kind == "statement.pdf" else {}
    return made_file(content, kind, {photo: get_photo(session, note, photo) for photo, note in photos.items()})


def photo_of(session: AnySession, statement_id: str, photo: str) -> bytes:
    """A photo of goods that a statement writes off, as JPEG: whoever may see the statement may see it. Raises NotFound."""
    note = photos_on(content_of_statement(session, statement_id)).get(photo)
    if note is None:
        raise NotFound
    return get_photo(session, note, photo)


def photos_on(content: str) -> dict[str, str]:
    """Photo → note, of the goods written off on a statement."""
    return {one["photo"]: one["note"] for one in thawed(content)["entries"] if one.get("photo")}


def made_file(content: str, kind: str, photos: Mapping[str, bytes] | None = None) -> bytes:
    """The same from the frozen content and its photos, which never change either."""
    match kind:
        case "statement.pdf":
            return print_statement(content, photos or {})
        case "goods_sold.pdf":
            return print_goods_sold(content)
        case _:
            return workbook(content)


def workbook(content: str) -> bytes:
    """Sums, every entry, and the goods sold by VAT rate, in Vietnamese; amounts are numbers."""
    with force_locale("vi"):
        made = thawed(content)
        heads = [
            _("Ngày"), _("Loại"), _("Phiếu"), _("Nội dung"), _("Số lượng (cái hoặc gam)"), _("Đơn vị"), _("Khách trả (đồng)"),
            _("Giảm giá (đồng)"), _("Chủ hàng (đồng)"), _("Bên bán (đồng)"), _("Cách chia"), _("Ghi chú"),
        ]  # fmt: skip
        vat_heads = [
            _("Thuế suất GTGT"), _("Hàng"), _("Đơn vị"), _("Bán ra"), _("Trả lại"), _("Bán ra (đồng)"), _("Trả lại (đồng)"),
            _("Còn lại (đồng)"), _("Chủ hàng (đồng)"),
        ]  # fmt: skip
        return write_xlsx(
            _("Tổng hợp"),
            [_("Mục"), _("Giá trị")],
            _sums(made),
            (_("Chi tiết"), heads, [_entry(one, made["rules"]) for one in made["entries"]]),
            (_("Bảng kê hàng bán ra"), vat_heads, _vat_rows(made)),
            created=made["heading"]["made_at"],
        )


def _sums(made: Mapping[str, Any]) -> list[list[Cell]]:
    heading, sums = made["heading"], made["sums"]
    return [
        [_("Bảng thanh toán số"), heading["number"]],
        [_("Nơi bán"), heading["edition"]],
        [_("Chủ hàng"), heading["owner"]],
        [_("Từ ngày"), heading["from_day"]],
        [_("Đến ngày"), heading["until_day"]],
        [_("Khách trả, đã trừ hàng trả lại"), sums["net_dong"]],
        [_("Phần của bên bán"), sums["house_dong"]],
        [_("Phần của chủ hàng"), sums["owner_dong"]],
        [_("Bên bán đền hàng tặng, hỏng, thiếu"), sums["credited_dong"]],
        [_("Các khoản thu"), -sums["fees_dong"]],
        [_("Kỳ trước chuyển sang"), sums["carried_in_dong"]],
        [_("Được nhận kỳ này"), sums["payable_dong"]],
        [_("Chuyển sang kỳ sau"), sums["carried_out_dong"]],
    ]


def _entry(one: Mapping[str, Any], rules: Mapping[str, Any]) -> list[Cell]:
    notes = []
    if one.get("late"):
        notes.append(_("phiếu đến muộn"))
    if "borne_by" in one:
        notes += [reason_words(one["reason"]), bearer_words(one["borne_by"])]
    shared = share_words(rules.get(one["rule"])) if "rule" in one else ""
    return [
        one.get("day"), source_words(one["source"]), one.get("receipt", ""), entry_words(one), one.get("quantity"),
        one.get("unit", ""), one["net_dong"], one.get("discount_dong"), one["owner_dong"], one["house_dong"], shared,
        ", ".join(word for word in notes if word),
    ]  # fmt: skip


def _vat_rows(made: Mapping[str, Any]) -> list[list[Cell]]:
    return [
        [
            vat_words(one["vat_code"]), row["name"], "g" if row["weighed"] else row["unit"], row["sold"], row["returned"],
            row["sold_dong"], row["returned_dong"], row["net_dong"], row["owner_dong"],
        ]
        for one in made["vat"]
        for row in one["goods"]
    ]  # fmt: skip
