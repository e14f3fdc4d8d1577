"""The one error type of this package, and the exit codes that `cli.main` makes of it."""

from __future__ import annotations

from pathlib import Path

FAILURE = 1  #: a file is damaged, or could not be read or written
USAGE = 2  #: the path that was given is not a run directory
INTERRUPTED = 130

LONGEST_QUOTE = 60


class ReportError(Exception):
    """Says what was read, where, what stood there and what was expected. Only `main` catches it."""

    def __init__(self, message: str, code: int = FAILURE) -> None:
        super().__init__(message)
        self.code = code


def quoted(text: str) -> str:
    """Returns a value as messages show it: on one line, and cut if it is long."""
    shown = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return repr(shown)


def damaged(path: Path, problem: str, *, line: int | None = None,
            column: str | None = None) -> ReportError:
    """Returns the error for a file that is not what the data dictionary (results/README.md)
    describes."""
    place = str(path)
    if line is not None:
        place += f", line {line}"
    if column is not None:
        place += f", column {column}"
    return ReportError(f"{place}: {problem}")
