"""The files that a run leaves behind, however it ends: real processes of the real program, small
cases."""

import contextlib
import csv
import json
import os
import re
import resource
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from control_groups import control_group, join
from processes import children_of, is_running, wait_until
from real_bench import BENCH, ROOT, needs_bench

pytestmark = needs_bench

SMALL = ["--threads", "1,2", "--processes", "3", "--windows", "2", "--window", "2ms",
         "--warm-up", "1ms", "--no-charts"]
LONG = ["--strategy", "mutex,rwlock", "--threads", "1,2", "--read-ratio", "0,0.9", "--processes",
        "20", "--windows", "2", "--window", "10ms", "--no-charts"]


def bench(*arguments, **options):
    return subprocess.run([BENCH, *arguments], capture_output=True, text=True, timeout=120, **options)


def rows_of(directory: Path, name: str = "trials.csv") -> list[dict[str, str]]:
    with (directory / name).open(newline="") as file:
        return list(csv.DictReader(file))


#: Rows of a process of LONG: 2 strategies, twin, null; two windows and a sampled one of each.
ROWS_OF_PROCESS = 4 * 3


def windows_of(directory: Path) -> Counter:
    return Counter((row["case_id"], row["process"], row["window"]) for row in rows_of(directory))


def finished_processes(directory: Path) -> int:
    journal = directory / "finished.csv"
    return journal.read_text().count("\n") - 1 if journal.exists() else 0


def start_long_run(directory: Path) -> subprocess.Popen:
    """Starts a run, and returns it once it has recorded something. It is then far from its end."""
    run = subprocess.Popen([BENCH, *LONG, "--out", directory], stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE, text=True)
    wait_until(lambda: finished_processes(directory) >= 3)
    return run


def test_a_run_records_every_window_of_every_strategy_null_and_a_twin(tmp_path):
    out = tmp_path / "run"
    result = bench("--strategy", "all", *SMALL, "--out", out)
    assert result.returncode == 0, result.stderr
    names = {row["name"] for row in json.loads(bench("list", "--format", "json").stdout)["strategies"]}
    rows = rows_of(out)
    assert {row["strategy"] for row in rows} == names - {"unsafe"}
    assert set(windows_of(out).values()) == {1}
    # 12 strategies and a twin, two team sizes, three processes, two windows and a sampled one
    assert len(rows) == (len(names) - 1 + 1) * 2 * 3 * 3
    assert sum(row["sample_every"] != "0" for row in rows) * 3 == len(rows)
    # With fewer operations, perhaps none was timed.
    sampled = [row for row in rows if row["sample_every"] != "0" and int(row["operations"]) > 5120]
    assert all(float(row["latency_samples"]) > 0 for row in sampled if row["valid"] == "1")
    kinds = {row["kind"] for row in rows_of(out, "latency.csv")}
    assert kinds == {"add", "take", "status", "complete", "forget", "all"}
    for row in rows:
        assert row["valid"] == "1" or row["invalid_reason"], row
        if row["valid"] == "1":
            assert float(row["throughput_ops_s"]) == pytest.approx(
                int(row["operations"]) / float(row["duration_s"]), rel=1e-6)
            assert int(row["operations"]) == int(row["reads"]) + int(row["writes"])
            assert float(row["spin_loop_ns"]) > 0
    context = json.loads((out / "context.json").read_text())
    assert context["state"] == "finished"
    assert context["seed"] > 0
    assert "orchestration" in result.stderr and "A/A floor" in result.stderr


def test_the_same_seed_gives_the_same_order(tmp_path):
    orders = []
    for name in ("one", "two"):
        bench("--strategy", "mutex,condvar", *SMALL, "--seed", "7", "--out", tmp_path / name)
        orders.append([(row["case_id"], row["seed"]) for row in rows_of(tmp_path / name)])
    assert orders[0] == orders[1]


def test_a_killed_run_leaves_no_process_and_is_finished_by_resuming_it(tmp_path):
    out = tmp_path / "run"
    run = start_long_run(out)
    wait_until(lambda: children_of(run.pid) != [])
    children = children_of(run.pid)
    run.kill()
    run.wait()
    wait_until(lambda: not any(is_running(child) for child in children), seconds=5)
    finished = finished_processes(out)
    kept = rows_of(out)

    result = bench("--resume", out, "--quiet", "--no-charts")
    assert result.returncode == 0, result.stderr
    rows = rows_of(out)
    assert rows[: finished * ROWS_OF_PROCESS] == kept[: finished * ROWS_OF_PROCESS]
    assert set(windows_of(out).values()) == {1}
    assert len(rows) == 4 * 20 * ROWS_OF_PROCESS
    assert len(rows_of(out, "summary.csv")) == 4 * 4
    assert json.loads((out / "context.json").read_text())["state"] == "finished"

    again = bench("--resume", out, "--quiet", "--no-charts")  # nothing is left to do
    assert again.returncode == 0
    assert rows_of(out) == rows


PRECISE = ["--strategy", "mutex", "--processes", "1", "--windows", "1", "--window", "10ms",
           "--warm-up", "1ms", "--no-charts"]


def precision_of(directory: Path) -> dict:
    return json.loads((directory / "context.json").read_text())["closing"]["precision"]


def test_a_precision_adds_processes_until_every_interval_is_narrow(tmp_path):
    out = tmp_path / "run"
    result = bench(*PRECISE, "--precision", "100%", "--budget", "60s", "--out", out)
    assert result.returncode == 0, result.stderr
    precision = precision_of(out)
    assert precision["reached"] and precision["wide_cases"] == 0 and precision["cases"] == 2
    assert all(int(row["processes"]) >= 6 for row in rows_of(out, "summary.csv")
               if row["strategy"] == "mutex")
    # There is no interval before the sixth process; soon after, half of it is less than the median.
    assert precision["processes"] == precision["further_processes"] + 1 >= 6
    assert f"precision: 100 % reached in 2 of 2 cases after {precision['processes']} processes" \
        in result.stderr
    numbers = sorted({int(row["process"]) for row in rows_of(out)})
    assert numbers == list(range(precision["processes"]))


def test_a_precision_out_of_reach_ends_with_its_budget_and_says_what_is_missing(tmp_path):
    out = tmp_path / "run"
    result = bench(*PRECISE, "--precision", "0.1%", "--budget", "1s", "--out", out)
    assert result.returncode == 0, result.stderr
    precision = precision_of(out)
    assert not precision["reached"] and 1 <= precision["spent_s"] < 10
    assert "precision: budget of 1 s spent; " in result.stderr
    assert f"({precision['widest_case']})" in result.stderr
    again = bench("--resume", out, "--quiet", "--no-charts")  # nothing is left to spend
    assert again.returncode == 0, again.stderr
    assert precision_of(out)["processes"] == precision["processes"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_resuming_counts_the_processes_that_a_precision_had_added(tmp_path, sent):
    out = tmp_path / "run"
    run = subprocess.Popen([BENCH, *PRECISE, "--precision", "0.1%", "--budget", "4s", "--out", out],
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: finished_processes(out) >= 4)
    run.send_signal(sent)
    errors = run.communicate(timeout=60)[1]
    if sent == signal.SIGINT:
        assert "interrupted; all 1 processes and " in errors
    before = windows_of(out)
    result = bench("--resume", out, "--quiet", "--no-charts")
    assert result.returncode == 0, result.stderr
    after = windows_of(out)
    assert set(after.values()) == {1} and set(before) < set(after)
    precision = precision_of(out)
    assert precision["processes"] == finished_processes(out)
    assert 4 <= precision["spent_s"] < 12


def test_a_dry_run_says_what_a_precision_may_add():
    result = bench("--strategy", "mutex", "--precision", "2%", "--budget", "20s", "--dry-run")
    assert result.returncode == 0, result.stderr
    assert result.stderr.endswith("; --precision may add up to 20s\n")
    assert "may add" not in bench("--strategy", "mutex", "--dry-run").stderr


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_exits_with_130_and_says_how_to_go_on(tmp_path, sent):
    out = tmp_path / "run"
    run = start_long_run(out)
    run.send_signal(sent)
    _, errors = run.communicate(timeout=20)
    assert run.returncode == 130
    assert f"--resume {out}\n" in errors
    assert "Traceback" not in errors
    assert json.loads((out / "context.json").read_text())["state"] == "interrupted"
    assert len(rows_of(out)) == finished_processes(out) * ROWS_OF_PROCESS
    assert rows_of(out, "summary.csv")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("crash", r"crashed: killed by signal 6 \(Aborted\)"), ("hang", r"hung: no end after 0\.3")],
)
def test_a_strategy_that_fails_costs_itself_only(tmp_path, fault, reason):
    out = tmp_path / "run"
    result = bench("--strategy", "mutex,rwlock,condvar", *SMALL, "--watchdog", "300ms", "--out", out,
                   env={**os.environ, "LOCKBENCH_FAULT": f"{fault}:rwlock"})
    assert result.returncode == 1
    assert re.search("FAILED  rwlock in .*" + reason, result.stderr)
    rows = rows_of(out)
    failed = [row for row in rows if row["strategy"] == "rwlock"]
    assert failed and all(row["valid"] == "0" for row in failed)
    assert any(re.match(reason, row["invalid_reason"]) for row in failed)
    for strategy in ("mutex", "condvar", "null"):
        # every window of every process; the twin of mutex is counted apart
        rows_of_strategy = [row for row in rows if row["strategy"] == strategy and row["twin"] == "0"]
        assert len(rows_of_strategy) == 2 * 3 * 3, strategy
    problems = {row["strategy"]: row["problem"] for row in rows_of(out, "summary.csv")}
    assert re.match(reason, problems["rwlock"])


@contextlib.contextmanager
def stopping(how: str, run: int, child: int):
    """Two functions: one that stops a run's child, alone or with its parent, and one that lets it go on."""
    if how == "frozen child":
        with control_group("freezer", {"cgroup.freeze": "0", "freezer.state": "THAWED"}) as group:
            join(group, child)
            switch = group / "cgroup.freeze"
            words = ("1", "0") if switch.exists() else ("FROZEN", "THAWED")
            switch = switch if switch.exists() else group / "freezer.state"
            yield lambda: switch.write_text(words[0]), lambda: switch.write_text(words[1])
        return
    kill, pid = (os.killpg, run) if how == "group" else (os.kill, child)
    yield lambda: kill(pid, signal.SIGSTOP), lambda: kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("stopped", ["child", "frozen child", "group"])
def test_a_stopped_process_blames_nobody_and_measures_again(tmp_path, stopped):
    out = tmp_path / "run"
    run = subprocess.Popen(
        [BENCH, "--strategy", "mutex", "--threads", "1", "--processes", "1", "--windows", "2",
         "--window", "1s", "--sample", "0", "--watchdog", "2s", "--no-charts", "--out", out],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
    wait_until(lambda: children_of(run.pid))
    child, = children_of(run.pid)
    try:
        with stopping(stopped, run.pid, child) as (stop, go_on):
            # The windows alone take six seconds. A stop may fall between two, but hardly each of them.
            time.sleep(2)
            while is_running(child):
                with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
                    stop()
                    time.sleep(3)
                    go_on()
                time.sleep(2)
        _, errors = run.communicate(timeout=120)
    finally:
        run.kill()
    assert run.returncode == 0, errors
    assert "hung" not in errors and "FAILED" not in errors
    reasons = [row["invalid_reason"] for row in rows_of(out)]
    suspended = [re.search(r"suspended: stopped for ([\d.]+) s", reason) for reason in reasons]
    lengths = [float(found[1]) for found in suspended if found]
    assert lengths and min(lengths) > 2
    # mutex, its twin and null: as many windows as were asked for count.
    valid = Counter(row["case_id"] for row in rows_of(out) if row["valid"] == "1")
    assert list(valid.values()) == [2, 2, 2]
    assert set(windows_of(out).values()) == {1}


def test_a_window_that_lasted_far_longer_than_asked_is_measured_again(tmp_path):
    out = tmp_path / "run"
    result = bench("--strategy", "mutex,rwlock", "--threads", "1", "--processes", "1", "--windows", "2",
                   "--sample", "0", "--no-charts", "--out", out,
                   env={**os.environ, "LOCKBENCH_FAULT": "late:rwlock"})
    assert "FAILED" not in result.stderr
    late, *others = [row for row in rows_of(out) if row["strategy"] == "rwlock"]
    assert re.match(r"suspended: stopped for 2\.\d s", late["invalid_reason"])
    assert len(others) == 2 and not any("suspended" in row["invalid_reason"] for row in others)


def test_a_broken_strategy_exits_with_4_and_names_what_it_broke(tmp_path):
    out = tmp_path / "run"
    result = bench("--strategy", "unsafe", "--threads", "4", "--processes", "2", "--no-charts",
                   "--out", out)
    assert result.returncode == 4
    assert re.search(r"VIOLATED  unsafe: .*double_hand_outs=\d+.*lost_updates=\d+", result.stderr)
    broken = [row for row in rows_of(out) if row["invalid_reason"].startswith("violated")]
    assert broken and all(row["strategy"] == "unsafe" for row in broken)


def test_a_directory_in_use_is_a_usage_error_and_stays_as_it_is(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    result = bench("--strategy", "mutex", "--out", tmp_path)
    assert result.returncode == 2
    assert str(tmp_path) in result.stderr and "--resume" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_directory_that_cannot_be_made_is_a_failure(tmp_path):
    (tmp_path / "file").write_text("")
    result = bench("--strategy", "mutex", "--out", tmp_path / "file" / "run")
    assert result.returncode == 1
    assert str(tmp_path / "file" / "run") in result.stderr and "Not a directory" in result.stderr


def test_a_full_disk_loses_no_finished_process(tmp_path):
    out = tmp_path / "run"
    limit = 60_000  # bytes that a file may grow to: the rows of a few processes

    def tighten():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    result = bench(*LONG, "--out", out, preexec_fn=tighten)
    assert result.returncode == 1
    assert "File too large" in result.stderr
    assert result.stderr.rstrip().endswith(f"bench --resume {out}")
    assert len(rows_of(out)) == finished_processes(out) * ROWS_OF_PROCESS > 0
    assert bench("--resume", out, "--quiet", "--no-charts").returncode == 0
    assert len(rows_of(out)) == 4 * 20 * ROWS_OF_PROCESS


@pytest.mark.parametrize(
    ("damage", "code", "message"),
    [
        (lambda run: (run / "context.json").unlink(), 2, "context.json"),
        (lambda run: (run / "context.json").write_text("{"), 1, "context.json"),
        (lambda run: (run / "finished.csv").write_text("a,b\n1,2\n"), 2, "finished.csv"),
        (lambda run: (run / "trials.csv").write_text("x" * 100_000), 1, "trials.csv"),
        (lambda run: (run / "trials.csv").write_text("a,b\n"), 1, "trials.csv"),
    ],
)
def test_resuming_what_is_damaged_or_foreign_is_refused_by_name(tmp_path, damage, code, message):
    out = tmp_path / "run"
    bench("--strategy", "mutex", *SMALL, "--out", out)
    damage(out)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    result = bench("--resume", out)
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert {file.name for file in out.iterdir()} == set(before)


def test_resuming_nothing_is_a_usage_error(tmp_path):
    result = bench("--resume", tmp_path / "nowhere")
    assert result.returncode == 2
    assert "nowhere" in result.stderr


def test_a_run_of_another_commit_is_not_resumed(tmp_path):
    out = tmp_path / "run"
    bench("--strategy", "mutex", *SMALL, "--out", out)
    context = json.loads((out / "context.json").read_text())
    context["commit"] = "0" * 40
    (out / "context.json").write_text(json.dumps(context))
    result = bench("--resume", out)
    assert result.returncode == 2
    assert "commit" in result.stderr


def test_report_draws_a_real_run(tmp_path):
    out = tmp_path / "run"
    bench("--strategy", "mutex,condvar,moodycamel", *SMALL, "--out", out)
    result = bench("report", out)
    assert result.returncode == 0, result.stderr
    assert (out / "charts" / "throughput.svg").stat().st_size > 0
    assert "mutex" in (out / "report.md").read_text()


def test_report_of_what_is_no_run_is_a_usage_error(tmp_path):
    assert bench("report", tmp_path).returncode == 2


def test_the_data_dictionary_names_every_column_that_is_written(tmp_path):
    out = tmp_path / "run"
    bench("--strategy", "mutex,condvar", *SMALL, "--out", out)
    dictionary = (ROOT / "results" / "README.md").read_text()
    for name in ("trials.csv", "summary.csv", "comparisons.csv"):
        for column in (out / name).read_text().splitlines()[0].split(","):
            assert f"`{column}`" in dictionary, f"{name}: {column}"


def test_doctor_explains_and_is_strict_on_request():
    result = bench("doctor")
    assert result.returncode == 0
    assert "hardware counters" in result.stdout
    strict = bench("doctor", "--strict", "--format", "json")
    findings = json.loads(strict.stdout)["findings"]
    worst = {finding["severity"] for finding in findings}
    assert strict.returncode == (5 if worst & {"warning", "unfit"} else 0)
