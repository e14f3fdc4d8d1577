"""Names at the right of a panel, each tied to the end of its curve."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10

from matplotlib.axes import Axes

from lockbench.looks import Look
from lockbench.spread import spread

GAP_IN = 0.165  #: between labels, inches
FONT_PT = 9


def label_ends(axes: Axes, ends: Mapping[str, tuple[float, float]],
               strategy_looks: Mapping[str, Look]) -> None:
    """Writes a name beside the end of each curve.

    `ends` has the last point of each strategy's curve, in data coordinates of a panel with a
    logarithmic y axis. The labels are called `label:NAME`, and stand in the order of the ends.
    """
    low, high = axes.get_ylim()
    names = sorted(ends, key=lambda name: (ends[name][1], name))
    wanted = [log10(ends[name][1] / low) / log10(high / low) for name in names]
    gap = GAP_IN / (axes.get_position().height * axes.figure.get_figheight())
    for name, height in zip(names, spread(wanted, gap, 0.01, 0.99)):
        colour = strategy_looks[name].colour
        axes.annotate(name, ends[name], xytext=(1.035, height), textcoords="axes fraction",
                      fontsize=FONT_PT, color=colour, va="center", annotation_clip=False,
                      label=f"label:{name}",
                      arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6,
                                  "alpha": 0.6, "shrinkA": 1, "shrinkB": 5, "relpos": (0, 0.5)})
