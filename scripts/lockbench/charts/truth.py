"""Five figures of every strategy side by side: how fast it is, and at whose cost."""

from __future__ import annotations

from matplotlib.figure import Figure

from lockbench import captions
from lockbench.canvas import HEADER_IN, MARGIN_IN, PANEL_PT, Page, footer_height, wrapped
from lockbench.context import Context
from lockbench.looks import CEILING, TARGET_ORDERING, looks
from lockbench.parts.block_choice import MOST_BLOCKS, block_label, blocks_of, left_out_note
from lockbench.parts.truth_table import (COLUMNS, Column, answered, columns_of, draw_table,
                                         height_in, ranked, width_in)
from lockbench.rows import Comparisons, Summary

SECTION = "One row tells the whole truth"
TITLE_IN, BETWEEN_IN = 0.3, 0.2
LEAST_WIDTH_IN = 7.0
NOTE = (f"Bold on blue: the best of its column among strategies that keep {TARGET_ORDERING} order; "
        "a hollow marker promises less, and is not ranked with them. p99 and longest gap on a log "
        "scale. p99: service time of all calls, in an open loop sojourn time. Longest gap: the "
        "longest time in which a thread got nothing done. n/a: not measured, or too few samples. Red cross: violated, "
        "crashed or hung.")


def applies(summary: Summary, comparisons: Comparisons) -> bool:
    """Whether any strategy has a result."""
    return bool(_blocks(summary))


def draw_truth(summary: Summary, comparisons: Comparisons, context: Context) -> Figure:
    """One row a strategy: throughput, p99 latency, fairness, CPU time and longest gap, by block.

    The figures are medians over processes; p99 comes from merged histograms. Pure, like every
    chart.
    """
    found = _blocks(summary)
    blocks = found[:MOST_BLOCKS]
    strategy_looks = looks(row.strategy for block in blocks for row in block)
    columns = answered(blocks)
    # The texts above and below need more room than a single column.
    width = 2 * MARGIN_IN + max(width_in(columns), LEAST_WIDTH_IN)
    footer = wrapped([*left_out_note(len(found)),
                      *captions.footer_lines(summary, comparisons, context,
                                             _interval(blocks, columns)),
                      NOTE, *_not_measured(columns, any(row.sample_every for block in blocks
                                                        for row in block))], width)
    heights = [TITLE_IN + height_in(block) + BETWEEN_IN for block in blocks]
    page = Page(width, HEADER_IN + sum(heights) + footer_height(footer))
    page.title("One row tells the whole truth", _subtitle(blocks, context))
    top = HEADER_IN
    for block, height in zip(blocks, heights):
        page.text(MARGIN_IN, top, block_label(block[0]), fontsize=PANEL_PT, fontweight="bold")
        draw_table(page, MARGIN_IN, top + TITLE_IN, block, columns, strategy_looks)
        top += height
    page.footer(footer)
    return page.figure


def _blocks(summary: Summary) -> list[Summary]:
    """Returns the blocks that have a result, each with its fastest case first and without `null`,
    which is no queue."""
    blocks = (ranked([row for row in block if row.strategy != CEILING])
              for block in blocks_of(summary))
    return [block for block in blocks if any(row.sound for row in block)]


def _not_measured(columns: tuple[Column, ...], sampled: bool) -> list[str]:
    missing = [column for column in COLUMNS if column not in columns]
    few = [column for column in missing if column.name == "p99" and sampled]
    notes = [f"Too few samples: {column.title} (a smaller --sample or a longer --window gives more)."
             for column in few]
    rest = [column.title for column in missing if column not in few]
    if rest:
        notes.append(f"Not measured in this run: {', '.join(rest)} (--sample 256 times calls).")
    return notes


def _subtitle(blocks: list[Summary], context: Context) -> str:
    processes = captions.processes_sentence(row.processes for block in blocks for row in block
                                            if row.sound)
    return f"{captions.machine_sentence(context)} · medians over {processes}, fastest first"


def _interval(blocks: list[Summary], columns: tuple[Column, ...]) -> str:
    sound = [(block, row) for block in blocks for row in block if row.sound]
    if any(column.interval(row)[0] is not None
           for block, row in sound for column in columns_of(block, columns)):
        return f"Bars: {captions.INTERVAL_NOTE}; one that meets the edge goes on beyond it."
    if any(row.throughput_low_ops_s is not None for _, row in sound):
        return "No intervals: reads and writes have none by themselves."
    return "No intervals: fewer than 6 processes a point."
