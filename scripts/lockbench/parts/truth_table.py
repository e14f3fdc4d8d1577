"""One block of the truth chart: a row a strategy, a column a figure, a dot a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log10
from textwrap import shorten, wrap

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from lockbench.canvas import Page
from lockbench.formatting import duration, rate, significant, tick_duration, tick_rate
from lockbench.looks import INK, PROBLEM_RED, QUIET, TARGET_ORDERING, Look
from lockbench.parts.curve_panel import PROBLEM_MARK, marker_style
from lockbench.parts.duration_axis import duration_limits
from lockbench.rows import Summary, SummaryRow
from lockbench.scenarios import STATUS_STORM, is_open_loop

ROW_IN, HEADING_IN, TICKS_IN = 0.28, 0.42, 0.3  #: heights, inches
NAMES_IN, FLAGS_IN, GAP_IN = 1.7, 1.5, 0.12  #: widths, inches; the gap is left of each column
MARKER_SCALE = 0.7  #: of the markers of other charts, so that an interval shows beside one
TEXT_PT, SMALL_PT, FLAGS_PT, ORDERING_PT = 8.8, 7.6, 7, 6.6
FLAGS_CHARACTERS, NAME_CHARACTERS = 29, 25
TICK_SHARE = 0.62  #: of an axis, that must lie between its two ticks
NOT_AVAILABLE = "n/a"
BEST_TINT = "#e6eef5"


@dataclass(frozen=True)
class Column:
    """A figure that the chart shows of every strategy.

    `dots_in` and `value_in` are the widths of its axis and of the number beside it, in inches;
    `interval` returns the low and the high end of a row.
    """

    name: str
    title: str
    better: str
    dots_in: float
    value_in: float
    value: Callable[[SummaryRow], float | None]
    shown: Callable[[float | None], str]
    tick: Callable[[float], str]
    logarithmic: bool = False
    interval: Callable[[SummaryRow], tuple[float | None, float | None]] = lambda row: (None, None)

    @property
    def more_is_better(self) -> bool:
        return self.better == "more"


def _p99_ns(row: SummaryRow) -> float | None:
    return row.sojourn_p99_ns if is_open_loop(row) else row.latency_p99_ns


def _gap_ns(row: SummaryRow) -> float | None:
    return None if row.longest_gap_s is None else row.longest_gap_s * 1e9


COLUMNS = (
    Column("throughput", "operations/s", "more", 1.14, 0.58, lambda row: row.throughput_ops_s,
           rate, tick_rate,
           interval=lambda row: (row.throughput_low_ops_s, row.throughput_high_ops_s)),
    Column("p99", "p99 latency", "less", 0.72, 0.58, _p99_ns, duration, tick_duration,
           logarithmic=True),
    Column("fairness", "fairness (Jain)", "more", 0.62, 0.48, lambda row: row.fairness_jain,
           significant, lambda value: f"{value:g}"),
    Column("cpu", "CPU s / M ops", "less", 0.62, 0.54, lambda row: row.cpu_s_per_mop,
           significant, lambda value: f"{value:g}"),
    Column("gap", "longest gap", "less", 0.72, 0.58, _gap_ns, duration, tick_duration,
           logarithmic=True),
)
#: Where one thread writes while all others read, the sum of both would hide that one side starves,
#: and fairness within a role says nothing of a writer that is alone in its role.
TWO_RATES = {
    "throughput": replace(COLUMNS[0], name="reads", title="reads/s", value=lambda row: row.reads_s,
                          interval=lambda row: (None, None)),
    "fairness": Column("writes", "writes/s", "more", 0.62, 0.48, lambda row: row.writes_s, rate,
                       tick_rate),
}


def answered(blocks: Sequence[Sequence[SummaryRow]]) -> tuple[Column, ...]:
    """Returns the columns that have a value in any of these blocks."""
    rows = [row for block in blocks for row in block]
    return tuple(column for column in COLUMNS
                 if any(column.value(row) is not None for row in rows))


def columns_of(rows: Sequence[SummaryRow],
               columns: Sequence[Column] = COLUMNS) -> tuple[Column, ...]:
    """Returns the columns as a block shows them."""
    if rows[0].workload != STATUS_STORM or rows[0].reads_s is None:
        return tuple(columns)
    return tuple(TWO_RATES.get(column.name, column) for column in columns)


def width_in(columns: Sequence[Column]) -> float:
    """Returns the inches that `draw_table` needs right of its left edge."""
    return NAMES_IN + sum(GAP_IN + column.dots_in + column.value_in for column in columns) \
        + GAP_IN + FLAGS_IN


def height_in(rows: Sequence[SummaryRow]) -> float:
    """Returns the inches that `draw_table` needs below its top edge."""
    return HEADING_IN + ROW_IN * len(rows) + TICKS_IN


def ranked(rows: Sequence[SummaryRow]) -> Summary:
    """Returns the fastest rows first, and rows without a throughput last."""
    return tuple(sorted(rows, key=lambda row: (not row.sound, -(row.throughput_ops_s or 0),
                                               row.strategy)))


def best(rows: Sequence[SummaryRow], column: Column) -> list[SummaryRow]:
    """Returns the rows with the best value among those of the contract's own ordering, or among all
    if none keeps it.

    Returns several rows if their values look equal as shown, and none if all values do.
    """
    sound = [row for row in rows if row.sound and column.value(row) is not None]
    keeping = [row for row in sound if row.ordering == TARGET_ORDERING]
    compared = keeping or sound
    if not compared:
        return []
    pick = max if column.more_is_better else min
    top = column.shown(column.value(pick(compared, key=column.value)))
    leaders = [row for row in compared if column.shown(column.value(row)) == top]
    return leaders if len(leaders) < len(compared) else []


def flags(row: SummaryRow) -> str:
    """Returns what a reader must know besides the numbers, shortest words first."""
    lost = row.windows - row.valid_windows
    found = [row.problem, row.flags, "several regimes" if row.several_regimes else "",
             "harness bound" if row.harness_bound else "",
             f"{lost} of {row.windows} windows invalid" if lost else "",
             "no valid window" if row.throughput_ops_s is None and not row.problem else ""]
    return ", ".join(dict.fromkeys(part for part in found if part))


def draw_table(page: Page, left: float, top: float, rows: Sequence[SummaryRow],
               columns: Sequence[Column], strategy_looks: dict[str, Look]) -> None:
    """Draws one block; `rows` are as `ranked` returned them. The axes of a column have the label
    `truth:BLOCK:COLUMN`."""
    for place, row in enumerate(rows):
        _write_name(page, left, top + HEADING_IN + ROW_IN * (place + 0.5), row)
    start = left + NAMES_IN + GAP_IN
    for column in columns_of(rows, columns):
        page.text(start, top, column.title, fontsize=TEXT_PT, fontweight="bold")
        page.text(start, top + 0.17, f"{column.better} is better", fontsize=SMALL_PT, color=QUIET)
        axes = page.axes(start, top + HEADING_IN, column.dots_in, ROW_IN * len(rows))
        axes.set_label(f"truth:{rows[0].block_id}:{column.name}")
        _draw_column(axes, rows, column, strategy_looks)
        start += column.dots_in + column.value_in + GAP_IN
    page.text(start, top, "flags", fontsize=TEXT_PT, fontweight="bold")
    for place, row in enumerate(rows):
        lines = wrap(flags(row), FLAGS_CHARACTERS, max_lines=2, placeholder=" …")
        page.text(start, top + HEADING_IN + ROW_IN * (place + 0.5), "\n".join(lines),
                  fontsize=FLAGS_PT, va="center", linespacing=0.95,
                  color=INK if row.sound else PROBLEM_RED)


def _write_name(page: Page, left: float, middle: float, row: SummaryRow) -> None:
    ordering = "" if row.ordering == TARGET_ORDERING else row.ordering
    page.text(left, middle - (0.055 if ordering else 0), shorten(row.strategy, NAME_CHARACTERS),
              fontsize=TEXT_PT, va="center", color=INK if row.sound else PROBLEM_RED)
    if ordering:
        page.text(left, middle + 0.075, ordering, fontsize=ORDERING_PT, va="center", color=QUIET)


def _draw_column(axes: Axes, rows: Sequence[SummaryRow], column: Column,
                 strategy_looks: dict[str, Look]) -> None:
    axes.set_ylim(len(rows) - 0.5, -0.5)
    _set_axis(axes, rows, column)
    leaders = {row.case_id for row in best(rows, column)}
    for place, row in enumerate(rows):
        leads = row.case_id in leaders
        _write_value(axes, place, row, column, leads)
        value = column.value(row)
        if value is None or column.logarithmic and value <= 0:
            continue
        if row.sound:
            _draw_dot(axes, place, row, column, strategy_looks[row.strategy])
        else:
            axes.plot([value], [place], **PROBLEM_MARK | {"markersize": 6}, zorder=4,
                      label=f"problem:{row.strategy}")
        if leads:
            axes.axhspan(place - 0.45, place + 0.45, facecolor=BEST_TINT, edgecolor="none",
                         zorder=0, label=f"best:{row.strategy}")


def _write_value(axes: Axes, place: int, row: SummaryRow, column: Column, leads: bool) -> None:
    value = column.value(row)
    axes.annotate(NOT_AVAILABLE if value is None else column.shown(value), (1, place),
                  xycoords=("axes fraction", "data"), xytext=(7, 0), va="center",
                  textcoords="offset points", fontsize=TEXT_PT, annotation_clip=False,
                  fontweight="bold" if leads else "normal",
                  color=QUIET if value is None else INK if row.sound else PROBLEM_RED,
                  label=f"value:{row.strategy}")


def _draw_dot(axes: Axes, place: int, row: SummaryRow, column: Column, look: Look) -> None:
    low, high = column.interval(row)
    if low is not None and high is not None:
        axes.plot([low, high], [place, place], linewidth=3.2, alpha=0.45, zorder=2,
                  color=look.colour, solid_capstyle="butt", label=f"interval:{row.strategy}")
    style = marker_style(look, row.ordering)
    axes.plot([column.value(row)], [place], zorder=3, clip_on=False, label=f"dot:{row.strategy}",
              **style | {"markersize": MARKER_SCALE * style["markersize"]})


def _set_axis(axes: Axes, rows: Sequence[SummaryRow], column: Column) -> None:
    """Sets a linear axis from 0, or a logarithmic one. Only its ends have numbers, since more would
    not fit."""
    values = [value for row in rows if (value := column.value(row)) is not None]
    if column.logarithmic:
        low, high = duration_limits(values)
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        ticks = _decades(low, high) if values else []
    else:
        top = max(values, default=0) or 1
        # An interval may stretch the axis a little; beyond that it is cut, or it would flatten the rest.
        highs = [high for row in rows if (high := column.interval(row)[1]) is not None]
        axes.set_xlim(0, max(1.12 * top, min(1.02 * max(highs, default=0), 1.5 * top)))
        ticks = [0, _round_below(top)] if values else []
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: column.tick(value)))
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=SMALL_PT, length=2.5, pad=2, colors=QUIET)
    for place in range(int(axes.get_ylim()[0] + 0.5)):
        axes.axhline(place, color="#e4e4e4", linewidth=0.6, zorder=0.5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#bbbbbb")


def _decades(low: float, high: float) -> list[float]:
    """Returns the first and the last 1, 2 or 5 times a power of ten within an axis, or only one of
    them if there is no room for both."""
    found = [factor * 10.0 ** power for power in range(int(log10(low)) - 1, int(log10(high)) + 2)
             for factor in (1, 2, 5) if low <= factor * 10.0 ** power <= high]
    apart = log10(found[-1] / found[0]) / log10(high / low) if found else 0
    return [found[0], found[-1]] if apart >= TICK_SHARE else found[len(found) // 2:][:1]


def _round_below(value: float) -> float:
    """Returns 1, 2 or 5 times a power of ten that is at most `value`."""
    power = 10.0 ** int(f"{value:e}".partition("e")[2])
    return max(factor * power for factor in (1, 2, 5) if factor * power <= value * 1.0000001)
