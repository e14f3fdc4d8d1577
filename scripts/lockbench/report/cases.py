"""A table of every case for each scenario. No case is left out because it looks bad."""

from __future__ import annotations

from lockbench.formatting import (MISSING, rate_with_interval, share,
                                  significant)
from lockbench.report.document import Block, Heading, Paragraph, Table
from lockbench.rows import Summary, SummaryRow
from lockbench.scenarios import scenario_of

COLUMNS = ("threads", "strategy", "ordering", "flags", "operations/s [95 % interval]",
           "fairness (Jain)", "least thread's share", "empty takes", "CPU s / M ops",
           "switches / k ops", "line round trip ns [least, most of a process]",
           "valid windows", "processes")


def blocks(summary: Summary) -> list[Block]:
    """Returns the tables. Within a thread count the fastest case stands first, with its ordering
    beside its name."""
    found: list[Block] = [Paragraph(
        "Medians over processes. Fastest first within a thread count; strategies of different "
        "ordering keep different promises, so read the ordering beside the rate. "
        f"{MISSING} = not measured.")]
    for scenario in sorted({scenario_of(row) for row in summary}):
        rows = [row for row in summary if scenario_of(row) == scenario]
        rows.sort(key=lambda row: (row.threads, -(row.throughput_ops_s or 0), row.case_id))
        found += [Heading(3, scenario.label),
                  Table(COLUMNS, tuple(map(_cells, rows)), left=4)]
    return found


def flags(row: SummaryRow) -> str:
    """Returns everything about a case that a reader must know besides its numbers."""
    found = [row.problem, "" if not row.load else f"load {share(row.load)}",
             "oversubscribed" if row.oversubscribed else "",
             "several regimes" if row.several_regimes else "",
             "multimodal" if row.multimodal else "",
             f"harness bound: {share(row.harness_share or 0)}" if row.harness_bound else "",
             "A/A label" if row.twin else "", row.flags,
             "" if row.throughput_ops_s is not None or row.problem else "no valid window"]
    return ", ".join(flag for flag in found if flag)


def _cells(row: SummaryRow) -> tuple[str, ...]:
    switches, line = row.voluntary_switches_per_kop, row.line_roundtrip_ns
    return (str(row.threads), row.strategy, row.ordering, flags(row),
            rate_with_interval(row.throughput_ops_s, row.throughput_low_ops_s,
                               row.throughput_high_ops_s),
            significant(row.fairness_jain), significant(row.min_thread_share),
            MISSING if row.empty_take_share is None else share(row.empty_take_share),
            significant(row.cpu_s_per_mop), significant(switches), _line(row, line),
            f"{row.valid_windows} of {row.windows}", str(row.processes))


def _line(row: SummaryRow, median: float | None) -> str:
    low, high = row.line_roundtrip_low_ns, row.line_roundtrip_high_ns
    if median is None or low is None or high is None:
        return significant(median)
    return f"{significant(median)} [{significant(low)}, {significant(high)}]"
