"""What all charts share: a figure measured in inches, its title, its footer, its bytes.

Uses matplotlib's objects only, never pyplot, so there is no global figure, no window, and no state
between charts.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lockbench.looks import INK, QUIET

TITLE_PT, SUBTITLE_PT, PANEL_PT, LABEL_PT, TICK_PT, FOOTER_PT = 15, 10.5, 11.5, 10, 9.5, 8.5
LINE_IN = 0.17  #: height of one footer line, inches
MARGIN_IN = 0.2
PNG_DPI = 110

#: These are fixed, so that the same data makes the same bytes whatever a user's matplotlibrc says.
SETTINGS = {"svg.hashsalt": "lockbench", "svg.fonttype": "path", "font.family": "DejaVu Sans",
            "hatch.linewidth": 0.7, "axes.unicode_minus": True, "path.simplify": False}


class Page:
    """A white figure with parts placed in inches from the top left, so that text never scales."""

    def __init__(self, width_in: float, height_in: float) -> None:
        self.width_in, self.height_in = width_in, height_in
        self.figure = Figure(figsize=(width_in, height_in), facecolor="white")
        FigureCanvasAgg(self.figure)

    def axes(self, left: float, top: float, width: float, height: float, **options) -> Axes:
        """Returns axes with their upper left corner at (left, top), all in inches."""
        bottom = self.height_in - top - height
        return self.figure.add_axes(
            (left / self.width_in, bottom / self.height_in,
             width / self.width_in, height / self.height_in), **options)

    def text(self, left: float, top: float, text: str, **options) -> None:
        self.figure.text(left / self.width_in, 1 - top / self.height_in, text,
                         **{"va": "top", "ha": "left", "color": INK, **options})

    def title(self, title: str, subtitle: str) -> None:
        self.text(MARGIN_IN, MARGIN_IN, title, fontsize=TITLE_PT, fontweight="bold")
        self.text(MARGIN_IN, MARGIN_IN + 0.36, subtitle, fontsize=SUBTITLE_PT, color=QUIET)

    def footer(self, lines: list[str]) -> None:
        """Writes `lines`, as `wrapped` returned them, at the bottom."""
        top = self.height_in - 0.1 - LINE_IN * len(lines)
        for number, line in enumerate(lines):
            self.text(MARGIN_IN, top + number * LINE_IN, line, fontsize=FOOTER_PT, color=QUIET)


HEADER_IN = 0.95  #: room that `Page.title` needs, inches


def wrapped(lines: Iterable[str], width_in: float) -> list[str]:
    """Breaks footer lines for a page `width_in` inches wide."""
    characters = int((width_in - 2 * MARGIN_IN) * 15.2)
    return [part for line in lines for part in textwrap.wrap(line, characters)]


def footer_height(lines: list[str]) -> float:
    return 0.2 + LINE_IN * len(lines)


@contextmanager
def own_settings() -> Iterator[None]:
    """Makes whatever is drawn and rendered inside it independent of the user's matplotlibrc."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield


def to_svg(figure: Figure) -> bytes:
    return _rendered(figure, "svg", {"Date": None})


def to_png(figure: Figure) -> bytes:
    return _rendered(figure, "png", {"Software": None})


def _rendered(figure: Figure, file_format: str, metadata: dict[str, None]) -> bytes:
    buffer = io.BytesIO()
    with own_settings():
        figure.savefig(buffer, format=file_format, dpi=PNG_DPI, facecolor="white",
                       metadata=metadata)
    return buffer.getvalue()
