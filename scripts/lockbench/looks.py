"""Each strategy's colour and marker, the same in every chart and every run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

CEILING = "null"  #: no queue: it does nothing, and shows the harness's own cost
TARGET_ORDERING = "priority_fifo"  #: what the contract asks for; charts name any other

INK = "#1a1a1a"
QUIET = "#6b6b6b"
CEILING_GREY = "#9a9a9a"
PROBLEM_RED = "#c00000"
OVERSUBSCRIBED_TINT = "#f3efe4"


@dataclass(frozen=True)
class Look:
    """A colour as #rrggbb, a marker as matplotlib names it, and its size in points."""

    colour: str
    marker: Any

    @property
    def size(self) -> float:
        # A star is mostly corners: it must be larger to look different from a plus.
        return 11.5 if self.marker in ("*", (4, 1, 0)) else 4 if self.marker == "." else 7.5


# From Okabe and Ito (2008) and Tol's "muted" scheme, without shades too pale for a line on white.
# Colours repeat before markers do, so the marker alone tells two strategies apart.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9",
            "#882255", "#999933", "#332288", "#44AA99", "#8C510A")
_MARKERS = ("o", "s", "^", "v", "D", "P", (4, 1, 0), "*", "<", ">", "d", "p", "h")

# Known strategies have fixed places, so that a chart of three looks like one of all.
_PLACES = ("mutex", "recursive", "rwlock", "rwlock_writer", "condvar", "semaphore", "two_lock",
           "complete", "boost_lockfree", "moodycamel", "moodycamel_blocking", "unsafe")


def looks(strategies: Iterable[str]) -> dict[str, Look]:
    """Returns a look for every name. No two share a marker. Unknown names take, in alphabetical
    order, the looks that known names leave free."""
    names = sorted(set(strategies) - {CEILING})
    unknown = [name for name in names if name not in _PLACES]
    pool = _endless_looks()
    fixed = {name: next(pool) for name in _PLACES}
    chosen = {name: fixed[name] if name in fixed else None for name in names}
    for name in unknown:
        chosen[name] = next(pool)
    return chosen | {CEILING: Look(CEILING_GREY, ".")}


def _endless_looks() -> Iterator[Look]:
    markers = [*_MARKERS, *(f"${letter}$" for letter in ascii_uppercase)]
    for place in range(10_000):
        marker = markers[place] if place < len(markers) else f"${place}$"
        yield Look(_COLOURS[place % len(_COLOURS)], marker)


def tint(colour: str, strength: float) -> tuple[float, float, float]:
    """Mixes `colour` with white; strength 0 … 1. Black text stays readable up to about 0.4."""
    channels = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (1 - strength * (1 - channel) for channel in channels)
    return red, green, blue
