"""One panel of throughput against threads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lockbench.canvas import LABEL_PT, PANEL_PT, TICK_PT
from lockbench.formatting import rate
from lockbench.looks import CEILING, INK, PROBLEM_RED, QUIET, TARGET_ORDERING, Look, tint
from lockbench.parts.oversubscription import boundary, shade
from lockbench.parts.rate_axis import fraction, set_rate_axis
from lockbench.rows import SummaryRow
from lockbench.scenarios import Scenario
from lockbench.spread import spread

LABEL_GAP_IN = 0.165  #: between the labels at the ends of lines, inches
ROOM = 1.22  #: factor left free on either side of the thread axis
LONGEST_PROBLEMS = 105  #: characters that fit under a panel
Limits = tuple[float, float]


def draw_panel(axes: Axes, scenario: Scenario, rows: Sequence[SummaryRow],
               strategy_looks: dict[str, Look], limits: Limits, cpus: int | None) -> None:
    """Draws the cases of one scenario, `rows`. `limits` are those of the rate axis,
    operations/s."""
    axes.set_title(scenario.mix, fontsize=PANEL_PT, fontweight="bold", loc="left", pad=20)
    set_rate_axis(axes, limits)
    _set_thread_axis(axes, sorted({row.threads for row in rows}))
    start = boundary(rows, cpus)
    if start is not None:
        shade(axes, start, axes.get_xlim()[1])

    for strategy in sorted({row.strategy for row in rows}):
        mine = sorted((row for row in rows if row.strategy == strategy), key=lambda r: r.threads)
        draw = _draw_ceiling if strategy == CEILING else _draw_curve
        draw(axes, strategy, mine, strategy_looks[strategy])
    _label_line_ends(axes, rows, strategy_looks, limits)
    _mark_problems(axes, rows, limits)
    notes = (scenario.setting.label, _ceiling_note(rows))
    axes.annotate(" · ".join(filter(None, notes)), (0, 1), xycoords="axes fraction", xytext=(0, 5),
                  textcoords="offset points", fontsize=8.5, color=QUIET, va="bottom")


def _set_thread_axis(axes: Axes, threads: list[int]) -> None:
    axes.set_xscale("log", base=2)
    axes.set_xlim(threads[0] / ROOM, threads[-1] * ROOM)
    axes.xaxis.set_major_locator(FixedLocator(threads))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlabel("threads", fontsize=LABEL_PT, labelpad=2)
    axes.set_ylabel("throughput (operations/s)", fontsize=LABEL_PT)
    axes.tick_params(labelsize=TICK_PT, length=3)
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _draw_curve(axes: Axes, strategy: str, rows: Sequence[SummaryRow], look: Look) -> None:
    """Draws two lines, one on each side of the oversubscription boundary, and never joins them
    across it. Their labels are `curve:NAME` and `curve-oversubscribed:NAME`."""
    for over, name, style in ((False, "curve", "-"), (True, "curve-oversubscribed", (0, (3, 2)))):
        part = [row for row in rows if row.oversubscribed == over and row.throughput_ops_s]
        if not part:
            continue
        # A case with a problem interrupts its line, since its neighbours say nothing about it.
        rates = [row.throughput_ops_s if row.sound else float("nan") for row in part]
        few = [row.sound and row.throughput_low_ops_s is None for row in part]
        axes.plot([row.threads for row in part], rates, linestyle=style, linewidth=1.4, zorder=3,
                  **marker_style(look, rows[0].ordering), label=f"{name}:{strategy}",
                  markevery=[place for place, is_few in enumerate(few) if not is_few])
        _draw_intervals(axes, strategy, part, look)
        pale = [row for row, is_few in zip(part, few) if is_few]
        if pale:
            axes.plot([row.threads for row in pale], [row.throughput_ops_s for row in pale],
                      zorder=3, **marker_style(replace(look, colour=to_hex(tint(look.colour, 0.4))),
                                               rows[0].ordering),
                      linestyle="none", label=f"pale:{strategy}")
    regimes = [row for row in rows if row.sound and row.several_regimes and row.throughput_ops_s]
    if regimes:
        axes.plot([row.threads for row in regimes], [row.throughput_ops_s for row in regimes],
                  **REGIME_MARK, zorder=4, label=f"regimes:{strategy}")


def marker_style(look: Look, ordering: str) -> dict[str, Any]:
    """Returns a filled marker for the contract's own ordering, a hollow one for any other."""
    filled = ordering == TARGET_ORDERING
    return {"color": look.colour, "marker": look.marker, "markersize": look.size,
            "markerfacecolor": look.colour if filled else "white",
            "markeredgecolor": "white" if filled else look.colour,
            "markeredgewidth": 0.6 if filled else 1.4}


#: The ring around the marker of a case whose windows met several machine regimes.
REGIME_MARK = {"linestyle": "none", "marker": "o", "markersize": 12.5, "markerfacecolor": "none",
               "markeredgecolor": INK, "markeredgewidth": 0.7}
#: The cross of a case with a problem, which is never drawn as if it were a result.
PROBLEM_MARK = {"linestyle": "none", "marker": "x", "markersize": 8, "markeredgewidth": 2.2,
                "markeredgecolor": PROBLEM_RED, "clip_on": False}


def _draw_intervals(axes: Axes, strategy: str, rows: Iterable[SummaryRow], look: Look) -> None:
    for row in rows:
        low, high = row.throughput_low_ops_s, row.throughput_high_ops_s
        if row.sound and low and high:
            axes.plot([row.threads] * 2, [low, high], color=look.colour, linewidth=3.2, alpha=0.45,
                      solid_capstyle="butt", zorder=2, label=f"interval:{strategy}:{row.threads}")


def _draw_ceiling(axes: Axes, strategy: str, rows: Sequence[SummaryRow], look: Look) -> None:
    """Draws the harness alone, as far as it lies within the axis that the queues need."""
    for over in (False, True):
        part = [row for row in rows if row.oversubscribed == over and row.sound]
        if part:
            axes.plot([row.threads for row in part], [row.throughput_ops_s for row in part],
                      color=look.colour, linewidth=1, marker=look.marker, markersize=4, zorder=1.5,
                      linestyle=":" if over else "-", label=f"ceiling:{strategy}")


def _ceiling_note(rows: Iterable[SummaryRow]) -> str:
    rates = [row.throughput_ops_s for row in rows
             if row.strategy == CEILING and row.throughput_ops_s is not None]
    if not rates:
        return ""
    span = rate(min(rates)) if len(rates) == 1 else f"{rate(min(rates))} to {rate(max(rates))}"
    return f"harness alone ({CEILING}): {span} operations/s"


def _label_line_ends(axes: Axes, rows: Sequence[SummaryRow], strategy_looks: dict[str, Look],
                     limits: Limits) -> None:
    """Writes every strategy's name at the right, in the order of the last values, and ties it to
    its point. A line that ends early has its name where it ends."""
    last: dict[str, SummaryRow] = {}
    for row in rows:
        newest = row.strategy not in last or row.threads > last[row.strategy].threads
        if row.sound and row.throughput_ops_s and newest and row.strategy != CEILING:
            last[row.strategy] = row
    end = max(row.threads for row in rows)
    for name in [name for name in last if last[name].threads < end]:
        early = last.pop(name)
        axes.annotate(name, (early.threads, early.throughput_ops_s), xytext=(7, -3),
                      textcoords="offset points", fontsize=9, label=f"label:{name}",
                      color=strategy_looks[name].colour, zorder=4,
                      bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.8})
    names = sorted(last, key=lambda name: last[name].throughput_ops_s)
    wanted = [fraction(last[name].throughput_ops_s, limits) for name in names]
    gap = LABEL_GAP_IN / (axes.get_position().height * axes.figure.get_figheight())
    for name, height in zip(names, spread(wanted, gap, 0.01, 0.99)):
        colour = strategy_looks[name].colour
        axes.annotate(name, (last[name].threads, last[name].throughput_ops_s),
                      xytext=(1.035, height), textcoords="axes fraction", fontsize=9,
                      color=colour, va="center", annotation_clip=False, label=f"label:{name}",
                      arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6,
                                  "alpha": 0.6, "shrinkA": 1, "shrinkB": 5, "relpos": (0, 0.5)})


def _mark_problems(axes: Axes, rows: Iterable[SummaryRow], limits: Limits) -> None:
    """Draws a red cross at the value of each case with a problem. If it has no value, the cross
    stands on the lower edge, and the case is named below it."""
    unmeasured: dict[str, list[int]] = {}
    for row in rows:
        if row.sound and row.throughput_ops_s:
            continue
        value = row.throughput_ops_s or limits[0]
        axes.plot([row.threads], [value], **PROBLEM_MARK, zorder=5,
                  label=f"problem:{row.strategy}:{row.threads}")
        if row.throughput_ops_s:
            axes.annotate(row.strategy, (row.threads, value), xytext=(7, -3),
                          textcoords="offset points", fontsize=8, color=PROBLEM_RED, zorder=5)
        else:
            unmeasured.setdefault(row.strategy, []).append(row.threads)
    if unmeasured:
        named = [f"{name} at {', '.join(map(str, sorted(unmeasured[name])))}"
                 for name in sorted(unmeasured)]
        text = shorten("No result: " + "; ".join(named), LONGEST_PROBLEMS,
                       placeholder=" … (see the report)")
        axes.annotate(text, (0, 0), xycoords="axes fraction", xytext=(0, -36), va="top",
                      textcoords="offset points", fontsize=8, color=PROBLEM_RED,
                      label="no-result")
