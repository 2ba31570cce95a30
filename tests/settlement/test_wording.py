"""Words of a statement."""

from __future__ import annotations

from flask import Flask

from fair_pos.settlement.wording import amount_of_goods, bearer_words, share_words, vat_words


def test_words(app: Flask) -> None:
    with app.test_request_context():
        assert amount_of_goods(12, "hộp", False) == "12 hộp"
        assert amount_of_goods(7, "hộp 100g", False) == "7 × hộp 100g"
        assert "8" in vat_words("8")
        assert vat_words("KCT") == "không chịu thuế GTGT"
        assert bearer_words("house") == "bên bán chịu"
        assert "80" in share_words({"kind": "percent", "basis_points": 8000, "tiers": [], "unit_dong": 0})
