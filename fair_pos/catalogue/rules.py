"""Groups of OCOP goods, the price of a version, and what a search finds."""

from __future__ import annotations

from collections.abc import Sequence

from fair_pos.kernel.text import fold

GROUPS: dict[str, str] = {
    "thuc_pham": "Thực phẩm",
    "do_uong": "Đồ uống",
    "duoc_lieu": "Dược liệu và sản phẩm từ dược liệu",
    "thu_cong_my_nghe": "Thủ công mỹ nghệ",
    "sinh_vat_canh": "Sinh vật cảnh",
    "du_lich": "Dịch vụ du lịch cộng đồng",
}
"""The six product groups of Decision 919/QĐ-TTg of 1/8/2022, code → Vietnamese name, in the decision's order."""


def price_at(history: Sequence[tuple[int, int]], version: int) -> int | None:
    """The price in đồng on price list `version`: the newest (version, price) not after it; None when there was none yet.

    >>> price_at([(1, 200_000), (4, 220_000)], 3)
    200000
    """
    return next((price_dong for since, price_dong in reversed(history) if since <= version), None)


def search_words(text: str) -> list[str]:
    """What to look for: the folded words of `text`."""
    return fold(text).split()


def matches(words: Sequence[str], *texts: str) -> bool:
    """Whether every word begins a word of one of the texts; «ong mat» finds «Mật ong», «ng» finds nothing of it."""
    padded = " " + " ".join(fold(text) for text in texts)
    return all(f" {word}" in padded for word in words)
