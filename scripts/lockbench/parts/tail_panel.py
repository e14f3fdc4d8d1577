"""One panel of the tail chart: percentile curves of one block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lockbench.canvas import LABEL_PT, PANEL_PT, TICK_PT
from lockbench.formatting import count_range
from lockbench.histograms import Histogram
from lockbench.looks import OVERSUBSCRIBED_TINT, QUIET, TARGET_ORDERING, Look
from lockbench.parts.block_choice import block_label
from lockbench.parts.curve_panel import marker_style
from lockbench.parts.duration_axis import set_duration_axis
from lockbench.parts.end_labels import label_ends
from lockbench.rows import Summary

FIRST_Q = 0.5  #: where the axis starts: the faster half is no tail
TICKS = {0.5: "50 %", 0.9: "90 %", 0.99: "99 %", 0.999: "99.9 %", 0.9999: "99.99 %",
         0.99999: "99.999 %"}
POINTS_A_DECADE = 24
TITLE_CHARACTERS = 58
KIND_NAMES = {"sojourn": "sojourn time", "handoff": "hand-over time",
              "all": "service time, all calls"}

_PLAIN = {"linestyle": "none", "marker": "o", "markersize": 7.5, "color": QUIET}
MARKS: tuple[Line2D | Patch, ...] = (
    Line2D([], [], **_PLAIN, label=f"filled: {TARGET_ORDERING}; markers stand on the ticks"),
    Line2D([], [], **_PLAIN | {"markerfacecolor": "white", "markeredgewidth": 1.4},
           label="hollow: another ordering, named in brackets: a weaker promise"),
    Patch(facecolor=OVERSUBSCRIBED_TINT, edgecolor=QUIET, linestyle=":",
          label="oversubscribed: more threads than CPUs; dashed lines"),
)


@dataclass(frozen=True)
class TailPanel:
    """The cases of a block, the kind of duration, and the durations that each strategy's windows
    sampled."""

    rows: Summary
    kind: str
    histograms: dict[str, Histogram]

    @property
    def highest_quantile(self) -> float:
        return max((one.highest_quantile for one in self.histograms.values()), default=0.0)


def curve(histogram: Histogram) -> list[tuple[float, float]]:
    """Returns (1 / (1 - q), ns) from the median to the last quantile with enough samples beyond
    it."""
    end = histogram.highest_quantile
    if end < FIRST_Q:
        return []
    steps = int(POINTS_A_DECADE * log10(_stretched(end) / _stretched(FIRST_Q)))
    grid = [1 - (1 - FIRST_Q) * 10 ** (-step / POINTS_A_DECADE) for step in range(steps + 1)]
    points = ((q, histogram.quantile_ns(q)) for q in sorted({*grid, *TICKS, end}) if q <= end)
    return [(_stretched(q), value) for q, value in points if value]


def _stretched(q: float) -> float:
    return 1 / (1 - q)


def draw_panel(axes: Axes, panel: TailPanel, strategy_looks: dict[str, Look],
               limits: tuple[float, float], highest_q: float) -> None:
    """Draws one block. `limits` are those of the latency axis, in ns; `highest_q` is where the
    percentile axis ends."""
    over = any(row.oversubscribed for row in panel.rows)
    samples = [one.samples for one in panel.histograms.values()]
    axes.set_title("\n".join(wrap(block_label(panel.rows[0]), TITLE_CHARACTERS)),
                   fontsize=PANEL_PT, fontweight="bold", loc="left", pad=20)
    axes.annotate(f"{KIND_NAMES.get(panel.kind, panel.kind)} · "
                  f"{count_range(samples, 'samples')} a strategy", (0, 1),
                  xycoords="axes fraction", xytext=(0, 5), textcoords="offset points",
                  fontsize=8.5, color=QUIET, va="bottom")
    _set_percentile_axis(axes, highest_q)
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    set_duration_axis(axes.yaxis, limits)
    axes.set_ylabel("latency", fontsize=LABEL_PT)
    if over:
        axes.axvspan(*axes.get_xlim(), facecolor=OVERSUBSCRIBED_TINT, edgecolor="none", zorder=0,
                     label="oversubscribed")
    orderings = {row.strategy: row.ordering for row in panel.rows}
    ends = {}
    for strategy, histogram in sorted(panel.histograms.items()):
        points = curve(histogram)
        if not points:
            continue
        on_ticks = _places_of_ticks(points)
        axes.plot(*zip(*points), linewidth=1.4, linestyle=(0, (3, 2)) if over else "-", zorder=3,
                  **marker_style(strategy_looks[strategy], orderings[strategy]),
                  markevery=on_ticks, label=f"curve:{strategy}")
        ends[strategy] = points[-1]
    label_ends(axes, ends, strategy_looks)


def _places_of_ticks(points: Sequence[tuple[float, float]]) -> list[int]:
    wanted = {round(log10(_stretched(q)), 6) for q in TICKS}
    return [place for place, (x, _) in enumerate(points) if round(log10(x), 6) in wanted]


def _set_percentile_axis(axes: Axes, highest_q: float) -> None:
    axes.set_xscale("log")
    axes.set_xlim(_stretched(FIRST_Q) / 1.15, _stretched(highest_q) * 1.15)
    ticks = {_stretched(q): name for q, name in TICKS.items() if q <= highest_q}
    axes.xaxis.set_major_locator(FixedLocator(list(ticks)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(
        lambda value, _: min(ticks.items(), key=lambda tick: abs(tick[0] - value))[1]))
    axes.set_xlabel("percentile", fontsize=LABEL_PT, labelpad=2)
    axes.tick_params(labelsize=TICK_PT, length=3)
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
