"""Histograms give the quantiles of the samples that went into them."""

import math
import random
from dataclasses import replace

import pytest
from synthetic_run import SyntheticRun

from lockbench.histograms import Histogram, merged, parse, width_ns


def histogram_of(samples: list[int]) -> Histogram:
    counts: dict[int, int] = {}
    for value in samples:
        edge = value - value % width_ns(value)
        counts[edge] = counts.get(edge, 0) + 1
    return Histogram(counts, min(samples), max(samples))


@pytest.mark.parametrize("draw", [
    lambda source: source.uniform(0, 2048), lambda source: source.expovariate(1 / 5e4),
    lambda source: source.lognormvariate(9, 2), lambda source: 3001,
])
def test_quantiles_agree_with_all_samples_sorted_within_half_a_bucket(draw):
    source = random.Random(7)
    samples = [int(draw(source)) for _ in range(20_000)]
    ordered, histogram = sorted(samples), histogram_of(samples)
    for q in (0.0001, 0.07, 0.5, 0.9, 0.99, 0.999, 0.9995):
        exact = ordered[max(1, math.ceil(round(q * len(ordered), 6))) - 1]
        slack = 0 if exact < 2048 else exact / 2048
        assert histogram.quantile_ns(q) == pytest.approx(exact, abs=slack), q
    assert histogram.quantile_ns(0.9996) is None


@pytest.mark.parametrize("q, fewest", [(0.5, 20), (0.9, 100), (0.99, 1000), (0.999, 10_000)])
def test_a_quantile_needs_ten_samples_beyond_it(q, fewest):
    assert Histogram({40: fewest - 1}, 40, 40).quantile_ns(q) is None
    full = Histogram({40: fewest}, 40, 40)
    assert full.quantile_ns(q) == 40
    assert full.highest_quantile == pytest.approx(q)


def test_nothing_sampled_has_no_quantile():
    assert merged([]).samples == 0
    assert merged([]).quantile_ns(0.5) is None
    assert merged([]).highest_quantile == 0


def test_buckets_are_those_of_the_harness():
    assert [width_ns(ns) for ns in (0, 2047, 2048, 4095, 4096, 2**42 - 2**31)] == \
        [1, 1, 2, 2, 4, 2**31]


def test_no_quantile_lies_beyond_what_was_recorded():
    assert Histogram({1_048_576: 100}, 1_048_577, 1_048_580).quantile_ns(0.5) == 1_048_580


def test_windows_add_up_whatever_their_buckets():
    row = SyntheticRun(latency=True).latencies()[0]
    one = replace(row, samples=3, min_ns=7.0, max_ns=9.0, histogram="7:2 9:1")
    two = replace(row, samples=12, min_ns=9.0, max_ns=5000.0, histogram="9:2 4998:10")
    none = replace(row, samples=0, min_ns=None, max_ns=None, histogram="")
    assert merged([one, two, none]) == Histogram({7: 2, 9: 3, 4998: 10}, 7.0, 5000.0)
    assert parse("") == {}
