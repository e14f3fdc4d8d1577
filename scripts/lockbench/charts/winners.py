"""Which strategy wins where, and by how much."""

from __future__ import annotations

from matplotlib.figure import Figure

from lockbench import captions
from lockbench.canvas import HEADER_IN, MARGIN_IN, Page, footer_height, wrapped
from lockbench.context import Context
from lockbench.looks import TARGET_ORDERING, looks
from lockbench.parts.winner_grid import NOTES, draw_grid, grid_of, heading, row_height
from lockbench.rows import Comparisons, Summary
from lockbench.scenarios import is_open_loop

#: There are two rankings, because a queue that promises less is not simply a faster one.
SCOPES = ((TARGET_ORDERING, f"Among strategies that keep {TARGET_ORDERING} order"),
          ("any", "Any ordering: one that differs is named, and promises less"))
CELL_IN = 2.4  #: width of a cell, inches
THREADS_IN, TITLE_IN = 1.45, 0.4  #: row labels, panel title
HEADING_LINE_IN = 0.19  #: one line of a column's heading
GAP_IN = 0.25


def applies(summary: Summary, comparisons: Comparisons) -> bool:
    """Whether there is anything to compare: a run of a single strategy has no winners, and an open
    loop has none by throughput."""
    return any(row.scope != "twin" and not is_open_loop(row) for row in comparisons)


def draw_winners(summary: Summary, comparisons: Comparisons, context: Context) -> Figure:
    """Who wins: threads × workload mix, each cell the fastest strategy and its margin.

    One panel compares the strategies of the contract's own ordering, one compares all. Pure, like
    every chart.
    """
    drawn = [row for row in comparisons if row.scope != "twin" and not is_open_loop(row)]
    grid = grid_of(summary, comparisons)
    strategy_looks = looks([row.strategy for row in summary]
                           + [name for row in drawn for name in (row.winner, row.runner_up)])
    cells_width = CELL_IN * len(grid.scenarios)
    width = 2 * MARGIN_IN + max(THREADS_IN + cells_width, 8.6)
    headings_in = 0.08 + HEADING_LINE_IN * max(heading(s).count("\n") + 1 for s in grid.scenarios)
    heights = {scope: row_height(grid, scope) * len(grid.threads) for scope, _ in SCOPES}
    around_in = TITLE_IN + headings_in + GAP_IN
    footer = wrapped([*NOTES, *captions.footer_lines(summary, comparisons, context, _interval())],
                     width)
    page = Page(width, HEADER_IN + sum(around_in + height for height in heights.values())
                + footer_height(footer))
    page.title("Which strategy wins, at which thread count and mix", _subtitle(drawn, context))
    top = HEADER_IN
    for scope, title in SCOPES:
        page.text(MARGIN_IN, top, title, fontsize=12, fontweight="bold")
        axes = page.axes(MARGIN_IN + THREADS_IN, top + TITLE_IN + headings_in, cells_width,
                         heights[scope])
        top += around_in + heights[scope]
        axes.set_label(f"winners:{scope}")
        draw_grid(axes, grid, scope, strategy_looks)
    page.footer(footer)
    return page.figure


def _subtitle(drawn: list, context: Context) -> str:
    processes = captions.processes_sentence(row.processes for row in drawn)
    return f"{captions.machine_sentence(context)} · {processes} a comparison"


def _interval() -> str:
    return ("Margin: throughput of the winner over the runner-up, paired within processes, with "
            "its 95 % interval.")
