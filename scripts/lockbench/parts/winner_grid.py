"""The cells of the winners chart: threads down, workload mixes across."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lockbench.captions import twin_differs, twins
from lockbench.formatting import margin, margin_interval
from lockbench.looks import INK, QUIET, TARGET_ORDERING, Look, tint
from lockbench.rows import Comparisons, ComparisonRow, Summary
from lockbench.scenarios import Scenario, is_open_loop, scenario_of

HATCH = "///"
NO_BREAK = "\N{NO-BREAK SPACE}"
LONGEST_LINE = 28  #: characters that fit a cell in its larger type
CELL_LINE_IN = 0.215  #: height of one line in a cell, inches
TIE_GREY, EMPTY_GREY = "#eeeeee", "#fafafa"
UNDECIDED_NOTE = ("Tie: the 95 % interval of the ratio contains 1. Open: too few processes for an "
                  "interval, or the better median loses within the processes.")
MARK_NOTES = ("†: the winner or the runner-up met several machine regimes. "
              "‡: at this point the A/A interval misses 1, so small margins mean little. "
              "✗: a strategy violated its contract, crashed, hung or has no valid window here.")
NOTES = (f"Hatched: no winner. {UNDECIDED_NOTE} {MARK_NOTES}",)


@dataclass(frozen=True)
class Grid:
    """What the panels have in common: columns, rows, and what is known about each point."""

    scenarios: tuple[Scenario, ...]
    threads: tuple[int, ...]
    oversubscribed: frozenset[int]
    cells: dict[tuple[str, int, Scenario], ComparisonRow]
    marks: dict[tuple[str, str], str]  #: (scope, block_id) -> "†", "‡", "✗"


def grid_of(summary: Summary, comparisons: Comparisons) -> Grid:
    drawn = [row for row in comparisons if row.scope != "twin" and not is_open_loop(row)]
    return Grid(
        scenarios=tuple(sorted({scenario_of(row) for row in drawn})),
        threads=tuple(sorted({row.threads for row in drawn})),
        oversubscribed=frozenset(row.threads for row in drawn if row.oversubscribed),
        cells={(row.scope, row.threads, scenario_of(row)): row for row in drawn},
        marks={(row.scope, row.block_id): _marks(row, summary, comparisons) for row in drawn})


def _marks(row: ComparisonRow, summary: Summary, comparisons: Comparisons) -> str:
    block = [case for case in summary if case.block_id == row.block_id and not case.twin]
    pair = {row.winner, row.runner_up}
    regimes = any(case.several_regimes for case in block if case.strategy in pair)
    unequal = any(twin_differs(twin) for twin in twins(comparisons)
                  if twin.block_id == row.block_id)
    in_scope = [case for case in block if row.scope in ("any", case.ordering)]
    failed = any(not case.sound for case in in_scope)
    return "†" * regimes + "‡" * unequal + "✗" * failed


def cell_lines(row: ComparisonRow, marks: str = "") -> list[str]:
    """Returns the text of a cell, whose first line is set in bold: the winner and its margin, or
    that there is none."""
    suffix = f" {marks}" if marks else ""
    winner = named(row.winner, row.winner_ordering, row.scope)
    runner_up = named(row.runner_up, row.runner_up_ordering, row.scope)
    if not row.has_interval:
        return [f"open: {winner}{suffix}", f"{margin(row.ratio)} over {runner_up}",
                f"[no interval, n = {row.processes}]"]
    interval = margin_interval(row.ratio_low, row.ratio_high)
    if not row.tie and not row.decided:
        return [f"open: {winner}{suffix}", f"{margin(row.ratio)} over {runner_up}", interval]
    if row.tie:
        line = f"tie: {winner} ≈ {runner_up}{suffix}"
        if len(line) <= LONGEST_LINE:
            return [line, interval]
        return [f"tie: {winner}{suffix}", f"≈ {runner_up}", interval]
    return [f"{winner} {margin(row.ratio)}{suffix}", f"over {runner_up}", interval]


def named(strategy: str, ordering: str, scope: str) -> str:
    """Names a strategy, and its ordering if that is not the one that the contract asks for."""
    if scope != "any" or ordering == TARGET_ORDERING or not ordering:
        return strategy
    return f"{strategy} ({ordering})"


def draw_grid(axes: Axes, grid: Grid, scope: str, strategy_looks: dict[str, Look]) -> None:
    """Draws one panel. Cells are rectangles with the label `cell:SCOPE:THREADS:COLUMN`; cells
    without a winner are hatched."""
    columns, rows = len(grid.scenarios), len(grid.threads)
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.xaxis.tick_top()
    axes.set_xticks(range(columns), [heading(s) for s in grid.scenarios], fontsize=9.5)
    axes.set_yticks(range(rows), [_row_label(n, grid) for n in grid.threads], fontsize=9.5)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for y, threads in enumerate(grid.threads):
        for x, scenario in enumerate(grid.scenarios):
            row = grid.cells.get((scope, threads, scenario))
            _draw_cell(axes, x, y, row, grid, strategy_looks, f"cell:{scope}:{threads}:{x}")
    _draw_boundary(axes, grid)


def _draw_cell(axes: Axes, x: int, y: int, row: ComparisonRow | None, grid: Grid,
               strategy_looks: dict[str, Look], label: str) -> None:
    undecided = row is not None and not row.decided
    face = EMPTY_GREY if row is None else TIE_GREY if undecided else \
        tint(strategy_looks[row.winner].colour, 0.28)
    axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=face, linewidth=2,
                             edgecolor="white", label=label))
    if undecided:
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch=HATCH, linewidth=0,
                                 edgecolor="#c4c4c4", label=f"{label}:hatch"))
    if row is None:
        axes.text(x, y, "no comparison", ha="center", va="center", fontsize=8.6, color=QUIET)
        return
    backing = {"facecolor": face, "edgecolor": "none", "pad": 1.5} if undecided else None
    lines = wrapped_lines(row, grid.marks[row.scope, row.block_id])
    step = CELL_LINE_IN / row_height(grid, row.scope)
    for number, (line, bold) in enumerate(lines):
        axes.text(x, y + step * (number - (len(lines) - 1) / 2), line, ha="center", va="center",
                  fontsize=9.6 if bold else 8.6, fontweight="bold" if bold else "normal",
                  color=INK, bbox=backing)


def wrapped_lines(row: ComparisonRow, marks: str) -> list[tuple[str, bool]]:
    """Returns the lines of a cell, broken to its width, and whether each is bold."""
    first, *others = cell_lines(row, marks)
    found = [(part, True) for part in _broken(first, LONGEST_LINE)]
    return found + [(part, False) for line in others for part in _broken(line, LONGEST_LINE + 5)]


def _broken(line: str, characters: int) -> list[str]:
    """Breaks a line after at most so many characters. A sign or a mark never stands alone on a
    line."""
    kept = re.sub(r" (?=[%†‡✗])", NO_BREAK, line)
    return [part.replace(NO_BREAK, " ") for part in textwrap.wrap(kept, characters)]


def row_height(grid: Grid, scope: str) -> float:
    """Returns the inches that the fullest cell of a panel needs."""
    counts = [len(wrapped_lines(row, grid.marks[row.scope, row.block_id]))
              for row in grid.cells.values() if row.scope == scope]
    return 0.16 + CELL_LINE_IN * max(counts, default=2)


def _draw_boundary(axes: Axes, grid: Grid) -> None:
    over: Iterable[int] = (y for y, n in enumerate(grid.threads) if n in grid.oversubscribed)
    first = next(iter(over), None)
    if first:
        axes.axhline(first - 0.5, color=INK, linewidth=1.4, linestyle=(0, (4, 2)),
                     label="oversubscribed", clip_on=False)


def heading(scenario: Scenario) -> str:
    """Returns a column's heading, broken into lines that fit its width."""
    first, _, rest = scenario.mix.partition(", ")
    lines = [first, rest, *textwrap.wrap(scenario.setting.label, 26)]
    return "\n".join(line for line in lines if line)


def _row_label(threads: int, grid: Grid) -> str:
    label = f"{threads} thread{'s' if threads != 1 else ''}"
    return f"{label}\noversubscribed" if threads in grid.oversubscribed else label
