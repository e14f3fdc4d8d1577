"""Run directories for tests. Every number is invented by a formula; none was measured."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field, replace
from functools import cache
from math import exp
from pathlib import Path
from statistics import NormalDist
from typing import Any

from lockbench.context import Context
from lockbench.histograms import Histogram, parse, width_ns
from lockbench.rows import (BucketRow, ComparisonRow, Comparisons, Latencies, LatencyRow,
                            NumberedLatencyRow, Summary, SummaryRow, TimedWindow, TrialRow)

ORDERINGS = {
    "null": "relaxed", "mutex": "priority_fifo", "recursive": "priority_fifo",
    "rwlock": "priority_fifo", "rwlock_writer": "priority_fifo", "condvar": "priority_fifo",
    "semaphore": "priority_fifo", "two_lock": "priority_fifo", "complete": "priority_fifo",
    "boost_lockfree": "fifo", "moodycamel": "fifo_per_producer",
    "moodycamel_blocking": "fifo_per_producer", "unsafe": "priority_fifo",
}
FEW = ("null", "mutex", "rwlock", "moodycamel")
QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99_9": 0.999, "p99_99": 0.9999}


@dataclass(frozen=True)
class Point:
    """One parameter point of the invented sweep."""

    threads: int
    read_ratio: float = 0.5
    workload: str = "mixed"
    producers: int = 0
    consumers: int = 0
    pinning: str = "compact"
    load: float | None = None
    idle_ns: int = 0

    @property
    def block_id(self) -> str:
        load = "" if self.load is None else f"/load:{self.load}"
        idle = f"/idle_ns:{self.idle_ns}" if self.workload == "handoff" else ""
        return f"{self.workload}/threads:{self.threads}/read_ratio:{self.read_ratio}{load}{idle}" \
               f"/pinning:{self.pinning}"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of durations that its windows sample."""
        return ("all", *{"open_loop": ("sojourn",), "handoff": ("handoff",)}.get(self.workload, ()))

    def values(self, cpus: int) -> dict[str, Any]:
        return {"block_id": self.block_id, "workload": self.workload, "threads": self.threads,
                "producers": self.producers, "consumers": self.consumers,
                "read_ratio": self.read_ratio, "priorities": 16, "prefill": 1024,
                "payload_bytes": 16, "capacity": 4096, "pinning": self.pinning,
                "idle_ns": self.idle_ns, "oversubscribed": self.threads > cpus}


@dataclass
class SyntheticRun:
    """Builds rows, and a directory out of them. `cpus` is the number of CPUs of the invented
    machine."""

    strategies: tuple[str, ...] = FEW
    threads: tuple[int, ...] = (1, 2, 4)
    read_ratios: tuple[float, ...] = (0.0, 0.5)
    producer_consumer: bool = False
    processes: int = 8
    cpus: int = 2
    changes: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    """(strategy, threads) -> columns of summary.csv to set differently."""
    latency: bool = False
    """With latency.csv, and the columns of summary.csv that came with it."""
    loads: tuple[float, ...] = ()
    """Open loops at these loads too, for each team of two threads or more."""
    idles_ns: tuple[int, ...] = ()
    """Hand-overs at these idle times too, likewise."""
    latency_samples: int = 12_000
    """A window."""
    context_changes: dict[str, Any] = field(default_factory=dict)

    def points(self) -> list[Point]:
        points = [Point(n, ratio) for ratio in self.read_ratios for n in self.threads]
        if self.producer_consumer:
            points += [Point(n, 0.5, "producer_consumer", n // 2, n - n // 2)
                       for n in self.threads if n >= 2]
        points += [Point(n, 0.5, "open_loop", n // 2, n - n // 2, load=load)
                   for n in self.threads if n >= 2 for load in self.loads]
        points += [Point(n, 0.5, "handoff", n // 2, n - n // 2, idle_ns=idle_ns)
                   for n in self.threads if n >= 2 for idle_ns in self.idles_ns]
        return points

    def rate(self, strategy: str, point: Point) -> float:
        """Returns operations/s by a formula that lets curves cross."""
        if strategy == "null":
            return 9e7 * min(point.threads, self.cpus)
        place = list(ORDERINGS).index(strategy)
        start = 9e6 / (1 + 0.11 * place)
        contention = (0.92 - 0.05 * ((place * 5) % 7)) ** (point.threads - 1) ** 0.5
        reads = 1 + point.read_ratio * (point.threads ** 0.4 - 0.6) * (place % 3) * 0.7
        waiting = 0.35 if point.workload == "producer_consumer" else 1
        return round(start * contention * reads * waiting, 0)

    def summary(self) -> Summary:
        rows = []
        for point in self.points():
            for strategy in (*self.strategies, "mutex"):
                twin = strategy == "mutex" and rows and rows[-1].block_id == point.block_id and \
                    any(r.strategy == "mutex" and r.block_id == point.block_id for r in rows)
                rows.append(self._case(strategy, point, bool(twin)))
        return tuple(rows)

    def _case(self, strategy: str, point: Point, twin: bool) -> SummaryRow:
        rate = self.rate(strategy, point)
        with_interval = self.processes >= 6
        values = point.values(self.cpus) | {
            "strategy": strategy, "ordering": ORDERINGS[strategy],
            "case_id": f"{strategy}/{point.block_id}{'@twin' if twin else ''}", "twin": twin,
            "processes": self.processes, "windows": self.processes * 3,
            "valid_windows": self.processes * 3, "throughput_ops_s": rate,
            "throughput_low_ops_s": rate * 0.93 if with_interval else None,
            "throughput_high_ops_s": rate * 1.05 if with_interval else None,
            "fairness_jain": 0.97, "min_thread_share": 0.81, "empty_take_share": 0.02,
            "cpu_s_per_mop": 0.4, "voluntary_switches_per_kop": 1.5, "line_roundtrip_ns": 107.0,
            "line_roundtrip_low_ns": 101.0, "line_roundtrip_high_ns": 118.0,
            "several_regimes": False, "problem": "", "multimodal": False}
        if self.latency:
            values |= self._latency_columns(strategy, point)
        return SummaryRow(**values | self.changes.get((strategy, point.threads), {}))

    def _latency_columns(self, strategy: str, point: Point) -> dict[str, Any]:
        place = list(ORDERINGS).index(strategy)
        found = {"reads_s": 1e6 * point.read_ratio, "writes_s": 1e6,
                 "longest_gap_s": 2e-5 * (1 + place) * point.threads,
                 "latency_p99_ns": self.histogram(strategy, point, "all").quantile_ns(0.99)}
        if point.load is not None:
            sojourn = self.histogram(strategy, point, "sojourn")
            found |= {f"sojourn_{name}_ns": sojourn.quantile_ns(q) for name, q in QUANTILES.items()}
            found |= {"load": point.load}
        return found

    def histogram(self, strategy: str, point: Point, kind: str) -> Histogram:
        """Returns the samples of all processes of a case together."""
        counts = self._counts(strategy, point, kind)
        return Histogram({edge: count * self.processes for edge, count in counts.items()},
                         min(counts), max(counts))

    def _counts(self, strategy: str, point: Point, kind: str) -> dict[int, int]:
        """Returns the samples of one window: log-normal, slower with threads and with load."""
        place = list(ORDERINGS).index(strategy)
        median_ns = 180.0 * (1 + 0.2 * place) * point.threads ** 0.8
        spread = 0.5 + 0.1 * ((place * 5) % 7)
        if kind == "sojourn":
            median_ns *= 20 / (1.02 - (point.load or 0.0))
        if kind == "handoff":
            median_ns *= 10 + point.idle_ns / 20_000
        return log_normal_counts(median_ns, spread, self.latency_samples)

    def latencies(self) -> Latencies:
        """Returns a window for each process and kind; none unless `latency` was asked for."""
        rows = []
        for case in self.summary() if self.latency else ():
            point = next(p for p in self.points() if p.block_id == case.block_id)
            for kind in point.kinds:
                counts = self._counts(case.strategy, point, kind)
                one = Histogram(counts, min(counts), max(counts))
                row = LatencyRow(
                    case_id=case.case_id, block_id=case.block_id, twin=case.twin, kind=kind,
                    samples=one.samples, min_ns=one.least_ns, max_ns=one.most_ns,
                    histogram=" ".join(f"{edge}:{counts[edge]}" for edge in sorted(counts)))
                rows += [row] * self.processes
        return tuple(rows)

    def comparisons(self) -> Comparisons:
        rows: list[ComparisonRow] = []
        summary = self.summary()
        for point in self.points():
            cases = [case for case in summary
                     if case.block_id == point.block_id and not case.twin and case.sound
                     and case.throughput_ops_s and case.strategy != "null"]
            for scope in ("priority_fifo", "any"):
                ranked = sorted((case for case in cases if scope in ("any", case.ordering)),
                                key=lambda case: -case.throughput_ops_s)
                if len(ranked) >= 2:
                    rows.append(self._comparison(point, scope, ranked[0], ranked[1]))
            mutex = [case for case in cases if case.strategy == "mutex"]
            rows += [replace(self._comparison(point, "twin", case, case), ratio=1.012,
                             ratio_low=self._bound(0.985), ratio_high=self._bound(1.031), tie=True)
                     for case in mutex]
        return tuple(rows)

    def _bound(self, value: float) -> float | None:
        return value if self.processes >= 6 else None

    def _comparison(self, point: Point, scope: str, winner: SummaryRow,
                    runner_up: SummaryRow) -> ComparisonRow:
        ratio = winner.throughput_ops_s / runner_up.throughput_ops_s
        low, high = self._bound(ratio * 0.97), self._bound(ratio * 1.04)
        return ComparisonRow(**point.values(self.cpus), scope=scope,
                             winner=winner.strategy, winner_ordering=winner.ordering,
                             runner_up=runner_up.strategy, runner_up_ordering=runner_up.ordering,
                             ratio=ratio, ratio_low=low, ratio_high=high,
                             processes=self.processes, tie=low is None or low <= 1)

    def trials(self) -> tuple[TrialRow, ...]:
        return tuple(
            TrialRow(case.strategy, valid=case.throughput_ops_s is not None,
                     invalid_reason="" if case.throughput_ops_s is not None
                     else "overlap 0.41, below 0.9")
            for case in self.summary())

    def context(self) -> Context:
        unknown = {"value": None, "reason": "no cpufreq on this guest"}
        return Context({
            "run_id": "20300102T030405Z-0123abc-synthetic", "seed": 7, "state": "finished",
            "argv": ["bench", "sweep", "--quick"], "started_utc": "2030-01-02T03:04:05Z",
            "finished_utc": "2030-01-02T03:14:05Z", "usable_cpus": self.cpus,
            "build": {"version": "0.1.0", "commit": "0123abc0123abc", "dirty": False,
                      "compiler": "g++", "flags": "-O2", "build_type": "Release",
                      "libraries": {"fmt": "9.1.0"}, "recordable": True},
            "machine": {"cpu": {"model": "Synthetic CPU 9000", "available": self.cpus},
                        "frequency": {"governor": unknown},
                        "virtualisation": {"hypervisor": "kvm"},
                        "kernel": {"release": "6.1.0", "libc": "glibc 2.36"}},
            "probes": {"hardware_counters": {"cycles": {"value": None,
                                                        "reason": "perf_event_open: ENOENT"}},
                       "wake_up_us": {"other_cpu": {"median": 31.2, "p05": 24.0, "p95": 44.0,
                                                    "samples": 200},
                                      "same_cpu": {"value": None, "reason": "one CPU only"}}},
            "closing": {"wall_s": 600.0, "measured_s": 552.0, "orchestration_share": 0.08,
                        "twin_typical_half_width": 0.023},
        } | self.context_changes)

    def write(self, directory: Path, numbered: bool = False) -> Path:
        """Writes the files of a run directory and returns it. Histograms are a column of latency.csv,
        as in the first release, or, if `numbered`, a file of their own."""
        directory.mkdir(parents=True, exist_ok=True)
        _write_csv(directory / "trials.csv", TrialRow, self.trials())
        _write_csv(directory / "summary.csv", SummaryRow, self.summary(), older=not self.latency)
        if self.latency and numbered:
            self._write_numbered(directory)
        elif self.latency:
            _write_csv(directory / "latency.csv", LatencyRow, self.latencies())
        _write_csv(directory / "comparisons.csv", ComparisonRow, self.comparisons())
        (directory / "context.json").write_text(json.dumps(self.context().data, indent=2) + "\n")
        return directory

    def _write_numbered(self, directory: Path) -> None:
        rows, buckets = [], []
        for number, row in enumerate(self.latencies(), 1):
            shared = {name.name: getattr(row, name.name) for name in dataclasses.fields(TimedWindow)}
            rows.append(NumberedLatencyRow(**shared, histogram_number=number))
            buckets += [BucketRow(number, edge, count) for edge, count in parse(row.histogram).items()]
        _write_csv(directory / "latency.csv", NumberedLatencyRow, tuple(rows))
        _write_csv(directory / "histograms.csv", BucketRow, tuple(buckets))


@cache
def log_normal_counts(median_ns: float, spread: float, samples: int) -> dict[int, int]:
    """Returns samples by the lower edge of their bucket: 400 evenly likely durations, and the rare
    ones beyond them."""
    law, counts = NormalDist(), {}
    shares = [(place + 0.5) / 400 for place in range(400)]
    weights = [(share, max(1, samples // 400)) for share in shares]
    weights += [(1 - 1 / (800 * 2 ** power), max(1, samples // (800 * 2 ** power)))
                for power in range(1, 8)]
    for share, weight in weights:
        value = int(median_ns * exp(spread * law.inv_cdf(share)))
        edge = value - value % width_ns(value)
        counts[edge] = counts.get(edge, 0) + weight
    return counts


def _write_csv(path: Path, row_type: type, rows: tuple, older: bool = False) -> None:
    """Writes the columns that a report reads. An `older` file lacks those that are not needed."""
    names = [column.name for column in dataclasses.fields(row_type)
             if not older or column.default is dataclasses.MISSING]
    lines = [",".join(["schema_version", *names])]
    lines += [",".join(["1", *(_cell(getattr(row, name)) for name in names)]) for row in rows]
    path.write_text("\n".join(lines) + "\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = str(int(value)) if isinstance(value, bool) else \
        f"{value:.9g}" if isinstance(value, float) else str(value)
    return '"' + text.replace('"', '""') + '"' if set(',"\n') & set(text) else text
