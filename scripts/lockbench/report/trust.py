"""The facts that decide whether the numbers may be believed."""

from __future__ import annotations

from lockbench import captions
from lockbench.formatting import MISSING, margin, margin_interval, share
from lockbench.report.document import Block, Items, Paragraph, Table
from lockbench.run_directory import Run
from lockbench.scenarios import scenario_of


def warnings(run: Run) -> list[Block]:
    """Returns what a reader must know before reading a single number."""
    found = []
    if run.context.get("build.recordable") is False:
        found.append(f"This build ({run.context.build_type}) is not one "
                     "whose results may be recorded: nothing here is a result.")
    if captions.is_dirty(run.context):
        found.append("The source had uncommitted changes, so the commit does not say what was "
                     "measured.")
    state = run.context.text("state")
    if state not in ("", "finished"):
        found.append(f"The run is {state}, so cases may be missing or rest on fewer processes than "
                     "planned; --resume finishes it.")
    if not any(row.sound for row in run.summary):
        found.append("No case has a valid result.")
    violated = sorted({row.strategy for row in run.summary
                       if row.problem.startswith("violated")})
    if violated:
        found.append(f"Broke the contract while being measured: {', '.join(violated)}.")
    return [Paragraph(text, urgent=True) for text in found]


def blocks(run: Run) -> list[Block]:
    """Reports windows, processes, regimes and the A/A ratios, as statements and one table."""
    cases = [row for row in run.summary if not row.twin]
    windows = sum(row.windows for row in run.summary)
    valid = sum(row.valid_windows for row in run.summary)
    regimes = sum(row.several_regimes for row in cases)
    modes = sum(row.multimodal for row in cases)
    over = sum(row.oversubscribed for row in cases)
    items = [
        f"{valid} of {windows} windows are valid.",
        f"Medians are over {captions.processes_sentence(row.processes for row in cases)}; "
        f"the interval is the {captions.INTERVAL_NOTE}.",
        "Comparisons are paired: both strategies ran in the same process, in random order.",
        f"{regimes} of {len(cases)} cases met several machine regimes (the cache-line round trip "
        "changed while they were measured); they are ringed in the charts.",
        f"{over} of {len(cases)} cases ran more threads than there were CPUs to use.",
    ]
    if modes:
        items.append(f"{modes} of {len(cases)} cases are multimodal (the throughputs of their "
                     "windows have several modes): a median may lie where no window was.")
    bound = sum(row.harness_bound for row in cases)
    if bound:
        items.append(f"{bound} of {len(cases)} cases are harness bound: the harness itself takes "
                     "more than 30 % of their CPU time, and hides as much of what differs.")
    wall, measured = (run.context.number(f"closing.{key}") for key in ("wall_s", "measured_s"))
    orchestration = run.context.number("closing.orchestration_share")
    if wall is not None:
        items.append(f"The run took {wall:.0f} s"
                     + (f", {measured:.0f} s of it measuring" if measured is not None else "")
                     + (f"; {share(round(orchestration, 3))} went to orchestration"
                        if orchestration is not None else "") + ".")
    return [Items(tuple(items)), *_twin_table(run)]


def _twin_table(run: Run) -> list[Block]:
    rows = sorted((row for row in run.comparisons if row.scope == "twin"),
                  key=lambda row: (scenario_of(row), row.threads))
    if not rows:
        return [Paragraph("No A/A pair was measured: the noise floor of this run is unknown.")]
    lines = tuple(
        (scenario_of(row).label, str(row.threads), row.winner, margin(row.ratio),
         margin_interval(row.ratio_low, row.ratio_high) if row.has_interval else MISSING,
         "yes" if captions.twin_differs(row) else "" if row.has_interval else "no interval")
        for row in rows)
    return [Paragraph("The A/A floor: one strategy entered twice under two labels."),
            Table(("mix", "threads", "strategy", "against itself", "95 % interval", "misses 1"),
                  lines, left=1)]
