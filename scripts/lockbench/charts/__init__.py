"""Every chart is a file of its own here.

A module `name` that defines `draw_name(summary, comparisons, context)` is a chart: the folder is
the list, and a report draws whatever it finds in it. A module may also define `applies(summary,
comparisons) -> bool`, which says whether a run has anything to draw, and `SECTION`, the heading of
the report under which the chart stands. Either function may take `latencies`, the rows of
latency.csv, as a further argument.
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
    """A chart of this folder. `about` is the first line of its docstring, which describes it to
    readers who cannot see it."""

    name: str
    draw: Draw
    applies: Applies
    about: str
    section: str


def charts() -> list[Chart]:
    """Returns every chart of this folder, by name."""
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
    """Returns a function that is always given the latencies, and hands them on if wanted."""
    if "latencies" in inspect.signature(function).parameters:
        return function
    return lambda *arguments: function(*arguments[:-1])
