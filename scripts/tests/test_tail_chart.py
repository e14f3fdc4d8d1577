"""Asks the axes of the tail chart what was drawn."""

from dataclasses import replace

import pytest
from matplotlib.text import Text
from synthetic_run import ORDERINGS, QUANTILES, SyntheticRun
from test_sojourn_chart import assert_apart
from test_throughput_chart import all_text, lines, panels

from lockbench.canvas import own_settings, to_svg
from lockbench.charts.tail import applies, draw_tail

MANY = {"threads": (1, 2, 4, 8), "read_ratios": (0.0, 0.5)}


def run_with(**changes) -> SyntheticRun:
    return SyntheticRun(**{"threads": (1, 4), "read_ratios": (0.5,), "latency": True} | changes)


def drawn(run: SyntheticRun, latencies=None):
    with own_settings():
        return draw_tail(run.summary(), run.comparisons(), run.context(),
                         run.latencies() if latencies is None else latencies)


def curve(axes, strategy: str) -> list[tuple[float, float]]:
    [line] = lines(axes, f"curve:{strategy}")
    return list(zip(line.get_xdata(), line.get_ydata()))


def at(axes, strategy: str, q: float) -> float | None:
    """Returns the value of the curve at a quantile, if the curve reaches it."""
    return next((value for x, value in curve(axes, strategy) if x == pytest.approx(1 / (1 - q))),
                None)


def test_curves_go_through_the_quantiles_of_all_processes_together():
    run = run_with()
    for axes, point in zip(panels(drawn(run)), run.points()):
        for row in run.summary():
            if row.block_id == point.block_id and row.strategy != "null":
                sampled = run.histogram(row.strategy, point, "all")
                for name in ("p50", "p90", "p99", "p99_9"):
                    assert at(axes, row.strategy, QUANTILES[name]) == \
                        sampled.quantile_ns(QUANTILES[name])


def test_a_curve_ends_where_fewer_than_ten_samples_lie_beyond_it():
    run = run_with()
    sampled = run.histogram("mutex", run.points()[0], "all")
    last_x, _ = curve(panels(drawn(run))[0], "mutex")[-1]
    assert last_x == pytest.approx(sampled.samples / 10)
    assert at(panels(drawn(run))[0], "mutex", 0.9999) is None


def test_a_strategy_without_samples_for_a_median_has_no_curve_and_no_name():
    run = run_with(threads=(1,))
    mutex = [row for row in run.latencies() if row.case_id.startswith("mutex/")]
    others = [row for row in run.latencies() if row not in mutex]
    few = replace(mutex[0], samples=14, histogram="1000:14")
    [axes] = panels(drawn(run, (*others, few)))
    assert lines(axes, "curve:rwlock") and not lines(axes, "curve:mutex")
    assert "label:mutex" not in [text.get_label() for text in axes.texts]


def test_hand_overs_have_the_curves_of_their_own_times():
    run = run_with(threads=(2,), read_ratios=(), idles_ns=(30_000,))
    figure = drawn(run)
    assert "hand-over time" in all_text(figure) and "idle 30 µs" in all_text(figure)
    [axes], [point] = panels(figure), run.points()
    assert at(axes, "mutex", 0.5) == run.histogram("mutex", point, "handoff").quantile_ns(0.5)


def test_curves_never_fall():
    for axes in panels(drawn(run_with(strategies=tuple(ORDERINGS)))):
        for line in axes.lines:
            if line.get_label().startswith("curve:"):
                assert list(line.get_xdata()) == sorted(line.get_xdata())
                assert list(line.get_ydata()) == sorted(line.get_ydata())


def test_markers_stand_on_the_ticks():
    [line] = lines(panels(drawn(run_with()))[0], "curve:mutex")
    marked = [line.get_xdata()[place] for place in line.get_markevery()]
    assert marked == pytest.approx([2, 10, 100, 1000])


def test_the_axis_stretches_towards_100_percent():
    figure = drawn(run_with())
    figure.canvas.draw()
    axes = panels(figure)[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert [tick.get_text() for tick in axes.get_xticklabels()] == \
        ["50 %", "90 %", "99 %", "99.9 %"]
    assert all(tick.get_text().split()[1] in ("ns", "µs", "ms") for tick in axes.get_yticklabels())


def test_an_open_loop_shows_sojourn_times_and_any_other_block_service_times():
    run = run_with(threads=(2,), loads=(0.9,))
    closed, opened = panels(drawn(run))
    assert any("service time, all calls" in text.get_text() for text in closed.texts)
    assert any("sojourn time" in text.get_text() for text in opened.texts)
    case = next(row for row in run.summary() if row.strategy == "mutex" and row.load)
    assert at(opened, "mutex", 0.99) == case.sojourn_p99_ns


def test_only_the_first_six_blocks_are_shown_and_the_rest_is_counted():
    figure = drawn(run_with(**MANY))
    assert [axes.get_title(loc="left") for axes in panels(figure)] == [
        "mixed, 0 % reads (writes only): 1 thread", "mixed, 0 % reads (writes only): 2 threads",
        "mixed, 0 % reads (writes only): 4 threads · oversubscribed",
        "mixed, 0 % reads (writes only): 8 threads · oversubscribed",
        "mixed, 50 % reads: 1 thread", "mixed, 50 % reads: 2 threads"]
    assert "The first 6 blocks of 8 by their parameters; 2 are left out." in all_text(figure)
    assert "left out" not in all_text(drawn(run_with()))


def test_twins_null_and_broken_strategies_have_no_curve():
    run = run_with(changes={("rwlock", 1): {"problem": "violated: lost_updates=1"}})
    without_twin = tuple(row for row in run.latencies() if not row.twin)
    axes, twinless = panels(drawn(run))[0], panels(drawn(run, without_twin))[0]
    assert curve(axes, "mutex") == curve(twinless, "mutex")
    assert not lines(axes, "curve:null") and not lines(axes, "curve:rwlock")


def test_an_oversubscribed_block_is_shaded_and_dashed():
    fitting, over = panels(drawn(run_with()))
    assert not fitting.patches and lines(fitting, "curve:mutex")[0].get_linestyle() == "-"
    assert [patch.get_label() for patch in over.patches] == ["oversubscribed"]
    assert lines(over, "curve:mutex")[0].get_linestyle() == "--"


def test_another_ordering_is_drawn_hollow():
    axes = panels(drawn(run_with()))[0]
    assert lines(axes, "curve:moodycamel")[0].get_markerfacecolor() == "white"
    assert lines(axes, "curve:mutex")[0].get_markerfacecolor() != "white"


def test_it_applies_where_there_are_samples_enough_for_a_curve():
    run = run_with()
    assert applies(run.summary(), (), run.latencies())
    assert not applies(run.summary(), (), ())
    few = tuple(replace(row, samples=1, histogram="500:1") for row in run.latencies())
    assert not applies(run.summary(), (), few)


def test_a_strategy_of_few_samples_has_no_curve_beside_those_that_have_one():
    run = run_with()
    latencies = tuple(replace(row, samples=1, histogram="500:1")
                      if row.case_id.startswith("mutex/") else row for row in run.latencies())
    axes = panels(drawn(run, latencies))[0]
    assert not lines(axes, "curve:mutex") and lines(axes, "curve:rwlock")


def test_title_and_footer_say_where_and_how_certain():
    text = all_text(drawn(run_with()))
    for part in ("Synthetic CPU 9000", "merged over 8 processes", "A/A floor",
                 "31 µs on another CPU", "fewer than 10 samples"):
        assert part in text, part


def test_the_same_run_gives_the_same_bytes():
    assert to_svg(drawn(run_with())) == to_svg(drawn(run_with()))


def test_no_text_is_clipped_and_no_label_covers_another():
    figure = drawn(run_with(strategies=tuple(ORDERINGS), **MANY))
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    for axes in panels(figure):
        boxes = [Text.get_window_extent(text, renderer) for text in axes.texts
                 if text.get_label().startswith("label:")]
        assert len(boxes) == len(ORDERINGS) - 1
        assert_apart(boxes, figure)
    for text in figure.texts:
        box = text.get_window_extent(renderer)
        assert 0 <= box.x0 and box.x1 <= figure.bbox.x1 and 0 <= box.y0
