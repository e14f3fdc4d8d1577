"""The sentences that stand around charts and tables: which machine, how many, how certain."""

from __future__ import annotations

from collections.abc import Iterable

from lockbench.context import Context
from lockbench.formatting import count_range, margin, significant
from lockbench.rows import Comparisons, ComparisonRow, Summary

INTERVAL_NOTE = "95 % interval of the median over processes (none with fewer than 6 processes)"


def machine_sentence(context: Context) -> str:
    """Names CPU model, CPUs and virtualisation; `machine not recorded` if none is known."""
    parts = [context.text("machine.cpu.model", "machine.cpu_model")]
    if context.cpus is not None:
        parts.append(f"{context.cpus} CPU{'s' if context.cpus != 1 else ''} available")
    virtualisation = context.text("machine.virtualisation.hypervisor", "machine.virtualisation")
    if virtualisation not in ("", "none"):
        parts.append(f"virtual machine ({virtualisation})")
    return " · ".join(part for part in parts if part) or "machine not recorded"


def processes_sentence(processes: Iterable[int]) -> str:
    """Says how many processes stand behind each point: the n of the medians."""
    numbers = list(processes)
    noun = "process" if numbers and max(numbers) == 1 else "processes"
    return count_range(numbers, noun)


def source_sentence(context: Context) -> str:
    commit = context.text("source.commit", "build.commit", "commit")
    if not commit:
        return ""
    dirty = " with uncommitted changes" if is_dirty(context) else ""
    return f"commit {commit[:12]}{dirty}"


def is_dirty(context: Context) -> bool:
    return context.first("source.dirty", "build.dirty") is True


def twins(comparisons: Comparisons) -> list[ComparisonRow]:
    """Returns the A/A comparisons that came to a ratio."""
    return [row for row in comparisons if row.scope == "twin" and row.ratio is not None]


def twin_differs(row: ComparisonRow) -> bool:
    """Whether an A/A interval does not contain 1. By chance alone, 1 in 20 does not."""
    return row.has_interval and not row.ratio_low <= 1 <= row.ratio_high


def floor_sentence(comparisons: Comparisons, context: Context) -> str:
    """Says how far apart the two labels of one strategy came out. Smaller differences between
    strategies are noise."""
    rows = twins(comparisons)
    if not rows:
        return "A/A floor: not measured"
    low, high = margin(min(row.ratio for row in rows)), margin(max(row.ratio for row in rows))
    span = low if low == high else f"{low} to {high}"
    points = f"{len(rows)} point" + ("s" if len(rows) != 1 else "")
    text = f"A/A floor: a strategy against itself came out at {span} ({points}"
    judged = [row for row in rows if row.has_interval]
    text += f", {sum(map(twin_differs, judged))} of {len(judged)} intervals miss 1)" if judged \
        else ", without intervals)"
    half_width = context.number("closing.twin_typical_half_width")
    if half_width is not None:
        text += f"; a point typically tells ratios to within ±{significant(half_width * 100, 2)} %"
    return text


def wake_up_sentence(context: Context) -> str:
    """Says what waking a sleeping thread costs here: it decides how blocking strategies rank."""
    found = []
    for name, where in (("other_cpu", "on another CPU"), ("same_cpu", "on the same CPU")):
        cost_us = context.number(f"probes.wake_up_us.{name}.median")
        if cost_us is not None:
            found.append(f"{significant(cost_us, 2)} µs {where}")
    return "waking a sleeping thread: " + ", ".join(found) if found else ""


def footer_lines(summary: Summary, comparisons: Comparisons, context: Context,
                 interval: str) -> list[str]:
    """Returns the lines under every chart, so that a chart that travels alone says what it is."""
    first = [context.run_id, source_sentence(context), wake_up_sentence(context)]
    lines = [" · ".join(part for part in first if part), floor_sentence(comparisons, context) + ".",
             interval]
    if context.get("build.recordable") is False:
        lines.insert(0, "NOT A RECORDABLE BUILD "
                        f"({context.build_type}): not a result")
    return lines
