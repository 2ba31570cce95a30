"""HTML → PDF by WeasyPrint: paper from a roll, one page as long as what stands on it, and sheets of a fixed size.

Importing WeasyPrint takes a second, so whoever prints imports this module when the first page is asked for.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from fair_pos.kernel.refusal import Refusal

# Pango and fontconfig below a FontConfiguration are not safe for threads («corrupted double-linked list» was seen), and a configuration
# of its own for each call costs 100 MB: so there is one, and one document at a time.
_one_at_a_time = threading.Lock()
WAIT_SECONDS = 10
# Those who wait hold threads that the tills need too.
MOST_WAITING = 2
_waiting = threading.BoundedSemaphore(MOST_WAITING + 1)
KEPT = 64


class PrinterBusy(Refusal):
    """Others are being printed; asking again in a moment helps."""

    code = "printer_busy"
    status = 503


@contextmanager
def in_turn() -> Iterator[None]:
    """Nobody else prints meanwhile. Raises PrinterBusy at once when too many wait, else after WAIT_SECONDS in the queue."""
    if not _waiting.acquire(blocking=False):
        raise PrinterBusy
    try:
        if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
            raise PrinterBusy
        try:
            yield
        finally:
            _one_at_a_time.release()
    finally:
        _waiting.release()


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Fetches the files it was given and nothing else: no network, no `file:`, no `data:`, no redirects.

    `files` maps an address («own:logo.png») to its kind («image/png») and bytes. What text from outside may name is refused by not being
    in that list, rather than by being recognised as bad (CVE-2025-68616, CVE-2026-55073).
    """

    def __init__(self, files: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__(timeout=1, allowed_protocols=("own",), allow_redirects=False)
        self._files = dict(files)

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The file at `url`. Raises ValueError for any other; WeasyPrint leaves the picture out and goes on."""
        if url not in self._files:
            raise ValueError("only our own files are fetched")
        kind, content = self._files[url]
        return URLFetcherResponse(url, content, {"Content-Type": kind})


class RollPrinter:
    """One kind of paper: style and fonts are read once (17 ms a document), the last documents are kept by their content."""

    def __init__(self, style: str, files: Mapping[str, tuple[str, bytes]] | None = None) -> None:
        """`style` is CSS whose `@page` sets the width of the paper and a height that no content reaches."""
        self._fetcher = OwnFiles(files or {})
        with _one_at_a_time:
            self._fonts = FontConfiguration()
            self._style = CSS(string=style, font_config=self._fonts, url_fetcher=self._fetcher)
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def print_page(self, html: str) -> bytes:
        """`html` as a PDF, the same bytes for the same text. Raises PrinterBusy after WAIT_SECONDS in the queue."""
        key = hashlib.sha256(html.encode("utf-8", "surrogatepass")).hexdigest()
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        with in_turn():
            if key not in self._kept:  # else another request has printed it while this one waited
                self._kept[key] = self._print(html)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]

    def _print(self, html: str) -> bytes:
        source = HTML(string=html, url_fetcher=self._fetcher, base_url="own://paper/")
        document = source.render(font_config=self._fonts, stylesheets=[self._style])
        cut_paper(document)
        pdf: bytes = document.write_pdf()
        return pdf


class SheetPrinter:
    """Sheets of one size, as their style says. Printed once and thrown away, so none is kept."""

    def __init__(self, style: str) -> None:
        """`style` is CSS whose `@page` sets both measures of the paper."""
        with _one_at_a_time:
            self._fonts = FontConfiguration()
            self._style = CSS(string=style, font_config=self._fonts, url_fetcher=OwnFiles({}))

    def print_sheets(self, html: str, files: Mapping[str, tuple[str, bytes]], *, tagged: bool = False) -> bytes:
        """`html` with its own pictures (OwnFiles) as a PDF, the same bytes for the same input. Raises PrinterBusy.

        `tagged` keeps what is a heading, a table or a picture with its words, for whoever has the paper read out.
        A picture that stands on the sheets often is in the PDF once: a drawing (SVG) would be drawn each time, three times as slowly.
        """
        with in_turn():
            source = HTML(string=html, url_fetcher=OwnFiles(files), base_url="own://paper/")
            pdf: bytes = source.write_pdf(font_config=self._fonts, stylesheets=[self._style], pdf_tags=tagged)
            return pdf


def cut_paper(document: Document) -> None:
    """Shorten the last page to what stands on it, plus its lower margin.

    `size: 80mm auto` does not exist, and laying out twice (measure, then set the height) took twice as long and sometimes spilled a line
    onto a second page by rounding. The boxes are WeasyPrint's own affair, hence the pinned version and the test.
    """
    page = document.pages[-1]
    paper = page._page_box  # noqa: SLF001 (see above)
    body = paper.children[0].children[0]
    page.height = body.position_y + body.margin_height() + paper.margin_bottom
