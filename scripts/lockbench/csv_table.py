"""Reads the named columns of a CSV file into typed rows, or says which file, line, column and value
is wrong."""

from __future__ import annotations

import csv
import dataclasses
import re
import typing
from pathlib import Path
from typing import Any, TypeVar

from lockbench.errors import FAILURE, ReportError, damaged, quoted
from lockbench.rows import HistogramText

SCHEMA_VERSION = "1"

Row = TypeVar("Row")

# Python's own int() and float() also take "1_000", " 7 " and "nan", which bench never writes.
WHOLE = re.compile(r"\d+")
REAL = re.compile(r"\d+(\.\d*)?([eE][+-]?\d+)?")
HISTOGRAM = re.compile(r"(\d+:\d+( \d+:\d+)*)?")

WHOLE_NUMBER = "a whole number of 0 or more"
REAL_NUMBER = "a number of 0 or more"
FLAG = "0 or 1"
PAIRS = "lower_ns:count pairs, or nothing,"

LONGEST_FIELD = 1 << 24  #: characters; a histogram with no empty bucket has under a million


def read_rows(path: Path, row_type: type[Row]) -> tuple[Row, ...]:
    """Returns all rows of `path` as values of the dataclass `row_type`.

    Each field is read from the column of its name, which may be missing only if the field has a
    default. Other columns are ignored. Raises `ReportError`.
    """
    records = _records(path, _text(path))
    _, header = next(records, (1, []))
    version = _position(path, header, "schema_version")
    columns = _columns(path, header, row_type)
    return tuple(row_type(**_values(path, line, record, header, columns, version))
                 for line, record in records)


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
    """Yields the line on which a record starts, and its fields."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise damaged(path, f"is not CSV: {error}", line=line) from error


@dataclasses.dataclass(frozen=True)
class _Column:
    name: str
    kind: Any
    position: int


def _columns(path: Path, header: list[str], row_type: type) -> list[_Column]:
    """Returns the columns of the file that `row_type` has a field for."""
    kinds = typing.get_type_hints(row_type)
    return [_Column(field.name, kinds[field.name], _position(path, header, field.name))
            for field in dataclasses.fields(row_type)
            if field.name in header or field.default is dataclasses.MISSING]


def _position(path: Path, header: list[str], name: str) -> int:
    """Returns where the column stands in the file."""
    if header.count(name) == 1:
        return header.index(name)
    problem = "stands twice in" if name in header else "is missing from"
    raise damaged(path, f"the column {name} {problem} the header {quoted(','.join(header))}",
                  line=1)


def _values(path: Path, line: int, record: list[str], header: list[str], columns: list[_Column],
            version: int) -> dict[str, Any]:
    """Returns the cells of one record by the names of their columns."""
    if len(record) != len(header):
        raise damaged(path, f"{len(record)} fields where the header has {len(header)}", line=line)
    if record[version] != SCHEMA_VERSION:
        raise damaged(path, f"{quoted(record[version])} is a version that this program does not "
                            f"know; {SCHEMA_VERSION} is expected", line=line,
                      column=header[version])
    return {column.name: _cell(path, line, column, record[column.position]) for column in columns}


def _cell(path: Path, line: int, column: _Column, text: str) -> Any:
    """Returns the value of a cell, which must be of the column's kind."""
    kind = column.kind
    if kind is str:
        return text
    convert: Any
    if kind is HistogramText:
        expected, good, convert = PAIRS, HISTOGRAM.fullmatch(text), HistogramText
    elif kind is bool:
        expected, good, convert = FLAG, text in ("0", "1"), lambda flag: flag == "1"
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
                      line=line, column=column.name)
    return convert(text)
