"""Reads a CSV file into typed rows, or says which file, line, column and value is wrong."""

from __future__ import annotations

import csv
import dataclasses
import re
import typing
from pathlib import Path
from typing import Any, TypeVar

from lockbench.errors import FAILURE, ReportError, damaged, quoted
from lockbench.rows import SCHEMA_VERSION, HistogramText, Signed

Row = TypeVar("Row")

# Python's own int() and float() also take "1_000", " 7 " and "nan", which no writer of ours makes.
WHOLE = re.compile(r"\d+")
REAL = re.compile(r"\d+(\.\d*)?([eE][+-]?\d+)?")
SIGNED = re.compile("-?" + REAL.pattern)
HISTOGRAM = re.compile(r"(\d+:\d+( \d+:\d+)*)?")

WHOLE_NUMBER = "a whole number of 0 or more"
REAL_NUMBER = "a number of 0 or more"
SIGNED_NUMBER = "a number"
FLAG = "0 or 1"
PAIRS = "lower_ns:count pairs, or nothing,"

LONGEST_FIELD = 1 << 24  #: characters; a histogram with no empty bucket has under a million


def read_rows(path: Path, row_type: type[Row]) -> tuple[Row, ...]:
    """All rows of `path`. Columns of fields without a default come first, in their order; those of
    fields with one may be missing. Others are left alone: later versions only ever append columns.
    Raises `ReportError`."""
    records = _records(path, _text(path))
    _, header = next(records, (1, []))
    _check_header(path, header, [column.name for column in _columns(row_type) if column.required])
    columns = [column for column in _columns(row_type) if column.name in header]
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
    csv.field_size_limit(LONGEST_FIELD)
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


@dataclasses.dataclass(frozen=True)
class _Column:
    name: str
    kind: Any
    required: bool


def _columns(row_type: type) -> list[_Column]:
    hints = typing.get_type_hints(row_type)
    return [_Column(field.name, hints[field.name], field.default is dataclasses.MISSING)
            for field in dataclasses.fields(row_type)]


def _row(path: Path, line: int, record: list[str], header: list[str],
         columns: list[_Column], row_type: type[Row]) -> Row:
    if len(record) != len(header):
        raise damaged(path, f"{len(record)} fields where the header has {len(header)}", line=line)
    cells = dict(zip(header, record))
    values = {column.name: _cell(path, line, column.name, column.kind, cells[column.name])
              for column in columns}
    if values["schema_version"] != SCHEMA_VERSION:
        raise damaged(path, f"{quoted(record[0])} is a version that this program does not know; "
                            f"{SCHEMA_VERSION} is expected", line=line, column="schema_version")
    return row_type(**values)


def _cell(path: Path, line: int, name: str, kind: Any, text: str) -> Any:
    if kind is str:
        return text
    convert: Any
    if kind is HistogramText:
        expected, good, convert = PAIRS, HISTOGRAM.fullmatch(text), HistogramText
    elif kind is bool:
        expected, good = FLAG, text in ("0", "1")
        convert = lambda flag: flag == "1"
    elif kind is int:
        expected, good, convert = WHOLE_NUMBER, WHOLE.fullmatch(text), int
    else:
        optional = kind is not float
        signed = Signed in typing.get_args(kind)
        if optional and not text:
            return None
        expected = (SIGNED_NUMBER if signed else REAL_NUMBER) + (", or nothing," * optional)
        good, convert = (SIGNED if signed else REAL).fullmatch(text), float
    if not good:
        raise damaged(path, f"{quoted(text)} stands where {expected} is expected",
                      line=line, column=name)
    return convert(text)
