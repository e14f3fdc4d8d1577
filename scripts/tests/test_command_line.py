"""The command line of the real binary: output, messages, exit codes, man page and completion."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from processes import reason_without_terminals
from real_bench import BENCH, needs_bench

pytestmark = needs_bench

VERBS = ["run", "sweep", "list", "report", "verify", "doctor", "pitfall", "help", "version", "man",
         "completion"]
SHORT_RUN = ["--processes", "1", "--windows", "1", "--window", "20ms", "--warm-up", "0s"]


def bench(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BENCH, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


def printed(*arguments: str) -> str:
    """Returns the standard output of a call that must succeed and print nothing else."""
    result = bench(*arguments)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


# --- what is printed -------------------------------------------------------------------------------


def test_help_goes_to_standard_output_and_names_every_verb():
    text = printed("help")
    assert text == printed("--help") == printed("-h")
    assert all(f"\n  {verb} " in text for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb):
    text = printed("help", verb)
    assert text.startswith(f"Usage: bench {verb}")
    assert text == printed("--help", verb)
    if verb != "help":  # which is about everything
        assert text == printed(verb, "--help")


def test_version_names_the_program():
    assert printed("version") == printed("--version")
    assert printed("version").startswith("bench 0.")


def test_list_says_the_same_in_every_format():
    as_json = json.loads(printed("list", "--format", "json"))
    as_csv = list(csv.DictReader(io.StringIO(printed("list", "--format", "csv"))))
    as_table = printed("list")
    names = [strategy["name"] for strategy in as_json["strategies"]]
    assert {"mutex", "rwlock", "unsafe", "null"} <= set(names)
    assert [row["name"] for row in as_csv if row["kind"] == "strategy"] == names
    for strategy in as_json["strategies"]:
        row = next(row for row in as_csv if row["name"] == strategy["name"])
        assert {**strategy, "tags": " ".join(strategy["tags"]), "kind": "strategy"} == row
        assert strategy["summary"] in as_table and strategy["source"] in as_table


def test_list_columns_are_those_of_every_file():
    columns = json.loads(printed("list", "--columns", "--format=json"))
    trials = [column["name"] for column in columns if column["file"] == "trials.csv"]
    assert trials[0] == "schema_version"
    assert {"throughput_ops_s", "fairness_jain", "overlap"} <= set(trials)
    assert {column["file"] for column in columns} == {
        "trials.csv", "latency.csv", "histograms.csv", "threads.csv", "summary.csv", "comparisons.csv", "slo.csv"}
    assert all(column["meaning"] for column in columns)


def test_output_that_cannot_be_written_is_a_failure():
    with open("/dev/full", "w", encoding="utf-8") as full:
        result = subprocess.run([BENCH, "list"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert result.returncode == 1
    assert b"cannot write" in result.stderr


# --- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to do; for example:"),
        (["juggle"], "unknown verb 'juggle'; allowed: run, sweep,"),
        (["mutex"], "'mutex' is a strategy; measure it by: bench --strategy mutex"),
        (["--strategy", "rwlok"], "unknown strategy 'rwlok'; did you mean 'rwlock'? allowed: mutex,"),
        (["--strategy", "mutex,"], "--strategy: 'mutex,' has an empty entry;"),
        (["--strategy", "demo"], "--strategy demo matches no strategy that may run unless"),
        (["--threads", "0"], "--threads: '0' is not allowed; expected whole numbers from 1 to 1024"),
        (["--threads", "99999999999999999999"], "--threads: '99999999999999999999' is not allowed"),
        (["--threads"], "--threads needs a value"),
        (["--threads="], "--threads needs a value"),
        (["--thread", "1"], "unknown option '--thread' of 'run'; did you mean '--threads'?"),
        (["--window", "20"], "--window: '20' is not allowed; its unit is missing, as in 20ms;"),
        (["--read-ratio", "nan"], "--read-ratio: 'nan' is not allowed; expected numbers from 0 to 1"),
        (["--seed", "1", "--seed", "2"], "--seed is given more than once"),
        (["--quiet=no"], "--quiet takes no value, got 'no'"),
        (["--producers", "2"], "--producers has no effect on the workload mixed"),
        (["--out", "a", "--resume", "b"], "--out does not go with --resume"),
        (["sweep", "--quick", "--full"], "--quick and --full exclude each other"),
        (["report"], "report needs the directory of a run"),
        (["help", "nothing"], "unknown verb 'nothing'"),
        (["list", "--threads", "2"], "--threads does not go with 'list', only with: run, sweep"),
        (["--pinning", "\x1b[31mred"], "--pinning: '\\x1b[31mred' is not allowed"),
        (["--format", "ˇcsv"], "--format: 'ˇcsv' is not allowed; expected one of: table,"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_named_and_exits_with_2(arguments, message, tmp_path):
    result = bench(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"bench: {message}"), result.stderr
    assert list(tmp_path.iterdir()) == []


def test_arguments_that_are_no_text_are_refused(tmp_path):
    result = subprocess.run([BENCH, "--format", b"\xff\xfe"], capture_output=True, check=False)
    assert result.returncode == 2
    assert result.stderr.startswith(rb"bench: --format: '\xff\xfe' is not allowed")


# --- what is measured ------------------------------------------------------------------------------


def test_a_dry_run_measures_and_writes_nothing(tmp_path):
    result = bench("sweep", "--quick", "--strategy", "mutex", "--dry-run", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "mixed/threads:16/read_ratio:0.9" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options, timed", [
    (["sweep", "--quick"], r"1 \+ 1 .*1 in \d+"), (["run", "--sample", "0"], r" 3 +8$"),
    (["run", "--sample", "7"], r"3 \+ 1 .*1 in 7\b"),
    (["run", "--critical-section", "1us", "--think", "1us"], r"3 \+ 1 .*1 in \d\b"),
])
def test_a_dry_run_shows_how_many_operations_would_be_timed(options, timed):
    result = bench(*options, "--strategy", "mutex", "--dry-run")
    [line, *_] = [line for line in result.stdout.splitlines() if "mixed/" in line]
    assert re.search(timed, line), result.stdout


def test_a_run_measures_what_was_asked_for(tmp_path):
    arguments = ["--strategy", "rwlock,mutex", "--threads", "1-2", "--read-ratio", "0,1"]
    out = tmp_path / "out"
    result = bench(*arguments, *SHORT_RUN, "--out", str(out), "--format", "csv", "--no-charts")
    assert result.returncode == 0, result.stderr
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["strategy"] for row in rows} == {"mutex", "rwlock", "null"}
    assert {(row["threads"], row["read_ratio"]) for row in rows} == {
        ("1", "0"), ("1", "1"), ("2", "0"), ("2", "1"),
    }  # fmt: skip
    with open(out / "trials.csv", encoding="utf-8", newline="") as trials:
        assert {float(row["window_s"]) for row in csv.DictReader(trials)} == {0.02}
    assert not (out / "charts").exists()


def test_a_quiet_run_prints_its_data_alone(tmp_path):
    out = tmp_path / "out"
    arguments = ["--strategy", "mutex", *SHORT_RUN, "--out", str(out), "--format", "json"]
    result = bench(*arguments, "--no-charts", "--quiet")
    assert result.returncode == 0
    assert {row["strategy"] for row in json.loads(result.stdout)} == {"mutex", "null"}
    assert "ETA" not in result.stderr and "\r" not in result.stderr


# --- man page and completion -----------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_the_man_page_renders_without_warnings(tmp_path):
    page = tmp_path / "bench.1"
    page.write_text(printed("man"), encoding="utf-8")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"}
    result = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")


class Terminal:
    """An interactive bash that has the completion script loaded and bench on its PATH."""

    def __init__(self, folder: Path):
        (folder / "bench.bash").write_text(printed("completion"), encoding="utf-8")
        self.process, self.end = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "PS1": "$ ", "HOME": "."}
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], environment)
        os.write(self.end, b"bind 'set enable-bracketed-paste off'; source bench.bash; echo re''ady\n")
        self.read_until("\r\nready\r\n")

    def read_until(self, text: str) -> str:
        seen, deadline = "", time.monotonic() + 20
        while text not in seen:
            if not select.select([self.end], [], [], max(0, deadline - time.monotonic()))[0]:
                pytest.fail(f"bash printed {seen!r}, never {text!r}")
            seen += os.read(self.end, 4096).decode()
        return seen

    def complete(self, line: str) -> str:
        """Returns the line as it stands after one press of Tab."""
        # The line becomes arguments of echo at once, so what Tab made of it is printed.
        os.write(self.end, line.encode() + b"\t\x01echo '<\x05>'\n")
        return self.read_until(">\r\n").rsplit("\r\n<", 1)[1].split(">\r\n")[0]

    def close(self):
        os.write(self.end, b"\x15exit\n")
        os.waitpid(self.process, 0)
        os.close(self.end)


@pytest.fixture(name="terminal")
def fixture_terminal(tmp_path):
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    if reason := reason_without_terminals():
        pytest.skip(reason)
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.close()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("bench sw", "bench sweep "),
        ("./bench sw", "./bench sweep "),
        ("bench --read", "bench --read-ratio "),
        ("bench run --format=j", "bench run --format=json "),
        ("bench run --format j", "bench run --format json "),
        ("bench run --strategy mutex,rwlock_w", "bench run --strategy mutex,rwlock_writer"),
        ("bench run --strategy=mutex,rwlock_w", "bench run --strategy=mutex,rwlock_writer"),
        ("bench report resul", "bench report results/"),
        ("bench run --out=resul", "bench run --out=results/"),
        ("bench help doc", "bench help doctor "),
    ],
)
def test_tab_completes_in_an_interactive_bash(terminal, tmp_path, typed, completed):
    (tmp_path / "results").mkdir()
    assert terminal.complete(typed) == completed
