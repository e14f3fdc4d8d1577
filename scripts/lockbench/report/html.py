"""A report as one HTML page that needs no network: it contains the charts, and follows the reader's
light or dark scheme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from lockbench.report.document import Block, Document, Heading, Items, Paragraph, Picture, Table

STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --quiet: #5f5f5f;
  --line: #d8d8d8; --band: #f5f5f2; --alarm: #a80000; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e6; --paper: #16181a;
  --quiet: #a5a5a2; --line: #3a3d40; --band: #1f2225; --alarm: #ff8f8f; } }
body { margin: 0 auto; max-width: 88rem; padding: 1.5rem; color: var(--ink);
  background: var(--paper); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); }
p, li { max-width: 60rem; }
.urgent { padding: .6rem .9rem; border-left: 4px solid var(--alarm); color: var(--alarm);
  background: var(--band); font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; vertical-align: bottom; }
th.name, td.name { text-align: left; }
.interval { white-space: nowrap; }
tbody tr:nth-child(even) { background: var(--band); }
figure { margin: 1.5rem 0; padding: .5rem; background: #ffffff; border: 1px solid var(--line); }
figure svg { display: block; width: 100%; height: auto; max-width: 90rem; }
"""


def to_html(document: Document, pictures: Mapping[str, bytes]) -> str:
    """Returns the page. `pictures` has the contents of SVG files by the names of the pictures."""
    title = next(block.text for block in document if isinstance(block, Heading))
    body = "\n".join(_block(block, pictures) for block in document)
    return ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
            f"<body>\n{body}\n</body>\n</html>\n")


def _block(block: Block, pictures: Mapping[str, bytes]) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(text, urgent):
            opening = '<p class="urgent">' if urgent else "<p>"
            return f"{opening}{escape(text)}</p>"
        case Items(texts):
            return "<ul>\n" + "\n".join(f"<li>{escape(text)}</li>" for text in texts) + "\n</ul>"
        case Table():
            return _table(block)
        case Picture(name, about, _):
            return f"<figure>\n{inline_svg(pictures[name], name, about)}\n</figure>"


def _unbroken(cell: str) -> str:
    """Returns a cell in which no interval is broken between two lines."""
    return re.sub(r"\[[^][]*\]", r'<span class="interval">\g<0></span>', escape(cell))


def _table(table: Table) -> str:
    def line(cells: tuple[str, ...], tag: str) -> str:
        marks = [' class="name"' if place < table.left else "" for place in range(len(cells))]
        return "<tr>" + "".join(f"<{tag}{mark}>{_unbroken(cell)}</{tag}>"
                                for mark, cell in zip(marks, cells)) + "</tr>"

    rows = "\n".join(line(row, "td") for row in table.rows)
    return (f"<div class=\"wide\"><table>\n<thead>{line(table.columns, 'th')}</thead>\n"
            f"<tbody>\n{rows}\n</tbody>\n</table></div>")


def inline_svg(svg: bytes, name: str, about: str) -> str:
    """Returns the <svg> element alone, with a description, and with ids that are unique among the
    charts of one page."""
    text = svg.decode("utf-8")
    text = text[text.index("<svg"):]
    text = re.sub(r'(\sid="|url\(#|href="#)', lambda found: f"{found[1]}{name}-", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(about)}" ', 1).strip()
