"""Marks where more threads run than there are CPUs, which is a different question."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from matplotlib.axes import Axes

from lockbench.looks import OVERSUBSCRIBED_TINT, QUIET
from lockbench.rows import SummaryRow


def boundary(rows: Sequence[SummaryRow], cpus: int | None) -> float | None:
    """Returns the thread count at which the shaded region starts; None if no row is oversubscribed.

    The region starts half a thread above the number of available CPUs. The rows decide what is
    oversubscribed; if the CPU count in the context contradicts them, the region starts in the
    middle between the neighbouring thread counts.
    """
    over = [row.threads for row in rows if row.oversubscribed]
    if not over:
        return None
    fitting = [row.threads for row in rows if not row.oversubscribed]
    if cpus is not None and max(fitting, default=0) <= cpus < min(over):
        return cpus + 0.5
    if fitting and max(fitting) < min(over):
        return sqrt(max(fitting) * min(over))
    return min(over) - 0.5


def shade(axes: Axes, start: float, end: float) -> None:
    """Shades start … end (threads) and says what it means. The region has the label
    `oversubscribed`."""
    region = axes.axvspan(start, end, facecolor=OVERSUBSCRIBED_TINT, edgecolor="none", zorder=0)
    region.set_label("oversubscribed")
    axes.axvline(start, color=QUIET, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
    edge = max(start, axes.get_xlim()[0])
    axes.annotate("oversubscribed →", (edge, 0.0), xycoords=("data", "axes fraction"),
                  xytext=(3, 3), textcoords="offset points", fontsize=8, color=QUIET,
                  ha="left", va="bottom", zorder=1)
