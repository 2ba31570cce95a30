"""A file of the closing report in a real browser: a sign from the press until it is there, the same file without a script."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.builders import Fair, pair_tablet
from tests.journeys.browser import Office
from tests.journeys.looking import axe_findings, scrolls_sideways
from tests.serving import Server


def opened(page: Page, server: Server, fair: Fair) -> Page:
    page.goto(f"{server.address}/editions/{fair.edition_id}/final-report")
    return page


@pytest.mark.journey
@pytest.mark.parametrize("size", [(1280, 800), (360, 640)], ids=["desktop", "phone"])
def test_a_file_says_that_it_is_being_made(
    app: Flask, fair: Fair, server: Server, office: Office, size: tuple[int, int]
) -> None:
    tablet = pair_tablet(app, fair)
    tablet.send(tablet.sale([(fair.goods[0], 2)]))
    page = opened(office.sign_in("bantochuc", size), server, fair)
    button, status = page.locator(".report-buttons button").nth(1), page.locator("#making")
    assert button.inner_text() == "Tải tệp PDF"
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith(".pdf") else None)
    with page.expect_download() as coming:
        button.click()
        page.locator("button:text-is('Đang làm tệp…')").wait_for()
        assert "không cần bấm lại" in status.inner_text()
        assert axe_findings(page) == []
        assert not scrolls_sideways(page)
        button.click()
    assert coming.value.suggested_filename.endswith(".pdf")
    assert coming.value.path().read_bytes().startswith(b"%PDF-")
    page.locator("button:text-is('Tải tệp PDF')").wait_for()
    assert "Đã làm xong" in status.inner_text()
    assert len(asked) == 1, "who presses again meanwhile makes no second file"


@pytest.mark.journey
def test_what_comes_instead_of_a_file_is_shown(fair: Fair, server: Server, office: Office) -> None:
    """Signed out meanwhile: the script must not sit there and say that it is making something."""
    page = opened(office.sign_in("bantochuc"), server, fair)
    page.context.clear_cookies()
    page.locator(".report-buttons button").nth(1).click()
    page.wait_for_url("**/final-report.pdf")
    assert "Đang làm tệp" not in page.locator("main").inner_text()


@pytest.mark.journey
def test_without_a_script_the_same_button_brings_the_same_file(fair: Fair, server: Server, office: Office) -> None:
    signed_in = office.sign_in("bantochuc")
    plain = signed_in.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=signed_in.context.storage_state()
    ).new_page()
    page = opened(plain, server, fair)
    with page.expect_download() as coming:
        page.locator(".report-buttons button").first.click()
    assert coming.value.suggested_filename.endswith(".docx")
