"""Numbers and names as a reader sees them. An unmeasured value is a dash, never 0."""

from __future__ import annotations

MISSING = "–"
MINUS = "\N{MINUS SIGN}"
PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
TIME_UNITS = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns"))


def significant(value: float | None, digits: int = 3) -> str:
    """Formats a plain number with `digits` significant digits and no exponent."""
    if value is None:
        return MISSING
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = max(0, digits - 1 - _exponent(rounded))
    return f"{rounded:.{decimals}f}"


def _exponent(value: float) -> int:
    return int(f"{value:e}".partition("e")[2])


def rate(value: float | None) -> str:
    """Formats operations per second with a prefix: 1.25 M, 830 k."""
    if value is None:
        return MISSING
    for scale, prefix in PREFIXES:
        # Rounding decides, so that 999,900 is "1.00 M" and not "1000 k".
        if float(f"{value:.2e}") >= scale:
            return f"{significant(value / scale)} {prefix}"
    return significant(value)


def tick_rate(value: float) -> str:
    """Formats a rate for an axis, as short as possible: 1 M, 500 k."""
    for scale, prefix in PREFIXES:
        if value >= scale * 0.999999:
            return f"{value / scale:g} {prefix}"
    return f"{value:g}"


def duration(value_ns: float | None) -> str:
    """Formats nanoseconds in the unit that reads best: 850 ns, 12.3 µs, 1.20 ms."""
    if value_ns is None:
        return MISSING
    for scale, unit in TIME_UNITS:
        if float(f"{value_ns:.2e}") >= scale:
            return f"{significant(value_ns / scale)} {unit}"
    return f"{significant(value_ns)} ns"


def tick_duration(value_ns: float) -> str:
    """Formats a duration for an axis, as short as possible: 500 ns, 2 µs, 10 ms."""
    for scale, unit in TIME_UNITS:
        if value_ns >= scale * 0.999999:
            return f"{value_ns / scale:g} {unit}"
    return f"{value_ns:g} ns"


def rate_with_interval(median: float | None, low: float | None, high: float | None) -> str:
    if median is None or low is None or high is None:
        return rate(median)
    return f"{rate(median)} [{rate(low)}, {rate(high)}]"


def margin(ratio: float | None) -> str:
    """Says how much faster something is: +12 %, and ×2.4 from twice on."""
    if ratio is None:
        return MISSING
    if ratio >= 2:
        return f"×{significant(ratio, 2)}"
    percent = (ratio - 1) * 100
    digits = 0 if abs(percent) >= 9.95 else 1
    text = f"{abs(percent):.{digits}f}"
    if float(text) == 0:
        return "±0 %"
    return f"{'+' if percent > 0 else MINUS}{text} %"


def margin_interval(low: float | None, high: float | None) -> str:
    return f"[{margin(low)}, {margin(high)}]"


def share(value: float) -> str:
    """Formats 0.5 as 50 %."""
    return f"{value * 100:.4g} %"


def count_range(numbers: list[int], noun: str) -> str:
    """Formats `8 processes`, or `6–8 processes` where the numbers differ."""
    if not numbers:
        return f"no {noun}"
    low, high = min(numbers), max(numbers)
    return f"{low} {noun}" if low == high else f"{low}–{high} {noun}"
