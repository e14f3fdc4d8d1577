"""Hand-over times as consumers are left idle for longer."""

from __future__ import annotations

from dataclasses import replace

from matplotlib.figure import Figure

from lockbench import captions
from lockbench.context import Context
from lockbench.formatting import tick_duration
from lockbench.histograms import Histogram, merged
from lockbench.looks import CEILING
from lockbench.parts.quantile_panel import PLAIN_MARKS, Relation
from lockbench.parts.quantile_strips import Strip, Words, draw_strips, strips_of
from lockbench.rows import Comparisons, Latencies, LatencyRow, Summary, SummaryRow

SECTION = "What a hand-over costs"
KIND = "handoff"  #: of durations, and the workload that has them
QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
NOTE = ("Hand-over time: from the call of the add to the return of the take that waited for it. "
        "Idle time: how long the consumer was left without a task before. A gap: fewer than 10 "
        "samples lie beyond the quantile. Log scales, the same in all panels.")


def applies(summary: Summary, comparisons: Comparisons, latencies: Latencies) -> bool:
    """Only two idle times make a line."""
    return bool(_strips(summary, _histograms(latencies)))


def draw_handoff(summary: Summary, comparisons: Comparisons, context: Context,
                 latencies: Latencies) -> Figure:
    """Hand-over time against idle time: one row of panels a parameter point, one line a strategy.

    Each quantile has a panel, from the histograms of hand-over times, merged over windows and
    processes. Pure, like every chart.
    """
    histograms = _histograms(latencies)
    strips = _strips(summary, histograms)
    processes = captions.processes_sentence(row.processes for strip in strips
                                            for row in strip.rows if row.sound)
    words = Words("handoff", "Hand-over time against idle time",
                  f"{captions.machine_sentence(context)} · histograms merged over {processes}",
                  captions.footer_lines(summary, comparisons, context, NOTE), PLAIN_MARKS)
    against_idle = Relation("hand-over time",
                            lambda row, name: _quantile_ns(histograms, row, name), "idle time",
                            lambda row: row.idle_ns, tick_duration, 0.18, logarithmic=True)
    return draw_strips(words, strips, against_idle, tuple(QUANTILES))


def _histograms(latencies: Latencies) -> dict[str, Histogram]:
    """Returns the hand-over times of each case."""
    by_case: dict[str, list[LatencyRow]] = {}
    for row in latencies:
        if row.kind == KIND and row.samples and not row.twin:
            by_case.setdefault(row.case_id, []).append(row)
    return {case_id: merged(rows) for case_id, rows in by_case.items()}


def _quantile_ns(histograms: dict[str, Histogram], row: SummaryRow, name: str) -> float | None:
    found = histograms.get(row.case_id)
    return found.quantile_ns(QUANTILES[name]) if found else None


def _strips(summary: Summary, histograms: dict[str, Histogram]) -> list[Strip]:
    """Returns a strip for each point that has hand-overs at two idle times at least."""
    rows = tuple(row for row in summary
                 if row.workload == KIND and not row.twin and row.strategy != CEILING)
    strips = strips_of(rows, lambda row: replace(row, idle_ns=0))
    return [strip for strip in strips
            if len({row.idle_ns for row in strip.rows if row.case_id in histograms}) > 1]
