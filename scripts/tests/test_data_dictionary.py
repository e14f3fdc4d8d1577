"""results/README.md names every column of every file, as bench itself lists them."""

import json
import re
import subprocess

import pytest
from real_bench import BENCH, ROOT, needs_bench

DICTIONARY = ROOT / "results" / "README.md"
FILES = ["trials.csv", "summary.csv", "latency.csv", "histograms.csv", "threads.csv", "slo.csv",
         "comparisons.csv"]


def data_dictionary(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([ROOT / "scripts" / "data_dictionary", *arguments], capture_output=True,
                          text=True, timeout=60)


@pytest.fixture
def invented(tmp_path) -> list:
    """Options that make the script ask an invented program and edit an invented dictionary."""
    columns = [{"file": "trials.csv", "name": "width_m", "unit": "m", "meaning": "from a to b",
                "empty": "never"},
               {"file": "trials.csv", "name": "kind", "unit": "", "meaning": "`a|b`",
                "empty": "unknown"},
               {"file": "slo.csv", "name": "kind", "unit": "", "meaning": "as in `trials.csv`",
                "empty": "never"}]
    bench = tmp_path / "bench"
    bench.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(columns)}\nEND\n")
    bench.chmod(0o755)
    (tmp_path / "README.md").write_text(
        "# Results\n\n## `trials.csv`: rows\n\nBefore.\n\n"
        "| column | unit | meaning | empty when |\n| :-- | :-- | :-- | :-- |\n"
        "| `old` | | gone | never |\n\nAfter.\n\n| flag | seen |\n| :-- | :-- |\n| `x` | y |\n\n"
        "## `slo.csv`: levels\n\n| column | none | yet |\n\n## The end\n")
    return ["--bench", bench, "--file", tmp_path / "README.md"]


def column_rows(file_name: str) -> list[list[str]]:
    """Returns the cells of the column table under the heading that names the file."""
    section = re.search(rf"^## `{re.escape(file_name)}`.*?(?=^## |\Z)", DICTIONARY.read_text(),
                        re.MULTILINE | re.DOTALL)
    assert section, f"{DICTIONARY} has no section on {file_name}"
    table = section[0].split("| column |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
            for line in table.splitlines()[2:]]


def names_in(file_name: str) -> list[str]:
    return [row[0].strip("`") for row in column_rows(file_name)]


@needs_bench
def test_the_tables_are_those_that_bench_lists():
    answer = data_dictionary("--check", "--bench", BENCH)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


@needs_bench
def test_every_file_of_a_run_has_the_columns_of_its_table(tmp_path):
    run = subprocess.run(
        [BENCH, "run", "--strategy", "mutex", "--workload", "open_loop", "--threads", "2",
         "--load", "0.5", "--slo", "p99=1ms", "--sample", "16", "--per-thread", "--processes", "1",
         "--windows", "1", "--window", "1ms", "--warm-up", "0s", "--out", tmp_path / "run"],
        capture_output=True, text=True, timeout=120)
    assert run.returncode in (0, 5), run.stderr  # 5: a millisecond may be too short for any result
    for file_name in [*FILES, "finished.csv"]:
        header = (tmp_path / "run" / file_name).read_text().splitlines()[0]
        assert header.split(",") == names_in(file_name), file_name


@pytest.mark.parametrize("file_name", [*FILES, "finished.csv"])
def test_every_column_says_what_it_means_and_when_it_is_empty(file_name):
    for row in column_rows(file_name):
        name, _unit, meaning, empty = row
        assert name and meaning and empty, row
        # Columns may move, so none may lean on its neighbours.
        assert "as above" not in meaning + empty and "columns after" not in meaning, row
    assert len(set(names_in(file_name))) == len(names_in(file_name)) > 0


def test_tables_are_written_and_the_text_around_them_is_kept(invented, tmp_path):
    assert data_dictionary("--write", *invented).returncode == 0
    assert (tmp_path / "README.md").read_text() == (
        "# Results\n\n## `trials.csv`: rows\n\nBefore.\n\n"
        "| column | unit | meaning | empty when |\n| :-- | :-- | :-- | :-- |\n"
        "| `width_m` | m | from a to b | never |\n| `kind` | | `a\\|b` | unknown |\n\n"
        "After.\n\n| flag | seen |\n| :-- | :-- |\n| `x` | y |\n\n"
        "## `slo.csv`: levels\n\n"
        "| column | unit | meaning | empty when |\n| :-- | :-- | :-- | :-- |\n"
        "| `kind` | | as in `trials.csv` | never |\n\n## The end\n")
    assert data_dictionary("--check", *invented).returncode == 0


def test_a_check_shows_what_differs_and_changes_nothing(invented, tmp_path):
    before = (tmp_path / "README.md").read_text()
    answer = data_dictionary("--check", *invented)
    assert answer.returncode == 1
    assert "-| `old` | | gone | never |" in answer.stdout
    assert "+| `width_m` | m | from a to b | never |" in answer.stdout
    assert "scripts/data_dictionary --write" in answer.stdout
    assert (tmp_path / "README.md").read_text() == before


def test_a_file_without_a_heading_is_named(invented, tmp_path):
    (tmp_path / "README.md").write_text("# Results\n\n## `slo.csv`\n\n| column |\n\nEnd.\n")
    answer = data_dictionary("--write", *invented)
    assert answer.returncode == 1
    assert "## `trials.csv`" in answer.stderr and "Traceback" not in answer.stderr


def test_a_program_that_is_missing_is_named(tmp_path):
    answer = data_dictionary("--check", "--bench", tmp_path / "nowhere")
    assert answer.returncode == 1
    assert str(tmp_path / "nowhere") in answer.stderr and "Traceback" not in answer.stderr


def test_a_wrong_usage_exits_2():
    assert data_dictionary().returncode == data_dictionary("--check", "--write").returncode == 2
