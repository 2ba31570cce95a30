"""A file waits for whoever sent it, for an hour, where nobody else reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from fair_pos.kernel.clock import now
from fair_pos.plumbing.uploads import UploadGone, is_stale, keep_upload, kept_upload, upload_path

LATER = timedelta(hours=1, seconds=5)


def test_a_file_waits_for_whoever_sent_it(app: Flask) -> None:
    with app.app_context():
        token = keep_upload(b"gian", at=now(), by="lan")
        path = kept_upload(token, at=now(), by="lan")
        assert path.read_bytes() == b"gian"
        assert path.stat().st_mode & 0o077 == 0
        for wrong, by in ((token, "mai"), ("../../secret_key", "lan"), ("", "lan"), (token[:-1], "lan")):
            with pytest.raises(UploadGone):
                kept_upload(wrong, at=now(), by=by)


def test_after_an_hour_it_is_gone_and_cleared_away(app: Flask) -> None:
    with app.app_context():
        token = keep_upload(b"gian", at=now(), by="lan")
        with pytest.raises(UploadGone):
            kept_upload(token, at=now() + LATER, by="lan")
        keep_upload(b"khac", at=now() + LATER, by="mai")
        assert not upload_path(token, "lan").exists()
        assert is_stale(upload_path(token, "lan"), now())
