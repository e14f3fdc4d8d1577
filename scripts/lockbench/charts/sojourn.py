"""Sojourn times of open loops as the load grows."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from lockbench import captions
from lockbench.context import Context
from lockbench.formatting import duration, share
from lockbench.parts.quantile_panel import PLAIN_MARKS, SLO_MARK, Relation, Slo, quantile_name
from lockbench.parts.quantile_strips import Words, draw_strips, strips_of
from lockbench.rows import Comparisons, Summary, SummaryRow
from lockbench.scenarios import is_open_loop

SECTION = "Sojourn times under load"
QUANTILES = ("p50", "p99", "p99_9")
KNOWN_QUANTILES = ("p50", "p90", "p99", "p99_9", "p99_99")
NOTE = ("Sojourn time: from a task's intended arrival to its completion, so a queue that falls "
        "behind cannot slow the arrivals that it is judged by. A gap: fewer than 10 samples lie "
        "beyond the quantile. Log scale, the same in all panels.")
MARKS = (*PLAIN_MARKS[:-1], SLO_MARK, PLAIN_MARKS[-1])


def sojourn_ns(row: SummaryRow, quantile: str) -> float | None:
    return getattr(row, f"sojourn_{quantile}_ns")


AGAINST_LOAD = Relation("sojourn time", sojourn_ns, "load (share of measured capacity)",
                        lambda row: row.load, lambda load: share(round(load, 6)), 0.13)


def applies(summary: Summary, comparisons: Comparisons) -> bool:
    """Only open loops have a load and sojourn times."""
    return any(sojourn_ns(row, "p50") for row in _drawn(summary))


def draw_sojourn(summary: Summary, comparisons: Comparisons, context: Context) -> Figure:
    """Sojourn time against load: one row of panels a parameter point, one line a strategy.

    Each quantile has a panel, from histograms merged over processes. Pure, like every chart.
    """
    rows, slo = _drawn(summary), slo_of(context)
    names = tuple(name for name in KNOWN_QUANTILES
                  if name in QUANTILES or (slo and name == slo.quantile))
    words = Words("sojourn", "Sojourn time against load", _subtitle(rows, context, slo),
                  captions.footer_lines(summary, comparisons, context, NOTE), MARKS)
    return draw_strips(words, strips_of(rows, lambda row: row), AGAINST_LOAD, names, slo)


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


def _subtitle(rows: Summary, context: Context, slo: Slo | None) -> str:
    processes = captions.processes_sentence(row.processes for row in rows if row.sound)
    parts = [captions.machine_sentence(context), f"histograms merged over {processes}"]
    if slo:
        parts.append(f"objective: {quantile_name(slo.quantile)} ≤ {duration(slo.limit_ns)}")
    return " · ".join(parts)
