"""Files that were looked at and wait for their confirmation: for an hour, for whoever sent them."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from flask import current_app

from fair_pos.kernel.ids import new_token
from fair_pos.kernel.refusal import Refusal

UPLOAD_LIFE_SECONDS = 60 * 60
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


class UploadGone(Refusal):
    """The file that was looked at waits no longer, or was imported already."""

    code = "upload_gone"


def keep_upload(data: bytes, *, at: datetime, by: str) -> str:
    """Keep an uploaded file for an hour, for this person alone; the secret under which it is found again."""
    folder = Path(current_app.instance_path) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if is_stale(old, at):
            old.unlink(missing_ok=True)
    token = new_token()
    path = upload_path(token, by)
    path.touch(mode=0o600)
    path.write_bytes(data)
    return token


def kept_upload(token: str, *, at: datetime, by: str) -> Path:
    """The file kept under this secret by this person. Raises UploadGone."""
    path = upload_path(token, by) if _TOKEN.fullmatch(token) else None
    if path is None or not path.is_file() or is_stale(path, at):
        raise UploadGone
    return path


def upload_path(token: str, by: str) -> Path:
    """Where a file waits; the name holds whose it is."""
    return Path(current_app.instance_path) / "uploads" / f"{by}.{token}"


def is_stale(path: Path, at: datetime) -> bool:
    """Whether a waiting file has waited too long."""
    try:
        return at.timestamp() - path.stat().st_mtime > UPLOAD_LIFE_SECONDS
    except FileNotFoundError:
        return True
