"""Photos drawn anew: only pixels go on; where a phone stood, whose it is and when it was, stay behind."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.orm import Session

from fair_pos.consignment.queries import get_note, lines_of, photos_of
from fair_pos.consignment.refusals import PhotoUnreadable, TooManyPhotos
from fair_pos.consignment.tables import GoodsPhoto
from fair_pos.journal.actions import write_line
from fair_pos.kernel.ids import new_id
from fair_pos.kernel.refusal import NotFound

LONGEST_SIDE = 1280
MOST_PHOTOS = 3
MOST_PIXELS = 50_000_000
"""More than any phone's camera; a small file may claim far more and unpack to gigabytes."""
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82


def redrawn(data: bytes) -> bytes:
    """A JPEG of the picture in `data`, upright, at most LONGEST_SIDE pixels long, without anything beside its pixels.

    Raises PhotoUnreadable.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise PhotoUnreadable
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                pixels = Image.new("RGB", upright.size, "white")
                flat = upright.convert("RGBA")
                pixels.paste(flat, mask=flat.getchannel("A"))
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        TypeError,  # of EXIF whose numbers are text
        KeyError,
        ZeroDivisionError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        # What a damaged, forged or unknown picture makes its reader raise.
        raise PhotoUnreadable from None
    out = io.BytesIO()
    pixels.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def redrawn_each(sent: Mapping[int, Sequence[bytes]]) -> dict[int, list[bytes]]:
    """Line → its photos redrawn. Raises TooManyPhotos, PhotoUnreadable with the `line` whose photo it is."""
    made: dict[int, list[bytes]] = {}
    for line_no, some in sent.items():
        if len(some) > MOST_PHOTOS:  # before anything is unpacked
            raise TooManyPhotos(most=MOST_PHOTOS)
        try:
            made[line_no] = [redrawn(data) for data in some]
        except PhotoUnreadable:
            raise PhotoUnreadable(line=line_no) from None
    return made


def add_photos(
    session: Session,
    edition_id: str,
    note_id: str,
    jpegs: Mapping[int, Sequence[bytes]],
    *,
    at: datetime,
    by: str | None,
) -> None:
    """Keep what came with a write-off, line → redrawn photos. A note that has photos was written before: pressed twice, kept once.

    Raises NotFound, TooManyPhotos.
    """
    if photos_of(session, note_id):
        return
    for line_no, some in jpegs.items():
        for jpeg in some:
            add_photo(session, edition_id, note_id, line_no, jpeg, at=at, by=by)


def add_photo(
    session: Session, edition_id: str, note_id: str, line_no: int, jpeg: bytes, *, at: datetime, by: str | None
) -> str:
    """Keep a redrawn photo of a line of a write-off. Its id. Raises NotFound, TooManyPhotos."""
    note = get_note(session, edition_id, note_id)
    if note.kind != "write_off" or line_no not in {one.line_no for one in lines_of(session, note_id)}:
        raise NotFound
    if len(photos_of(session, note_id).get(line_no, [])) >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    photo_id = new_id()
    digest = hashlib.sha256(jpeg).hexdigest()
    session.add(
        GoodsPhoto(id=photo_id, note_id=note_id, line_no=line_no, jpeg=jpeg, digest=digest, at=at, person_id=by)
    )
    session.flush()
    facts = {"line": line_no, "digest": digest}
    write_line(session, at=at, person_id=by, verb="goods_photo", subject=("goods_note", note_id), facts=facts)
    return photo_id
