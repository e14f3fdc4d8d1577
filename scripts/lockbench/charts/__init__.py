"""One chart a file. A module `name` here that defines `draw_name(summary, comparisons, context)`
is a chart: the folder is the list, and a report draws whatever it finds in it.

A module may also define `applies(summary, comparisons) -> bool`, for charts that some runs have
nothing for.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from lockbench.context import Context
from lockbench.rows import Comparisons, Summary

Draw = Callable[[Summary, Comparisons, Context], Figure]
Applies = Callable[[Summary, Comparisons], bool]


@dataclass(frozen=True)
class Chart:
    """`about` is the first line of the chart's docstring: its description for those who cannot
    see it."""

    name: str
    draw: Draw
    applies: Applies
    about: str


def charts() -> list[Chart]:
    """Every chart of this folder, by name."""
    found = []
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        draw = getattr(module, f"draw_{name}", None)
        if draw is not None:
            about = (draw.__doc__ or name).strip().splitlines()[0]
            always: Applies = lambda summary, comparisons: True
            found.append(Chart(name, draw, getattr(module, "applies", always), about))
    return found
