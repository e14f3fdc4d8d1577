"""One panel of quantiles of a duration against a parameter, such as sojourn times against load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lockbench.canvas import LABEL_PT, TICK_PT
from lockbench.formatting import duration
from lockbench.looks import INK, OVERSUBSCRIBED_TINT, PROBLEM_RED, QUIET, TARGET_ORDERING, Look
from lockbench.parts.curve_panel import PROBLEM_MARK, marker_style
from lockbench.parts.duration_axis import set_duration_axis
from lockbench.parts.end_labels import label_ends
from lockbench.rows import SummaryRow

LONGEST_PROBLEMS = 150  #: characters that fit under a row of panels
SLO_LINE = {"color": INK, "linewidth": 1.1, "linestyle": (0, (6, 3))}
LABEL_WIDTH, LABEL_HEIGHT = 0.4, 0.1  #: of an axis, that the objective's name takes up

_PLAIN = {"linestyle": "none", "marker": "o", "markersize": 7.5, "color": QUIET}
PLAIN_MARKS: tuple[Line2D | Patch, ...] = (
    Line2D([], [], **_PLAIN, label=f"filled: {TARGET_ORDERING}"),
    Line2D([], [], **_PLAIN | {"markerfacecolor": "white", "markeredgewidth": 1.4},
           label="hollow: another ordering, named in brackets: a weaker promise"),
    Line2D([], [], **PROBLEM_MARK, label="cross: violated, crashed or hung"),
    Patch(facecolor=OVERSUBSCRIBED_TINT, edgecolor=QUIET, linestyle=":",
          label="oversubscribed: more threads than CPUs; dashed lines"),
)
SLO_MARK = Line2D([], [], **SLO_LINE, label="objective (SLO), where one was asked for")


@dataclass(frozen=True)
class Relation:
    """Which duration stands against which parameter, and how both are called."""

    duration_name: str
    quantile_ns: Callable[[SummaryRow, str], float | None]
    """Of a case, by the name that its column has: `p99_9`."""
    parameter_name: str
    parameter: Callable[[SummaryRow], float]
    text: Callable[[float], str]
    """A value of the parameter as a reader sees it."""
    label_share: float
    """Of the parameter's axis, that such a text takes up."""
    logarithmic: bool = False


@dataclass(frozen=True)
class Slo:
    """A service-level objective: a quantile by the name of its column, and its limit in ns."""

    quantile: str
    limit_ns: float


def quantile_name(quantile: str) -> str:
    """Returns p99.9 for `p99_9`, as columns are named."""
    return quantile.replace("_", ".")


def draw_panel(axes: Axes, relation: Relation, quantile: str, rows: Sequence[SummaryRow],
               strategy_looks: dict[str, Look], limits: tuple[float, float], first: bool,
               last: bool, slo: Slo | None = None) -> None:
    """Draws one quantile of `rows`, which differ in strategy and in the parameter of the relation.

    The `first` panel of a row has the axis, the `last` has the names of the strategies. `limits`
    are those of the duration axis, in ns.
    """
    axes.set_title(quantile_name(quantile), fontsize=LABEL_PT, loc="left")
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    set_duration_axis(axes.yaxis, limits)
    _set_parameter_axis(axes, relation, sorted({relation.parameter(row) for row in rows}))
    if first:
        axes.set_ylabel(relation.duration_name, fontsize=LABEL_PT)
    else:
        axes.tick_params(labelleft=False)
    if any(row.oversubscribed for row in rows):
        axes.axvspan(*axes.get_xlim(), facecolor=OVERSUBSCRIBED_TINT, edgecolor="none", zorder=0,
                     label="oversubscribed")
    ends = {}
    for strategy in sorted({row.strategy for row in rows}):
        mine = sorted((row for row in rows if row.strategy == strategy), key=relation.parameter)
        end = _draw_curve(axes, relation, quantile, mine, strategy_looks[strategy])
        if end:
            ends[strategy] = end
    if not ends:
        axes.text(0.5, 0.5, f"too few samples for {quantile_name(quantile)}", fontsize=9,
                  ha="center", va="center", transform=axes.transAxes, color=QUIET)
    if last:
        label_ends(axes, ends, strategy_looks)
    if slo and slo.quantile == quantile:
        axes.axhline(slo.limit_ns, **SLO_LINE, zorder=2, label="slo")
        _name_objective(axes, slo.limit_ns, [(relation.parameter(row), value) for row in rows
                                             if (value := relation.quantile_ns(row, quantile))])
    if first:
        _name_problems(axes, relation, rows)


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


def _set_parameter_axis(axes: Axes, relation: Relation, values: list[float]) -> None:
    if relation.logarithmic:
        # A logarithmic axis has no place for 0; this one is linear below the least other value.
        least = min((value for value in values if value > 0), default=1.0)
        axes.set_xscale("symlog", linthresh=least, linscale=0.5)
    scale = axes.xaxis.get_transform()
    places = [float(place) for place in scale.transform(np.array(values, dtype=float))]
    room = 0.08 * (places[-1] - places[0]) or 0.1
    ends = scale.inverted().transform(np.array([places[0] - room, places[-1] + room]))
    axes.set_xlim(*map(float, ends))
    labelled = _labelled(places, relation.label_share)
    axes.xaxis.set_major_locator(FixedLocator([value for value, place in zip(values, places)
                                               if place in labelled]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: relation.text(value)))
    axes.set_xlabel(relation.parameter_name, fontsize=LABEL_PT, labelpad=2)
    axes.tick_params(labelsize=TICK_PT, length=3)
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _labelled(places: Sequence[float], label_share: float) -> list[float]:
    """Returns as many of the places, from the highest down, as have room for a label."""
    found: list[float] = []
    for place in reversed(places):
        if not found or found[-1] - place >= label_share * (places[-1] - places[0]):
            found.append(place)
    return found


def _draw_curve(axes: Axes, relation: Relation, quantile: str, rows: Sequence[SummaryRow],
                look: Look) -> tuple[float, float] | None:
    """Draws a line with the label `curve:NAME`, with a gap wherever no value can be trusted.
    Returns its last point."""
    strategy = rows[0].strategy
    over = any(row.oversubscribed for row in rows)
    values = [relation.quantile_ns(row, quantile) or None for row in rows]
    sound = [value if row.sound else None for row, value in zip(rows, values)]
    for row, value in zip(rows, values):
        if value and not row.sound:
            axes.plot([relation.parameter(row)], [value], **PROBLEM_MARK, zorder=5,
                      label=f"problem:{strategy}")
    if not any(sound):
        return None
    axes.plot(list(map(relation.parameter, rows)), [value or float("nan") for value in sound],
              linestyle=(0, (3, 2)) if over else "-", linewidth=1.4, zorder=3,
              **marker_style(look, rows[0].ordering), label=f"curve:{strategy}")
    return [(relation.parameter(row), value) for row, value in zip(rows, sound) if value][-1]


def _name_problems(axes: Axes, relation: Relation, rows: Sequence[SummaryRow]) -> None:
    lost: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row.strategy, relation.parameter(row))):
        if not row.sound:
            lost.setdefault(row.strategy, []).append(relation.text(relation.parameter(row)))
    named = [f"{strategy} at {', '.join(values)}" for strategy, values in lost.items()]
    if named:
        text = shorten("No result: " + "; ".join(named), LONGEST_PROBLEMS,
                       placeholder=" … (see the report)")
        axes.annotate(text, (0, 0), xycoords="axes fraction", xytext=(0, -36), va="top",
                      textcoords="offset points", fontsize=8, color=PROBLEM_RED,
                      label="no-result", annotation_clip=False)
