"""The pages of one note: taking back, receiving at the office, what became of a difference."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.builders import csrf_token, make_fair, sign_in
from tests.consignment.notes import carry, held, line, out, take_in


def test_a_transfer_received_short_and_explained(app: Flask, client: FlaskClient) -> None:
    fair = make_fair(app)
    first = take_in(app, fair, line(fair.goods[0], 20))
    note_id = carry(app, fair, out(held(app, fair.booth_ids[0])[0], 5))
    sign_in(client, "bantochuc")
    where, token = f"/editions/{fair.edition_id}/notes", csrf_token(client)

    def post(path: str, **fields: str) -> tuple[int, str]:
        answer = client.post(where + path, data={"csrf_token": token} | fields, follow_redirects=True)
        return answer.status_code, answer.get_data(as_text=True)

    assert client.get(f"{where}/{note_id}/receive").status_code == 200
    assert client.get(f"{where}/{first}/receive").status_code == 404
    assert client.get(f"{where}/{note_id}/receipt.pdf").status_code == 404
    assert post(f"/{note_id}/receive", **{"came-1": "3"})[0] == 200
    assert "còn chưa rõ 2" in client.get(where).get_data(as_text=True)
    status, page = post(f"/{note_id}/differences/1", outcome="lost", quantity="9", borne_by="house")
    assert (status, "còn chưa rõ của" in page) == (409, True)
    for typed in ('value="9"', '<option value="lost" selected>', '<option value="house" selected>'):
        assert typed in page, "what was said stays said"
    assert post(f"/{note_id}/differences/1", outcome="lost", quantity="2", borne_by="house")[0] == 200
    assert "còn chưa rõ" not in client.get(where).get_data(as_text=True)
    assert client.get(f"{where}/{note_id}/receipt.pdf").data.startswith(b"%PDF-")
    assert post(f"/{note_id}/cancel", reason="Gửi nhầm rồi")[0] == 409
    assert post(f"/{first}/cancel", reason="x")[0] == 400
    status, page = post(f"/{first}/cancel", reason="Nhập nhầm rồi")
    assert (status, "PN-0002" in page) == (200, True)
    assert client.get(f"{where}?kind=gift").status_code == 404
    assert client.get(f"{where}/x").status_code == 404
