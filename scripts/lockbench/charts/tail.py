"""Latency against percentile: what the slowest calls cost."""

from __future__ import annotations

from matplotlib.figure import Figure

from lockbench import captions
from lockbench.canvas import HEADER_IN, MARGIN_IN, Page, footer_height, wrapped
from lockbench.context import Context
from lockbench.histograms import merged
from lockbench.looks import CEILING, looks
from lockbench.parts.block_choice import MOST_BLOCKS, blocks_of, left_out_note
from lockbench.parts.curve_legend import draw_legend, legend_height
from lockbench.parts.duration_axis import duration_limits
from lockbench.parts.end_labels import GAP_IN
from lockbench.parts.tail_panel import FIRST_Q, MARKS, TailPanel, curve, draw_panel
from lockbench.rows import Comparisons, Latencies, LatencyRow, Summary

SECTION = "Tails of latency"
KINDS = ("sojourn", "handoff", "all")  #: a panel shows the first of these that its block has
COLUMNS = 2
PLOT_IN, LABELS_IN, AXIS_IN = 4.3, 1.75, 0.9  #: widths of a panel's parts, inches
TITLE_IN, TICKS_IN = 0.75, 0.6  #: room above and below the plot of a panel, inches
LEAST_HEIGHT_IN = 3.0
NOTE = ("Each curve ends where fewer than 10 samples lie beyond it. Service time: from call to "
        "return. Sojourn time: from intended arrival to completion. Hand-over time: from the call "
        "of the add to the return of the take that waited. Log scales, the same in all panels of "
        "one kind of time.")


def applies(summary: Summary, comparisons: Comparisons, latencies: Latencies) -> bool:
    """Whether any case has enough samples for a curve."""
    return bool(_panels(summary, latencies))


def draw_tail(summary: Summary, comparisons: Comparisons, context: Context,
              latencies: Latencies) -> Figure:
    """Latency against percentile: one panel a block, one line a strategy.

    The curves come from histograms merged over windows and processes; the percentile axis stretches
    towards 100 %. Pure, like every chart.
    """
    found = _panels(summary, latencies)
    panels = found[:MOST_BLOCKS]
    rows = tuple(row for panel in panels for row in panel.rows if row.strategy in panel.histograms)
    strategy_looks = looks(row.strategy for row in rows)
    columns = min(COLUMNS, len(panels))
    lines = -(-len(panels) // columns)
    panel_in = AXIS_IN + PLOT_IN + LABELS_IN
    width = 2 * MARGIN_IN + max(columns * panel_in, 9.5)
    plot_height = max(LEAST_HEIGHT_IN, GAP_IN * (len(strategy_looks) + 1))
    footer = wrapped([*left_out_note(len(found)),
                      *captions.footer_lines(summary, comparisons, context, NOTE)], width)
    legend = legend_height(rows, width - 2 * MARGIN_IN, len(MARKS))
    row_in = TITLE_IN + plot_height + TICKS_IN
    page = Page(width, HEADER_IN + lines * row_in + legend + footer_height(footer))

    page.title("Latency against percentile", _subtitle(rows, context))
    limits = {kind: _limits([panel for panel in panels if panel.kind == kind]) for kind in KINDS}
    highest_q = max(panel.highest_quantile for panel in panels)
    for number, panel in enumerate(panels):
        line, column = divmod(number, columns)
        axes = page.axes(MARGIN_IN + column * panel_in + AXIS_IN,
                         HEADER_IN + line * row_in + TITLE_IN, PLOT_IN, plot_height)
        draw_panel(axes, panel, strategy_looks, limits[panel.kind], highest_q)
    draw_legend(page, MARGIN_IN, HEADER_IN + lines * row_in, legend, rows, strategy_looks, MARKS)
    page.footer(footer)
    return page.figure


def _panels(summary: Summary, latencies: Latencies) -> list[TailPanel]:
    """Returns a panel for each block that has a curve, in the order of their parameters."""
    by_case: dict[tuple[str, str], list[LatencyRow]] = {}
    for row in latencies:
        if row.samples and not row.twin:
            by_case.setdefault((row.case_id, row.kind), []).append(row)
    panels = []
    for block in blocks_of(summary):
        # A strategy that broke its contract may have saved the work that others did.
        drawn = [row for row in block if row.sound and row.strategy != CEILING]
        kind = next((kind for kind in KINDS
                     if any((row.case_id, kind) in by_case for row in drawn)), "")
        panel = TailPanel(block, kind, {row.strategy: merged(by_case[row.case_id, kind])
                                        for row in drawn if (row.case_id, kind) in by_case})
        if panel.highest_quantile > FIRST_Q:
            panels.append(panel)
    return panels


def _limits(panels: list[TailPanel]) -> tuple[float, float]:
    return duration_limits(value for panel in panels for one in panel.histograms.values()
                           for _, value in curve(one))


def _subtitle(rows: Summary, context: Context) -> str:
    processes = captions.processes_sentence(row.processes for row in rows if row.sound)
    return f"{captions.machine_sentence(context)} · histograms merged over {processes}"
