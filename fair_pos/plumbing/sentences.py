"""Every sentence that a code stands for; rules and actions speak in codes, people read these.

The Vietnamese text is the message id; English is in `fair_pos/translations/en`.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fair_pos.kernel.money import group_thousands, with_true_minus
from fair_pos.plumbing.fair_sentences import FAIR
from fair_pos.plumbing.goods_sentences import GOODS

SENTENCES: dict[str, LazyString] = {
    # Any page
    "refused": _l("Không làm được việc này. Hãy tải lại trang rồi thử lại."),
    "not_found": _l("Không tìm thấy. Địa chỉ có thể sai, hoặc bạn không có quyền xem mục này."),
    "fault": _l("Máy chủ gặp lỗi. Dữ liệu đã ghi vẫn an toàn. Hãy thử lại; nếu vẫn lỗi, báo mã %(number)s."),
    "wrong_shape": _l("Dữ liệu gửi lên không đúng mẫu (%(where)s). Hãy tải lại trang rồi thử lại."),
    "too_large": _l("Dữ liệu gửi lên quá lớn. Hãy chia nhỏ rồi gửi lại."),
    "not_for_pages": _l("Địa chỉ này chỉ dành cho máy bán hàng. Hãy về trang đầu."),
    "host_unknown": _l("Máy chủ này không có tên «%(host)s». Hãy mở bằng đúng địa chỉ của hệ thống."),
    "http_400": _l("Yêu cầu không hợp lệ hoặc trang đã mở quá lâu. Hãy tải lại trang rồi làm lại."),
    "http_401": _l("Hãy đăng nhập để xem trang này."),
    "http_403": _l("Yêu cầu đến từ một trang khác nên không được nhận. Hãy mở lại trang của hệ thống."),
    "http_404": _l("Không tìm thấy. Địa chỉ có thể sai, hoặc bạn không có quyền xem mục này."),
    "http_405": _l("Địa chỉ này không nhận cách gửi như vậy. Hãy quay lại và làm từ trang của hệ thống."),
    "http_413": _l("Tệp quá lớn. Hãy chia nhỏ rồi gửi lại."),
    "http_415": _l("Kiểu dữ liệu gửi lên không được nhận. Hãy quay lại và làm từ trang của hệ thống."),
    "http_429": _l("Thử quá nhiều lần. Hãy đợi một lát rồi thử lại."),
    "http_500": _l("Máy chủ gặp lỗi. Dữ liệu đã ghi vẫn an toàn. Hãy thử lại."),
    # Paper
    "printer_busy": _l("Nhiều phiếu đang được in cùng lúc. Hãy thử lại sau vài giây."),
    "printing_too_slow": _l(
        "Sau %(seconds)s giây chưa in xong bản PDF. Hãy thử lại lúc vắng khách, hoặc tải bản Word rồi in từ đó."
    ),
    # People
    "login_failed": _l("Sai tên đăng nhập hoặc mật khẩu. Hãy kiểm tra rồi thử lại."),
    "too_many_attempts": _l("Sai nhiều lần. Hãy đợi %(seconds)s giây rồi thử lại."),
    "old_password_wrong": _l("Mật khẩu đang dùng không đúng. Hãy gõ lại."),
    "login_name_taken": _l("Tên đăng nhập «%(login_name)s» đã có người dùng. Hãy chọn tên khác."),
    "login_name_invalid": _l("Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm, gạch ngang; từ 2 đến 100 ký tự."),
    "name_missing": _l("Hãy ghi họ và tên."),
    "password_too_short": _l("Mật khẩu cần ít nhất %(least)s ký tự."),
    "password_too_common": _l("Mật khẩu này quá dễ đoán. Hãy chọn mật khẩu khác."),
    "pin_invalid": _l("Mã PIN gồm 4 đến 6 chữ số."),
    "role_needs_scope": _l("Vai trò này cần một nơi. Hãy chọn hội chợ, gian hàng hoặc chủ thể."),
    # Venues
    "edition_days_wrong": _l("Ngày kết thúc phải sau hoặc trùng ngày bắt đầu."),
    "booth_code_taken": _l("Hội chợ này đã có gian «%(code)s». Hãy chọn mã khác."),
    "field_missing": _l("Còn thiếu: %(field)s. Hãy điền vào."),
    "field_too_long": _l("Quá dài: %(field)s (tối đa %(most)s ký tự). Hãy viết ngắn lại."),
    "day_invalid": _l("«%(value)s» không phải một ngày (ví dụ đúng: 24/11/2026)."),
    "edition_in_use": _l("Hội chợ này đã có máy bán hàng, phiếu bán hoặc đã đếm khách nên không ẩn được."),
    "edition_boundary_fixed": _l("Đã có phiếu bán hoặc lượt khách nên không đổi được giờ chuyển ngày."),
    "edition_hours_wrong": _l("Giờ đóng cửa phải sau giờ mở cửa (ví dụ đúng: 08:00 và 22:00)."),
    "edition_name_taken": _l("Đã có hội chợ «%(name)s» bắt đầu cùng ngày. Hãy đổi tên hoặc ngày."),
    "edition_frozen": _l(
        "Số liệu của hội chợ này đã khóa ngày %(day)s nên không sửa được nữa. Hãy ghi điều chỉnh ở trang «Số liệu công bố»."
    ),
    # Closing a day
    "day_not_of_edition": _l("Ngày %(day)s không thuộc hội chợ này nên không chốt được."),
    "day_not_begun": _l("Ngày %(day)s chưa đến nên chưa chốt được."),
    "day_still_open": _l(
        "Chưa đến giờ đóng cửa (%(at)s). Nếu vẫn muốn chốt, hãy đánh dấu «Chốt trước giờ đóng cửa» rồi bấm lại."
    ),
    "tablets_late": _l(
        "%(count)s máy chưa gửi hết: %(names)s. Hãy đợi, hoặc đánh dấu «Chốt khi còn máy chưa gửi» rồi bấm lại."
    ),
    "day_signed_already": _l("Ngày này đã được %(name)s chốt lúc %(at)s. Không cần chốt nữa."),
    "day_not_signed": _l("Ngày này đang mở, không có bảng chốt nào để mở lại."),
    "reopen_reason_missing": _l("Hãy ghi lý do mở lại, ít nhất %(least)s chữ."),
    "till_rules_wrong": _l(
        "Mức tiền phải từ 0 đến 1 tỷ đồng, phần trăm từ 0 đến 100, làm tròn 0, 500 hoặc 1.000 đồng."
    ),
    "programme_day_wrong": _l("Hãy chọn một ngày của hội chợ."),
    "programme_time_wrong": _l("Hãy ghi giờ bắt đầu (ví dụ đúng: 19:30)."),
    "programme_item_there": _l("«%(title)s» đã có ở đúng giờ này."),
    "booth_columns_missing": _l("Thiếu cột bắt buộc: %(columns)s. Hãy thêm cột rồi tải lên lại."),
    "booth_rows_wrong": _l("Có %(count)s lỗi trong tệp nên chưa nhập dòng nào. Hãy sửa rồi tải lên lại."),
    "booth_file_empty": _l("Tệp không có dòng gian hàng nào. Hãy thêm rồi tải lên lại."),
    "too_many_booths": _l("Tệp có %(count)s dòng, nhiều nhất là %(most)s gian hàng. Hãy chia nhỏ rồi tải lên lại."),
    "booth_code_invalid": _l("Mã gian hàng chỉ gồm chữ, số, dấu chấm, gạch ngang; tối đa 20 ký tự (ví dụ: A12)."),
    # Till
    "pairing_code_unknown": _l("Mã ghép máy không đúng, đã dùng hoặc đã hết hạn. Hãy xin mã mới."),
    "may_not_sell_here": _l("Người này không có quyền bán ở gian này. Hãy hỏi ban tổ chức."),
    "device_unknown": _l("Máy chủ không nhận ra máy này. Hãy xin mã ghép mới."),
    "device_revoked": _l("Máy bán hàng này đã bị ngừng ghép. Hãy xin mã ghép mới."),
    "sales_waiting": _l("Còn %(waiting)s đơn chưa gửi. Hãy gửi hết rồi làm lại."),
    "waiting_file_unreadable": _l("Đây không phải tệp đơn chờ của máy bán hàng. Hãy lưu lại từ máy rồi thử lại."),
    # Payments
    "account_number_invalid": _l("Số tài khoản chỉ gồm chữ và số, tối đa 19 ký tự."),
    "bank_unknown": _l("Hãy chọn ngân hàng trong danh sách."),
    "account_unchanged": _l("Đề nghị giống hệt điều đang dùng nên không ghi gì."),
    "change_open": _l("Đã có một đề nghị đang chờ duyệt cho gian hàng hoặc chủ thể này."),
    "change_decided": _l("Đề nghị này đã được duyệt hoặc đã bỏ."),
    "same_person": _l("Người đề nghị không tự duyệt được. Hãy nhờ một người khác duyệt."),
    "nothing_to_undo": _l("Khoản này chưa được xác nhận nên không có gì để bỏ."),
    "statement_empty": _l("Tệp không có bảng sao kê nào."),
    "statement_columns_missing": _l("Hãy chọn cột ngày giao dịch, số tiền ghi có và nội dung."),
    "statement_gone": _l("Tệp đã chờ quá một giờ hoặc đã được nhập. Hãy tải tệp lên lại."),
    "receipt_unknown": _l("Không có khoản chuyển khoản nào còn chờ tiền trên phiếu «%(number)s» của hội chợ này."),
    "line_settled": _l("Khoản này đã có người xử lý."),
    # Labels
    "labels_nothing_chosen": _l(
        "Chưa chọn món nào. Hãy đánh dấu các món cần in, hoặc bấm «In cả … món trong danh sách»."
    ),
    "labels_kind_missing": _l("Hãy chọn loại nhãn."),
    "labels_copies_wrong": _l("Số nhãn «%(value)s» không đúng. Hãy ghi một số từ 1 đến %(most)s."),
    "labels_start_wrong": _l("Tờ này có %(most)s ô; «%(value)s» không phải một ô của nó. Hãy ghi từ 1 đến %(most)s."),
    "labels_too_many": _l("Mỗi lần in nhiều nhất %(most)s nhãn, ở đây là %(count)s. Hãy lọc bớt rồi in nhiều lần."),
    "labels_address_too_long": _l(
        "Mã QR trên nhãn không chứa hết địa chỉ trang của «%(name)s»: tên dài quá. Hãy bỏ món này rồi in các món khác."
    ),
    "labels_goods_gone": _l("%(count)s món đã đánh dấu không còn bán ở đây. Hãy xem lại danh sách rồi in."),
    # Printers
    "printer_address_invalid": _l(
        "Địa chỉ máy in phải là địa chỉ IP trong mạng nội bộ (ví dụ 192.168.1.50), cổng từ 9100 đến 9109."
    ),
    "paper_width_invalid": _l("Hãy chọn khổ giấy 58 hoặc 80 mm."),
    "printer_taken": _l("Hội chợ này đã có một máy in ở địa chỉ và cổng này."),
    "no_printer": _l("Gian này chưa có máy in nào mà máy chủ tới được. Hãy in từ máy bán hàng."),
    "too_many_print_jobs": _l("Đã có %(most)s giấy chờ máy in này. Hãy xem máy in trước."),
    "print_job_waiting": _l("Giấy này còn đang chờ máy in."),
    # The fair: visitors, boards, plan, published figures
    **FAIR,
    # Goods, their owners and what these are owed
    **GOODS,
    # Import
    "file_unreadable": _l("Không đọc được tệp này. Hãy dùng tệp CSV (UTF-8) hoặc XLSX."),
    "too_many_rows": _l("Tệp sẽ có hơn %(rows)s dòng nên không tạo được. Hãy chọn một ngày hoặc một gian hàng."),
    "file_empty": _l("Tệp không có dòng sản phẩm nào. Hãy thêm rồi tải lên lại."),
    "file_too_large": _l("Tệp quá lớn (tối đa %(rows)s dòng). Hãy chia nhỏ rồi tải lên lại."),
    "columns_missing": _l("Thiếu cột bắt buộc: %(columns)s. Hãy thêm cột rồi tải lên lại."),
    "rows_wrong": _l("Có %(count)s lỗi trong tệp nên chưa nhập dòng nào. Hãy sửa rồi tải lên lại."),
    "upload_gone": _l("Tệp đã chờ quá một giờ hoặc đã được nhập. Hãy tải tệp lên lại."),
    # Prices, packs and barcodes
    "price_not_yours": _l("Bạn không có quyền đổi giá. Hãy nhờ ban tổ chức."),
    "price_wrong": _l("Giá phải là số đồng lớn hơn 0 và không quá 1 tỷ (ví dụ đúng: 220.000)."),
    "pack_wrong": _l("Hãy ghi quy cách kèm số lượng (ví dụ: Thùng 12 chai, hàng cân: Gói 500 g) và giá của nó."),
    "barcode_wrong": _l("«%(value)s» không phải mã vạch đúng; hãy xem lại các chữ số."),
    "barcode_taken": _l("Mã vạch «%(code)s» đã dùng cho «%(name)s»."),
    "measure_fixed": _l("«%(name)s» đã có; cách bán (theo cái hay theo cân) không đổi được. Hãy tạo mặt hàng khác."),
    "producer_unknown": _l("Chủ thể không có trong danh sách. Hãy tải lại trang rồi chọn lại."),
}

FIELDS: dict[str, LazyString] = {
    "series": _l("tên chuỗi hội chợ"),
    "edition_name": _l("tên hội chợ"),
    "place": _l("địa điểm"),
    "starts_day": _l("ngày bắt đầu"),
    "booth_code": _l("mã gian hàng"),
    "booth_name": _l("tên gian hàng"),
    "zone": _l("khu"),
    "title": _l("tên hoạt động"),
    "day": _l("ngày"),
    "holder": _l("tên chủ tài khoản"),
    "fee_words": _l("khoản này là gì"),
    "reason": _l("lý do"),
    "note": _l("ghi chú"),
}

ROWS: dict[str, LazyString] = {
    # What keeps a product file from being imported
    "cell_missing": _l("thiếu «%(column)s»"),
    "cell_too_long": _l("«%(column)s» dài quá %(most)s ký tự"),
    "price_not_money": _l("giá «%(value)s» không phải số tiền (hãy ghi đủ số đồng, ví dụ 220.000)"),
    "price_out_of_range": _l("giá «%(value)s» phải lớn hơn 0 và không quá 1 tỷ đồng"),
    "stars_unknown": _l("số sao «%(value)s» phải là 3, 4, 5 hoặc để trống"),
    "group_unknown": _l("nhóm «%(value)s» không phải một trong sáu nhóm OCOP"),
    "kind_unknown": _l("loại hình chủ thể «%(value)s» không có trong danh sách"),
    "vat_unknown": _l("thuế «%(value)s» phải là 0, 5, 8, 10, KCT, KKKNT hoặc để trống"),
    "day_unknown": _l("ngày «%(value)s» không đúng (hãy ghi ngày/tháng/năm, ví dụ 29/11/2023)"),
    "sold_by_unknown": _l("«%(value)s» không phải cách bán (hãy ghi «cái» hoặc «cân»)"),
    "barcode_wrong": _l("mã vạch «%(value)s» không đúng; nhiều mã cách nhau bằng dấu chấm phẩy"),
    "barcode_repeated": _l("mã vạch «%(value)s» đã có ở dòng %(first)s"),
    "packs_wrong": _l(
        "quy cách «%(value)s» cần số lượng trong tên (ví dụ: Thùng 12 chai) và giá riêng cho từng quy cách"
    ),
    "title_not_known": _l("không có danh hiệu «%(value)s»; các danh hiệu có thể ghi: %(known)s"),
    "title_level_not_known": _l("danh hiệu «%(value)s» thiếu cấp; hãy ghi một trong: %(known)s"),
    "title_day_not_read": _l(
        "danh hiệu «%(value)s» cần ngày hoặc năm được công nhận (ví dụ: Sản phẩm chủ lực cấp tỉnh 29/11/2023)"
    ),
    "title_days_turned": _l("danh hiệu «%(value)s» hết hạn trước ngày được công nhận"),
    "title_decision_long": _l("danh hiệu «%(value)s»: số quyết định dài quá %(most)s ký tự"),
    "row_repeated": _l("«%(name)s» trùng với dòng %(first)s (cùng chủ thể, tên và đơn vị tính)"),
    # What keeps a register of booths from being imported
    "booth_code_wrong": _l("mã gian «%(value)s» chỉ được gồm chữ, số, dấu chấm, gạch ngang, tối đa 20 ký tự"),
    "booth_repeated": _l("gian «%(value)s» đã có ở dòng %(first)s; hãy bỏ bớt một dòng"),
    "producer_not_listed": _l("không có chủ thể «%(value)s»; hãy sửa cho đúng tên hoặc nhập danh mục sản phẩm trước"),
    "producer_ambiguous": _l("có nhiều chủ thể tên «%(value)s»; hãy ghi kèm nơi: %(places)s"),
    # What does not
    "price_small": _l("giá chỉ %(value)s ₫; hãy xem có thiếu ba số 0 không"),
    "stars_without_day": _l("có %(stars)s sao nhưng thiếu ngày cấp nên chưa hiện sao"),
    "title_year_only": _l("danh hiệu «%(value)s» chỉ có năm nên tính từ 01/01 năm đó"),
    "day_without_stars": _l("có ngày cấp %(value)s nhưng thiếu số sao nên chưa ghi giấy chứng nhận"),
}

ODDITIES: dict[str, LazyString] = {
    "total_differs": _l("Tổng tiền máy gửi %(sent)s ₫, cộng lại các dòng được %(computed)s ₫."),
    "line_differs": _l("Dòng %(line)s: tính lại được %(computed)s ₫, máy gửi %(sent)s ₫."),
    "discount_exceeds_line": _l("Dòng %(line)s: giảm %(sent)s ₫, nhiều hơn tiền hàng %(computed)s ₫."),
    "rounding_differs": _l("Làm tròn %(sent)s ₫ không đúng cách, tổng đơn là %(total)s ₫."),
    "payments_differ": _l("Tiền trả %(sent)s ₫ khác tổng đơn %(computed)s ₫."),
    "price_differs": _l("«%(name)s»: bán giá %(sent)s ₫, bảng giá số %(version)s ghi %(listed)s ₫."),
    "price_changed": _l("«%(name)s»: người bán đổi giá từ %(old)s ₫ thành %(new)s ₫ (lý do: %(reason)s)."),
    "price_changed_without_right": _l("«%(name)s»: đổi giá từ %(old)s ₫ thành %(new)s ₫ mà không có quyền."),
    "discount_above_limit": _l("«%(name)s»: giảm %(sent)s ₫ trên %(gross)s ₫, quá mức %(limit)s %% của người bán."),
    "discount_reason_missing": _l("«%(name)s»: giảm giá mà không ghi lý do."),
    "borne_by_missing": _l("«%(name)s»: giảm giá mà không ghi bên nào chịu."),
    "pack_unknown": _l("«%(name)s»: quy cách đóng gói không có trong danh mục."),
    "lot_unknown": _l("«%(name)s»: lô hàng mà máy ghi không có trong sổ kho."),
    "lot_expired": _l("«%(name)s»: bán lô %(lot)s đã hết hạn ngày %(day)s (lý do: %(reason)s)."),
    "pack_size_differs": _l("«%(name)s»: máy ghi mỗi gói %(sent)s đơn vị, danh mục ghi %(listed)s."),
    "measure_differs": _l("«%(name)s»: bán theo cân hay theo cái không khớp với danh mục."),
    "refund_above_limit": _l("Trả lại %(sent)s ₫, quá mức %(limit)s ₫ mà không có người thứ hai ký."),
    "giveaway_not_free": _l("«%(name)s»: hàng tặng mà máy ghi có thu tiền hoặc giảm giá."),
    "price_list_unknown": _l("Bảng giá số %(version)s chưa từng có."),
    "count_lot_unknown": _l("Kiểm hàng: «%(name)s» ghi một lô không có hoặc của hàng khác."),
    "count_never_stocked": _l("Kiểm hàng: đếm được «%(name)s» %(quantity)s, mà nơi này chưa từng có hàng ấy."),
    "product_unknown": _l("Mặt hàng «%(name)s» không có trong danh mục."),
    "producer_differs": _l("«%(name)s»: chủ thể máy gửi khác chủ thể trong danh mục."),
    "booth_differs": _l("Máy ghi gian hàng khác với gian hàng đã ghép."),
    "person_unknown": _l("Không rõ người bán."),
    "person_may_not_sell": _l("Người bán không có hoặc không còn quyền bán ở gian này khi bán đơn này."),
    "outside_edition": _l("Ngày %(day)s nằm ngoài thời gian của hội chợ."),
    "before_opening": _l("Ngày %(day)s trước ngày khai trương của điểm trưng bày (%(opening)s)."),
    "clock_off": _l("Giờ máy bán hàng sai. Đã tính theo giờ máy chủ."),
    "fair_day_differs": _l("Ngày hội chợ trên phiếu là %(sent)s, tính lại là %(computed)s."),
    "number_reused": _l("Số phiếu %(number)s đã dùng cho đơn khác."),
    "sequence_reused": _l("Số thứ tự %(seq)s của máy đã dùng cho đơn khác."),
    "chain_hash_wrong": _l("Mã kiểm của đơn không khớp với nội dung."),
    "chain_hash_missing": _l("Đơn không có mã kiểm."),
    "chain_link_wrong": _l("Đơn không nối tiếp đúng đơn trước của máy."),
    "device_was_revoked": _l("Máy đã bị ngừng ghép khi gửi đơn này."),
    "session_unknown": _l("Việc về ngăn kéo không ghi thuộc ca nào."),
    "float_differs": _l("Tiền đầu ca máy ghi %(sent)s ₫, cộng các tờ tiền là %(computed)s ₫."),
    "counted_differs": _l("Tiền đếm được máy ghi %(sent)s ₫, cộng các tờ tiền là %(computed)s ₫."),
    "expected_differs": _l("Kết ca: máy tính ngăn kéo phải có %(sent)s ₫, máy chủ tính %(computed)s ₫."),
    "covered_differs": _l("Kết ca: máy ghi %(sent)s phiếu, máy chủ có %(computed)s phiếu của ca."),
    "close_unexplained": _l("Kết ca chênh lệch %(difference)s ₫ mà không ghi lý do."),
    "close_second_missing": _l("Kết ca chênh lệch %(difference)s ₫, quá mức %(limit)s ₫ mà không có người thứ hai ký."),
    "z_number_reused": _l("Số phiếu kết ca Z %(number)s của máy đã dùng cho lần kết ca khác."),
    "z_number_skipped": _l("Số phiếu kết ca là Z %(number)s, đúng ra là Z %(expected)s."),
    "session_overlaps": _l("Mở ngăn kéo khi ca trước chưa kết."),
    "session_not_open": _l("Kết một ca không phải ca đang mở."),
    "session_closed_already": _l("Ghi vào một ca đã kết rồi."),
    "refund_original_unknown": _l("Không tìm thấy đơn gốc của phiếu trả hàng."),
    "refund_exceeds_sale": _l("«%(name)s»: trả lại nhiều hơn số hàng hoặc số tiền đã bán."),
    "refund_of_unconfirmed": _l(
        "Đã trả tiền mặt cho khoản chuyển chưa xác nhận: %(sent)s ₫ của phiếu %(number)s. Hãy tìm tiền trong sao kê."
    ),
}

APPROVED: dict[str, LazyString] = {
    # The same when a second person entered their PIN for it: nobody is to be asked what somebody else allowed
    "price_changed": _l("«%(name)s»: đổi giá từ %(old)s ₫ thành %(new)s ₫, %(second)s đồng ý (lý do: %(reason)s)."),
    "price_changed_without_right": _l(
        "«%(name)s»: đổi giá từ %(old)s ₫ thành %(new)s ₫; cả người bán và %(second)s đều không có quyền."
    ),
}

QUARANTINE: dict[str, LazyString] = {
    "not_json": _l("Nội dung không đọc được."),
    "wrong_shape": _l("Nội dung không đúng mẫu của một đơn hàng."),
    "id_mismatch": _l("Mã trên gói và trong đơn khác nhau."),
    "id_reused": _l("Mã đơn đã dùng cho một đơn có nội dung khác."),
    "too_long": _l("Nội dung dài quá mức của một đơn hàng."),
}


BANK_LINES: dict[str, LazyString] = {
    # Why money that came in waits for a person, and what became of the rest
    "confirmed": _l("Khớp với phiếu."),
    "same": _l("Cùng một khoản tiền, nguồn khác đã báo trước."),
    "underpaid": _l("Ít tiền hơn phiếu. Hãy thu thêm hoặc trả lại."),
    "overpaid": _l("Nhiều tiền hơn phiếu. Hãy trả lại phần thừa."),
    "twice": _l("Phiếu này đã nhận đủ tiền; khách có thể đã chuyển hai lần."),
    "cancelled": _l("Phiếu này đã hủy; cần trả lại tiền."),
    "other_account": _l("Tiền vào tài khoản khác với tài khoản trên phiếu."),
    "account_unknown": _l("Tài khoản nhận không phải của hội chợ nào."),
    "several": _l("Nội dung hợp với nhiều phiếu."),
    "code_unknown": _l("Mã trong nội dung chưa thuộc phiếu nào; phiếu có thể chưa gửi lên."),
    "no_code": _l("Nội dung không có mã của phiếu."),
    "undone": _l("Xác nhận đã bị bỏ."),
}

UNPLACED: dict[str, LazyString] = {
    "sale_unknown": _l("Phiếu chưa gửi lên máy chủ."),
    "no_transfer": _l("Phiếu không trả bằng chuyển khoản."),
    "other_booth": _l("Phiếu của gian hàng khác."),
}


PRINT_TROUBLES: dict[str, LazyString] = {
    "unreachable": _l("Không thấy máy in. Xem máy đã bật, dây mạng hoặc Wi-Fi đã nối, địa chỉ IP đúng chưa."),
    "refused": _l("Có máy ở địa chỉ này nhưng không nhận giấy in. Xem lại địa chỉ và cổng, hoặc tắt rồi bật máy in."),
    "cut_off": _l("Máy in ngắt giữa chừng; có thể một phần giấy đã ra. Xem điện và dây mạng."),
    "stalled": _l("Máy in không nhận tiếp. Xem giấy đã hết, nắp còn mở hay giấy bị kẹt không."),
    "too_late": _l("Chờ quá 10 phút chưa tới lượt nên không in nữa."),
    "printer_removed": _l("Máy in đã bị bỏ khi giấy còn chờ."),
    "not_drawn": _l("Không vẽ được phiếu này thành giấy in. Hãy mở phiếu và in bản sao."),
}


def print_trouble_sentence(trouble: str) -> str:
    """Why a paper did not come out, and what to look at."""
    return str(PRINT_TROUBLES[trouble])


ODD_TAPS: dict[str, LazyString] = {
    "clock_off": _l("Giờ điện thoại sai. Đã tính theo giờ máy chủ nhận được."),
    "was_revoked": _l("Gửi lên sau khi điện thoại bị ngừng ghép."),
    "outside_edition": _l("Ngày nằm ngoài thời gian của hội chợ."),
    "way_not_counted": _l("Bấm chiều mà cổng này không đếm."),
    "undo_again": _l("Bỏ một lượt đã bỏ rồi; chỉ bỏ một lần."),
    "undo_foreign": _l("Bỏ lượt của máy khác; không có tác dụng."),
}


def odd_tap_sentence(code: str) -> str:
    """What is odd about a tap."""
    return str(ODD_TAPS[code])


def bank_line_sentence(state: str) -> str:
    """What is to be said about a line of the bank."""
    return str(BANK_LINES[state])


def unplaced_sentence(why: str) -> str:
    """Why what a tablet saw confirms nothing."""
    return str(UNPLACED[why])


def sentence(code: str, facts: Mapping[str, str | int]) -> str:
    """The sentence for a refusal. A fact left out shows as «?» rather than hiding the sentence."""
    named = {name: str(FIELDS.get(str(value), value)) if name == "field" else value for name, value in facts.items()}
    return fill(SENTENCES[code] if code in SENTENCES else SENTENCES["refused"], named)


def row_sentence(number: int, code: str, facts: Mapping[str, str | int]) -> str:
    """What is to be said about a row of a product file: «Dòng 14: giá «abc» không phải số tiền …»."""
    return fill(_l("Dòng %(number)s: %(remark)s."), {"number": number, "remark": fill(ROWS[code], facts)})


def oddity_sentence(code: str, facts: Mapping[str, str | int], *, second: str = "") -> str:
    """What is odd about a sale, in words; whole numbers among the facts are written with dots for thousands.

    `second` is the name of the person who agreed to the sale beside its seller, if one did.
    """
    shown = {
        name: with_true_minus(group_thousands(fact)) if isinstance(fact, int) else fact for name, fact in facts.items()
    }
    words = APPROVED[code] if second and code in APPROVED else ODDITIES[code]
    return fill(words, {**shown, "second": second})


def quarantine_sentence(reason: str) -> str:
    """Why a parcel could not be read, in words."""
    return str(QUARANTINE[reason])


class _Known(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return "?"


def fill(text: LazyString, facts: Mapping[str, str | int]) -> str:
    """Put the facts into the blanks."""
    return str(text) % _Known(facts)
