"""Sentences of refusals about goods, their owners and what these are owed (plumbing/sentences.py says how they are used)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

GOODS: dict[str, LazyString] = {
    # Stock and notes of goods
    "store_field_missing": _l("Hãy ghi đủ mã kho và tên kho."),
    "store_field_too_long": _l("Mã kho hoặc tên kho dài quá %(most)s ký tự."),
    "store_code_taken": _l("Đã có kho mang mã %(code)s. Hãy chọn mã khác."),
    "store_not_empty": _l("Kho này còn hàng hoặc còn thiếu hàng, chưa đóng được. Hãy chuyển hết hàng đi trước."),
    # Counts
    # Terms: split rules, fees, payout accounts
    # Statements and payouts
    # Cooperatives
    # Cards and codes of producers
    "card_unknown": _l("Thẻ này không còn dùng được. Xin ban tổ chức thẻ mới."),
    "code_wrong": _l("Mã không đúng hoặc đã hết hạn. Xin ban tổ chức mã mới."),
    "no_owners_chosen": _l("Chưa chọn chủ hàng nào. Hãy đánh dấu rồi in lại."),
    # Showrooms and titles
    "title_unknown": _l("Không có danh hiệu hoặc cấp công nhận này."),
    "title_days_wrong": _l("Danh hiệu hết hạn trước ngày công nhận. Hãy xem lại hai ngày."),
    "title_day_missing": _l("Hãy ghi ngày công nhận, và ngày hết hạn nếu có, theo ngày/tháng/năm."),
    "title_there": _l("Danh hiệu này của ngày này đã được ghi rồi."),
    "decision_too_long": _l("Số quyết định dài quá %(most)s ký tự."),
    "not_a_showroom": _l("Đây là hội chợ, không phải điểm trưng bày, nên không giữ danh sách hàng trưng bày."),
    "no_goods_chosen": _l("Chưa chọn sản phẩm nào."),
    "no_ground": _l(
        "«%(name)s» chưa có căn cứ nào để trưng bày; cột «Căn cứ» nói vì sao. Muốn nhận ngoại lệ thì ghi lý do ở cuối trang."
    ),
    "admitted_already": _l("«%(name)s» đang trưng bày rồi."),
    "admission_day_wrong": _l(
        "Ngày nhận trưng bày không được ở tương lai, cũng không trước ngày thôi trưng bày lần trước."
    ),
    "withdrawal_day_wrong": _l("Ngày thôi trưng bày phải từ ngày nhận đến hôm nay."),
    "withdrawal_reason_missing": _l("Hãy ghi lý do thôi trưng bày."),
    "admission_reason_too_long": _l("Lý do dài quá %(most)s ký tự."),
}
