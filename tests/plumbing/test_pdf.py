from __future__ import annotations

import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fair_pos.plumbing import pdf
from fair_pos.plumbing.pdf import OwnFiles, PrinterBusy, RollPrinter, SheetPrinter
from fair_pos.plumbing.qr import modules_png

STYLE = "@page{size:80mm 4000mm;margin:4mm}body{margin:0;font:9pt 'Noto Sans','DejaVu Sans',sans-serif}"
POINTS_PER_MM = 72 / 25.4
DOT = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def printer() -> RollPrinter:
    return RollPrinter(STYLE)


def size_of(content: bytes) -> tuple[float, float]:
    """Width and height of the only page, in mm."""
    told = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True).stdout.decode()
    assert re.search(r"^Pages: +1$", told, re.MULTILINE)
    found = re.search(r"^Page size: +([\d.]+) x ([\d.]+) pts", told, re.MULTILINE)
    assert found
    return float(found[1]) / POINTS_PER_MM, float(found[2]) / POINTS_PER_MM


def text_of(content: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


def test_paper_is_as_long_as_what_stands_on_it(printer: RollPrinter) -> None:
    """Guards what we read from WeasyPrint's own boxes: a new version that lays out otherwise is noticed here."""
    width, height = size_of(printer.print_page("<div style='height:50mm'></div>"))
    assert width == pytest.approx(80, abs=0.1)
    assert height == pytest.approx(4 + 50 + 4, abs=0.1)
    assert size_of(printer.print_page("<div style='height:950mm'></div>"))[1] == pytest.approx(958, abs=0.1)


@pytest.mark.parametrize(
    "name", ["Đặc sản Pa Ủ – Ưu đãi 5 %", "Rượu ngô Sùng Phài ẾỘỮỞẨỖ ỳỵỷỹ", "1.234.567 ₫", "Chè Shan tuyết 500 g"]
)
def test_vietnamese_survives(printer: RollPrinter, name: str) -> None:
    assert name in text_of(printer.print_page(f"<p>{name}</p>"))


def test_fonts_travel_with_the_paper(printer: RollPrinter) -> None:
    content = printer.print_page("<p>Ưu đãi</p>")
    fonts = (
        subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode().splitlines()
    )
    embedded = [line.split()[-5] for line in fonts[2:]]
    assert embedded
    assert set(embedded) == {"yes"}


def test_the_same_text_gives_the_same_bytes() -> None:
    """No time of printing and no random name inside, so a copy can be compared with the first."""
    html = "<title>Phiếu</title><p>Mật ong Pa Ủ"
    first, second = RollPrinter(STYLE).print_page(html), RollPrinter(STYLE).print_page(html)
    assert first == second
    assert b"/CreationDate" not in first


def test_printed_before_is_not_printed_again(printer: RollPrinter) -> None:
    assert printer.print_page("<p>một lần") is printer.print_page("<p>một lần")


def test_old_papers_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = RollPrinter(STYLE)
    monkeypatch.setattr(RollPrinter, "_print", lambda _self, html: html.encode())
    for number in range(pdf.KEPT + 10):
        printer.print_page(str(number))
    assert len(printer._kept) == pdf.KEPT
    assert printer.print_page("0") == b"0"


def test_a_full_queue_is_told_so(printer: RollPrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0.01)
    with pdf._one_at_a_time, pytest.raises(PrinterBusy):
        printer.print_page("<p>đang in phiếu khác")


def test_threads_take_turns(printer: RollPrinter) -> None:
    made: dict[int, bytes] = {}

    def run(number: int) -> None:
        made[number] = printer.print_page(f"<p>Phiếu {number} – Ủ")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(pdf.MOST_WAITING + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"Phiếu {number} – Ủ" in text_of(made[number]) for number in range(len(threads)))


def test_a_crowd_is_sent_away_at_once_and_holds_no_threads(printer: RollPrinter) -> None:
    turned_away: list[bool] = []

    def run(number: int) -> None:
        try:
            printer.print_page(f"<p>Đám đông {number}")
        except PrinterBusy:
            turned_away.append(True)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(12)]
    with pdf._one_at_a_time:
        for thread in threads:
            thread.start()
        for thread in threads[pdf.MOST_WAITING + 1 :]:
            thread.join(timeout=pdf.WAIT_SECONDS / 2)
        assert len(turned_away) >= len(threads) - pdf.MOST_WAITING - 1
    for thread in threads:
        thread.join()


SHEET = "@page{size:50mm 30mm;margin:0}body{margin:0}p{break-after:page;margin:0}"


def test_sheets_are_as_large_as_their_style_says_however_little_stands_on_them() -> None:
    content = SheetPrinter(SHEET).print_sheets("<p>Ủ<p>Ệ<p>Ợ", {})
    told = subprocess.run(["pdfinfo", "-l", "9", "-"], input=content, capture_output=True, check=True).stdout.decode()
    sizes = re.findall(r"^Page +\d+ size: +([\d.]+) x ([\d.]+) pts", told, re.MULTILINE)
    assert len(sizes) == 3
    for width, height in sizes:
        assert float(width) / POINTS_PER_MM == pytest.approx(50, abs=0.01)
        assert float(height) / POINTS_PER_MM == pytest.approx(30, abs=0.01)


def test_sheets_take_the_pictures_they_were_given_and_no_others() -> None:
    """A picture that stands there twenty times is in the file once."""
    dot = modules_png([[True]])
    html = "<img src='own:a.png'>" * 20 + "<img src='own:b.png'>"
    printer = SheetPrinter(SHEET)
    content = printer.print_sheets(html, {"own:a.png": ("image/png", dot)})
    assert content.count(b"/Subtype /Image") == 1
    assert content == printer.print_sheets(html, {"own:a.png": ("image/png", dot)})
    assert b"/Subtype /Image" not in printer.print_sheets(html, {})


def test_sheets_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = SheetPrinter(SHEET)
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0.01)
    with pdf._one_at_a_time, pytest.raises(PrinterBusy):
        printer.print_sheets("<p>đang in phiếu khác", {})
    assert printer.print_sheets("<p>đến lượt", {}).startswith(b"%PDF-")


class Canary:
    """Listens on this machine and counts who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.visits += 1
            connection.sendall(b"HTTP/1.0 302 Found\r\nLocation: file:///etc/hostname\r\n\r\n")
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


WAYS_OUT = [
    "<img src='{}'>",
    "<link rel=stylesheet href='{}'>",
    "<link rel=attachment href='{}'>",
    "<a rel=attachment href='{}'>tệp</a>",
    "<style>@import url({});</style>",
    "<style>@font-face{{font-family:x;src:url({})}}p{{font-family:x}}</style><p>chữ",
    "<p style='background:url({})'>nền",
    "<ul style='list-style-image:url({})'><li>dấu</ul>",
    "<object data='{}'></object>",
    "<embed src='{}'>",
    "<svg><image href='{}' width='9' height='9'/></svg>",
    "<svg><use href='{}#x'/></svg>",
]


@pytest.mark.parametrize("way", WAYS_OUT)
def test_nothing_on_the_paper_reaches_out(printer: RollPrinter, canary: Canary, tmp_path: Path, way: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of this machine")
    addresses = (
        f"http://127.0.0.1:{canary.port}/x.png",
        secret.as_uri(),
        f"//127.0.0.1:{canary.port}/x",
        "data:text/plain,hello",
    )
    for address in addresses:
        content = printer.print_page(way.format(address))
        assert b"/EmbeddedFile" not in content
        assert "the secret" not in text_of(content)
    assert canary.visits == 0


def test_the_canary_hears_those_who_come(canary: Canary) -> None:
    with socket.create_connection(("127.0.0.1", canary.port)) as visitor:
        visitor.recv(100)
    assert canary.visits == 1


def test_only_files_given_are_fetched() -> None:
    fetcher = OwnFiles({"own:dot.png": ("image/png", DOT)})
    answer = fetcher.fetch("own:dot.png")
    assert answer.read() == DOT
    assert answer.content_type == "image/png"
    for address in (
        "own:other.png",
        "own:../dot.png",
        "OWN:dot.png",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "data:,x",
        "dot.png",
    ):
        with pytest.raises(ValueError, match="only our own files"):
            fetcher.fetch(address)
