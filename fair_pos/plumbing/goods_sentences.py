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
    "owner_missing": _l("Hãy chọn chủ hàng: hàng nào cũng phải có chủ."),
    "owner_unknown": _l("Không có chủ hàng này. Hãy tải lại trang rồi chọn lại."),
    "place_missing": _l("Hãy chọn nơi (gian hàng hoặc kho) trong danh sách."),
    "same_place": _l("Nơi đi và nơi đến là một. Hãy chọn nơi đến khác."),
    "note_empty": _l("Phiếu chưa có món nào. Hãy ghi số lượng cho ít nhất một món."),
    "note_too_long": _l("Một phiếu nhiều nhất %(most)s dòng. Hãy chia thành nhiều phiếu."),
    "note_lines_wrong": _l("Chưa ghi gì: %(count)s dòng sai, trước hết là dòng %(line)s «%(name)s»."),
    "note_day_wrong": _l("Ngày %(day)s chưa đến nên không ghi lên phiếu được."),
    "signature_missing": _l("Chữ ký trên màn hình cần họ tên và nét ký. Hãy ký lại, hoặc chọn ký trên giấy."),
    "more_than_lies": _l(
        "%(count)s dòng lấy nhiều hơn số đang có trên sổ: %(names)s. Hãy đếm lại; nếu đúng như vậy thì đánh dấu rồi ghi."
    ),
    "more_than_set_aside": _l(
        "%(count)s dòng lấy nhiều hơn số hàng hỏng đang để riêng: %(names)s. Có người đã ghi phiếu trước; hãy mở lại «Hàng hỏng» để xem còn bao nhiêu."
    ),
    "note_received": _l("Hàng của phiếu %(number)s đã được %(name)s nhận lúc %(at)s. Không nhận lần nữa."),
    "received_elsewhere": _l("Hàng của phiếu %(number)s gửi đến nơi khác, không nhận ở đây được."),
    "note_cancelled": _l("Phiếu %(number)s đã được hủy bằng phiếu %(by)s."),
    "note_is_cancellation": _l("Đây là phiếu hủy nên không hủy được nữa. Hãy ghi một phiếu mới."),
    "note_reason_missing": _l("Hãy ghi lý do hủy, ít nhất %(least)s chữ."),
    "discrepancy_settled": _l("Chênh lệch của «%(name)s» đã được ghi rõ hết rồi."),
    "discrepancy_quantity_wrong": _l("Số lượng phải từ 1 đến đúng số còn chưa rõ của «%(name)s»."),
    "discrepancy_outcome_wrong": _l("Hãy chọn chuyện gì đã xảy ra với «%(name)s»; hàng nhận dư thì không thể mất."),
    "photo_unreadable": _l("Không đọc được ảnh này. Hãy chọn ảnh JPG, PNG hoặc WEBP dưới 50 triệu điểm ảnh."),
    "too_many_photos": _l("Mỗi dòng nhiều nhất %(most)s ảnh."),
    # Counts
    "count_empty": _l("Chưa ghi số nào. Hãy ghi số đếm được; hết hàng thì ghi 0."),
    "count_too_long": _l("Một lần kiểm có nhiều nhất %(most)s dòng. Hãy chia làm nhiều lần."),
    "counted_quantity_wrong": _l(
        "«%(name)s»: «%(value)s» không phải một số đếm. Hãy ghi số nguyên, hoặc số kg như 1,5."
    ),
    "counted_time_wrong": _l("Giờ đếm không đúng: phải là một lúc đã qua. Hãy sửa lại."),
    "count_changed": _l("«%(name)s»: vừa có đơn đến muộn nên chênh lệch đã khác. Hãy xem lại rồi bấm lần nữa."),
    "count_booked": _l("Lần kiểm này đã được ghi sổ, không còn gì để ghi."),
    "count_reason_missing": _l("Hãy ghi lý do chênh lệch."),
    "count_bearer_missing": _l("Hãy chọn bên chịu phần hàng thiếu."),
    "count_owner_unknown": _l(
        "«%(name)s» không có trong danh mục nên không biết là hàng của ai. Hãy bỏ dấu ở dòng này."
    ),
    "count_lot_unknown": _l("«%(name)s»: không rõ lô nên chưa ghi sổ được. Hãy bỏ dấu ở dòng này và kiểm lại."),
    "count_superseded": _l("«%(name)s» đã được kiểm lại sau đó và lần ấy đã ghi sổ. Lần này để xem thôi."),
    "count_older_first": _l("«%(name)s»: lần kiểm trước còn lệch. Hãy ghi sổ lần trước đã."),
    # Terms: split rules, fees, payout accounts
    "split_rate_over": _l("Tỷ lệ của chủ hàng phải từ 0 đến 100 %%. Phần còn lại là của bên bán. Hãy sửa lại tỷ lệ."),
    "split_rate_unread": _l("«%(value)s» không phải một tỷ lệ (ví dụ đúng: 80 hoặc 82,5). Hãy gõ lại."),
    "split_tiers_wrong": _l(
        "Các mức giá phải bắt đầu từ 0 và tăng dần, mỗi mức có một tỷ lệ, nhiều nhất %(most)s mức. Hãy sửa lại các mức."
    ),
    "split_unit_amount_wrong": _l("Số tiền bên bán giữ phải là số đồng lớn hơn 0 (ví dụ đúng: 5.000). Hãy gõ lại."),
    "split_days_wrong": _l("Ngày cuối phải từ ngày bắt đầu trở đi. Hãy sửa lại hai ngày."),
    "split_overlaps": _l(
        "Đã có tỷ lệ chia cho đúng các hàng này, từ %(first)s. Hãy bấm «Đổi hoặc kết thúc» ở dòng đó, hoặc chọn ngày khác."
    ),
    "split_settled": _l(
        "Bảng thanh toán đã lập giữ tỷ lệ của các ngày đến hết %(day)s. Ngày đầu tiên đổi được là %(first)s."
    ),
    "split_changes_past": _l(
        "Đến %(day)s đã bán hàng theo tỷ lệ khác; phiếu cũ giữ tỷ lệ cũ. Hãy chọn từ %(first)s trở đi."
    ),
    "split_has_sold": _l(
        "Đã bán hàng theo tỷ lệ này đến %(day)s nên không bỏ được. Hãy đổi hoặc kết thúc từ một ngày sau đó."
    ),
    "split_ended": _l("Tỷ lệ này đã bỏ rồi. Hãy tải lại trang."),
    "fee_amount_wrong": _l("Số tiền phải là số đồng lớn hơn 0 (ví dụ đúng: 200.000). Chỉ «Điều chỉnh» được ghi số âm."),
    "fee_cancelled": _l("Khoản này đã hủy rồi. Hãy tải lại trang."),
    "fee_settled": _l(
        "Khoản này đã nằm trong bảng thanh toán nên không hủy được. Hãy ghi một khoản «Điều chỉnh» từ %(first)s trở đi."
    ),
    "minimum_wrong": _l("Mức chi trả phải là số đồng từ 0 trở lên (ví dụ đúng: 100.000). Hãy gõ lại."),
    "payout_number_short": _l("Số tài khoản phải có ít nhất %(least)s ký tự. Hãy xem lại giấy của chủ hàng."),
    "payout_number_differs": _l(
        "Số tài khoản vừa gõ khác với đề nghị. Hãy xem lại giấy của chủ hàng; nếu đề nghị sai thì không duyệt."
    ),
    "payout_account_unreadable": _l(
        "Không mở được số tài khoản vì khóa dữ liệu đã đổi. Hãy không duyệt và đề nghị lại."
    ),
    # Statements and payouts
    "period_not_over": _l("Ngày %(day)s chưa hết nên chưa lập được bảng thanh toán. Hãy chọn một ngày đã qua."),
    "settled_until_later": _l("«%(name)s» đã có bảng thanh toán đến ngày %(day)s. Hãy chọn ngày sau đó."),
    "nothing_to_settle": _l("Không có gì mới để thanh toán đến ngày này."),
    "nothing_payable": _l("Bảng này không có tiền phải trả: số tiền được chuyển sang kỳ sau."),
    "paid_already": _l("Bảng này đã được ghi là đã trả. Hãy tải lại trang để xem."),
    "not_paid": _l("Bảng này chưa được ghi là đã trả."),
    "payout_reference_missing": _l("Hãy ghi mã giao dịch của lần chuyển khoản."),
    "none_paid": _l("Bảng %(number)s chưa ghi được, nên chưa ghi bảng nào cả."),
    "none_listed": _l("Bảng %(number)s chưa chuyển khoản được, nên chưa lập danh sách nào cả."),
    "none_ticked": _l("Hãy đánh dấu ít nhất một bảng."),
    "payout_account_missing": _l(
        "Chủ hàng này chưa có tài khoản nhận tiền đã được hai người duyệt. "
        "Hãy đề nghị và nhờ người thứ hai duyệt ở «Tài khoản chủ hàng», hoặc trả tiền mặt."
    ),
    "payout_account_changed": _l(
        "Tài khoản của chủ hàng đã đổi từ lúc bạn xem: bây giờ là %(bank)s •••• %(digits)s. Chưa ghi gì. "
        "Nếu tiền đã vào tài khoản cũ, hãy mở bảng này và chọn tài khoản đó khi ghi."
    ),
    "payout_account_lost": _l(
        "Không mở được số tài khoản vì khóa dữ liệu của máy chủ đã đổi. Hãy nhờ người quản trị đặt lại khóa cũ (DATA_KEY). "
        "Nếu mất khóa cũ: hỏi lại chủ hàng, đề nghị tài khoản và nhờ người thứ hai duyệt. Trong lúc chờ có thể trả tiền mặt."
    ),
    "payout_day_wrong": _l("Ngày trả phải sau kỳ thanh toán (%(day)s) và không muộn hơn hôm nay."),
    "reversal_reason_missing": _l("Hãy ghi lý do hủy lần trả này (ít nhất %(least)s chữ)."),
    # Cooperatives
    "member_code_taken": _l("Mã %(code)s đã có hộ khác dùng."),
    "member_days_wrong": _l("Ngày thôi phải từ ngày vào trở đi, và không sau hôm nay."),
    "member_name_missing": _l("Hãy ghi tên hộ và mã hộ."),
    "delivery_wrong": _l("Hãy ghi ngày giao (không sau hôm nay) và số kg hoặc số cái lớn hơn 0."),
    "delivery_undone": _l("Lần giao này đã được hủy rồi."),
    "delivery_not_member": _l("Ngày giao nằm ngoài thời gian hộ này là thành viên."),
    "shares_made": _l("Bảng này đã chia rồi. Đã chia thì không đổi nữa."),
    "shares_changed": _l("Số hàng giao đã đổi từ lúc bạn xem. Hãy xem lại số tiền dưới đây rồi chia."),
    "nothing_delivered": _l("Trong kỳ này chưa ghi lần giao hàng nào nên chưa chia được. Hãy ghi các lần giao trước."),
    "deliveries_mixed": _l("Trong kỳ này có hàng giao theo cân và hàng giao theo cái, không cộng được với nhau."),
    "nothing_to_share": _l("Bảng này không có tiền để chia: tiền đã chuyển sang kỳ sau."),
    "year_not_over": _l("Năm %(year)s chưa hết. Sang năm sau mới công bố được."),
    "bands_published": _l("Năm %(year)s đã công bố rồi."),
    "bands_hidden": _l(
        "Năm %(year)s chưa công bố được: khoảng nào cũng để người ngoài đoán ra thu nhập của vài hộ. Khi có thêm hộ được chia tiền, hãy xem lại."
    ),
    "bands_empty": _l("Năm %(year)s chưa chia tiền lần nào."),
    # Cards and codes of producers
    "nothing_chosen_to_share": _l("Chưa chọn số nào. Hãy đánh dấu ít nhất một số."),
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
