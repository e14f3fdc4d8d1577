"""Sojourn times of open loops as the load grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from lockbench import captions
from lockbench.canvas import HEADER_IN, MARGIN_IN, PANEL_PT, Page, footer_height, wrapped
from lockbench.context import Context
from lockbench.formatting import duration
from lockbench.looks import looks
from lockbench.parts.curve_legend import draw_legend, legend_height
from lockbench.parts.duration_axis import duration_limits
from lockbench.parts.end_labels import GAP_IN
from lockbench.parts.sojourn_panel import MARKS, Slo, draw_panel, quantile_name, sojourn_ns
from lockbench.rows import Comparisons, Summary, SummaryRow
from lockbench.scenarios import is_open_loop, point_label, scenario_of

SECTION = "Sojourn times under load"
QUANTILES = ("p50", "p99", "p99_9")
KNOWN_QUANTILES = ("p50", "p90", "p99", "p99_9", "p99_99")
PLOT_IN, AXIS_IN, LABELS_IN, BETWEEN_IN = 3.0, 0.85, 1.6, 0.2  #: widths, inches
TITLE_IN, TICKS_IN = 0.62, 0.8  #: room above and below a row of plots, inches
LEAST_HEIGHT_IN = 2.5
NOTE = ("Sojourn time: from a task's intended arrival to its completion, so a queue that falls "
        "behind cannot slow the arrivals that it is judged by. A gap: fewer than 10 samples lie "
        "beyond the quantile. Log scale, the same in all panels.")


@dataclass(frozen=True)
class _Strip:
    """The rows of one parameter point at all its loads."""

    label: str
    rows: tuple[SummaryRow, ...]


def applies(summary: Summary, comparisons: Comparisons) -> bool:
    """Only open loops have a load and sojourn times."""
    return any(sojourn_ns(row, "p50") for row in _drawn(summary))


def draw_sojourn(summary: Summary, comparisons: Comparisons, context: Context) -> Figure:
    """Sojourn time against load: one row of panels a parameter point, one line a strategy.

    Each quantile has a panel, from histograms merged over processes. Pure, like every chart.
    """
    rows = _drawn(summary)
    strips, slo = _strips(rows), slo_of(context)
    names = tuple(name for name in KNOWN_QUANTILES
                  if name in QUANTILES or (slo and name == slo.quantile))
    strategy_looks = looks(row.strategy for row in rows)
    width = 2 * MARGIN_IN + AXIS_IN + len(names) * (PLOT_IN + BETWEEN_IN) + LABELS_IN
    plot_height = max(LEAST_HEIGHT_IN, GAP_IN * (len(strategy_looks) + 1))
    footer = wrapped(captions.footer_lines(summary, comparisons, context, NOTE), width)
    legend = legend_height(rows, width - 2 * MARGIN_IN, len(MARKS))
    strip_in = TITLE_IN + plot_height + TICKS_IN
    page = Page(width, HEADER_IN + len(strips) * strip_in + legend + footer_height(footer))

    page.title("Sojourn time against load", _subtitle(rows, context, slo))
    limits = duration_limits(_all_durations(rows, names) + ([slo.limit_ns] if slo else []))
    for number, strip in enumerate(strips):
        top = HEADER_IN + number * strip_in
        page.text(MARGIN_IN, top, strip.label, fontsize=PANEL_PT, fontweight="bold")
        for place, name in enumerate(names):
            axes = page.axes(MARGIN_IN + AXIS_IN + place * (PLOT_IN + BETWEEN_IN), top + TITLE_IN,
                             PLOT_IN, plot_height)
            axes.set_label(f"sojourn:{name}")
            draw_panel(axes, name, strip.rows, strategy_looks, limits, slo,
                       first=place == 0, last=place == len(names) - 1)
    draw_legend(page, MARGIN_IN, HEADER_IN + len(strips) * strip_in, legend, rows, strategy_looks,
                MARKS)
    page.footer(footer)
    return page.figure


def slo_of(context: Context) -> Slo | None:
    """Returns the objective that was asked for; None if there is none, or if it cannot be drawn."""
    wanted: Any = context.get("request.slo")
    if not isinstance(wanted, dict):
        return None
    name = str(wanted.get("quantile", "")).replace(".", "_")
    limit = wanted.get("limit_ns")
    known = name in KNOWN_QUANTILES and isinstance(limit, (int, float)) and limit > 0
    return Slo(name, float(limit)) if known else None


def _drawn(summary: Summary) -> Summary:
    return tuple(row for row in summary
                 if is_open_loop(row) and not row.twin and row.load)


def _strips(rows: Summary) -> list[_Strip]:
    """Returns a strip for each point, whatever the load, in the order of their parameters."""
    points: dict[tuple, list[SummaryRow]] = {}
    for row in rows:
        key = (scenario_of(row), row.threads, row.producers, row.consumers, point_label(row))
        points.setdefault(key, []).append(row)
    return [_Strip(_title(points[key]), tuple(points[key])) for key in sorted(points)]


def _title(rows: list[SummaryRow]) -> str:
    over = " · oversubscribed" if any(row.oversubscribed for row in rows) else ""
    return f"{point_label(rows[0])}{over}"


def _all_durations(rows: Summary, names: tuple[str, ...]) -> list[float]:
    return [value for row in rows for name in names if (value := sojourn_ns(row, name))]


def _subtitle(rows: Summary, context: Context, slo: Slo | None) -> str:
    processes = captions.processes_sentence(row.processes for row in rows if row.sound)
    parts = [captions.machine_sentence(context), f"histograms merged over {processes}"]
    if slo:
        parts.append(f"objective: {quantile_name(slo.quantile)} ≤ {duration(slo.limit_ns)}")
    return " · ".join(parts)
