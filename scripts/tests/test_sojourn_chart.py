"""Asks the axes of the sojourn chart what was drawn."""

import math

import pytest
from matplotlib.text import Text
from synthetic_run import ORDERINGS, SyntheticRun
from test_throughput_chart import all_text, lines, points

from lockbench.canvas import own_settings, to_svg
from lockbench.charts.sojourn import applies, draw_sojourn

LOADS = (0.3, 0.6, 0.9)


def run_with(**changes) -> SyntheticRun:
    return SyntheticRun(**{"threads": (2, 4), "read_ratios": (0.5,), "latency": True,
                           "loads": LOADS} | changes)


def drawn(run: SyntheticRun):
    with own_settings():
        return draw_sojourn(run.summary(), run.comparisons(), run.context())


def panels(figure, quantile: str) -> list:
    return [axes for axes in figure.axes if axes.get_label() == f"sojourn:{quantile}"]


def with_slo(quantile: str) -> SyntheticRun:
    slo = {"quantile": quantile, "limit_ns": 250_000}
    return run_with(context_changes={"request": {"slo": slo}})


@pytest.mark.parametrize("quantile", ["p50", "p99", "p99_9"])
def test_every_line_holds_the_quantile_of_the_summary_against_load(quantile):
    run = run_with()
    for axes, threads in zip(panels(drawn(run), quantile), run.threads):
        for strategy in ("mutex", "rwlock", "moodycamel"):
            [curve] = lines(axes, f"curve:{strategy}")
            assert points(curve) == {
                row.load: getattr(row, f"sojourn_{quantile}_ns") for row in run.summary()
                if row.strategy == strategy and row.threads == threads and row.load}


def test_closed_loops_and_twins_are_not_drawn():
    figure = drawn(run_with())
    assert len(panels(figure, "p50")) == 2
    assert not any("mixed" in text.get_text() for text in figure.texts)
    [curve] = lines(panels(figure, "p50")[0], "curve:mutex")
    assert list(curve.get_xdata()) == list(LOADS)


def test_an_empty_quantile_leaves_a_gap():
    few = run_with(changes={("mutex", 2): {"sojourn_p99_ns": None}})
    assert not lines(panels(drawn(few), "p99")[0], "curve:mutex")
    assert lines(panels(drawn(few), "p50")[0], "curve:mutex")


def test_a_gap_stands_at_the_load_that_has_no_quantile():
    run = run_with()
    summary = list(run.summary())
    place = next(place for place, row in enumerate(summary)
                 if row.strategy == "mutex" and row.load == 0.6)
    object.__setattr__(summary[place], "sojourn_p99_ns", None)
    figure = draw_sojourn(tuple(summary), run.comparisons(), run.context())
    values = points(lines(panels(figure, "p99")[0], "curve:mutex")[0])
    assert [load for load, value in values.items() if math.isnan(value)] == [0.6]


def test_a_panel_without_enough_samples_says_so():
    figure = drawn(run_with(latency_samples=400))
    for axes in panels(figure, "p99_9"):
        assert not [line for line in axes.lines if line.get_label().startswith("curve:")]
        assert "too few samples for p99.9" in [text.get_text() for text in axes.texts]


def test_the_objective_is_a_line_in_the_panels_of_its_quantile_only():
    figure = drawn(with_slo("p99"))
    for axes in panels(figure, "p99"):
        [line] = lines(axes, "slo")
        assert set(line.get_ydata()) == {250_000}
    assert not any(lines(axes, "slo") for axes in panels(figure, "p50"))
    assert "objective: p99 ≤ 250 µs" in all_text(figure)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.75, 0.95, 1.05, 2, 5])
def test_the_name_of_the_objective_hides_no_point(share):
    lowest = min(row.sojourn_p99_ns for row in run_with().summary() if row.load)
    slo = {"quantile": "p99", "limit_ns": share * lowest}
    figure = drawn(run_with(context_changes={"request": {"slo": slo}}))
    figure.canvas.draw()
    for axes in panels(figure, "p99"):
        [name] = [text for text in axes.texts if text.get_label() == "objective"]
        box = name.get_window_extent()
        for curve in axes.lines:
            if curve.get_label().startswith("curve:"):
                dots = axes.transData.transform(list(zip(curve.get_xdata(), curve.get_ydata())))
                assert not any(box.contains(*dot) for dot in dots), curve.get_label()


def test_an_objective_for_another_quantile_gets_panels_for_it():
    figure = drawn(with_slo("p90"))
    assert all(lines(axes, "slo") for axes in panels(figure, "p90"))
    assert len(panels(figure, "p90")) == len(panels(figure, "p50")) == 2


@pytest.mark.parametrize("slo", [None, "p99", {}, {"quantile": "mean", "limit_ns": 5},
                                 {"quantile": "p99", "limit_ns": 0}])
def test_no_objective_no_line(slo):
    figure = drawn(run_with(context_changes={"request": {"slo": slo}}))
    assert not any(lines(axes, "slo") for axes in figure.axes)


def test_an_oversubscribed_point_is_shaded_dashed_and_named():
    figure = drawn(run_with())
    fitting, over = panels(figure, "p99")
    assert not fitting.patches and lines(fitting, "curve:mutex")[0].get_linestyle() == "-"
    assert [patch.get_label() for patch in over.patches] == ["oversubscribed"]
    assert lines(over, "curve:mutex")[0].get_linestyle() == "--"
    assert "open_loop: 2 producers, 2 consumers · oversubscribed" in all_text(figure)


def test_a_strategy_with_a_problem_has_crosses_and_no_line():
    figure = drawn(run_with(changes={("mutex", 2): {"problem": "violated: lost_updates=1"}}))
    axes = panels(figure, "p50")[0]
    assert not lines(axes, "curve:mutex")
    assert len(lines(axes, "problem:mutex")) == len(LOADS)
    assert "No result: mutex at 30 %, 60 %, 90 %" in all_text(figure)


def test_all_panels_share_one_scale_with_ticks_that_read_as_times():
    figure = drawn(run_with())
    drawn_panels = [axes for name in ("p50", "p99", "p99_9") for axes in panels(figure, name)]
    assert len({axes.get_ylim() for axes in drawn_panels}) == 1
    figure.canvas.draw()
    ticks = [tick.get_text() for tick in drawn_panels[0].get_yticklabels()]
    assert len(ticks) >= 3 and all(tick.split()[1] in ("ns", "µs", "ms", "s") for tick in ticks)


def test_title_and_footer_say_where_and_how_certain():
    text = all_text(drawn(run_with()))
    for part in ("Synthetic CPU 9000", "merged over 8 processes", "A/A floor",
                 "31 µs on another CPU", "intended arrival"):
        assert part in text, part


def test_it_applies_to_open_loops_alone():
    assert applies(run_with().summary(), ())
    assert not applies(run_with(loads=()).summary(), ())
    assert not applies(SyntheticRun().summary(), ())


def test_the_same_run_gives_the_same_bytes():
    assert to_svg(drawn(run_with())) == to_svg(drawn(run_with()))


@pytest.mark.parametrize("run", [
    run_with(loads=(0.5,)), run_with(processes=2), run_with(strategies=("mutex",)),
    run_with(changes={(s, n): {"sojourn_p50_ns": 0.0} for s in ORDERINGS for n in (2, 4)}),
    run_with(changes={(s, 2): {"problem": "hung"} for s in ORDERINGS}),
    run_with(context_changes={"machine": "what?", "request": []}),
])
def test_odd_runs_are_drawn_without_complaint(run):
    drawn(run).canvas.draw()


def test_no_text_is_clipped_and_no_label_covers_another():
    figure = drawn(run_with(strategies=tuple(ORDERINGS), loads=(0.3, 0.5, 0.7, 0.8, 0.9, 0.95)))
    assert_readable(figure, panels(figure, "p99_9"), len(ORDERINGS))


def assert_readable(figure, last_panels: list, strategies: int) -> None:
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    for axes in last_panels:
        boxes = [Text.get_window_extent(text, renderer) for text in axes.texts
                 if text.get_label().startswith("label:")]
        assert len(boxes) == strategies
        assert_apart(boxes, figure)
    for axes in figure.axes:
        ticks = [tick.get_window_extent(renderer) for tick in axes.get_xticklabels()
                 if tick.get_text()]
        assert not any(a.x1 > b.x0 for a, b in zip(ticks, ticks[1:]))
    for text in figure.texts:
        box = text.get_window_extent(renderer)
        assert 0 <= box.x0 and box.x1 <= figure.bbox.x1 and 0 <= box.y0


def assert_apart(boxes: list, figure) -> None:
    for place, box in enumerate(boxes):
        assert 0 <= box.x0 and box.x1 <= figure.bbox.x1
        assert not any(min(box.y1, other.y1) - max(box.y0, other.y0) > 3
                       for other in boxes[place + 1:]), place
