"""Asks the axes of the winners chart what was drawn."""

from dataclasses import replace

from matplotlib.figure import Figure
from synthetic_run import SyntheticRun

from lockbench.charts.winners import applies, draw_winners
from lockbench.parts.winner_grid import cell_lines


def drawn(run: SyntheticRun, comparisons=None) -> Figure:
    rows = run.comparisons() if comparisons is None else comparisons
    return draw_winners(run.summary(), rows, run.context())


def panel(figure: Figure, scope: str):
    [axes] = [axes for axes in figure.axes if axes.get_label() == f"winners:{scope}"]
    return axes


def cell_text(axes, x: int, y: int) -> str:
    """Lines of one cell, from top to bottom."""
    texts = [text for text in axes.texts
             if text.get_position()[0] == x and abs(text.get_position()[1] - y) < 0.5]
    return " | ".join(text.get_text() for text in sorted(texts, key=lambda t: t.get_position()[1]))


def comparison(run: SyntheticRun, scope: str, **changes):
    return replace(next(row for row in run.comparisons() if row.scope == scope), **changes)


def hatches(axes) -> dict[str, str]:
    return {patch.get_label(): patch.get_hatch() for patch in axes.patches if patch.get_hatch()}


def test_each_scope_has_a_panel_with_a_cell_for_every_point():
    run = SyntheticRun(threads=(1, 2, 4), read_ratios=(0.0, 0.5))
    figure = drawn(run)
    for scope in ("priority_fifo", "any"):
        axes = panel(figure, scope)
        cells = [p for p in axes.patches if not (p.get_label() or "").endswith(":hatch")]
        assert len(cells) == 6
        assert [t.get_text() for t in axes.get_xticklabels()] == \
            ["mixed\n0 % reads (writes only)", "mixed\n50 % reads"]


def test_a_cell_names_the_winner_its_margin_and_its_interval():
    run = SyntheticRun(threads=(2,), read_ratios=(0.5,))
    row = comparison(run, "priority_fifo", winner="condvar", runner_up="mutex", ratio=1.12,
                     ratio_low=1.08, ratio_high=1.163, tie=False)
    axes = panel(drawn(run, (row,)), "priority_fifo")
    assert cell_text(axes, 0, 0) == "condvar +12 % | over mutex | [+8.0 %, +16 %]"
    assert not hatches(axes)


def test_a_tie_is_hatched_and_has_no_winner():
    run = SyntheticRun(threads=(2,), read_ratios=(0.5,))
    row = comparison(run, "priority_fifo", winner="condvar", runner_up="mutex", ratio=1.01,
                     ratio_low=0.98, ratio_high=1.04, tie=True)
    axes = panel(drawn(run, (row,)), "priority_fifo")
    assert cell_text(axes, 0, 0) == "tie: condvar ≈ mutex | [−2.0 %, +4.0 %]"
    assert hatches(axes) == {"cell:priority_fifo:2:0:hatch": "///"}


def test_a_winner_by_median_that_loses_within_the_processes_is_open():
    run = SyntheticRun(threads=(2,), read_ratios=(0.5,))
    row = comparison(run, "priority_fifo", winner="condvar", runner_up="mutex", ratio=0.95,
                     ratio_low=0.92, ratio_high=0.98, tie=False)
    axes = panel(drawn(run, (row,)), "priority_fifo")
    assert cell_text(axes, 0, 0) == "open: condvar | −5.0 % over mutex | [−8.0 %, −2.0 %]"
    assert hatches(axes)


def test_a_point_without_an_interval_is_open_and_hatched():
    axes = panel(drawn(SyntheticRun(processes=3, threads=(2,), read_ratios=(0.5,))),
                 "priority_fifo")
    assert cell_text(axes, 0, 0).startswith("open: ")
    assert "[no interval, n = 3]" in cell_text(axes, 0, 0)
    assert len(hatches(axes)) == 1


def test_another_ordering_is_named_in_the_panel_of_all_and_only_there():
    run = SyntheticRun(threads=(2,), read_ratios=(0.5,))
    row = comparison(run, "any", winner="moodycamel", winner_ordering="fifo_per_producer",
                     runner_up="mutex", ratio=3.4, ratio_low=3.0, ratio_high=3.9, tie=False)
    figure = drawn(run, (row,))
    assert cell_text(panel(figure, "any"), 0, 0) == \
        "moodycamel | (fifo_per_producer) ×3.4 | over mutex | [×3.0, ×3.9]"
    assert cell_text(panel(figure, "priority_fifo"), 0, 0) == "no comparison"


def test_oversubscribed_rows_are_marked():
    axes = panel(drawn(SyntheticRun(cpus=2, threads=(1, 2, 4))), "priority_fifo")
    assert [label.get_text() for label in axes.get_yticklabels()] == \
        ["1 thread", "2 threads", "4 threads\noversubscribed"]
    [line] = [line for line in axes.lines if line.get_label() == "oversubscribed"]
    assert list(line.get_ydata()) == [1.5, 1.5]


def test_cells_are_marked_where_the_ground_moved():
    run = SyntheticRun(threads=(2,), read_ratios=(0.5,),
                       changes={("mutex", 2): {"several_regimes": True},
                                ("moodycamel", 2): {"problem": "crashed: signal 11"}})
    rows = tuple(replace(row, ratio_low=1.01) if row.scope == "twin" else row
                 for row in run.comparisons())
    figure = drawn(run, rows)
    assert " †‡ |" in cell_text(panel(figure, "priority_fifo"), 0, 0)
    assert " †‡✗ |" in cell_text(panel(figure, "any"), 0, 0)
    notes = "\n".join(text.get_text() for text in figure.texts)
    assert all(mark in notes for mark in "†‡✗")


def test_the_twin_is_not_a_contest():
    run = SyntheticRun(strategies=("null", "mutex"))
    assert not applies(run.summary(), run.comparisons())
    run = SyntheticRun()
    assert all("mutex ≈ mutex" not in " ".join(cell_lines(row)) for row in run.comparisons()
               if row.scope != "twin")


def test_text_stays_inside_its_cell():
    run = SyntheticRun(threads=(1, 16), read_ratios=(0.5, 0.9))
    rows = tuple(replace(row, winner="moodycamel_blocking", winner_ordering="fifo_per_producer",
                         runner_up="moodycamel_blocking", runner_up_ordering="fifo_per_producer")
                 for row in run.comparisons() if row.scope == "any")
    figure = drawn(run, rows)
    axes = panel(figure, "any")
    renderer = figure.canvas.get_renderer()
    panel_px = axes.get_window_extent(renderer)
    for text in axes.texts:
        assert text.get_window_extent(renderer).width <= panel_px.width / 2
    for y in (0, 1):
        extents = [text.get_window_extent(renderer) for text in axes.texts
                   if text.get_position()[0] == 0 and abs(text.get_position()[1] - y) < 0.5]
        height = max(box.y1 for box in extents) - min(box.y0 for box in extents)
        assert height <= panel_px.height / 2
