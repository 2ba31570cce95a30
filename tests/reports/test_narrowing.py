"""By what a list of receipts is narrowed, in words."""

from __future__ import annotations

from flask import Flask

from fair_pos.reports.forms import receipts_asked
from fair_pos.reports.narrowing import goods_words, narrowed_words, part_words
from tests.builders import make_fair
from tests.reports.starred import make_starred


def test_everything_asked_for_is_said(app: Flask) -> None:
    fair = make_fair(app)
    arguments = {
        "day": "2026-11-24", "hour": "9", "booth": fair.booth_ids[0], "zone": "", "product": fair.goods[0].product_id,
        "producer": fair.producer_ids[1], "method": "card", "kind": "refund", "part": "discount",
    }  # fmt: skip
    with app.test_request_context():
        assert narrowed_words(fair.edition_id, receipts_asked(arguments)) == [
            "ngày 24/11/2026", "09:00–10:00", "A01 · Gian 1", "Không thuộc khu nào", f"{fair.goods[0].name} (hộp)",
            "Hợp tác xã Số 2 Hội chợ thử", "Thẻ", "chỉ phiếu trả hàng", "chỉ phần giảm giá",
        ]  # fmt: skip
        assert narrowed_words(fair.edition_id, receipts_asked({})) == []
        assert narrowed_words(fair.edition_id, receipts_asked({"booth": "x"})) == ["?"]
        assert len({part_words(part) for part in ("before", "discount", "rounding")}) == 3


def test_goods_are_named_by_group_star_kind_and_place(app: Flask) -> None:
    golden = make_starred(app)
    with app.test_request_context():
        arguments = {
            "group": "do_uong",
            "star": "ocop",
            "entity": "ho_kinh_doanh",
            "locality": "province:lai chau",
            "part": "goods",
        }
        assert narrowed_words(golden.fair.edition_id, receipts_asked(arguments)) == [
            "Đồ uống", "hàng OCOP từ 3 sao", "Hộ kinh doanh", "Lai Châu", "chỉ tiền hàng, không tính làm tròn",
        ]  # fmt: skip
        asked = receipts_asked({"group": "unknown", "star": "none", "entity": "unknown", "locality": "district:"})
        assert goods_words(asked) == [
            "Không rõ (không có trong danh mục)",
            "Không có sao",
            "Không rõ chủ thể",
            "Không rõ nơi",
        ]
        assert goods_words(receipts_asked({"group": "x", "entity": "y", "locality": "commune:z"})) == ["?", "?", "?"]
