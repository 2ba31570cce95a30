"""Where every plot is drawn: matplotlib through its objects and never through pyplot, which keeps figures for ever.

SVG for pages, PNG for documents that cannot hold an SVG; both from the same drawing. DejaVu Sans comes with matplotlib and has every
Vietnamese letter, so a bare machine without fonts writes the same words.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Form = Literal["svg", "png"]
# tokens.css: --plot-1, --plot-2, --ink, --ink-soft; two hues and grey, each told from the others by lightness or hatching too.
KEPT, BACK, INK, SOFT = "#0b5d3b", "#b4761a", "#1b1b18", "#4b4a43"
BACK_WORDS = "#7a4d0c"
"""The second hue dark enough for letters."""
PALE = "#d9d6cc"
"""For what is there to compare with, and behind hatching."""
LATE_HATCH, BACK_HATCH = "....", "////"
"""What has not been received yet, and what was given back."""
_DOTS_PER_INCH = 100
_PNG_DOTS_PER_INCH = 200
_LOCK = threading.Lock()  # matplotlib's settings and fonts are shared by all threads
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (2.2): a name pasted from a PDF with such a letter in it would make the whole plot unreadable."""
_SETTINGS: Any = {
    "svg.fonttype": "none",  # words stay words: sharp, found by searching, a tenth of the bytes
    "svg.hashsalt": "fair_pos",  # the same figures give the same bytes
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "hatch.linewidth": 1.2,
    "text.parse_math": False,  # a zone called «$A$» is no formula, and one that is none of TeX's would stop every plot
}


def rendered(draw: Callable[[Axes], None], width: int, height: int, form: Form = "svg") -> bytes:
    """What `draw` puts on the axes it is given, `width` × `height` CSS pixels large.

    An SVG keeps its words and has nothing behind it; a PNG has 200 dots an inch (twice the pixels) on white. The same drawing gives
    the same bytes. One drawing at a time: `draw` must not call this again.
    """
    with _LOCK:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        with mpl.rc_context(_SETTINGS):
            size = (width / _DOTS_PER_INCH, height / _DOTS_PER_INCH)
            figure = Figure(figsize=size, dpi=_DOTS_PER_INCH, facecolor="none", layout="constrained")
            draw(figure.add_subplot(facecolor="none"))
            out = io.BytesIO()
            if form == "png":
                FigureCanvasAgg(figure)
                figure.savefig(
                    out, format="png", dpi=_PNG_DOTS_PER_INCH, facecolor="#ffffff", metadata={"Software": None}
                )
                return out.getvalue()
            FigureCanvasSVG(figure)
            figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    drawn = _NO_XML.sub("", out.getvalue().decode()).encode()
    # Drawn with DejaVu's widths, shown in the reader's own font.
    return drawn.replace(b"'DejaVu Sans', sans-serif", b"'Be Vietnam Pro', system-ui, sans-serif")
