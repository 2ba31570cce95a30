from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from fair_pos.final_report.facts import Happening
from fair_pos.final_report.forms import Said
from fair_pos.final_report.rules import Paragraph, Plot, Table
from fair_pos.final_report.wording import MOST_HAPPENINGS, happening_name, sentences_of
from fair_pos.published.rules import Entry, Published
from fair_pos.reports.rules import Figure
from tests.final_report.samples import AT, FIRST, NASTY, badge, day_facts, facts, figure_tables, report, words_of

SAID = Said(
    parent="UBND tỉnh Lai Châu", agency="Sở Nông nghiệp và Môi trường", number="7", symbol="SNNMT", place="Lai Châu", signed_day=date(2026, 2, 5),
    addressees=("Bộ Nông nghiệp và Môi trường",), assessment=("Đạt.",), shortcomings=("Mưa.",), proposals=("Tổ chức lại.", "Mở rộng."),
    recipients=("- UBND tỉnh;", "Lưu trữ."), authority="KT. Giám đốc", office="Phó Giám đốc", name="Vừ A Dua",
)  # fmt: skip


def test_the_head_is_that_of_decree_30(app: Flask) -> None:
    head = report(app, said=SAID).head
    assert (head.country, head.motto) == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    assert (head.parent, head.agency) == ("UBND tỉnh Lai Châu", "Sở Nông nghiệp và Môi trường")
    assert head.number == "Số: 07/BC-SNNMT"
    assert head.place_and_day == "Lai Châu, ngày 05 tháng 02 năm 2026"
    assert (head.kind, head.subject) == ("BÁO CÁO", "Tổng kết Tuần lễ OCOP 2026")
    assert head.addressees == ("Bộ Nông nghiệp và Môi trường",)


def test_what_is_left_open_has_room_to_be_written(app: Flask) -> None:
    made = report(app)
    assert made.head.number == "Số: ……/BC-BTC"
    assert made.head.place_and_day == "……, ngày … tháng … năm 2026"
    assert made.head.agency == "Ban tổ chức Tuần lễ OCOP 2026"
    assert (made.foot.authority, made.foot.office, made.foot.name) == ("TM. Ban tổ chức", "Trưởng ban", "")
    assert made.foot.sign_here
    assert made.foot.recipients == ("……;", "Lưu: VT.")
    blanks = [
        block for part in made.parts for block in part.blocks if isinstance(block, Paragraph) and block.style == "blank"
    ]
    assert len(blanks) == 9


def test_recipients_end_as_the_decree_wants(app: Flask) -> None:
    foot = report(app, said=SAID).foot
    assert foot.recipients == ("Như trên;", "UBND tỉnh;", "Lưu trữ;", "Lưu: VT.")
    assert (foot.authority, foot.office, foot.sign_here, foot.name) == ("KT. Giám đốc", "Phó Giám đốc", "", "Vừ A Dua")


def test_a_number_that_is_none_stays_as_it_was_written(app: Flask) -> None:
    assert report(app, said=replace(SAID, number="12a")).head.number == "Số: 12a/BC-SNNMT"


def test_annexes_name_the_report_they_belong_to(app: Flask) -> None:
    made = report(app, said=SAID)
    assert (
        made.annex_reference
        == "(Kèm theo Báo cáo số 07/BC-SNNMT ngày 05 tháng 02 năm 2026 của Sở Nông nghiệp và Môi trường)"
    )
    assert [annex.number for annex in made.annexes] == ["I", "II", "III"]
    assert "Phụ lục III" in words_of(made)


def test_the_four_parts_with_what_the_organiser_wrote(app: Flask) -> None:
    made = report(app, said=SAID)
    assert [(part.number, part.title) for part in made.parts] == [
        ("I", "Tình hình chung"), ("II", "Kết quả"), ("III", "Đánh giá"), ("IV", "Kiến nghị, đề xuất"),
    ]  # fmt: skip
    texts = [getattr(block, "text", "") for block in made.parts[2].blocks]
    assert texts[-4:] == ["2. Kết quả đạt được", "Đạt.", "3. Tồn tại, hạn chế và nguyên nhân", "Mưa."]
    texts = [getattr(block, "text", "") for block in made.parts[3].blocks]
    assert texts == ["Tổ chức lại.", "Mở rộng.", "Trên đây là báo cáo tổng kết Tuần lễ OCOP 2026./."]


def test_the_situation(app: Flask) -> None:
    text = words_of(report(app))
    for sentence in (
        "Tuần lễ OCOP 2026 diễn ra tại Công viên Lê Thị Riêng từ ngày 20/11/2026 đến ngày 21/11/2026 (2 ngày), mở cửa từ 08 giờ 00 đến 22 giờ 00.",
        "Đây là lần thứ 3 trong chuỗi «Tuần lễ OCOP».",
        "Hội chợ có 2 gian hàng; 3 chủ thể tham gia đến từ 2 tỉnh, thành phố; 9 sản phẩm được bày bán.",
        "09 giờ 00, 20/11/2026: Khai mạc (lễ khai mạc).",
        "Số liệu lấy lúc 22/11/2026 09:30; các ngày đã chốt hoặc đã nhận đủ",
    ):
        assert sentence in text, sentence
    assert "tạm tính" not in text


def test_provisional_is_said_once_in_words_and_then_at_each_figure(app: Flask) -> None:
    running = facts(badge=badge(of_day=False, sheet=None, complete=1))
    made = report(app, running)
    assert made.is_provisional
    text = words_of(replace(made, annexes=()))
    assert text.count("tạm tính") == 1
    assert "Mọi số liệu trong báo cáo là số tạm tính, lấy lúc 22/11/2026 09:30" in text


def test_frozen_figures_are_the_headline_and_the_difference_is_explained(app: Flask) -> None:
    frozen = Published((Entry(1, None, "net_dong", 1_700_000, None, "frozen", "", "", "p", AT),))
    text = words_of(report(app, facts(published=frozen))).replace("\N{NO-BREAK SPACE}", " ")
    assert "Số liệu đã được khóa lúc 22/11/2026 09:30; báo cáo dùng số đã khóa." in text
    assert "thực thu 1.700.000 ₫" in text
    assert "khác đi ở 1 chỉ tiêu; chênh lệch ghi ở Phụ lục III" in text


def test_sample_data_says_so(app: Flask) -> None:
    sample = facts(edition=replace(facts().edition, sample=True))
    assert "dữ liệu mẫu, không phải của một hội chợ có thật" in words_of(report(app, sample))


def test_a_showroom_has_no_last_day_and_a_long_programme_ends(app: Flask) -> None:
    many = tuple(Happening(FIRST, at, "other", f"Việc {at}") for at in range(MOST_HAPPENINGS + 5))
    open_end = replace(facts().edition, ends_day=None, number_in_series=None, place="", zones=5)
    text = words_of(report(app, facts(edition=open_end, programme=many)))
    assert "Tuần lễ OCOP 2026 tại (chưa ghi địa điểm) hoạt động từ ngày 20/11/2026" in text
    assert "2 gian hàng thuộc 5 khu" in text
    assert "trong chuỗi" not in text
    assert "và 5 hoạt động khác." in text


def test_sentences_are_neutral_and_come_from_the_figures(app: Flask) -> None:
    with app.test_request_context():
        found = [one.replace("\N{NO-BREAK SPACE}", " ") for one in sentences_of(facts())]
        nothing = sentences_of(facts(days=(), before=None, share=replace(facts().share, total_dong=0)))
    assert found == [
        "Lượt khách vào đạt 160,0 % số dự kiến của những ngày có dự kiến.",
        "Khách đông hơn dự kiến (vượt hơn một nửa) trong 2 ngày: 20/11/2026, 21/11/2026.",
        "Ngày đông khách nhất là 20/11/2026 với 1.600 lượt vào.",
        "Ngày bán được nhiều nhất là 20/11/2026, chiếm 50,0 % thực thu của cả kỳ.",
        "So với Tuần lễ OCOP 2025: lượt khách mỗi ngày: từ 9.400 còn 1.600, giảm 83,0 %.",
        "So với Tuần lễ OCOP 2025: thực thu mỗi ngày: từ 800.000 ₫ lên 900.000 ₫, tăng 12,5 %.",
        "Hàng OCOP chiếm 68,6 % tiền hàng.",
    ]
    assert nothing == ["Chưa có phiếu bán và chưa có lượt khách nào được ghi nhận."]


def test_tables_and_plots_are_counted_through_text_and_annexes(app: Flask) -> None:
    made = report(app)
    blocks = [block for part in (*made.parts, *made.annexes) for block in part.blocks]
    tables = [block.title for block in blocks if isinstance(block, Table)]
    plots = [block.title for block in blocks if isinstance(block, Plot)]
    assert [title.split(".")[0] for title in tables] == [f"Bảng {at}" for at in range(1, len(tables) + 1)]
    assert [title.split(".")[0] for title in plots] == [f"Biểu đồ {at}" for at in range(1, len(plots) + 1)]
    assert made.key.title == "Bảng 1. Các chỉ tiêu chính"


def test_a_fair_without_anything_gives_a_report(app: Flask) -> None:
    empty = facts(days=(), before=None, programme=(), share=replace(facts().share, total_dong=0), total=Figure("", ""))
    made = report(app, empty, tables={})
    text = words_of(made)
    assert "Hội chợ không đếm khách ở cổng" in text
    assert "Chưa có phiếu bán nào được ghi nhận." in text
    assert "Chưa có kỳ trước" in text


def test_english_says_everything_in_english(app: Flask) -> None:
    made = report(app, said=Said(place="Lai Châu"), language="en")
    assert made.language == "en"
    assert made.head.country == "SOCIALIST REPUBLIC OF VIET NAM"
    assert (made.head.kind, made.head.subject, made.title) == (
        "REPORT",
        "Summing up Tuần lễ OCOP 2026",
        "Report summing up Tuần lễ OCOP 2026",
    )
    text = words_of(made)
    for word in ("Lượt", "Phiếu", "Chưa", "Ngày", "Số liệu", "đông", "giờ", "Không"):
        assert word not in text, word
    headings = [column.name for table in made.tables for column in table.columns]
    assert not [name for name in headings if name in {"Ngày", "Lượt vào", "Chỉ tiêu", "Nguồn", "Bán ra (đồng)"}]


@pytest.mark.parametrize("kind", ["opening", "livestream", "cooking", "other", "new"])
def test_every_kind_of_event_has_words(app: Flask, kind: str) -> None:
    with app.test_request_context():
        assert happening_name(kind)


def test_a_day_that_is_not_final_is_enough(app: Flask) -> None:
    some = facts(days=(day_facts(badge=badge(sheet=None, complete=0)),))
    assert report(app, some, tables=figure_tables(names=NASTY)).is_provisional
