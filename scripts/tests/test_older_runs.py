"""What is made of runs that other versions of the program wrote."""

import csv
import json

import pytest
from real_bench import needs_bench
from test_runs import SMALL, bench, rows_of

pytestmark = needs_bench


def test_report_gives_a_run_of_an_older_version_its_gbench_json(tmp_path):
    out = tmp_path / "run"
    bench("--strategy", "mutex,condvar", *SMALL, "--out", out)
    written = json.loads((out / "gbench.json").read_text())
    assert bench("report", out).returncode == 0
    (out / "gbench.json").write_text("kept")
    assert bench("report", out).returncode == 0 and (out / "gbench.json").read_text() == "kept"
    (out / "gbench.json").unlink()
    assert bench("report", out).returncode == 0
    again = json.loads((out / "gbench.json").read_text())
    assert again["context"] == written["context"]
    # trials.csv keeps nine significant digits of each figure.
    assert again["benchmarks"] == [
        pytest.approx(case, rel=1e-6, abs=1e-6) for case in written["benchmarks"]]
    # An older version has its columns in another order, lacks some and has one of its own.
    (out / "gbench.json").unlink()
    (out / "histograms.csv").unlink()
    rows = rows_of(out)
    columns = [*reversed(rows[0]), "own"]
    columns.remove("position")
    with (out / "trials.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    result = bench("report", out)
    assert result.returncode == 0, result.stderr
    older = json.loads((out / "gbench.json").read_text())
    assert older["context"] == written["context"]
    assert [entry["name"] for entry in older["benchmarks"]] == [
        entry["name"] for entry in written["benchmarks"]]
