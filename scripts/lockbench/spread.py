"""Places labels beside their curves without letting them overlap."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Returns positions as near as possible to `wanted`, at least `gap` apart, within low … high.

    All have the same unit. Keeps the order. If there is no room, the gap shrinks evenly. O(n²) for
    n labels.
    """
    if not wanted:
        return []
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    # Neighbours that would overlap merge into a cluster, centred on the places that they want.
    clusters: list[list[int]] = []
    for index in order:
        clusters.append([index])
        while len(clusters) > 1 and _bottom(clusters[-1], wanted, gap, low, high) < \
                _bottom(clusters[-2], wanted, gap, low, high) + gap * len(clusters[-2]) - 1e-12:
            merged = clusters.pop()
            clusters[-1] += merged
    positions = [0.0] * len(wanted)
    for cluster in clusters:
        start = _bottom(cluster, wanted, gap, low, high)
        for place, index in enumerate(cluster):
            positions[index] = start + place * gap
    return positions


def _bottom(cluster: list[int], wanted: Sequence[float], gap: float, low: float,
            high: float) -> float:
    height = gap * (len(cluster) - 1)
    centre = sum(wanted[index] for index in cluster) / len(cluster)
    return min(max(centre - height / 2, low), high - height)
