"""The rows of a run's CSV files. Field order is column order; types say what a cell may hold.

`float | None` is a quantity that may not have been measured: its cell is then empty.
results/README.md gives the meaning of every column.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One window of one case in one process (`trials.csv`)."""

    schema_version: int
    run_id: str
    case_id: str
    block_id: str
    strategy: str
    ordering: str
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
    process: int
    window: int
    duration_s: float | None
    operations: int
    reads: int
    writes: int
    empty_takes: int
    throughput_ops_s: float | None
    fairness_jain: float | None
    min_thread_share: float | None
    cpu_s: float | None
    voluntary_switches: float | None
    involuntary_switches: float | None
    overlap: float | None
    line_roundtrip_ns: float | None
    spin_loop_ns: float | None
    oversubscribed: bool
    valid: bool
    invalid_reason: str
    twin: bool
    position: int
    full_adds: int
    size_start: float | None
    size_end: float | None
    window_s: float | None
    warm_up_s: float | None
    seed: int
    takes: int


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One case, medians over processes (`summary.csv`)."""

    schema_version: int
    case_id: str
    block_id: str
    strategy: str
    ordering: str
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
    twin: bool
    oversubscribed: bool
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
    spin_loop_ns: float | None
    several_regimes: bool
    problem: str

    @property
    def sound(self) -> bool:
        """May be drawn and read as a result: measured, and nothing went wrong."""
        return self.throughput_ops_s is not None and not self.problem


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """The best two strategies of one block, within one scope (`comparisons.csv`)."""

    schema_version: int
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
        """There is a winner. Not so where the better median loses within the processes."""
        return self.has_interval and not self.tie and self.ratio_low > 1


Summary = tuple[SummaryRow, ...]
Comparisons = tuple[ComparisonRow, ...]
