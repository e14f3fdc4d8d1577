"""How the command line reports a directory that it cannot read: never by a traceback."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from synthetic_run import SyntheticRun

from lockbench.run_directory import read_run

SCRIPTS = Path(__file__).resolve().parents[1]
CSV_FILES = ("trials.csv", "summary.csv", "comparisons.csv", "latency.csv")


def lockbench(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "lockbench", *map(str, arguments)], text=True,
                          capture_output=True, env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
                          timeout=120, **options)


@pytest.fixture
def run(tmp_path) -> Path:
    return SyntheticRun(threads=(1, 2), read_ratios=(0.5,)).write(tmp_path / "run")


@pytest.fixture
def sampled_run(tmp_path) -> Path:
    return SyntheticRun(threads=(2,), read_ratios=(0.5,), latency=True).write(tmp_path / "run")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def set_cell(path: Path, line: int, column: str, value: str) -> None:
    lines = path.read_text().splitlines()
    cells = lines[line - 1].split(",")
    cells[lines[0].split(",").index(column)] = value
    lines[line - 1] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n")


def add_column(path: Path, column: str, value: str) -> None:
    """Appends a column with the same value in every row."""
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([f"{header},{column}", *(f"{line},{value}" for line in lines)]) + "\n")


def without_columns(path: Path, *columns: str) -> None:
    rows = list(csv.reader(path.open()))
    kept = [place for place, name in enumerate(rows[0]) if name not in columns]
    assert len(kept) == len(rows[0]) - len(columns)
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([row[place] for place in kept]
                                                        for row in rows)


def refused(directory, code: int, *parts: str) -> None:
    answer = lockbench("report", directory)
    assert answer.returncode == code, answer.stderr
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    for part in parts:
        assert str(part) in answer.stderr, answer.stderr


def test_a_missing_directory_is_a_usage_error(tmp_path):
    refused(tmp_path / "nowhere", 2, tmp_path / "nowhere", "no such directory")


def test_a_file_is_not_a_run_directory(run):
    refused(run / "summary.csv", 2, "is a file")


def test_a_directory_without_results_is_a_usage_error(tmp_path):
    refused(tmp_path, 2, "is not the directory of a run", "summary.csv")


@pytest.mark.parametrize("name", ["summary.csv", "comparisons.csv", "context.json"])
def test_a_missing_file_is_named(run, name):
    (run / name).unlink()
    refused(run, 1, run / name, "is missing", "--resume")


@pytest.mark.parametrize("name", ["trials.csv", "summary.csv", "comparisons.csv"])
def test_an_empty_file_is_named(run, name):
    (run / name).write_text("")
    refused(run, 1, run / name, "is empty")


@pytest.mark.parametrize("name", ["trials.csv", "summary.csv", "comparisons.csv"])
def test_a_cut_off_last_line_is_reported_with_its_number(run, name):
    text = (run / name).read_text()
    (run / name).write_text(text[:-9])
    refused(run, 1, run / name, f"line {text.count(chr(10))}", "ends in the middle of a line")


@pytest.mark.parametrize("name", ["trials.csv", "summary.csv", "comparisons.csv"])
def test_a_foreign_header_names_the_column_that_was_expected(run, name):
    lines = (run / name).read_text().splitlines(keepends=True)
    (run / name).write_text("name,iterations,real_time\n" + "".join(lines[1:]))
    refused(run, 1, run / name, "line 1", "'name,iterations,real_time'", "schema_version")


@pytest.mark.parametrize("name, column", [("trials.csv", "invalid_reason"), ("summary.csv", "problem"),
                                          ("comparisons.csv", "tie"), ("latency.csv", "histogram")])
def test_a_column_that_is_needed_and_missing_is_named(sampled_run, name, column):
    without_columns(sampled_run / name, column)
    refused(sampled_run, 1, sampled_run / name, "line 1", f"the column {column} is missing")


def test_a_needed_column_that_stands_twice_is_named(run):
    add_column(run / "comparisons.csv", "tie", "1")
    refused(run, 1, run / "comparisons.csv", "line 1", "the column tie stands twice")


def test_another_schema_version_is_refused(run):
    set_cell(run / "summary.csv", 3, "schema_version", "2")
    refused(run, 1, "line 3", "column schema_version", "'2'", "1 is expected")


@pytest.mark.parametrize("name, column, value, expected", [
    ("summary.csv", "throughput_ops_s", "fast", "a number of 0 or more, or nothing,"),
    ("summary.csv", "throughput_ops_s", "-1", "a number of 0 or more"),
    ("summary.csv", "throughput_ops_s", "nan", "a number of 0 or more"),
    ("summary.csv", "threads", "2.5", "a whole number of 0 or more"),
    ("summary.csv", "threads", "", "a whole number of 0 or more"),
    ("summary.csv", "read_ratio", "", "a number of 0 or more is expected"),
    ("summary.csv", "several_regimes", "yes", "0 or 1"),
    ("comparisons.csv", "ratio", "1_2", "a number of 0 or more"),
    ("summary.csv", "windows", "many", "a whole number of 0 or more"),
    ("trials.csv", "valid", "many", "0 or 1"),
])
def test_a_bad_value_is_named_with_its_place(run, name, column, value, expected):
    set_cell(run / name, 2, column, value)
    refused(run, 1, run / name, "line 2", f"column {column}", repr(value), expected)


def test_a_line_with_too_few_fields_is_named(run):
    path = run / "summary.csv"
    lines = path.read_text().splitlines()
    columns = len(lines[0].split(","))
    lines[4] = lines[4].rpartition(",")[0]
    path.write_text("\n".join(lines) + "\n")
    refused(run, 1, path, "line 5", f"{columns - 1} fields where the header has {columns}")


def test_the_same_case_twice_is_refused(run):
    path = run / "summary.csv"
    path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")
    refused(run, 1, path, "stands twice")


def test_a_summary_without_cases_is_refused(run):
    path = run / "summary.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    refused(run, 1, path, "no case")


@pytest.mark.parametrize("content", [b"\x00\x01\x02\n", b"\xff\xfe,\n", b'"open quote\n'])
def test_bytes_that_are_no_csv_are_refused(run, content):
    (run / "summary.csv").write_bytes(content)
    refused(run, 1, run / "summary.csv")


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"a": 1}}', "\x00"])
def test_a_context_that_is_no_object_is_refused(run, content):
    (run / "context.json").write_text(content)
    refused(run, 1, run / "context.json")


def report_files(run: Path) -> dict[str, bytes]:
    """Makes a report of the run and returns the contents of its files."""
    assert lockbench("report", run, "--out", run / "out").returncode == 0
    return {str(path.relative_to(run)): path.read_bytes()
            for path in sorted((run / "out").rglob("*")) if path.is_file()}


@pytest.mark.parametrize("column, value", [("later", "x"), ("operations", "-many"), ("later", "")])
def test_columns_that_nothing_is_read_from_may_hold_anything(sampled_run, column, value):
    before = report_files(sampled_run)
    for name in CSV_FILES:
        add_column(sampled_run / name, column, value)
    assert report_files(sampled_run) == before


def test_columns_are_found_by_name_in_any_order(sampled_run):
    before = report_files(sampled_run)
    for name in CSV_FILES:
        lines = list(csv.reader((sampled_run / name).open()))
        with (sampled_run / name).open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(line[::-1] for line in lines)
    assert report_files(sampled_run) == before


def test_a_column_that_is_missing_and_not_needed_is_not_missed(sampled_run):
    without_columns(sampled_run / "summary.csv", "multimodal", "load", "latency_p99_ns", "reads_s",
                    "writes_s", "longest_gap_s", "flags")
    assert lockbench("report", sampled_run).returncode == 0
    chart = (sampled_run / "charts" / "truth.svg").read_text()
    assert "Not measured in this run: p99 latency, longest gap" in chart


def test_columns_of_a_newer_summary_are_found_by_name_wherever_they_stand(run):
    path = run / "summary.csv"
    lines = path.read_text().splitlines()
    more = [lines[0] + ",other,load,flags", *(line + ",x,0.5,multimodal" for line in lines[1:])]
    path.write_text("\n".join(more) + "\n")
    assert lockbench("report", run).returncode == 0
    assert "load 50 %" in (run / "report.md").read_text()
    set_cell(path, 3, "load", "half")
    refused(run, 1, path, "line 3", "column load", "'half'", "a number of 0 or more")


@pytest.mark.parametrize("column, value", [("histogram", "12:3 x"), ("samples", "-1"),
                                           ("max_ns", "slow"), ("twin", "no")])
def test_a_bad_value_among_the_latencies_is_named_with_its_place(sampled_run, column, value):
    set_cell(sampled_run / "latency.csv", 4, column, value)
    refused(sampled_run, 1, sampled_run / "latency.csv", "line 4", f"column {column}", repr(value))


def test_a_histogram_with_many_buckets_is_no_damage(sampled_run):
    set_cell(sampled_run / "latency.csv", 2, "histogram",
             " ".join(f"{ns}:1" for ns in range(20000)))
    assert lockbench("report", sampled_run).returncode == 0


def test_histograms_in_a_file_of_their_own_are_those_of_the_first_release(tmp_path):
    synthetic = SyntheticRun(threads=(2,), read_ratios=(0.5,), latency=True)
    older = read_run(synthetic.write(tmp_path / "older"))
    newer = read_run(synthetic.write(tmp_path / "newer", numbered=True))
    assert newer.latencies == older.latencies and newer.latencies


def test_histograms_may_be_left_out_and_may_not_lack_a_sample(tmp_path):
    run = SyntheticRun(threads=(2,), read_ratios=(0.5,), latency=True).write(tmp_path / "run", True)
    histograms = run / "histograms.csv"
    histograms.write_text("".join(histograms.read_text().splitlines(keepends=True)[:-1]))
    refused(run, 1, histograms, "samples, but its row in latency.csv says")
    histograms.unlink()
    assert read_run(run).latencies == ()


def test_raw_trials_may_be_left_out(run):
    (run / "trials.csv").unlink()
    assert lockbench("report", run).returncode == 0
    assert "were not kept" in (run / "report.md").read_text()


def test_a_report_that_cannot_be_written_says_so(run, tmp_path):
    (tmp_path / "taken").write_text("a file")
    answer = lockbench("report", run, "--out", tmp_path / "taken")
    assert answer.returncode == 1
    assert "cannot be written" in answer.stderr and "Traceback" not in answer.stderr


@pytest.mark.parametrize("arguments", [[], ["draw"], ["report"], ["report", "x", "--format", "pdf"]])
def test_wrong_usage_exits_2(arguments):
    answer = lockbench(*arguments)
    assert answer.returncode == 2
    assert "usage:" in answer.stderr and answer.stdout == ""
