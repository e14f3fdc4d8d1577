"""Asks the axes of the throughput chart what was drawn."""

import math

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.text import Text
from synthetic_run import ORDERINGS, SyntheticRun

from lockbench.charts.throughput import draw_throughput


def drawn(run: SyntheticRun) -> Figure:
    return draw_throughput(run.summary(), run.comparisons(), run.context())


def panels(figure: Figure) -> list:
    return [axes for axes in figure.axes if axes.get_label() != "key"]


def lines(axes, label: str) -> list:
    return [line for line in axes.lines if line.get_label() == label]


def points(line) -> dict[float, float]:
    return dict(zip(line.get_xdata(), line.get_ydata()))


def sides(region: Patch) -> tuple[float, float]:
    """The left and the right side, whichever shape matplotlib draws a span as."""
    corners = region.get_patch_transform().transform_path(region.get_path()).vertices
    return min(corners[:, 0]), max(corners[:, 0])


def medians(run: SyntheticRun, strategy: str, read_ratio: float, over: bool) -> dict[int, float]:
    return {row.threads: row.throughput_ops_s for row in run.summary()
            if row.strategy == strategy and row.read_ratio == read_ratio and not row.twin
            and row.oversubscribed == over}


def all_text(figure: Figure) -> str:
    texts = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        texts += [text.get_text() for text in axes.texts] + [axes.get_title(loc="left")]
    return "\n".join(texts)


def test_every_line_holds_the_medians_of_the_summary():
    run = SyntheticRun()
    for axes, ratio in zip(panels(drawn(run)), run.read_ratios):
        for strategy in ("mutex", "rwlock", "moodycamel"):
            [fitting] = lines(axes, f"curve:{strategy}")
            [over] = lines(axes, f"curve-oversubscribed:{strategy}")
            assert points(fitting) == medians(run, strategy, ratio, over=False)
            assert points(over) == medians(run, strategy, ratio, over=True)


def test_no_line_crosses_into_the_oversubscribed_region():
    for axes in panels(drawn(SyntheticRun(cpus=2, threads=(1, 2, 4, 8)))):
        for line in axes.lines:
            label = line.get_label() or ""
            if label.startswith("curve:"):
                assert max(line.get_xdata()) <= 2
            elif label.startswith("curve-oversubscribed:"):
                assert min(line.get_xdata()) > 2
                assert line.get_linestyle() != "-"


def test_every_bar_is_the_interval_of_the_summary():
    run = SyntheticRun()
    axes = panels(drawn(run))[0]
    rows = {(row.strategy, row.threads): row for row in run.summary()
            if row.read_ratio == 0 and not row.twin and row.strategy != "null"}
    for (strategy, threads), row in rows.items():
        [bar] = lines(axes, f"interval:{strategy}:{threads}")
        assert list(bar.get_xdata()) == [threads, threads]
        assert list(bar.get_ydata()) == [row.throughput_low_ops_s, row.throughput_high_ops_s]


def test_an_interval_over_decades_does_not_flatten_the_chart():
    wide = SyntheticRun(changes={("rwlock", 4): {"throughput_low_ops_s": 12.0}})
    low = min(row.throughput_ops_s for row in wide.summary())
    assert panels(drawn(wide))[0].get_ylim()[0] > low / 3


def test_a_point_of_few_processes_is_pale_beside_those_that_have_an_interval():
    run = SyntheticRun(changes={("mutex", 2): {"processes": 2, "throughput_low_ops_s": None,
                                               "throughput_high_ops_s": None}})
    axes = panels(drawn(run))[0]
    assert [line.get_label() for line in axes.lines if line.get_label().startswith("pale:")] == \
        ["pale:mutex"]
    assert list(points(lines(axes, "pale:mutex")[0])) == [2]


def test_without_intervals_no_bar_is_drawn_and_the_footer_says_why():
    figure = drawn(SyntheticRun(processes=3))
    assert not [line for axes in panels(figure) for line in axes.lines
                if (line.get_label() or "").startswith("interval:")]
    assert "fewer than 6 processes" in all_text(figure)


@pytest.mark.parametrize("cpus, threads, start", [
    (2, (1, 2, 4), 2.5), (4, (1, 2, 4, 8), 4.5), (6, (1, 4, 8), 6.5)])
def test_the_shaded_region_starts_above_the_available_cpus(cpus, threads, start):
    run = SyntheticRun(cpus=cpus, threads=threads)
    for axes in panels(drawn(run)):
        [region] = [patch for patch in axes.patches if patch.get_label() == "oversubscribed"]
        left, right = sides(region)
        assert left == start
        assert right == pytest.approx(axes.get_xlim()[1])
        assert "oversubscribed →" in [text.get_text() for text in axes.texts]


def test_nothing_is_shaded_when_every_case_fits():
    for axes in panels(drawn(SyntheticRun(cpus=16))):
        assert not axes.patches


def test_rows_outrank_a_context_without_cpus():
    run = SyntheticRun(cpus=2, threads=(1, 2, 8), context_changes={"machine": {}, "usable_cpus": None})
    [region, *_] = panels(drawn(run))[0].patches
    assert sides(region)[0] == 4


def test_there_is_one_panel_a_read_ratio_and_one_for_producer_consumer():
    run = SyntheticRun(read_ratios=(0.0, 0.5, 0.9, 1.0), producer_consumer=True)
    titles = [axes.get_title(loc="left") for axes in panels(drawn(run))]
    assert titles == ["mixed, 0 % reads (writes only)", "mixed, 50 % reads", "mixed, 90 % reads",
                      "mixed, 100 % reads (reads only)",
                      "producer_consumer, half produce, half consume"]


def test_all_panels_share_one_scale():
    limits = {axes.get_ylim() for axes in panels(drawn(SyntheticRun()))}
    assert len(limits) == 1


def test_the_legend_names_every_strategy_once_with_its_ordering():
    figure = drawn(SyntheticRun(strategies=tuple(ORDERINGS)))
    [key] = [axes for axes in figure.axes if axes.get_label() == "key"]
    strategies, marks = key.artists if key.artists else key.get_children()[:2]
    entries = [text.get_text() for text in strategies.get_texts()]
    assert len(entries) == len(set(entries)) == len(ORDERINGS)
    assert "mutex" in entries and "moodycamel (fifo_per_producer)" in entries
    assert entries[-1].startswith("null (no queue")
    explained = " ".join(text.get_text() for text in marks.get_texts())
    for mark in ("filled", "hollow", "pale", "ring", "cross", "oversubscribed", "interval"):
        assert mark in explained


def test_markers_are_pairwise_distinct():
    axes = panels(drawn(SyntheticRun(strategies=tuple(ORDERINGS))))[0]
    markers = [line.get_marker() for line in axes.lines
               if (line.get_label() or "").startswith(("curve:", "ceiling:"))]
    # null has a line on either side of the boundary, with the same marker.
    assert len(set(markers)) == len(ORDERINGS)


def test_another_ordering_is_drawn_hollow():
    axes = panels(drawn(SyntheticRun()))[0]
    [mutex], [moodycamel] = lines(axes, "curve:mutex"), lines(axes, "curve:moodycamel")
    assert mutex.get_markerfacecolor() == mutex.get_color()
    assert moodycamel.get_markerfacecolor() == "white"


def test_labels_stand_in_the_order_of_the_last_values():
    run = SyntheticRun(strategies=tuple(ORDERINGS))
    axes = panels(drawn(run))[0]
    heights = {text.get_text(): text.xyann[1] for text in axes.texts
               if (text.get_label() or "").startswith("label:")}
    last = {row.strategy: row.throughput_ops_s for row in run.summary()
            if row.read_ratio == 0 and row.threads == 4 and row.strategy != "null"}
    assert sorted(heights, key=heights.get) == sorted(last, key=last.get)


def test_the_twin_is_not_drawn_as_a_strategy():
    [curve] = lines(panels(drawn(SyntheticRun()))[0], "curve:mutex")
    assert len(curve.get_xdata()) == len(set(curve.get_xdata()))


def test_the_harness_ceiling_does_not_stretch_the_axis_and_is_given_in_words():
    run = SyntheticRun()
    axes = panels(drawn(run))[0]
    assert axes.get_ylim()[1] < run.rate("null", run.points()[0])
    assert any("harness alone (null): 90.0 M to 180 M" in text.get_text() for text in axes.texts)


def test_a_case_with_several_regimes_is_ringed():
    run = SyntheticRun(changes={("mutex", 2): {"several_regimes": True}})
    [rings] = lines(panels(drawn(run))[0], "regimes:mutex")
    assert points(rings) == {2: medians(run, "mutex", 0.0, over=False)[2]}


def test_a_violated_case_interrupts_its_line_and_gets_a_cross():
    run = SyntheticRun(threads=(1, 2, 4), cpus=8,
                       changes={("mutex", 2): {"problem": "violated: 3 tasks taken twice"}})
    axes = panels(drawn(run))[0]
    [curve] = lines(axes, "curve:mutex")
    assert math.isnan(points(curve)[2])
    assert not lines(axes, "interval:mutex:2")
    [cross] = lines(axes, "problem:mutex:2")
    assert points(cross) == {2: medians(run, "mutex", 0.0, over=False)[2]}


def test_a_case_without_a_result_is_named_under_the_panel():
    run = SyntheticRun(changes={("rwlock", 2): {"problem": "hung: no answer for 30 s",
                                                "throughput_ops_s": None}})
    figure = drawn(run)
    axes = panels(figure)[0]
    assert 2 not in points(lines(axes, "curve:rwlock")[0])
    assert lines(axes, "problem:rwlock:2")
    assert "No result: rwlock at 2" in all_text(figure)


def test_title_and_footer_say_where_and_how_certain():
    text = all_text(drawn(SyntheticRun()))
    for part in ("Throughput", "Synthetic CPU 9000", "2 CPUs available", "8 processes",
                 "20300102T030405Z-0123abc-synthetic", "A/A floor", "95 % interval", "31 µs on another CPU"):
        assert part.lower() in text.lower(), part


def test_axes_have_units():
    for axes in panels(drawn(SyntheticRun())):
        assert axes.get_xlabel() == "threads"
        assert axes.get_ylabel() == "throughput (operations/s)"


@pytest.mark.parametrize("run", [
    SyntheticRun(strategies=("mutex",), threads=(1,), read_ratios=(0.5,)),
    SyntheticRun(strategies=("null",), threads=(4,), read_ratios=(0.5,)),
    SyntheticRun(changes={(s, n): {"throughput_ops_s": None} for s in ORDERINGS
                          for n in (1, 2, 4)}),
    SyntheticRun(changes={("mutex", 1): {"throughput_ops_s": 0.0, "throughput_low_ops_s": 0.0}}),
    SyntheticRun(context_changes={"machine": "what?", "build": None, "probes": []}),
])
def test_odd_runs_are_drawn_without_complaint(run):
    drawn(run).canvas.draw()


def test_no_text_is_clipped_and_no_label_covers_another():
    figure = drawn(SyntheticRun(strategies=tuple(ORDERINGS), threads=(1, 2, 4, 8, 16), cpus=4,
                                read_ratios=(0.0, 0.5, 1.0), producer_consumer=True))
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    for axes in panels(figure):
        # The extent of an annotation includes its line; only the words matter here.
        labels = [Text.get_window_extent(text, renderer) for text in axes.texts
                  if text.get_label().startswith("label:")]
        assert len(labels) == len(ORDERINGS) - 1
        for place, box in enumerate(labels):
            assert 0 <= box.x0 and box.x1 <= figure.bbox.x1
            assert not any(min(box.y1, other.y1) - max(box.y0, other.y0) > 3
                           for other in labels[place + 1:]), place
    for text in figure.texts:
        box = text.get_window_extent(renderer)
        assert 0 <= box.x0 and box.x1 <= figure.bbox.x1 and 0 <= box.y0
