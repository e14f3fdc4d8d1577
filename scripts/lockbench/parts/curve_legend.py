"""The key under the panels: every strategy with its ordering, and every mark."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lockbench.canvas import LABEL_PT, Page
from lockbench.looks import CEILING, OVERSUBSCRIBED_TINT, QUIET, TARGET_ORDERING, Look
from lockbench.parts.curve_panel import PROBLEM_MARK, REGIME_MARK, marker_style
from lockbench.rows import SummaryRow

ROW_IN, TITLE_IN = 0.19, 0.3
ENTRY_IN = 2.55  #: width of one column of strategies, inches
MARKS_IN = 4.6  #: width of the key of marks, inches
MARKS = 7
FONT_PT = 9


def legend_height(rows: Sequence[SummaryRow], width_in: float, marks: int = MARKS) -> float:
    """Returns the inches that `draw_legend` needs on a page `width_in` wide inside its margins."""
    strategies = len({row.strategy for row in rows})
    return TITLE_IN + ROW_IN * max(marks, -(-strategies // _columns(width_in))) + 0.1


def draw_legend(page: Page, left: float, top: float, height: float, rows: Sequence[SummaryRow],
                strategy_looks: dict[str, Look], marks: Sequence[Line2D | Patch] = ()) -> None:
    """Draws two legends side by side: strategies by ordering class, then marks. The marks are those
    of the throughput panels unless others are given. All lengths are in inches."""
    width = page.width_in - 2 * left
    axes = page.axes(left, top, width, height)
    axes.set_axis_off()
    axes.set_label("key")
    strategies = _strategy_entries(rows, strategy_looks)
    _add(axes, strategies, "Strategies, and the order in which they hand out tasks", 0.0,
         _columns(width))
    _add(axes, marks or _mark_entries(), "Marks", 1 - MARKS_IN / width, 1)


def _columns(width_in: float) -> int:
    return max(1, int((width_in - MARKS_IN) / ENTRY_IN))


def _add(axes, entries: list, title: str, left: float, columns: int) -> None:
    legend = Legend(axes, entries, [entry.get_label() for entry in entries], title=title,
                    loc="upper left", bbox_to_anchor=(left, 1.0), ncol=columns, frameon=False,
                    fontsize=FONT_PT, title_fontsize=LABEL_PT, alignment="left", borderpad=0,
                    borderaxespad=0, handlelength=2.2, columnspacing=1.4, labelspacing=0.45)
    axes.add_artist(legend)


def _strategy_entries(rows: Sequence[SummaryRow], strategy_looks: dict[str, Look]) -> list[Line2D]:
    orderings = {row.strategy: row.ordering for row in rows if row.strategy != CEILING}
    # The contract's own ordering comes first; the others promise less, and follow class by class.
    names = sorted(orderings, key=lambda n: (orderings[n] != TARGET_ORDERING, orderings[n], n))
    entries = []
    for name in names:
        ordering = orderings[name]
        label = name if ordering == TARGET_ORDERING else f"{name} ({ordering})"
        entries.append(Line2D([], [], linewidth=1.4, label=label,
                              **marker_style(strategy_looks[name], ordering)))
    if any(row.strategy == CEILING for row in rows):
        ceiling = strategy_looks[CEILING]
        entries.append(Line2D([], [], color=ceiling.colour, marker=ceiling.marker, markersize=4,
                              linewidth=1, label=f"{CEILING} (no queue: harness alone)"))
    return entries


def _mark_entries() -> list[Line2D | Patch]:
    plain = {"linestyle": "none", "marker": "o", "markersize": 7.5, "color": QUIET}
    return [
        Line2D([], [], **plain, label=f"filled: {TARGET_ORDERING}"),
        Line2D([], [], **plain | {"markerfacecolor": "white", "markeredgewidth": 1.4},
               label="hollow: another ordering, named in brackets: a weaker promise"),
        Line2D([], [], **plain | {"color": "#c4c4c4"},
               label="pale: fewer than 6 valid processes, so no interval"),
        Line2D([], [], **REGIME_MARK, label="ring: met several machine regimes (line round trip)"),
        Line2D([], [], **PROBLEM_MARK, label="cross: violated, crashed, hung or nothing valid"),
        Patch(facecolor=OVERSUBSCRIBED_TINT, edgecolor=QUIET, linestyle=":",
              label="oversubscribed: more threads than CPUs; dashed lines"),
        Line2D([], [], color=QUIET, linewidth=3.2, alpha=0.45, label="bar: 95 % interval"),
    ]
