"""A page of quantiles against a parameter: a row of panels for each point, a panel a quantile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lockbench.canvas import HEADER_IN, MARGIN_IN, PANEL_PT, Page, footer_height, wrapped
from lockbench.looks import looks
from lockbench.parts.curve_legend import draw_legend, legend_height
from lockbench.parts.duration_axis import duration_limits
from lockbench.parts.end_labels import GAP_IN
from lockbench.parts.quantile_panel import Relation, Slo, draw_panel
from lockbench.rows import Summary, SummaryRow
from lockbench.scenarios import point_label, scenario_of

PLOT_IN, AXIS_IN, LABELS_IN, BETWEEN_IN = 3.0, 0.85, 1.6, 0.2  #: widths, inches
TITLE_IN, TICKS_IN = 0.62, 0.8  #: room above and below a row of plots, inches
LEAST_HEIGHT_IN = 2.5


@dataclass(frozen=True)
class Strip:
    """The rows of one parameter point at all values of the parameter that they stand against."""

    label: str
    rows: Summary


@dataclass(frozen=True)
class Words:
    """What stands around the panels. Panels are called `name:p99`."""

    name: str
    title: str
    subtitle: str
    footer: Sequence[str]
    marks: Sequence[Line2D | Patch]


def strips_of(rows: Summary, point: Callable[[SummaryRow], SummaryRow]) -> list[Strip]:
    """Returns a strip for each parameter point, in the order of their parameters. `point` returns
    what the rows of a strip have in common."""
    points: dict[tuple, list[SummaryRow]] = {}
    for row in rows:
        shared = point(row)
        key = (scenario_of(shared), row.threads, row.producers, row.consumers, point_label(shared))
        points.setdefault(key, []).append(row)
    return [Strip(_title(key[-1], rows), tuple(rows)) for key, rows in sorted(points.items())]


def _title(label: str, rows: Sequence[SummaryRow]) -> str:
    return label + (" · oversubscribed" if any(row.oversubscribed for row in rows) else "")


def draw_strips(words: Words, strips: Sequence[Strip], relation: Relation, names: Sequence[str],
                slo: Slo | None = None) -> Figure:
    """Draws the quantiles called `names`, all on one scale, and an objective if there is one."""
    rows = tuple(row for strip in strips for row in strip.rows)
    strategy_looks = looks(row.strategy for row in rows)
    width = 2 * MARGIN_IN + AXIS_IN + len(names) * (PLOT_IN + BETWEEN_IN) + LABELS_IN
    plot_height = max(LEAST_HEIGHT_IN, GAP_IN * (len(strategy_looks) + 1))
    footer = wrapped(words.footer, width)
    legend = legend_height(rows, width - 2 * MARGIN_IN, len(words.marks))
    strip_in = TITLE_IN + plot_height + TICKS_IN
    page = Page(width, HEADER_IN + len(strips) * strip_in + legend + footer_height(footer))

    page.title(words.title, words.subtitle)
    durations = [value for row in rows for name in names
                 if (value := relation.quantile_ns(row, name))]
    limits = duration_limits(durations + ([slo.limit_ns] if slo else []))
    for number, strip in enumerate(strips):
        top = HEADER_IN + number * strip_in
        page.text(MARGIN_IN, top, strip.label, fontsize=PANEL_PT, fontweight="bold")
        for place, name in enumerate(names):
            axes = page.axes(MARGIN_IN + AXIS_IN + place * (PLOT_IN + BETWEEN_IN), top + TITLE_IN,
                             PLOT_IN, plot_height)
            axes.set_label(f"{words.name}:{name}")
            draw_panel(axes, relation, name, strip.rows, strategy_looks, limits,
                       first=place == 0, last=place == len(names) - 1, slo=slo)
    draw_legend(page, MARGIN_IN, HEADER_IN + len(strips) * strip_in, legend, rows, strategy_looks,
                words.marks)
    page.footer(footer)
    return page.figure
