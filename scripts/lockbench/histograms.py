"""Log-linear histograms of durations, as `histograms.csv` holds them.

This is the one place where Python computes a figure of its own: `latency.csv` has a row a window,
and the tail of a case shows only in all its windows together. The rules are those of
harness/metrics/latency_histogram.hpp, so both give the same quantiles.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import ceil

from lockbench.rows import LatencyRow

LINEAR_BITS = 11  #: below 2^11 ns a bucket is one nanosecond wide, above 1024 make an octave
FEWEST_BEYOND = 10  #: samples beyond a quantile, or it is a matter of luck
ROUNDING = 1e-6  #: products like 0.07 * 100 come out a little above the whole number they are


@dataclass(frozen=True)
class Histogram:
    """Durations that were sampled. `counts` has the number of samples by the lower edge of their
    bucket, in ns; `least_ns` and `most_ns` are exact."""

    counts: dict[int, int]
    least_ns: float
    most_ns: float

    @cached_property
    def _edges(self) -> list[int]:
        return sorted(self.counts)

    @cached_property
    def _up_to(self) -> list[int]:
        """For each bucket, the number of samples in it and in all buckets below it."""
        return list(accumulate(self.counts[edge] for edge in self._edges))

    @property
    def samples(self) -> int:
        return self._up_to[-1] if self._up_to else 0

    @property
    def highest_quantile(self) -> float:
        """The highest q that has `FEWEST_BEYOND` samples beyond it; 0 where there are too few
        samples."""
        return max(0.0, 1 - FEWEST_BEYOND / self.samples) if self.samples else 0.0

    def quantile_ns(self, q: float) -> float | None:
        """Returns the quantile by nearest rank: the midpoint of its bucket, but within the recorded
        range. Returns None if fewer than 10 samples lie beyond it."""
        rank = max(1, ceil(q * self.samples - ROUNDING))
        if self.samples - rank < FEWEST_BEYOND:
            return None
        edge = self._edges[bisect_left(self._up_to, rank)]
        middle = edge + (width_ns(edge) - 1) / 2
        return min(max(middle, self.least_ns), self.most_ns)


def width_ns(edge_ns: int) -> int:
    """Returns the width of the bucket that starts there."""
    return 1 << max(0, edge_ns.bit_length() - LINEAR_BITS)


def parse(text: str) -> dict[int, int]:
    """Returns samples by lower edge from `lower_ns:count` pairs, which were checked when the file
    was read."""
    pairs = (pair.split(":") for pair in text.split())
    return {int(edge): int(count) for edge, count in pairs}


def merged(rows: Iterable[LatencyRow]) -> Histogram:
    """Returns one histogram of everything that the windows of `rows` sampled."""
    counts: Counter[int] = Counter()
    sampled = [row for row in rows if row.samples]
    for row in sampled:
        counts.update(parse(row.histogram))
    return Histogram(dict(counts),
                     min((row.min_ns for row in sampled if row.min_ns is not None), default=0.0),
                     max((row.max_ns for row in sampled if row.max_ns is not None),
                         default=float("inf")))
