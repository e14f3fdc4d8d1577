"""What the command line says of a directory that it cannot read: never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from synthetic_run import SyntheticRun

SCRIPTS = Path(__file__).resolve().parents[1]


def lockbench(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "lockbench", *map(str, arguments)], text=True,
                          capture_output=True, env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
                          timeout=120, **options)


@pytest.fixture
def run(tmp_path) -> Path:
    return SyntheticRun(threads=(1, 2), read_ratios=(0.5,)).write(tmp_path / "run")


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
    refused(run, 1, run / name, "line 1", "'name'", "schema_version")


def test_a_header_that_lacks_a_column_of_the_first_version_names_it(run):
    path = run / "comparisons.csv"
    lines = path.read_text().splitlines()
    kept = lines[0].split(",").index("tie")
    path.write_text("".join(",".join(line.split(",")[:kept]) + "\n" for line in lines))
    refused(run, 1, path, "line 1", "the header ends where the column tie is expected")


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
    ("trials.csv", "operations", "many", "a whole number of 0 or more"),
])
def test_a_bad_value_is_named_with_its_place(run, name, column, value, expected):
    set_cell(run / name, 2, column, value)
    refused(run, 1, run / name, "line 2", f"column {column}", repr(value), expected)


def test_a_line_with_too_few_fields_is_named(run):
    path = run / "summary.csv"
    lines = path.read_text().splitlines()
    lines[4] = lines[4].rpartition(",")[0]
    path.write_text("\n".join(lines) + "\n")
    refused(run, 1, path, "line 5", "33 fields where the header has 34")


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


def test_columns_appended_by_a_later_version_are_tolerated(run):
    for name in ("trials.csv", "summary.csv", "comparisons.csv"):
        lines = (run / name).read_text().splitlines()
        (run / name).write_text("\n".join([lines[0] + ",later", *(line + ",x" for line in lines[1:])])
                                + "\n")
    assert lockbench("report", run).returncode == 0


def test_columns_that_an_earlier_version_did_not_write_are_not_missed(run):
    path = run / "summary.csv"
    lines = path.read_text().splitlines()
    kept = lines[0].split(",").index("problem") + 1
    path.write_text("".join(",".join(line.split(",")[:kept]) + "\n" for line in lines))
    assert path.read_text().splitlines()[0].endswith(",problem")
    assert lockbench("report", run).returncode == 0


def test_an_intraclass_correlation_may_be_negative(tmp_path):
    run = SyntheticRun(threads=(2,), read_ratios=(0.5,), latency=True).write(tmp_path / "run")
    set_cell(run / "summary.csv", 2, "throughput_icc", "-0.21")
    assert lockbench("report", run).returncode == 0
    set_cell(run / "summary.csv", 2, "throughput_icc", "--0.1")
    refused(run, 1, run / "summary.csv", "line 2", "'--0.1'", "a number, or nothing,")


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
                                           ("p99_ns", "slow"), ("twin", "no")])
def test_a_bad_value_among_the_latencies_is_named_with_its_place(tmp_path, column, value):
    run = SyntheticRun(threads=(2,), read_ratios=(0.5,), latency=True).write(tmp_path / "run")
    set_cell(run / "latency.csv", 4, column, value)
    refused(run, 1, run / "latency.csv", "line 4", f"column {column}", repr(value))


def test_a_histogram_with_many_buckets_is_no_damage(tmp_path):
    run = SyntheticRun(threads=(2,), read_ratios=(0.5,), latency=True).write(tmp_path / "run")
    set_cell(run / "latency.csv", 2, "histogram", " ".join(f"{ns}:1" for ns in range(20000)))
    assert lockbench("report", run).returncode == 0


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
