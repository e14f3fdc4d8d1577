"""Asks the axes of the hand-over chart what was drawn."""

from dataclasses import replace

import pytest
from synthetic_run import ORDERINGS, SyntheticRun
from test_sojourn_chart import assert_readable
from test_throughput_chart import all_text, lines, points

from lockbench.canvas import own_settings, to_svg
from lockbench.charts.handoff import QUANTILES, applies, draw_handoff
from lockbench.scenarios import point_label, scenario_of, setting_of

IDLES_NS = (10_000, 30_000, 1_000_000)


def run_with(**changes) -> SyntheticRun:
    return SyntheticRun(**{"threads": (2, 4), "read_ratios": (0.5,), "latency": True,
                           "idles_ns": IDLES_NS} | changes)


def drawn(run: SyntheticRun):
    with own_settings():
        return draw_handoff(run.summary(), run.comparisons(), run.context(), run.latencies())


def panels(figure, quantile: str) -> list:
    return [axes for axes in figure.axes if axes.get_label() == f"handoff:{quantile}"]


def applies_to(run: SyntheticRun) -> bool:
    return applies(run.summary(), run.comparisons(), run.latencies())


@pytest.mark.parametrize("quantile", QUANTILES)
def test_every_line_holds_a_quantile_of_the_hand_over_times_against_the_idle_time(quantile):
    run = run_with()
    for axes, threads in zip(panels(drawn(run), quantile), run.threads, strict=True):
        for strategy in ("mutex", "rwlock", "moodycamel"):
            [curve] = lines(axes, f"curve:{strategy}")
            assert points(curve) == {
                point.idle_ns: run.histogram(strategy, point, "handoff").quantile_ns(
                    QUANTILES[quantile])
                for point in run.points() if point.idle_ns and point.threads == threads}


def test_nothing_but_queues_that_hand_over_is_drawn():
    figure = drawn(run_with(loads=(0.5,)))
    assert len(panels(figure, "p50")) == 2
    names = [line.get_label() for line in panels(figure, "p50")[0].lines]
    assert sorted(names) == ["curve:moodycamel", "curve:mutex", "curve:rwlock"]


def test_a_chart_needs_two_idle_times_and_the_histograms():
    assert applies_to(run_with())
    assert not applies_to(run_with(idles_ns=(30_000,)))
    assert not applies_to(run_with(idles_ns=()))
    run = run_with()
    assert not applies(run.summary(), run.comparisons(), ())
    without_one = tuple(row for row in run.latencies() if "idle_ns:10000/" not in row.case_id)
    assert applies(run.summary(), run.comparisons(), without_one)


def test_teams_have_panels_of_their_own_whose_names_leave_the_idle_time_out():
    text = all_text(drawn(run_with()))
    assert "handoff: 1 producer, 1 consumer" in text
    assert "handoff: 2 producers, 2 consumers · oversubscribed" in text
    assert "idle 30" not in text


def test_an_idle_time_of_nothing_has_its_place_on_the_logarithmic_axis():
    figure = drawn(run_with(idles_ns=(0, 10_000, 1_000_000)))
    [axes] = panels(figure, "p50")[:1]
    figure.canvas.draw()
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0 ns", "10 µs", "1 ms"]
    places = axes.transData.transform([(idle, 1e4) for idle in (0, 10_000, 1_000_000)])[:, 0]
    widths = [right - left for left, right in zip(places, places[1:])]
    assert min(widths) > 0.1 * sum(widths)


def test_a_strategy_with_a_problem_has_crosses_and_no_line():
    figure = drawn(run_with(changes={("mutex", 2): {"problem": "violated: lost_updates=1"}}))
    axes = panels(figure, "p50")[0]
    assert not lines(axes, "curve:mutex")
    assert len(lines(axes, "problem:mutex")) == len(IDLES_NS)
    assert "No result: mutex at 10 µs, 30 µs, 1 ms" in all_text(figure)


def test_all_panels_share_one_scale_with_ticks_that_read_as_times():
    figure = drawn(run_with())
    all_panels = [axes for name in QUANTILES for axes in panels(figure, name)]
    assert len({axes.get_ylim() for axes in all_panels}) == 1
    figure.canvas.draw()
    for ticks in (all_panels[0].get_xticklabels(), all_panels[0].get_yticklabels()):
        texts = [tick.get_text() for tick in ticks]
        assert len(texts) >= 3
        assert all(text.split()[1] in ("ns", "µs", "ms", "s") for text in texts)


def test_title_and_footer_say_where_and_how_certain():
    text = all_text(drawn(run_with()))
    for part in ("Synthetic CPU 9000", "merged over 8 processes", "A/A floor",
                 "31 µs on another CPU", "left without a task"):
        assert part in text, part


def test_rows_of_other_idle_times_have_names_of_their_own_elsewhere():
    row = next(row for row in run_with().summary() if row.idle_ns == 30_000)
    assert scenario_of(row).label == "handoff, half produce, half consume, idle 30 µs"
    assert point_label(row) == "handoff: 1 producer, 1 consumer; idle 30 µs"
    assert setting_of(row) == setting_of(replace(row, idle_ns=0))


def test_the_same_run_gives_the_same_bytes():
    assert to_svg(drawn(run_with())) == to_svg(drawn(run_with()))


@pytest.mark.parametrize("run", [
    run_with(processes=2), run_with(strategies=("mutex",)), run_with(latency_samples=400),
    run_with(idles_ns=(0, 1)), run_with(idles_ns=(1, 100_000_000)),
    run_with(changes={(s, 2): {"problem": "hung"} for s in ORDERINGS}),
    run_with(context_changes={"machine": "what?", "request": []}),
])
def test_odd_runs_are_drawn_without_complaint(run):
    drawn(run).canvas.draw()


def test_no_text_is_clipped_and_no_label_covers_another():
    idles_ns = (0, 1_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
    figure = drawn(run_with(strategies=tuple(ORDERINGS), idles_ns=idles_ns))
    assert_readable(figure, panels(figure, "p99"), len(ORDERINGS) - 1)
