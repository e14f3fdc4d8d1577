"""A logarithmic axis of operations per second with ticks that read as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from math import log10

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from lockbench.formatting import tick_rate
from lockbench.rows import SummaryRow

LEAST_SPAN = 4.0  #: highest / lowest value of an axis, so that noise never fills a panel
INTERVAL_REACH = 2.0  #: how far intervals may push an end beyond the medians, as a factor
FALLBACK = (1e5, 1e7)


def rate_limits(rows: Iterable[SummaryRow]) -> tuple[float, float]:
    """Returns the lower and the upper end, in operations/s, with room around all medians.

    Intervals stretch the axis a little. An interval that spans decades is cut at the edge, since it
    would flatten everything else.
    """
    drawn = [row for row in rows if row.throughput_ops_s]
    if not drawn:
        return FALLBACK
    medians = [row.throughput_ops_s for row in drawn]
    low, high = min(medians), max(medians)
    lows = [row.throughput_low_ops_s for row in drawn if row.throughput_low_ops_s]
    highs = [row.throughput_high_ops_s for row in drawn if row.throughput_high_ops_s]
    low = max(min([low, *lows]), low / INTERVAL_REACH)
    high = min(max([high, *highs]), high * INTERVAL_REACH)
    widen = max(1.0, LEAST_SPAN / (high / low)) ** 0.5
    low, high = low / widen, high * widen
    room = (high / low) ** 0.06
    return low / room, high * room


def set_rate_axis(axes: Axes, limits: tuple[float, float]) -> None:
    axes.set_yscale("log")
    axes.set_ylim(*limits)
    axes.yaxis.set_major_locator(LogLocator(10, subs=_steps(log10(limits[1] / limits[0])),
                                            numticks=20))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tick_rate(value)))


def _steps(decades: float) -> tuple[float, ...]:
    if decades < 0.9:
        return (1, 1.5, 2, 3, 4, 5, 6, 8)
    if decades < 1.6:
        return (1, 2, 3, 5)
    return (1, 2, 5) if decades < 3 else (1,)


def fraction(value: float, limits: tuple[float, float]) -> float:
    """Returns the height of a value in the panel: 0 = lower end, 1 = upper end."""
    return log10(value / limits[0]) / log10(limits[1] / limits[0])
