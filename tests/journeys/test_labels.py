"""Price tags from the booth's page to the PDF, in a real browser: nothing for axe to find, no sideways scroll, controls to be hit."""

from __future__ import annotations

import pytest
import zxingcpp
from playwright.sync_api import Page

from tests.builders import Fair
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, scrolls_sideways, small_controls
from tests.labels.goods import pictures
from tests.serving import Server

SIZES = [(1440, 900), (360, 640)]


def check(page: Page) -> None:
    assert axe_findings(page) == []
    assert not scrolls_sideways(page)
    assert small_controls(page, 44) == []


@pytest.mark.journey
@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_from_a_booth_to_its_labels(fair: Fair, server: Server, office: Office, size: tuple[int, int]) -> None:
    page = office.sign_in("bantochuc", size)
    page.goto(f"{server.address}/editions/{fair.edition_id}/booths/{fair.booth_ids[0]}")
    page.get_by_role("link", name="In nhãn giá").click()
    page.wait_for_url("**/labels?booth=*")
    check(page)
    page.get_by_role("button", name="In các món đã đánh dấu").first.click()
    page.get_by_role("alert").wait_for()
    assert "Chưa chọn món nào" in page.get_by_role("alert").inner_text()
    check(page)
    page.get_by_role("radio", name="Giấy A4, 24 nhãn").check()
    page.get_by_role("checkbox", name=fair.goods[0].name).check()
    page.get_by_role("textbox", name=f"Số nhãn của {fair.goods[4].name}").fill("3")
    fields = page.evaluate("Object.fromEntries([...new FormData(document.querySelector('form.order'))])")
    answer = page.request.post(
        f"{server.address}/editions/{fair.edition_id}/labels",
        form={**fields, "which": "ticked"},
        headers={"Origin": server.address},
    )
    assert answer.headers["content-type"] == "application/pdf"
    (sheet,) = pictures(answer.body())
    assert len(zxingcpp.read_barcodes(sheet)) == 4


@pytest.mark.journey
def test_the_button_itself_opens_the_paper(fair: Fair, server: Server, office: Office) -> None:
    page = office.sign_in("bantochuc")
    page.goto(f"{server.address}/catalogue/labels")
    with page.expect_response("**/catalogue/labels") as answered:
        page.get_by_role("button", name="In cả 9 món trong danh sách").click(no_wait_after=True)
    assert answered.value.status == 200
    assert answered.value.header_value("content-type") == "application/pdf"


@pytest.mark.journey
def test_labels_in_english_and_for_producers(fair: Fair, server: Server, office: Office) -> None:
    page = office.sign_in("chuthe", SIZES[1])
    page.goto(f"{server.address}/producers/{fair.producer_ids[0]}/labels")
    check(page)
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    page.get_by_role("heading", name="Print price tags and shelf labels").wait_for()
    for vietnamese in ("In nhãn giá", "Loại nhãn", "Số nhãn", "Chủ thể", "Cuộn tem"):
        assert page.get_by_text(vietnamese).count() == 0, vietnamese
    check(page)
