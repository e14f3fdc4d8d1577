"""The real binary in surroundings that would steer it: variables, files beside it, no home."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import pty
import shlex
import signal
import struct
import subprocess
import termios
import threading
from pathlib import Path

import pytest
from processes import reason_without_terminals, wait_until
from real_bench import BENCH, needs_bench

import lockbench.cli

pytestmark = needs_bench

SHORT_RUN = ["--strategy", "mutex,rwlock", "--threads", "1", "--processes", "1", "--windows", "1",
             "--window", "20ms", "--warm-up", "0s"]
GBENCH_RUN = ["--strategy", "mutex,rwlock", "--threads", "1", "--processes", "9", "--windows", "3",
              "--window", "5ms", "--warm-up", "0s", "--no-charts"]
#: Every variable that Google Benchmark 1.7 to 1.9 reads, with a value that would be noticed.
BENCHMARK_VARIABLES = {
    "BENCHMARK_FILTER": "rwlock", "BENCHMARK_LIST_TESTS": "true", "BENCHMARK_MIN_TIME": "1000",
    "BENCHMARK_MIN_WARMUP_TIME": "1000", "BENCHMARK_REPETITIONS": "3",
    "BENCHMARK_ENABLE_RANDOM_INTERLEAVING": "true", "BENCHMARK_REPORT_AGGREGATES_ONLY": "true",
    "BENCHMARK_DISPLAY_AGGREGATES_ONLY": "true", "BENCHMARK_FORMAT": "json",
    "BENCHMARK_OUT": "planted.json", "BENCHMARK_OUT_FORMAT": "csv", "BENCHMARK_COLOR": "true",
    "BENCHMARK_COUNTERS_TABULAR": "true", "BENCHMARK_PERF_COUNTERS": "CYCLES",
    "BENCHMARK_CONTEXT": "planted=yes", "BENCHMARK_TIME_UNIT": "s", "BENCHMARK_DRY_RUN": "true",
    "BENCHMARK_V": "9",
}
#: A module of the standard library, as a file in the current directory might shadow it.
PLANTED_MODULE = "print('a planted module ran')\nraise SystemExit('a planted module ran')\n"


def run(*arguments: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BENCH, *arguments], cwd=cwd, env={"PATH": os.environ["PATH"], **variables},
                          capture_output=True, text=True, timeout=120, check=False)


def measured(out: Path) -> dict[str, int]:
    """How many rows each strategy has in trials.csv."""
    with open(out / "trials.csv", encoding="utf-8", newline="") as file:
        names = [row["strategy"] for row in csv.DictReader(file)]
    return {name: names.count(name) for name in names}


def test_no_variable_of_google_benchmark_changes_what_is_measured(tmp_path):
    plain = run(*SHORT_RUN, "--out", tmp_path / "plain", "--no-charts", cwd=tmp_path)
    steered = run(*SHORT_RUN, "--out", tmp_path / "steered", "--no-charts", cwd=tmp_path,
                  **BENCHMARK_VARIABLES)
    assert (plain.returncode, steered.returncode) == (0, 0), steered.stderr
    assert measured(tmp_path / "steered") == measured(tmp_path / "plain")
    assert not (tmp_path / "planted.json").exists()
    context = json.loads((tmp_path / "steered" / "context.json").read_text())
    assert set(BENCHMARK_VARIABLES) <= set(context["dropped_variables"])
    assert "BENCHMARK_FILTER" in steered.stderr and "BENCHMARK_FILTER" not in plain.stderr


def test_another_topology_or_allocator_is_not_taken_from_the_environment(tmp_path):
    answer = run(*SHORT_RUN, "--out", tmp_path / "out", "--no-charts", "--format", "csv", cwd=tmp_path,
                 HWLOC_SYNTHETIC="pack:2 core:8 pu:2", GLIBC_TUNABLES="glibc.malloc.perturb=3")
    assert answer.returncode == 0, answer.stderr
    context = json.loads((tmp_path / "out" / "context.json").read_text())
    assert context["machine"]["cpu"]["online"] == os.cpu_count()
    assert len(context["machine"]["topology"]["cpus"]) == len(os.sched_getaffinity(0))
    assert {"HWLOC_SYNTHETIC", "GLIBC_TUNABLES"} <= set(context["dropped_variables"])


def run_with_policy(out: Path, policy: int, priority: int = 0) -> subprocess.CompletedProcess[str]:
    """A run of two threads on one CPU, so that a hang leaves the other CPUs to whoever must end it."""
    cpu = min(os.sched_getaffinity(0))

    def inherit():
        os.sched_setaffinity(0, {cpu})
        os.sched_setscheduler(0, policy, os.sched_param(priority))

    arguments = ["--strategy", "mutex", "--threads", "2", *SHORT_RUN[4:], "--no-charts", "--out", out]
    try:
        return subprocess.run([BENCH, *arguments], capture_output=True, text=True, timeout=60,
                              check=False, preexec_fn=inherit)
    except subprocess.SubprocessError as error:
        if isinstance(error, subprocess.TimeoutExpired):
            raise
        pytest.skip(f"setting policy {policy} is not permitted here")


@pytest.mark.parametrize(("policy", "priority", "name"), [
    (os.SCHED_FIFO, 50, "SCHED_FIFO 50"), (os.SCHED_RR, 1, "SCHED_RR 1"),
    (os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, 50, "SCHED_FIFO 50"), (os.SCHED_BATCH, 0, "SCHED_BATCH")])
def test_a_policy_that_was_inherited_neither_hangs_a_run_nor_changes_it(tmp_path, policy, priority, name):
    result = run_with_policy(tmp_path / "run", policy, priority)
    assert result.returncode in (0, 5), result.stderr  # 5: a build that may not be recorded
    assert f"not measured with {name}: nothing inherited" in result.stderr
    assert set(measured(tmp_path / "run")) == {"mutex", "null"}
    scheduling = json.loads((tmp_path / "run" / "context.json").read_text())["machine"]["scheduling"]
    assert scheduling["inherited"] == name and scheduling["measured_with"] == "SCHED_OTHER"


def test_the_usual_policy_is_not_worth_a_word(tmp_path):
    result = run_with_policy(tmp_path / "run", os.SCHED_OTHER)
    assert "SCHED" not in result.stderr
    scheduling = json.loads((tmp_path / "run" / "context.json").read_text())["machine"]["scheduling"]
    assert scheduling["inherited"] == "SCHED_OTHER" and isinstance(scheduling["niceness"], int)


@pytest.fixture(name="place")
def fixture_place(tmp_path: Path) -> Path:
    """A directory in which every name that Python might look for is planted."""
    for name in ("random", "copy", "json", "csv", "string", "numbers", "matplotlib", "lockbench"):
        (tmp_path / f"{name}.py").write_text(PLANTED_MODULE)
    (tmp_path / "matplotlibrc").write_text("no such key: at all\nbackend: nonsense\n")
    return tmp_path


def test_charts_are_drawn_beside_planted_modules_and_variables(place):
    answer = run(*SHORT_RUN, "--out", "out", "--format", "csv", cwd=place, HOME=str(place),
                 PYTHONHOME="/nonexistent", PYTHONPATH=str(place), PYTHONSTARTUP="random.py",
                 MPLBACKEND="nonsense", MATPLOTLIBRC=str(place), PYTHONVERBOSE="1")
    assert answer.returncode == 0, answer.stderr
    assert {row["strategy"] for row in csv.DictReader(answer.stdout.splitlines())} == {
        "mutex", "rwlock", "null"}
    assert "planted" not in answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr and "matplotlibrc" not in answer.stderr
    assert (place / "out" / "report.html").exists()


@pytest.mark.parametrize("home", [{}, {"HOME": "/nonexistent"}], ids=["unset", "missing"])
def test_charts_are_drawn_without_a_home(tmp_path, home):
    assert run(*SHORT_RUN, "--out", "out", "--no-charts", cwd=tmp_path).returncode == 0
    answer = run("report", "out", cwd=tmp_path, **home)
    assert answer.returncode == 0 and answer.stdout == "", answer.stderr
    assert answer.stderr.count("\n") == 1 and "wrote" in answer.stderr, answer.stderr


def test_a_fault_of_the_report_is_one_line(monkeypatch, capsys):
    def fail(_options):
        raise RuntimeError("one\ntwo")
    monkeypatch.setattr(lockbench.cli, "_report", fail)
    assert lockbench.cli.main(["report", "somewhere"]) == 1
    assert capsys.readouterr().err.startswith("lockbench: no report: RuntimeError: one two (")


# --- readers and terminals -------------------------------------------------------------------------


def test_a_reader_that_has_read_enough_is_no_error():
    answer = subprocess.run(
        ["bash", "-c", 'set -o pipefail; "$0" list --columns --format json | head -n 1', BENCH],
        capture_output=True, text=True, timeout=60, check=False)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "[\n", "")


def test_a_run_goes_on_when_nobody_reads_what_it_says(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    answer = subprocess.run([BENCH, *SHORT_RUN, "--out", "out", "--no-charts"], cwd=tmp_path,
                            stdout=writer, stderr=writer, timeout=60, check=False)
    os.close(writer)
    assert answer.returncode == 0
    assert json.loads((tmp_path / "out" / "context.json").read_text())["state"] == "finished"


def test_a_full_disk_behind_standard_output_is_an_error():
    with open("/dev/full", "w", encoding="utf-8") as full:
        answer = subprocess.run([BENCH, "list"], stdout=full, stderr=subprocess.PIPE, text=True,
                                timeout=60, check=False)
    assert answer.returncode == 1
    assert answer.stderr == "bench: cannot write to standard output: No space left on device\n"


def on_a_terminal(arguments: list[str], columns: int, term: str, cwd: Path) -> str:
    """Returns all that a run writes to a terminal of this width."""
    if reason := reason_without_terminals():
        pytest.skip(reason)
    end, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    written = bytearray()

    def read() -> None:
        try:
            while part := os.read(end, 4096):
                written.extend(part)
        except OSError:  # the last writer is gone
            pass

    reader = threading.Thread(target=read)
    reader.start()
    environment = {"PATH": os.environ["PATH"], "TERM": term, "HOME": str(cwd)}
    answer = subprocess.run([BENCH, *arguments], cwd=cwd, env=environment, stdout=terminal,
                            stderr=terminal, timeout=120, check=False)
    os.close(terminal)
    reader.join()
    os.close(end)
    assert answer.returncode == 0, written
    return written.decode()


#: Long enough for progress to be shown several times.
SLOW_RUN = ["--strategy", "mutex", "--threads", "1", "--processes", "6", "--windows", "3",
            "--window", "60ms", "--out", "out"]


def test_progress_fits_the_terminal_and_joins_no_other_line(tmp_path):
    text = on_a_terminal(SLOW_RUN, 30, "xterm", tmp_path)
    shown = [part.split("\r\n")[0].split("\r")[0] for part in text.split("\r\033[K")[1:]]
    progress = [line for line in shown if " left " in line]
    assert progress, text
    assert max(len(line) for line in progress) <= 29
    assert [line for line in text.replace("\r\033[K", "\n").splitlines() if "wrote" in line] == [
        line for line in text.replace("\r\033[K", "\n").splitlines()
        if line.startswith("lockbench: wrote")]


def test_a_dumb_terminal_gets_plain_lines(tmp_path):
    text = on_a_terminal([*SLOW_RUN, "--no-charts"], 80, "dumb", tmp_path)
    assert "\033" not in text and "results: out" in text


def test_advice_can_be_pasted(tmp_path):
    place = tmp_path / "a 'place' of $HOME"
    place.mkdir()
    started = subprocess.Popen(
        ["./bench", "--strategy", "mutex", "--threads", "1", "--processes", "500", "--out",
         place / "run", "--no-charts"],
        executable=BENCH, cwd=place, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    journal = place / "run" / "finished.csv"
    wait_until(lambda: journal.exists() and journal.read_text().count("\n") > 1)
    started.send_signal(signal.SIGINT)
    said = started.communicate(timeout=60)[1]
    assert started.returncode == 130
    advice = said.rsplit("finish them by: ", 1)[1]
    assert shlex.split(advice) == ["./bench", "--resume", str(place / "run")]


# --- Google Benchmark's JSON -----------------------------------------------------------------------

COMPARE = Path("/usr/share/benchmark/compare.py")


def test_a_run_is_there_in_the_json_of_google_benchmark(tmp_path):
    answer = run(*GBENCH_RUN, "--out", "out", "--format", "gbench", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    printed = json.loads(answer.stdout)
    assert printed == json.loads((tmp_path / "out" / "gbench.json").read_text())
    with open(tmp_path / "out" / "summary.csv", encoding="utf-8", newline="") as file:
        cases = [row["case_id"] for row in csv.DictReader(file)]
    medians = [entry for entry in printed["benchmarks"] if entry["name"].endswith("_median")]
    assert [entry["run_name"] for entry in medians] == cases
    assert all(entry["real_time"] > 0 for entry in printed["benchmarks"])


@pytest.mark.skipif(not COMPARE.exists(), reason=f"no {COMPARE}: Debian has it in libbenchmark-tools")
def test_compare_py_of_google_benchmark_reads_runs(tmp_path):
    for name in ("one", "two"):
        assert run(*GBENCH_RUN, "--out", name, cwd=tmp_path).returncode == 0
    answer = subprocess.run(
        ["/usr/bin/python3", COMPARE, "--no-color", "benchmarks", "one/gbench.json", "two/gbench.json"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode == 0, answer.stderr
    # A line for each process that has valid windows, and the tool's own test over processes.
    assert answer.stdout.count("\nmutex/mixed/threads:1/read_ratio:0.5 ") > 1
    assert "mutex/mixed/threads:1/read_ratio:0.5_pvalue" in answer.stdout


# --- formats ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["doctor"], ["pitfall", "--list"], ["pitfall", "lost-wakeup"]])
def test_every_format_that_help_names_is_what_it_says(arguments, tmp_path):
    refused = run(*arguments, "--format", "gbench", cwd=tmp_path)
    assert refused.returncode == 2 and "run and sweep only" in refused.stderr
    table, as_csv, as_json = (run(*arguments, "--format", form, cwd=tmp_path).stdout
                              for form in ("table", "csv", "json"))
    rows = list(csv.reader(as_csv.splitlines()))
    assert len(rows) > 1 and {len(row) for row in rows} == {len(rows[0])}
    assert json.loads(as_json) and table not in (as_csv, as_json)
