"""The picture of a shared day: its size, its letters, and names of any length."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from fair_pos.portal.picture import INK, SIZE, picture_of


@pytest.mark.parametrize(
    "name", ["A", "Lò Thị Mẩy", "Hợp tác xã Nông nghiệp hữu cơ và du lịch cộng đồng Tả Phìn Hồ Sín Chải " * 3]
)
def test_any_name_stays_above_the_figures(name: str) -> None:
    drawn = picture_of(
        name, "Xã Bum Tở, Lai Châu", "24/11/2026", [("Tiền bán", "123.456.789.000 ₫"), ("Món", "3"), ("Nơi", "1")]
    )
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == SIZE
        ink = tuple(int(INK[at : at + 2], 16) for at in (1, 3, 5))
        rows = {at // SIZE[0] for at, one in enumerate(picture.convert("RGB").get_flattened_data()) if one == ink}
    assert rows
    assert max(rows) < 300


def test_the_same_words_are_the_same_bytes() -> None:
    one = [("Món", "3")]
    assert picture_of("A", "", "24/11/2026", one) == picture_of("A", "", "24/11/2026", one)
    assert picture_of("A", "", "24/11/2026", one) != picture_of("Ả", "", "24/11/2026", one)
