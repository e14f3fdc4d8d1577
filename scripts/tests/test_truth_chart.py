"""Asks the axes of the truth chart what was drawn."""

from dataclasses import replace

import pytest
from matplotlib.text import Text
from synthetic_run import ORDERINGS, SyntheticRun
from test_throughput_chart import all_text, lines

from lockbench.canvas import PNG_DPI, own_settings, to_svg
from lockbench.charts.truth import applies, draw_truth
from lockbench.parts.truth_table import COLUMNS as TABLE_COLUMNS
from lockbench.parts.truth_table import columns_of

COLUMNS = ("throughput", "p99", "fairness", "cpu", "gap")


def run_with(**changes) -> SyntheticRun:
    return SyntheticRun(**{"threads": (1, 4), "read_ratios": (0.5,), "latency": True} | changes)


def drawn(run: SyntheticRun):
    with own_settings():
        return draw_truth(run.summary(), run.comparisons(), run.context())


def column(figure, name: str, block: int = 0):
    return [axes for axes in figure.axes if axes.get_label().endswith(f":{name}")][block]


def dots(axes) -> dict[str, float]:
    """Strategy -> value, in the order of the rows."""
    found = {line.get_label().partition(":")[2]: (line.get_ydata()[0], line.get_xdata()[0])
             for line in axes.lines if line.get_label().startswith("dot:")}
    return {name: found[name][1] for name in sorted(found, key=lambda name: found[name][0])}


def leaders(axes) -> list[str]:
    return [patch.get_label().partition(":")[2] for patch in axes.patches
            if patch.get_label().startswith("best:")]


def value(axes, strategy: str) -> Text:
    [text] = [text for text in axes.texts if text.get_label() == f"value:{strategy}"]
    return text


def cases(run: SyntheticRun, threads: int) -> dict:
    return {row.strategy: row for row in run.summary()
            if row.threads == threads and not row.twin and row.strategy != "null"}


@pytest.mark.parametrize("name, field, scale", [
    ("throughput", "throughput_ops_s", 1), ("p99", "latency_p99_ns", 1),
    ("fairness", "fairness_jain", 1), ("cpu", "cpu_s_per_mop", 1), ("gap", "longest_gap_s", 1e9)])
def test_every_dot_is_the_figure_of_the_summary(name, field, scale):
    run = run_with(strategies=tuple(ORDERINGS))
    figure = drawn(run)
    for block, threads in enumerate(run.threads):
        figures = {strategy: getattr(row, field) * scale
                   for strategy, row in cases(run, threads).items()}
        assert dots(column(figure, name, block)) == pytest.approx(figures)


def test_rows_stand_fastest_first_in_every_column():
    run = run_with(strategies=tuple(ORDERINGS))
    figure = drawn(run)
    rates = cases(run, 4)
    order = sorted(rates, key=lambda name: -rates[name].throughput_ops_s)
    for name in COLUMNS:
        assert list(dots(column(figure, name, 1))) == order


def test_throughput_has_its_interval():
    run = run_with()
    axes = column(drawn(run), "throughput")
    for strategy, row in cases(run, 1).items():
        [bar] = lines(axes, f"interval:{strategy}")
        assert list(bar.get_xdata()) == [row.throughput_low_ops_s, row.throughput_high_ops_s]
    few = drawn(run_with(processes=3))
    assert not [line for line in column(few, "throughput").lines
                if line.get_label().startswith("interval:")]
    assert "fewer than 6 processes" in all_text(few)


def test_an_interval_stretches_the_axis_but_one_over_decades_does_not_flatten_it():
    for factor, within in ((1.4, True), (100, False)):
        rate = cases(run_with(), 1)["mutex"].throughput_ops_s
        run = run_with(changes={("mutex", 1): {"throughput_high_ops_s": rate * factor}})
        end = column(drawn(run), "throughput").get_xlim()[1]
        assert (end >= rate * factor) == within and end <= 1.5 * rate


def test_the_best_of_each_column_is_marked_and_bold():
    run = run_with(changes={("rwlock", 1): {"fairness_jain": 0.99, "cpu_s_per_mop": 0.3},
                            ("mutex", 1): {"longest_gap_s": 1e-6, "latency_p99_ns": 90.0}})
    figure = drawn(run)
    wanted = {"throughput": "mutex", "p99": "mutex", "fairness": "rwlock", "cpu": "rwlock",
              "gap": "mutex"}
    for name, strategy in wanted.items():
        axes = column(figure, name)
        assert leaders(axes) == [strategy], name
        assert value(axes, strategy).get_fontweight() == "bold"
        assert value(axes, "moodycamel").get_fontweight() == "normal"


def test_what_promises_less_or_is_broken_is_never_the_best():
    run = run_with(changes={("moodycamel", 1): {"throughput_ops_s": 9e9},
                            ("rwlock", 1): {"throughput_ops_s": 8e9, "problem": "violated: x"}})
    assert leaders(column(drawn(run), "throughput")) == []  # mutex is alone, and beats nobody
    more = run_with(strategies=("mutex", "condvar", "moodycamel"),
                    changes={("moodycamel", 1): {"throughput_ops_s": 9e9}})
    assert leaders(column(drawn(more), "throughput")) == ["mutex"]


def test_where_all_are_equal_nobody_is_best():
    assert leaders(column(drawn(run_with()), "fairness")) == []


def test_an_empty_cell_says_so():
    run = run_with(changes={("mutex", 1): {"latency_p99_ns": None, "longest_gap_s": None}})
    figure = drawn(run)
    for name in ("p99", "gap"):
        assert value(column(figure, name), "mutex").get_text() == "n/a"
        assert "mutex" not in dots(column(figure, name))
        assert value(column(figure, name), "rwlock").get_text() != "n/a"


def test_what_no_case_of_a_run_measured_has_no_column_and_is_named_below():
    figure = drawn(SyntheticRun())
    asked = {axes.get_label().rpartition(":")[2] for axes in figure.axes}
    assert asked == {"throughput", "fairness", "cpu"}
    text = all_text(figure).replace("\n", " ")
    assert "Not measured in this run: p99 latency, longest gap" in text
    assert "n/a" not in {text.get_text() for axes in figure.axes for text in axes.texts}
    assert "Not measured in this run" not in all_text(drawn(run_with()))


def test_a_p99_that_lacks_samples_only_is_not_called_unmeasured():
    few = {(strategy, threads): {"latency_p99_ns": None, "sample_every": 256}
           for strategy in ORDERINGS for threads in (1, 4)}
    text = all_text(drawn(run_with(changes=few))).replace("\n", " ")
    assert "Too few samples: p99 latency" in text
    assert "Not measured in this run" not in text


def test_flags_problems_and_lost_windows_are_said():
    run = run_with(changes={
        ("mutex", 1): {"flags": "multimodal", "several_regimes": True, "valid_windows": 20},
        ("mutex", 4): {"flags": "drained x 2", "harness_bound": True},
        ("rwlock", 1): {"problem": "hung: no answer for 30 s"}})
    figure = drawn(run)
    text = all_text(figure).replace("\n", " ")
    assert "multimodal, several regimes, 4 of 24 windows invalid" in text
    assert "drained x 2, harness bound" in text
    assert "hung: no answer for 30 s" in text
    for name in COLUMNS:
        assert lines(column(figure, name), "problem:rwlock")
        assert "rwlock" not in dots(column(figure, name))


def test_a_strategy_without_a_result_keeps_its_row():
    run = run_with(changes={("rwlock", 1): {"problem": "crashed", "throughput_ops_s": None}})
    assert value(column(drawn(run), "throughput"), "rwlock").get_text() == "n/a"


def test_an_open_loop_shows_its_sojourn_time():
    run = run_with(threads=(2,), read_ratios=(), loads=(0.9,))
    row = next(row for row in run.summary() if row.strategy == "mutex")
    figure = drawn(run)
    assert dots(column(figure, "p99"))["mutex"] == row.sojourn_p99_ns
    assert "open_loop: 1 producer, 1 consumer; load\N{NO-BREAK SPACE}90\N{NO-BREAK SPACE}%" in all_text(figure)


def test_null_and_the_twin_have_no_row_and_orderings_are_named():
    figure = drawn(run_with())
    assert set(dots(column(figure, "throughput"))) == {"mutex", "rwlock", "moodycamel"}
    assert "fifo_per_producer" in all_text(figure)
    assert "mixed, 50 % reads: 4 threads · oversubscribed" in all_text(figure)


def test_only_the_first_six_blocks_are_shown_and_the_rest_is_counted():
    figure = drawn(run_with(threads=(1, 2, 4, 8), read_ratios=(0.0, 0.5)))
    assert len([axes for axes in figure.axes if axes.get_label().endswith(":cpu")]) == 6
    assert "The first 6 blocks of 8" in all_text(figure)


def test_it_applies_where_a_queue_has_a_result():
    assert applies(SyntheticRun().summary(), ())
    assert not applies(SyntheticRun(strategies=()).summary()[:0], ())
    lost = {(s, n): {"throughput_ops_s": None} for s in ORDERINGS for n in (1, 2, 4)}
    assert not applies(SyntheticRun(changes=lost).summary(), ())


def test_the_same_run_gives_the_same_bytes():
    assert to_svg(drawn(run_with())) == to_svg(drawn(run_with()))


@pytest.mark.parametrize("run", [
    run_with(strategies=("mutex",)), run_with(processes=2), SyntheticRun(),
    run_with(changes={("mutex", 1): {"throughput_ops_s": 0.0, "longest_gap_s": 0.0,
                                     "cpu_s_per_mop": 0.0}}),
    run_with(context_changes={"machine": "what?", "build": None, "probes": []}),
])
def test_odd_runs_are_drawn_without_complaint(run):
    drawn(run).canvas.draw()


def test_it_fits_1200_pixels_and_no_text_meets_another():
    long = {"flags": "multimodal, and further flags that have no room", "several_regimes": True}
    crashed = {"problem": "crashed: " + "x" * 90}
    run = run_with(strategies=tuple(ORDERINGS), threads=(1, 2, 4, 16),
                   changes={("semaphore", 1): long, ("rwlock", 2): crashed})
    figure = drawn(run)
    assert figure.get_figwidth() * PNG_DPI <= 1200
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.texts if text.get_text()]
    for axes in figure.axes:
        boxes += [Text.get_window_extent(text, renderer) for text in axes.texts]
        boxes += [tick.get_window_extent(renderer) for tick in axes.get_xticklabels()]
    edges = [box.extents.tolist() for box in boxes]  # plain numbers, since there are many pairs
    width = figure.bbox.x1
    for place, (left, low, right, high) in enumerate(edges):
        assert 0 <= left and right <= width and 0 <= low
        for other_left, other_low, other_right, other_high in edges[place + 1:]:
            assert min(right, other_right) - max(left, other_left) < 1 or \
                min(high, other_high) - max(low, other_low) < 4, (boxes[place].bounds, other_left)


def test_a_storm_of_reads_shows_what_its_one_writer_got():
    rows = tuple(replace(row, workload="status_storm", reads_s=3e7, writes_s=0.0)
                 for row in run_with().summary())
    names = [question.name for question in columns_of(rows)]
    assert names == ["reads", "p99", "writes", "cpu", "gap"]
    writes = columns_of(rows)[2]
    assert writes.value(rows[0]) == 0 and writes.more_is_better
    assert columns_of(run_with().summary()) == TABLE_COLUMNS


def test_a_storm_whose_rates_have_no_intervals_does_not_speak_of_bars():
    run = run_with()
    rows = tuple(replace(row, workload="status_storm", reads_s=3e7, writes_s=0.0)
                 for row in run.summary())
    with own_settings():
        storm = draw_truth(rows, run.comparisons(), run.context())
    assert "Bars:" not in all_text(storm)
    assert "reads and writes have none" in all_text(storm)
    assert "Bars:" in all_text(drawn(run))
