"""A day that was signed, an edition that was frozen, and a receipt that comes after both: the signed figures stay, the others move."""

from __future__ import annotations

import subprocess
from typing import Any

from flask import Flask

from tests.builders import csrf_token
from tests.golden import checks_closing, checks_evening  # noqa: F401  # enter their comparisons
from tests.golden.checks_reports import total_of
from tests.golden.fair import DAYS, at, make_golden, send
from tests.golden.reading import Node, csv_rows, dong, facts_of, number, sheets_of
from tests.golden.visit import Visit


def sent_form(visit: Visit, page: Node, address: str, **more: str) -> None:
    """Send the form with this address: all its hidden fields, and every box ticked."""
    (form,) = [one for one in page.all("form") if one.attributes.get("action", "").split("#")[0] == address]
    fields: list[tuple[str, str]] = [
        (one.attributes["name"], one.attributes.get("value", "on"))
        for one in form.all("input")
        if one.attributes.get("name") != "csrf_token"
    ]
    data: dict[str, Any] = {"csrf_token": csrf_token(visit.client)} | more
    for name, value in fields:
        data.setdefault(name, []).append(value)
    answer = visit.client.post(address, data=data)
    assert answer.status_code == 302, answer.get_data(as_text=True)


def on_paper(visit: Visit, address: str) -> str:
    tool = ["pdftotext", "-layout", "-", "-"]
    return " ".join(
        subprocess.run(tool, input=visit.data(address), capture_output=True, check=True).stdout.decode().split()
    )


def test_what_was_signed_stays_and_what_came_late_is_told_beside_it(app: Flask) -> None:
    golden = make_golden(app)
    visit, day = Visit(app, golden), DAYS[1]
    before = total_of(visit, day)
    sheet = f"{visit.at}/days/{day}/sheet"
    sent_form(visit, visit.page(sheet), sheet)
    late = golden.tablets[4].sale([(golden.fair.goods[0], 1)], at=at(day.day, 11, 30))
    send(app.test_client(), golden.tablets[4], [late])
    main = visit.page(sheet).by_id("main")
    signed = {"Bán ra": dong(before[2]), "Thực thu": dong(before[2] - before[3]), "Phiếu bán": number(before[0])}
    shown = facts_of(main.all("dl", "figures")[0])
    assert {word: shown[word] for word in signed} == signed
    assert "1 phiếu, 100.000 ₫" in main.by_id("late").text()
    assert "1 phiếu, thực thu 100.000 ₫" in visit.page(f"{sheet}/late").by_id("main").text()
    paper = on_paper(visit, f"{visit.at}/sheets/1.pdf")
    assert all(text.removesuffix(" ₫") in paper for text in signed.values())
    later = Visit(app, golden, whole=False)
    assert total_of(later, day)[2] == before[2] + 100_000
    assert not later.run(["reports.edition_day", "reports.edition_days", "daysheet.days", "totals.edition"])


def test_what_was_frozen_is_what_the_commands_say_in_that_moment(app: Flask) -> None:
    golden = make_golden(app)
    visit = Visit(app, golden, whole=False)
    keys = checks_closing.key_figures(visit)
    sent_form(visit, visit.page(f"{visit.at}/published"), f"{visit.at}/published/freeze")
    pages = [
        "published.figures",
        "comparison.series",
        "comparison.table_file",
        "final_report.report",
        "final_report.plain_file",
    ]
    assert not visit.run(pages)
    for name, value in keys.items():
        text = checks_closing.as_written(name, value)
        assert facts_of(visit.page(f"{visit.at}/published/{name}").by_id("main"))["Công bố"] == text, name
    cells = {
        str(cell) for sheet in sheets_of(visit.data(f"{visit.at}/published.xlsx"))[:1] for row in sheet for cell in row
    }
    in_text = {cell for row in csv_rows(visit.data(f"{visit.at}/published.csv")) for cell in row}
    assert {str(value) for value in keys.values()} <= cells & in_text
    paper = on_paper(visit, f"{visit.at}/published.pdf")
    assert all(number(value) in paper for value in keys.values())
    # A receipt that comes after it moves what the system holds; the published word stays.
    late = golden.tablets[4].sale([(golden.fair.goods[0], 1)], at=at(DAYS[1].day, 11, 30))
    send(app.test_client(), golden.tablets[4], [late])
    shown = facts_of(visit.page(f"{visit.at}/published/net_dong").by_id("main"))
    assert (shown["Công bố"], shown["Hệ thống đang có"]) == (dong(keys["net_dong"]), dong(keys["net_dong"] + 100_000))
