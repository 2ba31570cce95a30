"""The schema that the tablet's types are made from."""

from __future__ import annotations

import json
import subprocess
import sys

from fair_pos.settings import TOP
from fair_pos.till.wire_schema import wire_schema


def test_every_shape_of_the_contract_is_in_it() -> None:
    shapes = wire_schema()["$defs"]
    assert {"Paired", "PriceList", "Upload", "Uploaded", "SaleCommand", "RefundCommand", "Ping", "Pong"} <= set(shapes)
    assert shapes["SaleCommand"]["additionalProperties"] is False


def test_the_build_gets_it_as_json() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "fair_pos.till.wire_schema"], cwd=TOP, capture_output=True, check=True, text=True
    ).stdout
    assert json.loads(printed) == wire_schema()
