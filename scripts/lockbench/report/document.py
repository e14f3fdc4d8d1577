"""A report as values, from which both Markdown and HTML are made, so that they say the same."""

from __future__ import annotations

from dataclasses import dataclass

USUAL_SECTION = "Charts"  #: heading over the charts that have no section of their own


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the report's title."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; an `urgent` one tells what a reader must know before using a number."""

    text: str
    urgent: bool = False


@dataclass(frozen=True)
class Items:
    """A list of short statements."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table whose `left` leftmost columns hold names; the others hold numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1


@dataclass(frozen=True)
class Picture:
    """A chart by the stem of its file name, a description for readers who cannot see it, and the
    heading under which it stands."""

    name: str
    about: str
    section: str = USUAL_SECTION


Block = Heading | Paragraph | Items | Table | Picture
Document = tuple[Block, ...]
