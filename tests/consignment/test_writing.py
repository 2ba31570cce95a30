"""What all notes have in common: a signature is whole or on paper."""

from __future__ import annotations

import pytest

from fair_pos.consignment.refusals import SignatureMissing
from fair_pos.consignment.rules import Signed
from fair_pos.consignment.writing import signed_or_paper
from tests.consignment.notes import PATH


def test_a_signature_is_a_name_and_a_path_or_on_paper() -> None:
    assert signed_or_paper(None) == {"signed_name": "", "signature": "", "signed_on_paper": True}
    assert signed_or_paper(Signed(" Lò  Mỷ ", PATH))["signed_name"] == "Lò Mỷ"
    for signed in (Signed("", PATH), Signed("Mỷ", ""), Signed("Mỷ", "M1 1")):
        with pytest.raises(SignatureMissing):
            signed_or_paper(signed)
