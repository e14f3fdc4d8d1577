"""A report as values, before it is Markdown or HTML, so that both say the same."""

from __future__ import annotations

from dataclasses import dataclass

USUAL_SECTION = "Charts"  #: heading over the charts that ask for none of their own


@dataclass(frozen=True)
class Heading:
    """Level 1 is the report's title."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """`urgent`: something that the reader must know before using a number."""

    text: str
    urgent: bool = False


@dataclass(frozen=True)
class Items:
    """A list of short statements."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`left`: how many columns, from the left, hold names; the others hold numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1


@dataclass(frozen=True)
class Picture:
    """A chart by its file name without an ending, what it shows, for those who cannot see it, and
    the heading under which it stands."""

    name: str
    about: str
    section: str = USUAL_SECTION


Block = Heading | Paragraph | Items | Table | Picture
Document = tuple[Block, ...]
