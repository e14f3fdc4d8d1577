"""Which blocks a chart with one panel a block shows, and how it says what it leaves out."""

from __future__ import annotations

from lockbench.formatting import share
from lockbench.rows import Summary, SummaryRow
from lockbench.scenarios import point_label, scenario_of

MOST_BLOCKS = 6


def blocks_of(summary: Summary) -> list[Summary]:
    """The cases of each block, twins left out; blocks in the order of their parameters."""
    blocks: dict[str, list[SummaryRow]] = {}
    for row in summary:
        if not row.twin:
            blocks.setdefault(row.block_id, []).append(row)
    return sorted(map(tuple, blocks.values()), key=lambda block: _place(block[0]))


def _place(row: SummaryRow) -> tuple:
    return (scenario_of(row), row.threads, row.producers, row.consumers, row.load or 0.0,
            row.block_id)


def left_out_note(blocks: int) -> list[str]:
    """A line for the footer; none where every block is shown."""
    if blocks <= MOST_BLOCKS:
        return []
    return [f"The first {MOST_BLOCKS} blocks of {blocks} by their parameters; "
            f"{blocks - MOST_BLOCKS} are left out."]


def block_label(row: SummaryRow) -> str:
    """A parameter point in words, its load included."""
    load = "" if not row.load else f"; load\N{NO-BREAK SPACE}{share(row.load)}".replace(" %", "\N{NO-BREAK SPACE}%")
    over = " · oversubscribed" if row.oversubscribed else ""
    return f"{point_label(row)}{load}{over}"
