"""A logarithmic axis of durations with ticks that read as times."""

from __future__ import annotations

from collections.abc import Iterable
from math import log10

from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from lockbench.formatting import tick_duration

LEAST_SPAN = 4.0  #: longest / shortest duration of an axis, so that noise never fills a panel
FALLBACK = (1e2, 1e6)


def duration_limits(durations_ns: Iterable[float]) -> tuple[float, float]:
    """Returns the lower and the upper end, in ns, with room around all durations. Zeros are left
    out, since a logarithmic axis has no place for them."""
    drawn = [duration for duration in durations_ns if duration > 0]
    if not drawn:
        return FALLBACK
    low, high = min(drawn), max(drawn)
    room = max(1.0, LEAST_SPAN / (high / low)) ** 0.5 * max(high / low, LEAST_SPAN) ** 0.06
    return low / room, high * room


def set_duration_axis(axis: Axis, limits: tuple[float, float], most_ticks: int = 8) -> None:
    """Sets the ticks of `axis`, which must be logarithmic already. `limits` are its ends, in ns."""
    decades = log10(limits[1] / limits[0])
    subs = (1, 2, 5) if decades * 3 <= most_ticks else (1, 3) if decades * 2 <= most_ticks else (1,)
    axis.set_major_locator(LogLocator(10, subs=subs, numticks=max(3, most_ticks)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick_duration(value)))
