"""Photos are drawn anew: what a phone noted beside the pixels is gone."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from fair_pos.consignment import actions, queries
from fair_pos.consignment.photos import LONGEST_SIDE, MOST_PHOTOS, add_photos, redrawn, redrawn_each
from fair_pos.consignment.refusals import PhotoUnreadable, TooManyPhotos
from fair_pos.kernel.clock import now
from fair_pos.plumbing.db import in_transaction, reading
from tests.builders import csrf_token, make_fair, sign_in
from tests.consignment.notes import TODAY, held, line, out, take_in


def phone_photo(size: tuple[int, int] = (2400, 1200), kind: str = "JPEG") -> bytes:
    picture, exif = Image.new("RGB", size, "red"), Image.Exif()
    exif[0x0110] = "Máy của Lò Thị Mỷ"
    exif[0x0112] = 6  # lies on its side
    out_file = io.BytesIO()
    picture.save(out_file, kind, exif=exif)
    return out_file.getvalue()


def test_only_pixels_go_on() -> None:
    data = phone_photo()
    assert b"Exif" in data
    made = redrawn(data)
    assert b"Exif" not in made
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (LONGEST_SIDE // 2, LONGEST_SIDE))
        assert dict(picture.getexif()) == {}


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", phone_photo()[:200], b"%PDF-1.7"])
def test_what_is_no_photo_is_told(data: bytes) -> None:
    with pytest.raises(PhotoUnreadable):
        redrawn(data)


def test_a_picture_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    small = io.BytesIO()
    Image.new("1", (9000, 9000)).save(small, "PNG")
    with pytest.raises(PhotoUnreadable):
        redrawn(small.getvalue())


def test_photos_of_a_whole_form_are_redrawn_line_by_line() -> None:
    small = phone_photo((40, 30))
    assert {line_no: len(some) for line_no, some in redrawn_each({1: [small], 3: [small] * 2}).items()} == {1: 1, 3: 2}
    with pytest.raises(PhotoUnreadable) as told:
        redrawn_each({1: [small], 3: [small, b"x"]})
    assert told.value.facts == {"line": 3}
    with pytest.raises(TooManyPhotos):
        redrawn_each({1: [b"x"] * (MOST_PHOTOS + 1)})


def test_a_photo_stands_beside_its_write_off(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    take_in(app, fair, line(fair.goods[0], 5))
    with app.app_context():
        [there] = held(app, fair.booth_ids[0])
        note_id = in_transaction(
            lambda session: actions.write_off(
                session, fair.edition_id, fair.booth_ids[0], [out(there, 1, reason="damaged", borne_by="owner")],
                day=TODAY, at=now(), by=None, signed=None,
            )
        )  # fmt: skip
    sign_in(client, "bantochuc")
    where = f"/editions/{fair.edition_id}/notes/{note_id}/photos"
    token = csrf_token(client)

    def send(data: bytes, line_no: int = 1) -> int:
        fields = {"csrf_token": token, "photo": (io.BytesIO(data), "anh.jpg")}
        return client.post(f"{where}/{line_no}", data=fields).status_code

    assert [send(b"x"), send(phone_photo(), 9)] == [400, 404]
    assert [send(phone_photo((40, 30))) for _ in range(4)] == [302, 302, 302, 400]
    with app.app_context():
        in_transaction(
            lambda session: add_photos(session, fair.edition_id, note_id, {1: [b"again"]}, at=now(), by=None)
        )
        assert len(queries.photos_of(reading(), note_id)[1]) == 3, "a note with photos was written before"
        [gone] = queries.write_offs_of(reading(), fair.edition_id)
    answer = client.get(f"{where}/{gone.photo_id}.jpg")
    assert answer.data.startswith(b"\xff\xd8")
    assert client.get(f"{where}/x.jpg").status_code == 404
