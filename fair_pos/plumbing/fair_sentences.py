"""Sentences of refusals about visitors, boards, plans and published figures (plumbing/sentences.py says how they are used)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

FAIR: dict[str, LazyString] = {
    # Visitors
    "gate_name_taken": _l("Hội chợ này đã có cổng «%(name)s». Hãy chọn tên khác."),
    "gate_name_missing": _l("Hãy ghi tên cổng, tối đa 100 ký tự."),
    "gate_closed": _l("Cổng này đã đóng. Hãy mở lại cổng rồi mới ghép điện thoại."),
    "taps_file_unreadable": _l("Đây không phải tệp lượt đếm của điện thoại ở cổng. Hãy lưu lại từ máy rồi thử lại."),
    "crowd_rule_wrong": _l("Sức chứa từ 1 đến 1 triệu người, tỷ lệ vào lại từ 0 đến 90 %%; chưa biết thì để trống."),
    "gate_code_unknown": _l("Mã ghép không đúng, đã dùng hoặc đã hết hạn. Hãy xin mã mới."),
    "gate_device_unknown": _l("Máy chủ không nhận ra điện thoại này. Hãy xin mã ghép mới."),
    "gate_device_revoked": _l("Điện thoại này đã bị ngừng ghép. Hãy xin mã ghép mới."),
    "taps_waiting": _l("Còn %(waiting)s lượt chưa gửi. Hãy gửi hết rồi làm lại."),
    "people_wrong": _l("Số người phải là số nguyên, không quá 1 triệu (ví dụ đúng: 120)."),
    "correction_reason_missing": _l("Hãy ghi lý do điều chỉnh, tối đa 300 ký tự."),
    "more_than_counted": _l("Không bớt %(people)s được: giờ đó chỉ đếm %(counted)s. Hãy xem lại cổng, giờ và chiều."),
    "not_counted_here": _l("Cổng này không đếm chiều đó. Hãy chọn cổng khác hoặc sửa cách đếm của cổng."),
    "day_not_of_fair": _l("Hãy chọn một ngày của hội chợ, không sau hôm nay, và giờ từ 0 đến 23."),
    "count_source_wrong": _l("Hãy ghi tên nguồn, số nguyên và hệ số từ 0,01 đến 100 (ví dụ: Bãi xe, 3.050, 1,7)."),
    "counter_columns_missing": _l("Hãy chọn cột thời gian và cột lượt vào."),
    "counter_file_gone": _l("Tệp đã chờ quá một giờ hoặc đã được nhập. Hãy tải tệp lên lại."),
    "counter_file_empty": _l("Tệp không có dòng số đếm nào."),
    # Boards
    "display_unknown": _l("Máy chủ không nhận ra màn hình này. Hãy mở lại bằng địa chỉ ban tổ chức đưa."),
    "display_revoked": _l("Ban tổ chức đã ngừng màn hình này. Muốn dùng lại, hãy xin địa chỉ mới."),
    "display_name_missing": _l("Hãy ghi tên màn hình, tối đa 100 ký tự (ví dụ: Cửa chính)."),
    # Plan
    "plan_changed": _l("Có người đã lưu sơ đồ bản số %(version)s sau khi bạn mở trang này. Chưa lưu sơ đồ của bạn."),
    "plan_length_wrong": _l("Gian %(booth)s: hãy ghi số mét, ví dụ 12,5. Để trống cả bốn ô nếu chưa xếp gian này."),
    "plan_size_wrong": _l("Sơ đồ phải rộng và dài từ %(least)s đến %(most)s mét."),
    # Published figures
    "frozen_already": _l(
        "Số liệu của hội chợ này đã được khóa. Hãy tải lại trang để xem; muốn sửa, hãy ghi điều chỉnh."
    ),
    "fair_not_over": _l(
        "Hội chợ còn bán đến %(over_at)s nên chưa khóa số liệu được. Nếu kết thúc sớm, hãy nhờ quản trị viên sửa ngày cuối trước."
    ),
    "nothing_to_freeze": _l("Hội chợ này chưa có phiếu bán hay lượt khách nào để khóa. Hãy ghi số theo nguồn."),
    "edition_without_end": _l("Điểm trưng bày bán quanh năm, không có ngày kết thúc nên không khóa số liệu được."),
    "open_not_ticked": _l("Còn %(count)s điều chưa xong. Hãy đánh dấu từng điều để xác nhận đã biết, rồi khóa."),
    "figures_not_frozen": _l("Số liệu chưa khóa nên chưa có gì để điều chỉnh."),
    "own_figure": _l("Hệ thống tự tính được số này nên không ghi số khác bên cạnh. Hãy khóa số liệu rồi điều chỉnh."),
    "figure_wrong": _l("«%(value)s» không phải số đúng (ví dụ đúng: 54.000; tiền: 6.800.000.000 hoặc 6,8 tỷ)."),
    "figure_unchanged": _l("Không có số nào thay đổi nên không ghi gì."),
    "published_meanwhile": _l("Số liệu vừa thay đổi trong lúc bạn xem. Hãy xem lại số mới rồi làm lại."),
    "publish_reason_short": _l("Hãy ghi lý do, từ %(least)s đến %(most)s ký tự."),
    "publish_source_missing": _l("Hãy ghi nguồn của số liệu (báo nào, báo cáo nào), từ %(least)s đến %(most)s ký tự."),
}
