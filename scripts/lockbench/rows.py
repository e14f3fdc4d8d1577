"""The rows of a run's CSV files. Field order is column order; types say what a cell may hold.

`float | None` is a quantity that may not have been measured: its cell is then empty.
A field with a default was appended to the file by a later version; older files end before it.
results/README.md gives the meaning of every column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

SCHEMA_VERSION = 1
Signed = NewType("Signed", float)  #: a number that may be below 0

#: `lower_ns:count` pairs, as results/README.md describes them; `histograms.parse` reads it.
HistogramText = NewType("HistogramText", str)


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
    critical_section_ns: int
    critical_section_jitter: str
    think_ns: int
    think_jitter: str
    work_ns: int
    work_jitter: str
    priority_order: str
    burst: int
    cancel_ratio: float
    load: float
    arrivals: str
    sample_every: int
    cancels: int
    late_cancels: int
    completions: int
    max_thread_share: float | None
    longest_gap_s: float | None
    has_critical_section: bool
    critical_work_s: float | None
    think_work_s: float | None
    task_work_s: float | None
    overhead_s: Signed | None
    calibration_error: Signed | None
    capacity_tasks_s: float | None
    offered_tasks_s: float | None
    wake_up_us: float | None
    latency_samples: float | None
    latency_p50_ns: float | None
    latency_p90_ns: float | None
    latency_p99_ns: float | None
    latency_p99_9_ns: float | None
    latency_p99_99_ns: float | None
    latency_max_ns: float | None
    sojourn_samples: float | None
    sojourn_mean_ns: float | None
    sojourn_p50_ns: float | None
    sojourn_p90_ns: float | None
    sojourn_p99_ns: float | None
    sojourn_p99_9_ns: float | None
    sojourn_p99_99_ns: float | None
    sojourn_max_ns: float | None
    service_mean_ns: float | None
    cpus: str
    memory: str
    cycles: float | None
    instructions: float | None
    cache_misses: float | None
    branch_misses: float | None
    page_faults: float | None
    migrations: float | None
    futex_calls: float | None
    counted_share: float | None
    run_queue_wait_s: float | None
    others_share: Signed | None
    steal_share: float | None
    peak_memory_bytes: float | None
    flags: str


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
    # Not in older files: a column with a default may be missing.
    throughput_cv: float | None = None
    throughput_icc: Signed | None = None
    multimodal: bool = False
    critical_section_ns: int = 0
    critical_section_jitter: str = "none"
    think_ns: int = 0
    think_jitter: str = "none"
    work_ns: int = 0
    work_jitter: str = "none"
    priority_order: str = "uniform"
    burst: int = 0
    cancel_ratio: float = 0.0
    load: float = 0.0
    arrivals: str = "poisson"
    sample_every: int = 0
    latency_samples: float | None = None
    latency_p50_ns: float | None = None
    latency_p90_ns: float | None = None
    latency_p99_ns: float | None = None
    latency_p99_9_ns: float | None = None
    latency_p99_99_ns: float | None = None
    latency_max_ns: float | None = None
    sojourn_samples: float | None = None
    sojourn_mean_ns: float | None = None
    sojourn_p50_ns: float | None = None
    sojourn_p90_ns: float | None = None
    sojourn_p99_ns: float | None = None
    sojourn_p99_9_ns: float | None = None
    sojourn_p99_99_ns: float | None = None
    sojourn_max_ns: float | None = None
    service_mean_ns: float | None = None
    handoff_p50_ns: float | None = None
    handoff_p99_ns: float | None = None
    offered_tasks_s: float | None = None
    capacity_tasks_s: float | None = None
    reads_s: float | None = None
    writes_s: float | None = None
    longest_gap_s: float | None = None
    max_thread_share: float | None = None
    overhead_ns_per_op: Signed | None = None
    has_critical_section: bool = False
    wake_up_us: float | None = None
    cycles_per_op: float | None = None
    instructions_per_op: float | None = None
    cache_misses_per_op: float | None = None
    futex_calls_per_kop: float | None = None
    migrations_per_kop: float | None = None
    peak_memory_bytes: float | None = None
    flags: str = ""

    @property
    def sound(self) -> bool:
        """May be drawn and read as a result: measured, and nothing went wrong."""
        return self.throughput_ops_s is not None and not self.problem


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """Durations of one kind in one window of one case (`latency.csv`)."""

    schema_version: int
    run_id: str
    case_id: str
    block_id: str
    strategy: str
    twin: bool
    process: int
    window: int
    kind: str
    samples: int
    min_ns: float | None
    mean_ns: float | None
    p50_ns: float | None
    p90_ns: float | None
    p99_ns: float | None
    p99_9_ns: float | None
    p99_99_ns: float | None
    max_ns: float | None
    histogram: HistogramText


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
    critical_section_ns: int = 0
    critical_section_jitter: str = "none"
    think_ns: int = 0
    think_jitter: str = "none"
    work_ns: int = 0
    work_jitter: str = "none"
    priority_order: str = "uniform"
    burst: int = 0
    cancel_ratio: float = 0.0
    load: float = 0.0
    arrivals: str = "poisson"

    @property
    def has_interval(self) -> bool:
        return self.ratio_low is not None and self.ratio_high is not None

    @property
    def decided(self) -> bool:
        """There is a winner. Not so where the better median loses within the processes."""
        return self.has_interval and not self.tie and self.ratio_low > 1


Summary = tuple[SummaryRow, ...]
Comparisons = tuple[ComparisonRow, ...]
Latencies = tuple[LatencyRow, ...]
