"""Draws the charts of a run and writes its report. Nothing else here writes files."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from lockbench.canvas import own_settings, to_png, to_svg
from lockbench.charts import charts
from lockbench.errors import ReportError
from lockbench.report.content import report_document
from lockbench.report.document import Picture
from lockbench.report.html import to_html
from lockbench.report.markdown import to_markdown
from lockbench.run_directory import Run
from lockbench.scenarios import Setting, setting_of

LONGEST_STEM = 100
FORMATS = {"svg": ("svg",), "png": ("png",), "both": ("svg", "png")}


@dataclass(frozen=True)
class Drawn:
    """A chart's bytes in the formats that were asked for, and in SVG, which the HTML page needs."""

    picture: Picture
    contents: dict[str, bytes]


def write_report(run: Run, out: Path, file_format: str) -> list[Path]:
    """Writes charts/, report.md and report.html under `out`. Returns the paths written."""
    endings = FORMATS[file_format]
    drawn = draw_all(run, endings)
    document = report_document(run, [one.picture for one in drawn])
    files = {out / "charts" / f"{one.picture.name}.{ending}": one.contents[ending]
             for one in drawn for ending in endings}
    files[out / "report.md"] = to_markdown(document, endings[0]).encode()
    svgs = {one.picture.name: one.contents["svg"] for one in drawn}
    files[out / "report.html"] = to_html(document, svgs).encode()
    for path, content in files.items():
        _write(path, content)
    return list(files)


def draw_all(run: Run, endings: tuple[str, ...]) -> list[Drawn]:
    """Draws every chart once for each setting (payload, pinning, …) that the run measured."""
    found = []
    for setting in sorted({setting_of(row) for row in run.summary}, key=_plain_first):
        summary = tuple(row for row in run.summary if setting_of(row) == setting)
        comparisons = tuple(row for row in run.comparisons if setting_of(row) == setting)
        blocks = {row.block_id for row in summary}
        latencies = tuple(row for row in run.latencies if row.block_id in blocks)
        for chart in charts():
            if not chart.applies(summary, comparisons, latencies):
                continue
            with own_settings():
                figure = chart.draw(summary, comparisons, run.context, latencies)
                contents = {"svg": to_svg(figure)}
                if "png" in endings:
                    contents["png"] = to_png(figure)
            name = _file_stem(chart.name, setting)
            found.append(Drawn(Picture(name, _about(chart.about, setting), chart.section),
                               contents))
    return found


def _file_stem(chart: str, setting: Setting) -> str:
    stem = "-".join([chart, *re.findall(r"\w+", setting.label)])
    if len(stem) <= LONGEST_STEM:
        return stem
    # A list of many CPUs can be longer than file systems allow a name to be.
    digest = hashlib.sha256(setting.label.encode()).hexdigest()[:8]
    return f"{stem[:LONGEST_STEM]}-{digest}"


def _plain_first(setting: Setting) -> tuple[bool, Setting]:
    return setting != Setting(), setting


def _about(about: str, setting: Setting) -> str:
    return f"{about} ({setting.label})" if setting.label else about


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise ReportError(f"{path}: cannot be written: {error.strerror}") from error
