"""A report as Markdown, for a repository or a pull request."""

from __future__ import annotations

import re

from lockbench.report.document import Block, Document, Heading, Items, Paragraph, Picture, Table

# Names come from files, so none of their characters may turn into formatting.
# Underscores within a word and brackets without a link have no meaning there, and are kept as they
# are, since that is easier to read.
SPECIAL = re.compile(r"[\\`*<>|]|~~|^#|(?<!\w)_|_(?!\w)|\](?=[(\[:])")


def to_markdown(document: Document, picture_ending: str) -> str:
    """Returns the text. `picture_ending` says which files under charts/ it shows: `svg` or
    `png`."""
    return "\n\n".join(_block(block, picture_ending) for block in document) + "\n"


def escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def _block(block: Block, ending: str) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {escaped(text)}"
        case Paragraph(text, urgent):
            return f"**Warning.** {escaped(text)}" if urgent else escaped(text)
        case Items(texts):
            return "\n".join(f"- {escaped(text)}" for text in texts)
        case Table():
            return _table(block)
        case Picture(name, about, _):
            return f"![{escaped(about)}](charts/{name}.{ending})"


def _table(table: Table) -> str:
    rules = [":--" if place < table.left else "--:" for place in range(len(table.columns))]
    lines = [[escaped(name) for name in table.columns], rules,
             *([escaped(cell) for cell in row] for row in table.rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
