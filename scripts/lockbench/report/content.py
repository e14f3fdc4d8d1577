"""The content of a report, in the order in which a reader needs it."""

from __future__ import annotations

from collections.abc import Sequence

from lockbench import captions
from lockbench.context import Context
from lockbench.report import cases, limits, trust, verdict
from lockbench.report.document import (USUAL_SECTION, Block, Document, Heading, Paragraph,
                                       Picture)
from lockbench.run_directory import Run


def report_document(run: Run, pictures: Sequence[Picture]) -> Document:
    """Returns the whole report. Pure: it names the charts and does not draw them."""
    blocks: list[Block] = [Heading(1, f"lockbench report: {run.context.run_id}"),
                           Paragraph(_where(run.context))]
    blocks += trust.warnings(run)
    blocks += [Heading(2, "Who wins where"), *verdict.blocks(run)]
    blocks += [Heading(2, "How far to trust it"), *trust.blocks(run)]
    # The sort is stable: the usual section comes first, the others in the order of their charts.
    for section in sorted(dict.fromkeys(p.section for p in pictures),
                          key=lambda section: section != USUAL_SECTION):
        blocks += [Heading(2, section), *(p for p in pictures if p.section == section)]
    blocks += [Heading(2, "Every case"), *cases.blocks(run.summary)]
    blocks += [Heading(2, "What could not be measured"), *limits.blocks(run)]
    blocks += [Heading(2, "Machine, build and run"), *limits.context_blocks(run.context)]
    return tuple(blocks)


def _where(context: Context) -> str:
    argv = context.get("argv")
    parts = [captions.machine_sentence(context), captions.source_sentence(context),
             context.text("started_utc") and f"started {context.text('started_utc')}"]
    text = " · ".join(part for part in parts if part)
    if isinstance(argv, list) and argv:
        text += " · command: " + " ".join(map(str, argv))
    return text
