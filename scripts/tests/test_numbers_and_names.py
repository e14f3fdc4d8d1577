"""How numbers read, and which panel a case belongs to."""

from dataclasses import replace

import pytest
from synthetic_run import Point, SyntheticRun

from lockbench.formatting import duration, margin, rate, significant, tick_duration, tick_rate
from lockbench.looks import looks
from lockbench.scenarios import point_label, scenario_of
from lockbench.spread import spread


@pytest.mark.parametrize("value, text", [
    (None, "–"), (0, "0"), (0.97, "0.970"), (1234.0, "1230"), (0.00123, "0.00123"),
    (9.999, "10.0"),
])
def test_a_number_keeps_three_significant_digits(value, text):
    assert significant(value) == text


@pytest.mark.parametrize("value, text", [
    (1_250_000, "1.25 M"), (999_900, "1.00 M"), (83_000, "83.0 k"), (12.0, "12.0"), (None, "–"),
])
def test_a_rate_has_a_prefix(value, text):
    assert rate(value) == text


def test_axis_ticks_are_short():
    assert [tick_rate(value) for value in (5e5, 1e6, 2e7)] == ["500 k", "1 M", "20 M"]


@pytest.mark.parametrize("value, text", [
    (850.0, "850 ns"), (12_345.0, "12.3 µs"), (999_900.0, "1.00 ms"), (3.2e9, "3.20 s"),
    (0.5, "0.500 ns"), (None, "–"),
])
def test_a_duration_has_the_unit_that_reads_best(value, text):
    assert duration(value) == text


def test_duration_ticks_are_short():
    assert [tick_duration(value) for value in (500, 2e3, 1e7, 1e9)] == \
        ["500 ns", "2 µs", "10 ms", "1 s"]


@pytest.mark.parametrize("ratio, text", [
    (1.12, "+12 %"), (1.034, "+3.4 %"), (0.988, "−1.2 %"), (1.0001, "±0 %"), (2.4, "×2.4"),
    (1.0997, "+10 %"), (None, "–"),
])
def test_a_margin_says_how_much_faster(ratio, text):
    assert margin(ratio) == text


def test_markers_are_pairwise_distinct_even_for_many_unknown_strategies():
    chosen = looks([f"strategy_{place}" for place in range(40)] + ["mutex", "rwlock", "null"])
    markers = [look.marker for look in chosen.values()]
    assert len(set(markers)) == len(markers) == 43


def test_a_strategy_looks_the_same_alone_and_among_others():
    assert looks(["rwlock"])["rwlock"] == looks(["mutex", "rwlock", "brand_new"])["rwlock"]


def test_spread_labels_keep_their_order_and_distance():
    wanted = [0.5, 0.5, 0.51, 0.1, 0.99, 1.0]
    placed = spread(wanted, 0.1, 0.0, 1.0)
    ordered = [placed[index] for index in sorted(range(6), key=lambda index: wanted[index])]
    assert all(b - a >= 0.1 - 1e-9 for a, b in zip(ordered, ordered[1:]))
    assert min(placed) >= 0 and max(placed) <= 1
    assert placed[3] == pytest.approx(0.1)


def test_spread_labels_share_the_room_when_there_is_too_little():
    assert spread([0.5] * 5, 0.4, 0.0, 1.0) == pytest.approx([0, 0.25, 0.5, 0.75, 1])


def test_all_sizes_of_one_team_shape_are_one_scenario():
    run = SyntheticRun()
    cases = [run._case("mutex", Point(n, 0.5, "producer_consumer", n // 2, n - n // 2), False)
             for n in (2, 3, 4, 5, 16)]
    assert len({scenario_of(case) for case in cases}) == 1
    lopsided = replace(cases[0], producers=1, consumers=7, threads=8)
    assert scenario_of(lopsided).mix == "producer_consumer, 1 producer"


def test_a_capacity_that_grew_with_the_threads_does_not_tear_a_curve():
    cases = [replace(SyntheticRun()._case("mutex", Point(n), False), capacity=4096 * n)
             for n in (1, 64)]
    assert len({scenario_of(case) for case in cases}) == 1
    asked_for = replace(cases[0], block_id=cases[0].block_id + "/capacity:4096")
    assert scenario_of(asked_for).label == "mixed, 50 % reads; capacity 4096"


def test_a_changed_setting_is_named():
    case = SyntheticRun()._case("mutex", Point(2, 0.5), False)
    assert scenario_of(case).label == "mixed, 50 % reads"
    changed = replace(case, pinning="none", payload_bytes=256)
    assert scenario_of(changed).label == "mixed, 50 % reads; payload 256 bytes, pinning none"


def test_a_point_is_named_with_its_team_and_with_parameters_of_a_later_program():
    case = SyntheticRun()._case("mutex", Point(1, 0.5), False)
    assert point_label(case) == "mixed, 50 % reads: 1 thread"
    assert point_label(replace(case, block_id=case.block_id + "/work:500")) == \
        "mixed, 50 % reads: 1 thread; work 500"
    loaded = SyntheticRun()._case("mutex", Point(4, 0.5, "open_loop", 1, 3, load=0.7), False)
    assert point_label(loaded) == "open_loop: 1 producer, 3 consumers"
