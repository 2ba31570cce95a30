"""Files made of frozen content are the same bytes, also in another process, in whatever language somebody reads."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

from fair_pos.plumbing.db import reading
from fair_pos.settlement.files import KINDS, made_file
from fair_pos.settlement.queries import content_of_statement
from tests.settlement.stage import make_stage

ELSEWHERE = """
import hashlib, sys
from pathlib import Path
from fair_pos import create_app
from fair_pos.settings import Settings
from fair_pos.settlement.files import KINDS, made_file
content = Path(sys.argv[1]).read_text(encoding="utf-8")
folder = Path(sys.argv[1]).parent
app = create_app(Settings(database_url=f"sqlite:///{folder / 'none.sqlite3'}", instance_dir=folder, secret_key="x"))
with app.test_request_context():
    for kind in KINDS:
        print(kind, hashlib.sha256(made_file(content, kind)).hexdigest())
"""


def test_same_bytes_in_another_process(app: Flask, tmp_path: Path) -> None:
    stage = make_stage(app)
    stage.sell(6, stage.line(stage.fair.goods[0], 200_000))
    stage.fee(stage.fair.producer_ids[0], 30_000, 6)
    (statement_id,) = stage.settle(5)
    with app.test_request_context():
        content = content_of_statement(reading(), statement_id)
        here = {kind: hashlib.sha256(made_file(content, kind)).hexdigest() for kind in KINDS}
        with force_locale("en"):
            assert hashlib.sha256(made_file(content, "statement.xlsx")).hexdigest() == here["statement.xlsx"]
    kept = tmp_path / "content.json"
    kept.write_text(content, encoding="utf-8")
    there = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(kept)], check=True, capture_output=True, text=True, timeout=120
    ).stdout
    assert dict(line.split() for line in there.splitlines()) == here
