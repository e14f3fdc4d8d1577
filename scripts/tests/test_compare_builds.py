"""The statistics of scripts/compare_builds, against values worked out by hand."""

import itertools
import math
import random
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "compare_builds"
loader = SourceFileLoader("compare_builds", str(SCRIPT))
compare_builds = module_from_spec(spec_from_loader("compare_builds", loader))
loader.exec_module(compare_builds)


def brute_force_p(logs: list[float]) -> float:
    """Two-sided p-value over all sign patterns of the ranks."""
    ranks = sorted(range(len(logs)), key=lambda i: abs(logs[i]))
    rank_of = {index: rank + 1 for rank, index in enumerate(ranks)}
    seen = sum(rank_of[i] for i, value in enumerate(logs) if value > 0)
    seen = min(seen, len(logs) * (len(logs) + 1) // 2 - seen)
    sums = [sum(rank for rank, sign in enumerate(signs, 1) if sign)
            for signs in itertools.product((False, True), repeat=len(logs))]
    return min(1.0, 2 * sum(total <= seen for total in sums) / len(sums))


def test_p_values_are_those_of_all_sign_patterns():
    rng = random.Random(1)
    for pairs in (1, 2, 5, 8, 11):
        logs = [rng.gauss(0.3, 1) for _ in range(pairs)]
        assert math.isclose(compare_builds.estimate(logs)[3], brute_force_p(logs))


def test_the_interval_covers_the_centre_as_often_as_it_claims():
    rng = random.Random(2)
    covered = 0
    for _ in range(1000):
        _, low, high, _ = compare_builds.estimate([rng.gauss(0.1, 1) for _ in range(12)])
        covered += low <= 0.1 <= high
    assert 935 <= covered <= 975


def test_too_few_pairs_have_no_interval():
    assert compare_builds.estimate([0.1] * 5)[1:3] == (-math.inf, math.inf)
    assert compare_builds.estimate([0.1] * 6)[1:3] == (0.1, 0.1)


def test_holm_multiplies_by_the_number_of_cases_that_are_left():
    assert compare_builds.holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {"a": 0.03, "c": 0.06, "b": 0.06}
