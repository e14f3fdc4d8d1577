"""`bench verify` as a user runs it: verdicts, exit codes, histories that can be decided again."""

import csv
import io
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from processes import children_of, is_running, wait_until
from real_bench import BENCH, needs_bench

pytestmark = needs_bench

OK, FAILURE, USAGE, VIOLATED, UNDECIDED, INTERRUPTED = 0, 1, 2, 4, 5, 130


def verify(*arguments, cwd=None):
    return subprocess.run([BENCH, "verify", *arguments], capture_output=True, text=True,
                          timeout=300, check=False, cwd=cwd)


@pytest.fixture(scope="module")
def violation(tmp_path_factory) -> tuple[subprocess.CompletedProcess, Path]:
    """A run that caught `unsafe`, and the directory of its history."""
    out = tmp_path_factory.mktemp("violation")
    result = verify("--strategy", "unsafe", "--duration", "60s", "--out", str(out))
    return result, out


def test_a_strategy_that_is_what_it_claims_passes_every_check():
    result = verify("--strategy", "mutex", "--duration", "2s", "--format", "json")
    assert result.returncode == OK, result.stderr
    [mutex] = json.loads(result.stdout)
    assert mutex["verdict"] == "as claimed"
    assert mutex["violation"] is None
    for check in ("conservation", "order", "tasks", "contract", "waiting", "sizes"):
        assert mutex["checks"][check]["linearizable"] > 0, check
    stops = mutex["stops"]
    assert stops["stalls"] == stops["stops"], "somebody got past a lock that was held"


def test_no_lock_free_strategy_is_held_up_by_one_that_is_stopped():
    result = verify("--strategy", "boost_lockfree,moodycamel", "--duration", "12s", "--format",
                    "json")
    # A busy machine may let too few threads be stopped inside a call; the verdict is then undecided.
    assert result.returncode in (OK, UNDECIDED), result.stderr
    for strategy in json.loads(result.stdout):
        stops = strategy["stops"]
        assert stops["stalls"] < max(stops["stops"], 1)


def test_a_violation_is_explained_kept_and_decided_again(violation):
    result, out = violation
    assert result.returncode == VIOLATED
    assert "violated: " in result.stderr
    assert "├" in result.stderr, "no time line, of whichever threads"
    [history] = out.glob("unsafe-*.jsonl")
    assert f"bench verify --replay {history}" in result.stderr
    replayed = verify("--replay", str(history))
    assert replayed.returncode == VIOLATED
    reason = next(line for line in result.stderr.splitlines() if line.startswith("violated: "))
    assert reason in replayed.stdout
    as_json = verify("--replay", str(history), "--format", "json")
    assert json.loads(as_json.stdout)["checks"][-1]["judgement"] == "violated"


def test_a_history_without_its_violation_is_linearizable(violation, tmp_path):
    """An add alone breaks no rule."""
    _, out = violation
    [history] = out.glob("unsafe-*.jsonl")
    lines = history.read_text().splitlines()
    shorter = tmp_path / "shorter.jsonl"
    header = json.loads(lines[0]) | {"stuck": False}
    add = next(line for line in lines[1:] if json.loads(line).get("answer") == "added")
    shorter.write_text("\n".join([json.dumps(header), add]) + "\n")
    result = verify("--replay", str(shorter))
    assert result.returncode == OK, result.stdout + result.stderr


def test_csv_has_a_row_a_strategy():
    result = verify("--strategy", "mutex,condvar", "--duration", "400ms", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["strategy"] for row in rows] == ["mutex", "condvar"]
    assert {row["verdict"] for row in rows} <= {"as claimed", "undecided"}
    assert all(int(row["calls"]) > 0 for row in rows)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--strategy", "mutx"], USAGE, "did you mean 'mutex'"),
        (["--strategy", "null"], USAGE, "nothing to verify"),
        (["--threads", "0"], USAGE, "1 to 1024"),
        (["--duration", "1ms"], USAGE, "--duration"),
        (["--replay", "there/is/no/such.jsonl"], FAILURE, "there/is/no/such.jsonl"),
        (["--replay", "x.jsonl", "--threads", "2"], USAGE, "--threads does not go with --replay"),
        (["--mutants", "--strategy", "mutex"], USAGE, "--strategy does not go with --mutants"),
    ],
)
def test_bad_input_is_named(arguments, code, said):
    result = verify(*arguments)
    assert result.returncode == code
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", ":2: is not a JSON object"),
        ('{"thread":0,"call":"ad","answer":"added"}', '"call" is "ad"; allowed are add'),
        ('{"thread":0,"call":"size","answer":"counted","size":1,"invoked_ns":5,"returned_ns":4}',
         "returns before it is invoked"),
    ],
)
def test_a_damaged_history_is_refused_with_its_line(violation, tmp_path, line, said):
    _, out = violation
    [history] = out.glob("unsafe-*.jsonl")
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text(history.read_text().splitlines()[0] + "\n" + line + "\n")
    result = verify("--replay", str(damaged))
    assert result.returncode == FAILURE
    assert f"{damaged}:2: " in result.stderr
    assert said in result.stderr


def started(*arguments) -> tuple[subprocess.Popen, int]:
    """A long verification, and its child."""
    parent = subprocess.Popen([BENCH, "verify", "--duration", "10min", *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: children_of(parent.pid))
    return parent, children_of(parent.pid)[0]


def test_kill_9_of_the_verifier_leaves_no_process_behind():
    for _ in range(5):
        parent, child = started("--strategy", "mutex")
        parent.kill()
        parent.communicate()
        wait_until(lambda pid=child: not is_running(pid))


def test_kill_9_of_its_child_is_the_strategys_verdict_and_nothing_else_is_lost():
    parent, child = started("--strategy", "mutex", "--format", "json")
    os.kill(child, signal.SIGKILL)
    output, _ = parent.communicate(timeout=60)
    assert parent.returncode == VIOLATED
    [mutex] = json.loads(output)
    assert mutex["verdict"] == "crashed: killed by signal 9 (Killed)"


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_and_its_child(by):
    parent, child = started("--strategy", "mutex,condvar")
    parent.send_signal(by)
    parent.communicate(timeout=60)
    assert parent.returncode == INTERRUPTED
    wait_until(lambda: not is_running(child))


@pytest.mark.skipif(not (BENCH.parent / "bench_mutants").exists(), reason="built without tests")
def test_every_planted_bug_is_caught_and_no_original_flagged():
    result = verify("--mutants", "--duration", "6s", "--format", "json")
    assert result.returncode == OK, result.stderr
    rows = json.loads(result.stdout)
    bugs = [row for row in rows if "original" not in row["queue"]]
    assert len(bugs) >= 24
    assert all(row["caught_by"] for row in bugs)
    assert not any(row["caught_by"] for row in rows if "original" in row["queue"])
