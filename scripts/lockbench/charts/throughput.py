"""Throughput against threads: the chart that most readers come for."""

from __future__ import annotations

from matplotlib.figure import Figure

from lockbench import captions
from lockbench.canvas import (HEADER_IN, MARGIN_IN, Page, footer_height, wrapped)
from lockbench.context import Context
from lockbench.looks import CEILING, looks
from lockbench.parts.curve_legend import draw_legend, legend_height
from lockbench.parts.curve_panel import LABEL_GAP_IN, draw_panel
from lockbench.parts.rate_axis import rate_limits
from lockbench.rows import Comparisons, Summary
from lockbench.scenarios import is_open_loop, scenario_of

COLUMNS = 2
PLOT_IN, LABELS_IN, AXIS_IN = 4.45, 1.75, 0.75  #: widths of a panel's parts, inches
TITLE_IN, TICKS_IN = 0.55, 0.78  #: room above and below the plot of a panel, inches
LEAST_HEIGHT_IN = 3.1


def applies(summary: Summary, comparisons: Comparisons) -> bool:
    """Whether anything but open loops was measured."""
    return any(not row.twin and not is_open_loop(row) for row in summary)


def draw_throughput(summary: Summary, comparisons: Comparisons, context: Context) -> Figure:
    """Throughput against threads: one panel a workload mix, one line a strategy.

    A marker is the median over processes, a bar its 95 % interval. Pure: reads no file and opens no
    window, so a test can ask the axes what was drawn.
    """
    rows = tuple(row for row in summary if not row.twin and not is_open_loop(row))
    scenarios = sorted({scenario_of(row) for row in rows})
    strategy_looks = looks(row.strategy for row in rows)
    columns = min(COLUMNS, max(1, len(scenarios)))
    lines = -(-len(scenarios) // columns)
    panel_in = AXIS_IN + PLOT_IN + LABELS_IN
    width = 2 * MARGIN_IN + max(columns * panel_in, 9.5)
    plot_height = max(LEAST_HEIGHT_IN, LABEL_GAP_IN * (len(strategy_looks) + 1))
    footer = wrapped(captions.footer_lines(summary, comparisons, context, _interval(rows)), width)
    legend = legend_height(rows, width - 2 * MARGIN_IN)
    row_in = TITLE_IN + plot_height + TICKS_IN
    page = Page(width, HEADER_IN + lines * row_in + legend + footer_height(footer))

    page.title("Task-queue throughput against threads", _subtitle(rows, context))
    limits = rate_limits([row for row in rows if row.strategy != CEILING])
    for number, scenario in enumerate(scenarios):
        line, column = divmod(number, columns)
        axes = page.axes(MARGIN_IN + column * panel_in + AXIS_IN,
                         HEADER_IN + line * row_in + TITLE_IN, PLOT_IN, plot_height)
        draw_panel(axes, scenario, [row for row in rows if scenario_of(row) == scenario],
                   strategy_looks, limits, context.cpus)
    draw_legend(page, MARGIN_IN, HEADER_IN + lines * row_in, legend, rows, strategy_looks)
    page.footer(footer)
    return page.figure


def _subtitle(rows: Summary, context: Context) -> str:
    processes = captions.processes_sentence(row.processes for row in rows if row.sound)
    return f"{captions.machine_sentence(context)} · medians over {processes}"


def _interval(rows: Summary) -> str:
    if any(row.sound and row.throughput_low_ops_s is not None for row in rows):
        return (f"Bars: {captions.INTERVAL_NOTE}; one that meets the edge goes on beyond it. "
                "Log scale, the same in all panels.")
    return "No intervals: fewer than 6 processes a point. Log scale, the same in all panels."
