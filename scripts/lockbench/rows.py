"""The columns of each CSV file that charts and reports are made from: a field a column, found by
its name.

The order of the columns in a file does not matter, and columns without a field are ignored. Types
say what a cell may hold; `float | None` is a quantity that may not have been measured: its cell is
then empty. A field with a default may be missing from the file altogether. results/README.md gives
the meaning of every column.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NewType

#: `lower_ns:count` of every bucket that holds a sample; `histograms.parse` reads it.
HistogramText = NewType("HistogramText", str)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One window of one case in one process (`trials.csv`)."""

    strategy: str
    valid: bool
    invalid_reason: str


@dataclass(frozen=True)
class ParameterPoint:
    """The parameter point of a row of `summary.csv` or `comparisons.csv`."""

    block_id: str
    workload: str
    threads: int
    producers: int
    consumers: int
    read_ratio: float
    priorities: int
    prefill: int
    payload_bytes: int
    capacity: int
    pinning: str
    oversubscribed: bool
    idle_ns: int = field(default=0, kw_only=True)


@dataclass(frozen=True)
class SummaryRow(ParameterPoint):
    """One case, medians over processes (`summary.csv`)."""

    case_id: str
    strategy: str
    ordering: str
    twin: bool
    processes: int
    windows: int
    valid_windows: int
    throughput_ops_s: float | None
    throughput_low_ops_s: float | None
    throughput_high_ops_s: float | None
    fairness_jain: float | None
    min_thread_share: float | None
    empty_take_share: float | None
    cpu_s_per_mop: float | None
    voluntary_switches_per_kop: float | None
    line_roundtrip_ns: float | None
    line_roundtrip_low_ns: float | None
    line_roundtrip_high_ns: float | None
    several_regimes: bool
    problem: str
    multimodal: bool = False
    load: float = 0.0
    latency_p99_ns: float | None = None
    sojourn_p50_ns: float | None = None
    sojourn_p90_ns: float | None = None
    sojourn_p99_ns: float | None = None
    sojourn_p99_9_ns: float | None = None
    sojourn_p99_99_ns: float | None = None
    reads_s: float | None = None
    writes_s: float | None = None
    longest_gap_s: float | None = None
    flags: str = ""
    harness_bound: bool = False
    harness_share: float | None = None
    sample_every: int = 0

    @property
    def sound(self) -> bool:
        """Whether the row may be drawn and read as a result: it was measured, and nothing went
        wrong."""
        return self.throughput_ops_s is not None and not self.problem


@dataclass(frozen=True, slots=True)
class TimedWindow:
    """Durations of one kind in one window of one case (`latency.csv`)."""

    case_id: str
    block_id: str
    twin: bool
    kind: str
    samples: int
    min_ns: float | None
    max_ns: float | None


@dataclass(frozen=True, slots=True)
class LatencyRow(TimedWindow):
    """With its histogram, which files of the first release have in a column."""

    histogram: HistogramText


@dataclass(frozen=True, slots=True)
class NumberedLatencyRow(TimedWindow):
    """With the number that its histogram has in `histograms.csv`."""

    histogram_number: int


@dataclass(frozen=True, slots=True)
class BucketRow:
    """A bucket of a histogram (`histograms.csv`)."""

    histogram_number: int
    lower_ns: int
    samples: int


@dataclass(frozen=True)
class ComparisonRow(ParameterPoint):
    """The best two strategies of one block, within one scope (`comparisons.csv`)."""

    scope: str
    winner: str
    winner_ordering: str
    runner_up: str
    runner_up_ordering: str
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    processes: int
    tie: bool

    @property
    def has_interval(self) -> bool:
        return self.ratio_low is not None and self.ratio_high is not None

    @property
    def decided(self) -> bool:
        """Whether there is a winner. There is none where the strategy with the better median loses
        within the processes."""
        return self.has_interval and not self.tie and self.ratio_low > 1


Summary = tuple[SummaryRow, ...]
Comparisons = tuple[ComparisonRow, ...]
Latencies = tuple[LatencyRow, ...]
