"""One chart a file. A module `name` here that defines `draw_name(summary, comparisons, context)`
is a chart: the folder is the list, and a report draws whatever it finds in it.

A module may also define `applies(summary, comparisons) -> bool`, for charts that some runs have
nothing for, and `SECTION`, the heading of the report under which it stands. Either function may
take one argument more, `latencies`: the rows of latency.csv.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from lockbench.context import Context
from lockbench.report.document import USUAL_SECTION
from lockbench.rows import Comparisons, Latencies, Summary

Draw = Callable[[Summary, Comparisons, Context, Latencies], Figure]
Applies = Callable[[Summary, Comparisons, Latencies], bool]


@dataclass(frozen=True)
class Chart:
    """`about` is the first line of the chart's docstring: its description for those who cannot
    see it."""

    name: str
    draw: Draw
    applies: Applies
    about: str
    section: str


def charts() -> list[Chart]:
    """Every chart of this folder, by name."""
    found = []
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        draw = getattr(module, f"draw_{name}", None)
        if draw is not None:
            about = (draw.__doc__ or name).strip().splitlines()[0]
            applies = getattr(module, "applies", lambda summary, comparisons: True)
            found.append(Chart(name, _with_latencies(draw), _with_latencies(applies), about,
                               getattr(module, "SECTION", USUAL_SECTION)))
    return found


def _with_latencies(function: Callable) -> Callable:
    """`function`, called with the latencies whether it takes them or not."""
    if "latencies" in inspect.signature(function).parameters:
        return function
    return lambda *arguments: function(*arguments[:-1])
