from __future__ import annotations

from datetime import date

from flask import Flask

from fair_pos.showroom.rules import Ground, Lack
from fair_pos.showroom.words import ground_words, lack_words

DAY = date(2024, 12, 31)


def test_grounds_are_said_with_their_last_day(app: Flask) -> None:
    with app.test_request_context():
        assert ground_words(Ground("ocop", 4, DAY, "")) == "OCOP 4 sao, đến 31/12/2024"
        assert ground_words(Ground("chu_luc", 0, None, "")) == "Sản phẩm chủ lực, không ghi ngày hết hạn"


def test_each_lack_says_what_and_since_when(app: Flask) -> None:
    with app.test_request_context():
        assert lack_words(Lack("no_stars")) == "chưa có sao OCOP"
        assert lack_words(Lack("few_stars", DAY, 2)) == "OCOP mới được 2 sao, cần từ 3 sao"
        assert lack_words(Lack("stars_ended", DAY, 3)) == "3 sao OCOP đã hết hạn ngày 31/12/2024"
        assert lack_words(Lack("stars_not_yet", DAY, 3)) == "3 sao OCOP chỉ có từ ngày 31/12/2024"
        assert lack_words(Lack("no_title")) == "chưa có danh hiệu nào khác"
        ended = lack_words(Lack("title_ended", DAY, kind="dac_san"))
        assert ended == "danh hiệu «Đặc sản địa phương» đã hết hạn ngày 31/12/2024"
        coming = lack_words(Lack("title_not_yet", DAY, kind="dac_san"))
        assert coming == "danh hiệu «Đặc sản địa phương» chỉ có từ ngày 31/12/2024"
