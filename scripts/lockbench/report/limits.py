"""What a run could not tell and why, and where the run was made."""

from __future__ import annotations

from collections import Counter
from typing import Any

from lockbench.context import Context
from lockbench.report.document import Block, Items, Paragraph, Table
from lockbench.rows import TrialRow
from lockbench.run_directory import Run


def blocks(run: Run) -> list[Block]:
    """Lists cases without a result, windows that do not count, and probes that failed."""
    cases = [f"{row.case_id}: {row.problem or 'no valid window'}"
             for row in run.summary if not row.sound]
    probes = [f"{key}: {reason}" for key, reason in run.context.not_probed()]
    found: list[Block] = []
    for title, texts in (("Cases without a valid result:", cases),
                         ("Windows that do not count, by reason:", _invalid(run.trials)),
                         ("What this machine could not tell:", probes)):
        if texts:
            found += [Paragraph(title), Items(tuple(texts))]
    if run.trials is None:
        found.append(Paragraph("The raw windows (trials.csv) were not kept with this run."))
    return found or [Paragraph("Every case has a valid result, every window counts, and every "
                               "probe answered.")]


def _invalid(trials: tuple[TrialRow, ...] | None) -> list[str]:
    reasons = Counter((row.strategy, row.invalid_reason or "no reason recorded")
                      for row in trials or () if not row.valid)
    return [f"{strategy}: {reason} ({count} window{'s' if count != 1 else ''})"
            for (strategy, reason), count in sorted(reasons.items())]


def context_blocks(context: Context) -> list[Block]:
    """Returns everything that the context knows, as a table of dotted keys."""
    known = [key for key in BASICS if context.get(key) is not None]
    if context.get(HOST_NAME):
        known = [key for key in known if key != "machine_id"]
    basics = [(key, _text(context.get(key))) for key in known]
    rows = basics + [(key, _shown(value)) for key, value, _ in context.entries()
                     if value is not None and key != HOST_NAME]
    if not rows:
        return [Paragraph("The context holds nothing.")]
    return [Table(("what", "value"), tuple(rows), left=2)]


BASICS = ("run_id", "machine_kind", "machine_id", "state", "started_utc", "finished_utc", "seed")
HOST_NAME = "machine.id"  #: the first release recorded it here, and as machine_id
LONGEST_VALUE = 400  #: characters; a list of 128 CPUs would be of no use in a table


def _shown(value: Any) -> str:
    text = _text(value)
    return text if len(text) <= LONGEST_VALUE else \
        text[:LONGEST_VALUE] + " … (all of it in context.json)"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(inner)}" for key, inner in value.items())
    return str(value)
