"""Reads a run directory and checks it as a whole."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from lockbench.context import Context, read_context
from lockbench.csv_table import read_rows
from lockbench.errors import USAGE, ReportError, damaged, quoted
from lockbench.rows import (BucketRow, Comparisons, ComparisonRow, HistogramText, Latencies,
                            LatencyRow, NumberedLatencyRow, Summary, SummaryRow, TimedWindow,
                            TrialRow)

FILES = ("trials.csv", "summary.csv", "comparisons.csv", "context.json")


@dataclass(frozen=True)
class Run:
    """Everything that a report is made from.

    `trials` is None if only the summaries were kept, as in committed reference results. `latencies`
    is empty if none were sampled or kept.
    """

    summary: Summary
    comparisons: Comparisons
    context: Context
    trials: tuple[TrialRow, ...] | None
    latencies: Latencies = ()


def read_run(directory: Path) -> Run:
    """Reads the files of a run. Raises `ReportError` with code 2 if `directory` is no run
    directory, and with code 1 if a file is damaged."""
    _check_is_run(directory)
    for name in FILES[1:]:
        if not (directory / name).is_file():
            raise damaged(directory / name, "is missing. A run writes it when it ends: finish the "
                                            "run with --resume, or copy the whole directory")
    trials = directory / "trials.csv"
    run = Run(summary=read_rows(directory / "summary.csv", SummaryRow),
              comparisons=read_rows(directory / "comparisons.csv", ComparisonRow),
              context=read_context(directory / "context.json"),
              trials=read_rows(trials, TrialRow) if trials.exists() else None,
              latencies=_read_latencies(directory))
    _check_cases(directory / "summary.csv", run.summary)
    return run


def _read_latencies(directory: Path) -> Latencies:
    """Returns the durations that were kept with their histograms, whichever file holds these."""
    path, buckets = directory / "latency.csv", directory / "histograms.csv"
    if not path.exists():
        return ()
    if not buckets.exists():
        with path.open("rb") as file:
            left_out = b"histogram_number" in file.readline()
        return () if left_out else read_rows(path, LatencyRow)
    pairs: dict[int, list[str]] = {}
    samples: dict[int, int] = {}
    for bucket in read_rows(buckets, BucketRow):
        number = bucket.histogram_number
        pairs.setdefault(number, []).append(f"{bucket.lower_ns}:{bucket.samples}")
        samples[number] = samples.get(number, 0) + bucket.samples
    rows = []
    for row in read_rows(path, NumberedLatencyRow):
        number = row.histogram_number
        if row.samples != samples.get(number, 0):
            raise damaged(buckets, f"histogram {number} holds {samples.get(number, 0)} samples, but "
                                   f"its row in latency.csv says {row.samples}")
        shared = {field.name: getattr(row, field.name) for field in fields(TimedWindow)}
        rows.append(LatencyRow(**shared, histogram=HistogramText(" ".join(pairs.get(number, ())))))
    return tuple(rows)


def _check_is_run(directory: Path) -> None:
    if not directory.exists():
        raise ReportError(f"{directory}: no such directory; give the directory of a run, which "
                          f"holds {', '.join(FILES)}", USAGE)
    if not directory.is_dir():
        raise ReportError(f"{directory}: is a file; give the directory of a run", USAGE)
    if not any((directory / name).exists() for name in FILES):
        raise ReportError(f"{directory}: is not the directory of a run: it holds none of "
                          f"{', '.join(FILES)}", USAGE)


def _check_cases(path: Path, summary: Summary) -> None:
    if not summary:
        raise damaged(path, "holds a header and no case; nothing was measured", line=2)
    seen: set[str] = set()
    for row in summary:
        if row.case_id in seen:
            raise damaged(path, f"{quoted(row.case_id)} stands twice; every case has one row",
                          column="case_id")
        seen.add(row.case_id)
