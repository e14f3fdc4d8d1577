"""Reads a CSV file into typed rows, or says which file, line, column and value is wrong."""

from __future__ import annotations

import csv
import dataclasses
import re
import typing
from pathlib import Path
from typing import Any, TypeVar

from lockbench.errors import FAILURE, ReportError, damaged, quoted
from lockbench.rows import SCHEMA_VERSION

Row = TypeVar("Row")

# Python's own int() and float() also take "1_000", " 7 " and "nan", which no writer of ours makes.
WHOLE = re.compile(r"\d+")
REAL = re.compile(r"\d+(\.\d*)?([eE][+-]?\d+)?")

WHOLE_NUMBER = "a whole number of 0 or more"
REAL_NUMBER = "a number of 0 or more"
FLAG = "0 or 1"


def read_rows(path: Path, row_type: type[Row]) -> tuple[Row, ...]:
    """All rows of `path`. Further columns after the known ones are left alone: later versions
    only ever append columns. Raises `ReportError`."""
    records = _records(path, _text(path))
    columns = _columns(row_type)
    _, header = next(records, (1, []))
    _check_header(path, header, [name for name, _ in columns])
    return tuple(_row(path, line, record, header, columns, row_type) for line, record in records)


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}", FAILURE) from error
    except UnicodeDecodeError as error:
        raise damaged(path, f"is not UTF-8 text (byte {error.start})") from error
    if not text:
        raise damaged(path, "is empty; a header line is expected", line=1)
    if not text.endswith("\n"):
        last = text.rpartition("\n")[2]
        raise damaged(path, f"the file ends in the middle of a line, after {quoted(last[-40:])}; "
                            "every line ends in a line end. Its writer was interrupted: finish the "
                            "run with --resume, or remove this line",
                      line=text.count("\n") + 1)
    return text


def _records(path: Path, text: str) -> typing.Iterator[tuple[int, list[str]]]:
    """(line on which the record starts, its fields)."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise damaged(path, f"is not CSV: {error}", line=line) from error


def _check_header(path: Path, header: list[str], expected: list[str]) -> None:
    for position, name in enumerate(expected):
        found = header[position] if position < len(header) else None
        if found == name:
            continue
        what = "the header ends" if found is None else f"{quoted(found)} stands"
        raise damaged(path, f"{what} where the column {name} is expected "
                            f"(column {position + 1} of {len(expected)})", line=1)


def _columns(row_type: type) -> list[tuple[str, Any]]:
    hints = typing.get_type_hints(row_type)
    return [(field.name, hints[field.name]) for field in dataclasses.fields(row_type)]


def _row(path: Path, line: int, record: list[str], header: list[str],
         columns: list[tuple[str, Any]], row_type: type[Row]) -> Row:
    if len(record) != len(header):
        raise damaged(path, f"{len(record)} fields where the header has {len(header)}", line=line)
    values = [_cell(path, line, name, kind, text)
              for (name, kind), text in zip(columns, record)]
    if values[0] != SCHEMA_VERSION:
        raise damaged(path, f"{quoted(record[0])} is a version that this program does not know; "
                            f"{SCHEMA_VERSION} is expected", line=line, column="schema_version")
    return row_type(*values)


def _cell(path: Path, line: int, name: str, kind: Any, text: str) -> Any:
    if kind is str:
        return text
    if kind is bool:
        expected, good = FLAG, text in ("0", "1")
        convert: Any = lambda flag: flag == "1"
    elif kind is int:
        expected, good, convert = WHOLE_NUMBER, WHOLE.fullmatch(text), int
    else:
        optional = kind is not float
        if optional and not text:
            return None
        expected = REAL_NUMBER + (", or nothing," if optional else "")
        good, convert = REAL.fullmatch(text), float
    if not good:
        raise damaged(path, f"{quoted(text)} stands where {expected} is expected",
                      line=line, column=name)
    return convert(text)
