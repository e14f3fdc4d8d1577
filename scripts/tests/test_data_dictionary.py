"""results/README.md names every column of every file, in the order of the file."""

import re
from pathlib import Path

import pytest
from synthetic_run import SyntheticRun

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = ROOT / "results" / "README.md"
RECORDER = ROOT / "harness" / "results" / "row.cpp"
DIRECTORY = ROOT / "harness" / "results" / "results_directory.cpp"
PARAMETERS = ROOT / "harness" / "base" / "parameter_list.hpp"


def column_rows(file_name: str) -> list[list[str]]:
    """Cells of the column table under the heading that names the file."""
    section = re.search(rf"^## `{re.escape(file_name)}`.*?(?=^## |\Z)", DICTIONARY.read_text(),
                        re.MULTILINE | re.DOTALL)
    assert section, f"{DICTIONARY} has no section on {file_name}"
    table = section[0].split("| column |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")]
            for line in table.splitlines()[2:]]


READ_HERE = ["trials.csv", "summary.csv", "latency.csv", "comparisons.csv"]
FILES = [*READ_HERE, "threads.csv", "slo.csv", "finished.csv"]


@pytest.mark.parametrize("file_name", READ_HERE)
def test_every_column_is_documented_in_order(file_name, tmp_path):
    header = (SyntheticRun(latency=True).write(tmp_path) / file_name).read_text().splitlines()[0]
    assert [row[0].strip("`") for row in column_rows(file_name)] == header.split(",")


@pytest.mark.parametrize("file_name", FILES)
def test_every_column_says_what_it_means_and_when_it_is_empty(file_name):
    for row in column_rows(file_name):
        name, _unit, meaning, empty = row
        assert name and meaning and empty, row


def names_in(source: str, list_name: str, entry: str) -> list[str]:
    """Names of the entries of one C++ list, in order."""
    body = re.search(rf"\b{list_name}\{{\n(.*?)^\}};", source, re.MULTILINE | re.DOTALL)
    assert body, list_name
    return re.findall(entry + r'[({]\s*"(\w+)"', body[1])


def test_the_trials_columns_are_those_that_the_recorder_declares():
    row = RECORDER.read_text()
    parameters = PARAMETERS.read_text()
    declared = []
    for name in re.search(r"columns =\s*concatenated\((.*?)\);", row, re.DOTALL)[1].split(","):
        if (points := re.fullmatch(r"point_columns\((\w+)\)", name.strip())):
            declared += names_in(parameters, points[1], r"Parameter<&\w+::\w+>")
        else:
            declared += names_in(row, name.strip(), r"\w+<&Row::[^>]*>")
    assert len(declared) > 50
    assert [cells[0].strip("`") for cells in column_rows("trials.csv")] == declared


def columns_declared_in(file_name: str) -> list[str]:
    """Names in the list `columns` of a source of the recorder, those of parameters included."""
    source = (RECORDER.parent / file_name).read_text()
    body = re.search(r"\bcolumns(?:\{| = concatenated\()\n(.*?)(?:^\};|\);\n)", source,
                     re.MULTILINE | re.DOTALL)
    assert body, file_name
    names = []
    for entry in re.finditer(r'\bversion\b|\w+<[^>]*>\(\s*"(\w+)"|parameter_columns\((\w+)\)',
                             body[1]):
        if entry[1]:
            names.append(entry[1])
        elif entry[2]:
            names += names_in(PARAMETERS.read_text(), entry[2], r"Parameter<&\w+::\w+>")
        else:
            names.append("schema_version")
    return names


@pytest.mark.parametrize(("file_name", "source", "least"),
                         [("latency.csv", "latency_row.cpp", 15),
                          ("threads.csv", "thread_row.cpp", 25),
                          ("slo.csv", "service_level.cpp", 25)])
def test_the_columns_of_a_file_are_those_that_its_source_declares(file_name, source, least):
    declared = columns_declared_in(source)
    assert len(declared) > least
    assert [cells[0].strip("`") for cells in column_rows(file_name)] == declared


def test_the_journal_has_the_columns_that_are_documented():
    header = re.search(r'journal_header = "([\w,]+)\\n"', DIRECTORY.read_text())
    assert header
    assert [cells[0].strip("`") for cells in column_rows("finished.csv")] == header[1].split(",")
