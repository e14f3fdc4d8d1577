"""One panel of the sojourn chart: one quantile at one parameter point, against load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter

from lockbench.canvas import LABEL_PT, TICK_PT
from lockbench.formatting import duration, share
from lockbench.looks import INK, OVERSUBSCRIBED_TINT, PROBLEM_RED, QUIET, TARGET_ORDERING, Look
from lockbench.parts.curve_panel import PROBLEM_MARK, marker_style
from lockbench.parts.duration_axis import set_duration_axis
from lockbench.parts.end_labels import label_ends
from lockbench.rows import SummaryRow

LONGEST_PROBLEMS = 150  #: characters that fit under a row of panels
SLO_LINE = {"color": INK, "linewidth": 1.1, "linestyle": (0, (6, 3))}
LABEL_WIDTH, LABEL_HEIGHT = 0.4, 0.1  #: of an axis, that the objective's name takes up
TICK_SHARE = 0.13  #: of the load axis, that the label of one load takes up

_PLAIN = {"linestyle": "none", "marker": "o", "markersize": 7.5, "color": QUIET}
MARKS: tuple[Line2D | Patch, ...] = (
    Line2D([], [], **_PLAIN, label=f"filled: {TARGET_ORDERING}"),
    Line2D([], [], **_PLAIN | {"markerfacecolor": "white", "markeredgewidth": 1.4},
           label="hollow: another ordering, named in brackets: a weaker promise"),
    Line2D([], [], **PROBLEM_MARK, label="cross: violated, crashed or hung"),
    Line2D([], [], **SLO_LINE, label="objective (SLO), where one was asked for"),
    Patch(facecolor=OVERSUBSCRIBED_TINT, edgecolor=QUIET, linestyle=":",
          label="oversubscribed: more threads than CPUs; dashed lines"),
)


@dataclass(frozen=True)
class Slo:
    """A service-level objective: a quantile by the name of its column, and its limit in ns."""

    quantile: str
    limit_ns: float


def sojourn_ns(row: SummaryRow, quantile: str) -> float | None:
    return getattr(row, f"sojourn_{quantile}_ns")


def quantile_name(quantile: str) -> str:
    """Returns p99.9 for `p99_9`, as columns are named."""
    return quantile.replace("_", ".")


def draw_panel(axes: Axes, quantile: str, rows: Sequence[SummaryRow],
               strategy_looks: dict[str, Look], limits: tuple[float, float], slo: Slo | None,
               first: bool, last: bool) -> None:
    """Draws one parameter point, `rows`, at all loads.

    The `first` panel of a row has the axis, the `last` has the names of the strategies.
    """
    axes.set_title(quantile_name(quantile), fontsize=LABEL_PT, loc="left")
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    set_duration_axis(axes.yaxis, limits)
    _set_load_axis(axes, sorted({row.load for row in rows}))
    if first:
        axes.set_ylabel("sojourn time", fontsize=LABEL_PT)
    else:
        axes.tick_params(labelleft=False)
    if any(row.oversubscribed for row in rows):
        axes.axvspan(*axes.get_xlim(), facecolor=OVERSUBSCRIBED_TINT, edgecolor="none", zorder=0,
                     label="oversubscribed")
    ends = {}
    for strategy in sorted({row.strategy for row in rows}):
        mine = sorted((row for row in rows if row.strategy == strategy), key=lambda row: row.load)
        end = _draw_curve(axes, quantile, mine, strategy_looks[strategy])
        if end:
            ends[strategy] = end
    if not ends:
        axes.text(0.5, 0.5, f"too few samples for {quantile_name(quantile)}", fontsize=9,
                  ha="center", va="center", transform=axes.transAxes, color=QUIET)
    if last:
        label_ends(axes, ends, strategy_looks)
    if slo and slo.quantile == quantile:
        axes.axhline(slo.limit_ns, **SLO_LINE, zorder=2, label="slo")
        _name_objective(axes, slo.limit_ns, [(row.load, value) for row in rows
                                             if (value := sojourn_ns(row, quantile))])
    if first:
        _name_problems(axes, rows)


def _name_objective(axes: Axes, limit_ns: float, points: list[tuple[float, float]]) -> None:
    """Writes the objective above its line on the left. If that would hide a point, writes it below
    the line on the right. Sojourn times rise with load, so at most one of the two places is
    taken."""
    low, high = axes.get_ylim()
    left, right = axes.get_xlim()
    hidden = any(load < left + LABEL_WIDTH * (right - left)
                 and 1 / 1.2 < value / limit_ns < (high / low) ** LABEL_HEIGHT
                 for load, value in points)
    axes.annotate(f"objective {duration(limit_ns)}", (1 if hidden else 0, limit_ns),
                  xycoords=("axes fraction", "data"), xytext=(-3, -3) if hidden else (3, 3),
                  ha="right" if hidden else "left", va="top" if hidden else "bottom", fontsize=8,
                  color=INK, textcoords="offset points", zorder=6, label="objective",
                  bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.8})


def _set_load_axis(axes: Axes, loads: list[float]) -> None:
    room = 0.08 * (loads[-1] - loads[0]) or 0.1
    axes.set_xlim(loads[0] - room, loads[-1] + room)
    axes.xaxis.set_major_locator(FixedLocator(_labelled(loads)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: share(round(value, 6))))
    axes.set_xlabel("load (share of measured capacity)", fontsize=LABEL_PT, labelpad=2)
    axes.tick_params(labelsize=TICK_PT, length=3)
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _labelled(loads: Sequence[float]) -> list[float]:
    """Returns as many of the loads, from the highest down, as have room for a label."""
    found: list[float] = []
    for load in reversed(loads):
        if not found or found[-1] - load >= TICK_SHARE * (loads[-1] - loads[0]):
            found.append(load)
    return found[::-1]


def _draw_curve(axes: Axes, quantile: str, rows: Sequence[SummaryRow],
                look: Look) -> tuple[float, float] | None:
    """Draws a line with the label `curve:NAME`, with a gap wherever no value can be trusted.
    Returns its last point."""
    strategy = rows[0].strategy
    over = any(row.oversubscribed for row in rows)
    values = [sojourn_ns(row, quantile) or None for row in rows]
    sound = [value if row.sound else None for row, value in zip(rows, values)]
    for row, value in zip(rows, values):
        if value and not row.sound:
            axes.plot([row.load], [value], **PROBLEM_MARK, zorder=5, label=f"problem:{strategy}")
    if not any(sound):
        return None
    axes.plot([row.load for row in rows], [value or float("nan") for value in sound],
              linestyle=(0, (3, 2)) if over else "-", linewidth=1.4, zorder=3,
              **marker_style(look, rows[0].ordering), label=f"curve:{strategy}")
    return [(row.load, value) for row, value in zip(rows, sound) if value][-1]


def _name_problems(axes: Axes, rows: Sequence[SummaryRow]) -> None:
    lost: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row.strategy, row.load)):
        if not row.sound:
            lost.setdefault(row.strategy, []).append(share(row.load))
    named = [f"{strategy} at {', '.join(loads)}" for strategy, loads in lost.items()]
    if named:
        text = shorten("No result: " + "; ".join(named), LONGEST_PROBLEMS,
                       placeholder=" … (see the report)")
        axes.annotate(text, (0, 0), xycoords="axes fraction", xytext=(0, -36), va="top",
                      textcoords="offset points", fontsize=8, color=PROBLEM_RED,
                      label="no-result", annotation_clip=False)
