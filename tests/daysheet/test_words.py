"""What a badge says, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from fair_pos.daysheet.rules import Badge, Signed
from fair_pos.daysheet.words import badge_rows, badge_words, late_reason, late_words, named, sent_words, state_words
from fair_pos.kernel.clock import now
from fair_pos.kernel.day import VIETNAM

AT = datetime(2025, 11, 24, 14, 5, tzinfo=VIETNAM)
BADGE = Badge("sales", 142, 150, AT, 3, ("B", "C"), begun=True, is_over=False)
SIGNED = replace(BADGE, sheet=Signed(1, 1, "Lò Thị B", AT))
VISITORS = replace(BADGE, what="visitors", complete=5, total=6, late=("Chị Hoa",), empty_hours=2)


@pytest.fixture(autouse=True)
def asked(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("badge", "words"),
    [
        (BADGE, "tạm tính"),
        (replace(BADGE, begun=False), "chưa đến ngày"),
        (replace(BADGE, is_over=True, complete=150), "đã đủ"),
        (SIGNED, "đã chốt, Lò Thị B, 24/11/2025 14:05"),
        (replace(SIGNED, late_receipts=3, late_dong=450_000), "đã chốt; sau đó thêm 3 phiếu, 450.000\u00a0₫"),
        (replace(SIGNED, what="visitors", late_people=-5), "đã chốt; sau đó thay đổi −5 lượt vào"),
        (replace(BADGE, of_day=False, days_signed=2, days_begun=5), "tạm tính; đã chốt 2/5 ngày"),
        (replace(BADGE, of_day=False, days_signed=5, days_begun=5, is_over=True), "đã chốt mọi ngày"),
    ],
)
def test_what_may_be_made_of_it(badge: Badge, words: str) -> None:
    assert state_words(badge) == words


@pytest.mark.parametrize(
    ("badge", "words"),
    [
        (BADGE, "142/150 máy đã gửi, đến 24/11/2025 14:05."),
        (replace(BADGE, until=None), "142/150 máy đã gửi."),
        (replace(BADGE, to_the_end=True), "142/150 máy đã gửi, đến hết ngày."),
        (replace(BADGE, total=0), "Chưa ghép máy bán hàng nào."),
        (VISITORS, "5/6 điện thoại cổng đã gửi; máy gửi lâu nhất lúc 24/11/2025 14:05."),
        (replace(VISITORS, complete=1), "1/6 điện thoại cổng đã gửi, đến 24/11/2025 14:05."),
        (replace(VISITORS, until=None), "5/6 điện thoại cổng đã gửi."),
        (replace(VISITORS, to_the_end=True), "5/6 điện thoại cổng đã gửi, đến hết ngày."),
        (replace(VISITORS, total=0), "Chưa ghép điện thoại cổng nào."),
    ],
)
def test_who_has_sent(badge: Badge, words: str) -> None:
    assert sent_words(badge) == words


def test_today_is_said_by_the_clock() -> None:
    at = now() - timedelta(seconds=1)
    assert f"đến {at.astimezone(VIETNAM):%H:%M}." in sent_words(replace(BADGE, until=at))


def test_what_is_still_to_come() -> None:
    assert late_words(BADGE) == ["Còn chờ: B, C.", "3 đơn còn nằm ở máy."]
    assert late_words(VISITORS) == [
        "Còn chờ: Chị Hoa.", "3 lượt bấm còn nằm ở máy.", "2 giờ mở cửa ở cổng không có số đếm.",
    ]  # fmt: skip
    assert late_words(replace(BADGE, late=(), waiting=0)) == []
    assert named(tuple("ABCDEFGH")) == "A, B, C, D, E, F và 2 máy nữa"
    assert badge_words(BADGE).startswith("tạm tính · 142/150 máy đã gửi")


def test_a_workbook_gets_numbers_as_numbers() -> None:
    rows = {str(name): cell for name, cell in badge_rows(replace(SIGNED, late_receipts=2, late_dong=-500))}
    assert rows["Máy đã gửi hết"] == 142
    assert rows["Tiền đến sau khi chốt (đồng)"] == -500
    assert rows["Còn chờ máy"] == "B, C"


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ({"waiting": 2, "missing": 0, "heard_at": AT}, "còn 2 chưa gửi"),
        ({"waiting": 0, "missing": 1, "heard_at": AT}, "hụt 1 giữa chừng"),
        ({"waiting": 0, "missing": 0, "heard_at": None}, "chưa từng liên lạc"),
        ({"waiting": 0, "missing": 0, "heard_at": AT}, "liên lạc lần cuối 24/11/2025 14:05"),
    ],
)
def test_why_a_tablet_is_late(late: dict[str, object], words: str) -> None:
    assert late_reason(late) == words
