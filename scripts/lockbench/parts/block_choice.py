"""Which blocks are shown in a chart with one panel a block, and how it says which are left out."""

from __future__ import annotations

from lockbench.formatting import share
from lockbench.rows import Summary, SummaryRow
from lockbench.scenarios import point_label, scenario_of

MOST_BLOCKS = 6


def blocks_of(summary: Summary) -> list[Summary]:
    """Returns the cases of each block without twins, with blocks in the order of their
    parameters."""
    blocks: dict[str, list[SummaryRow]] = {}
    for row in summary:
        if not row.twin:
            blocks.setdefault(row.block_id, []).append(row)
    return sorted(map(tuple, blocks.values()), key=lambda block: _place(block[0]))


def _place(row: SummaryRow) -> tuple:
    return (scenario_of(row), row.threads, row.producers, row.consumers, row.load or 0.0,
            row.block_id)


def left_out_note(blocks: int) -> list[str]:
    """Returns a line for the footer, or none where every block is shown."""
    if blocks <= MOST_BLOCKS:
        return []
    return [f"The first {MOST_BLOCKS} blocks of {blocks} by their parameters; "
            f"{blocks - MOST_BLOCKS} are left out."]


def block_label(row: SummaryRow) -> str:
    """Returns a parameter point in words, its load included."""
    load = f"load {share(row.load)}".replace(" ", "\N{NO-BREAK SPACE}") if row.load else ""
    over = " · oversubscribed" if row.oversubscribed else ""
    return "; ".join(filter(None, (point_label(row), load))) + over
