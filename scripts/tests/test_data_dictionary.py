"""results/README.md names every column of every file, in the order of the file."""

import re
from pathlib import Path

import pytest
from synthetic_run import SyntheticRun

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = ROOT / "results" / "README.md"
RECORDER = ROOT / "harness" / "recorder" / "row.cpp"


def column_rows(file_name: str) -> list[list[str]]:
    """Cells of the column table under the heading that names the file."""
    section = re.search(rf"^## `{re.escape(file_name)}`.*?(?=^## |\Z)", DICTIONARY.read_text(),
                        re.MULTILINE | re.DOTALL)
    assert section, f"{DICTIONARY} has no section on {file_name}"
    table = section[0].split("| column |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")]
            for line in table.splitlines()[2:]]


@pytest.mark.parametrize("file_name", ["trials.csv", "summary.csv", "comparisons.csv"])
def test_every_column_is_documented_in_order(file_name, tmp_path):
    header = (SyntheticRun().write(tmp_path) / file_name).read_text().splitlines()[0]
    assert [row[0].strip("`") for row in column_rows(file_name)] == header.split(",")


@pytest.mark.parametrize("file_name", ["trials.csv", "summary.csv", "comparisons.csv"])
def test_every_column_says_what_it_means_and_when_it_is_empty(file_name):
    for row in column_rows(file_name):
        name, _unit, meaning, empty = row
        assert name and meaning and empty, row


def test_the_trials_columns_are_those_that_the_recorder_declares():
    declared = re.findall(r'_column<&\w+::\w+>\(\s*"(\w+)"', RECORDER.read_text())
    assert len(declared) > 40
    assert [row[0].strip("`") for row in column_rows("trials.csv")] == declared
