"""Log-linear histograms of durations, as `latency.csv` holds them.

The one place where Python makes a figure of its own: `latency.csv` has a row a window, and the tail
of a case shows only in all its windows together. The rules are those of
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
    """`counts`: samples by the lower edge of their bucket, ns. `least_ns`, `most_ns`: exact."""

    counts: dict[int, int]
    least_ns: float
    most_ns: float

    @cached_property
    def _edges(self) -> list[int]:
        return sorted(self.counts)

    @cached_property
    def _up_to(self) -> list[int]:
        """Samples in a bucket and all below it."""
        return list(accumulate(self.counts[edge] for edge in self._edges))

    @property
    def samples(self) -> int:
        return self._up_to[-1] if self._up_to else 0

    @property
    def highest_quantile(self) -> float:
        """The last q that has `FEWEST_BEYOND` samples beyond it; 0 where there are too few."""
        return max(0.0, 1 - FEWEST_BEYOND / self.samples) if self.samples else 0.0

    def quantile_ns(self, q: float) -> float | None:
        """By nearest rank, at the bucket's midpoint but within what was recorded; None with fewer
        than 10 samples beyond."""
        rank = max(1, ceil(q * self.samples - ROUNDING))
        if self.samples - rank < FEWEST_BEYOND:
            return None
        edge = self._edges[bisect_left(self._up_to, rank)]
        middle = edge + (width_ns(edge) - 1) / 2
        return min(max(middle, self.least_ns), self.most_ns)


def width_ns(edge_ns: int) -> int:
    """Of the bucket that starts there."""
    return 1 << max(0, edge_ns.bit_length() - LINEAR_BITS)


def parse(text: str) -> dict[int, int]:
    """`lower_ns:count` pairs, already checked when the file was read."""
    pairs = (pair.split(":") for pair in text.split())
    return {int(edge): int(count) for edge, count in pairs}


def merged(rows: Iterable[LatencyRow]) -> Histogram:
    """What the windows of `rows` sampled, as one."""
    counts: Counter[int] = Counter()
    sampled = [row for row in rows if row.samples]
    for row in sampled:
        counts.update(parse(row.histogram))
    return Histogram(dict(counts),
                     min((row.min_ns for row in sampled if row.min_ns is not None), default=0.0),
                     max((row.max_ns for row in sampled if row.max_ns is not None),
                         default=float("inf")))
