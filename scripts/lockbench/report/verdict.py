"""The headline: which strategy wins, where, and by how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lockbench import captions
from lockbench.formatting import MISSING
from lockbench.looks import TARGET_ORDERING
from lockbench.parts.winner_grid import MARK_NOTES, UNDECIDED_NOTE, cell_lines, grid_of, named
from lockbench.report.document import Block, Paragraph, Table
from lockbench.rows import ComparisonRow
from lockbench.run_directory import Run
from lockbench.scenarios import is_open_loop, scenario_of

SCOPES = ((TARGET_ORDERING, f"Among strategies that keep {TARGET_ORDERING} order"),
          ("any", "Among all strategies, whatever their ordering"))


def blocks(run: Run) -> list[Block]:
    """Returns a sentence and a table of winners for each scope, then the noise floor."""
    found: list[Block] = []
    marks = grid_of(run.summary, run.comparisons).marks
    for scope, title in SCOPES:
        rows = [row for row in run.comparisons if row.scope == scope and not is_open_loop(row)]
        if not rows:
            found.append(Paragraph(f"{title}: no two strategies to compare."))
            continue
        found += [Paragraph(f"{title}, {_counts(rows)}."), _table(rows, marks)]
    if run.comparisons:
        found.append(Paragraph(f"{UNDECIDED_NOTE} {MARK_NOTES}"))
    found.append(Paragraph(captions.floor_sentence(run.comparisons, run.context)
                           + ". Differences of this size are noise."))
    wake_up = captions.wake_up_sentence(run.context)
    if wake_up:
        found.append(Paragraph(f"Measured cost of {wake_up}. Strategies that park pay it at every "
                               "hand-over to a sleeping thread."))
    return found


def _counts(rows: Sequence[ComparisonRow]) -> str:
    """Says, for example, `mutex wins 3 of 8 points, condvar 1; 2 tied; 2 open`."""
    wins = Counter(named(row.winner, row.winner_ordering, row.scope) for row in rows
                   if row.decided)
    ranked = sorted(wins.items(), key=lambda pair: (-pair[1], pair[0]))
    points = f"{len(rows)} point{'s' if len(rows) != 1 else ''}"
    parts = [f"nothing wins at any of {points}"]
    if ranked:
        (best, most), *others = ranked
        parts = [", ".join([f"{best} wins {most} of {points}",
                            *(f"{name} {count}" for name, count in others)])]
    ties = sum(row.tie and row.has_interval for row in rows)
    undecided = len(rows) - ties - sum(wins.values())
    parts += [f"{ties} tied"] * (ties > 0)
    parts += [f"{undecided} open"] * (undecided > 0)
    return "; ".join(parts)


def _table(rows: list[ComparisonRow], marks: dict[tuple[str, str], str]) -> Table:
    scenarios = sorted({scenario_of(row) for row in rows})
    cells = {(row.threads, scenario_of(row)): row for row in rows}
    over = {row.threads for row in rows if row.oversubscribed}
    lines = []
    for threads in sorted({row.threads for row in rows}):
        label = f"{threads} (oversubscribed)" if threads in over else str(threads)
        lines.append((label, *(_cell(cells.get((threads, s)), marks) for s in scenarios)))
    return Table(("threads", *(scenario.label for scenario in scenarios)), tuple(lines),
                 left=1 + len(scenarios))


def _cell(row: ComparisonRow | None, marks: dict[tuple[str, str], str]) -> str:
    if row is None:
        return MISSING
    return " ".join(cell_lines(row, marks[row.scope, row.block_id]))
