"""Out of memory is out of memory: no strategy's failure, and foreseen where it can be."""

import os
import re
import subprocess

import pytest

from control_groups import control_group, join
from real_bench import BENCH, needs_bench
from test_runs import SMALL, rows_of

pytestmark = needs_bench

MEBIBYTE = 1 << 20


def run_in(group, *arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run([BENCH, *arguments], capture_output=True, text=True, timeout=300,
                          preexec_fn=lambda: join(group, os.getpid()), **options)


def limited(mebibytes: int):
    limit = str(mebibytes * MEBIBYTE)
    return control_group("memory", {"memory.max": limit, "memory.limit_in_bytes": limit})


def fault(strategy: str) -> dict[str, str]:
    return {**os.environ, "LOCKBENCH_FAULT": f"memory:{strategy}"}


def check_lost_rwlock(out, result, reason: str) -> None:
    assert result.returncode == 5, result.stderr
    assert re.search("OUT OF MEMORY  rwlock in .*" + reason, result.stderr)
    assert "crashed" not in result.stderr and "FAILED" not in result.stderr
    # Once in each of two blocks, and not tried there again.
    rows = rows_of(out)
    lost = [row["invalid_reason"] for row in rows if row["strategy"] == "rwlock"]
    seen = [text for text in lost if text != "out of memory: ran out of it here before"]
    assert len(seen) == 2 and all(re.match("out of memory: .*" + reason, text) for text in seen)
    # A busy machine may leave other windows without enough overlap.
    assert not any(re.match("out of memory|crashed|hung|not measured", row["invalid_reason"])
                   for row in rows if row["strategy"] != "rwlock")


def test_a_refused_allocation_is_out_of_memory_and_costs_one_strategy(tmp_path):
    out = tmp_path / "run"
    result = subprocess.run(
        [BENCH, "--strategy", "mutex,rwlock", *SMALL, "--out", out],
        capture_output=True, text=True, timeout=300, env=fault("rwlock"))
    check_lost_rwlock(out, result, "std::bad_alloc")


def test_a_child_that_the_kernel_kills_for_want_of_memory_is_no_crash(tmp_path):
    out = tmp_path / "run"
    with limited(128) as group:
        result = run_in(group, "--strategy", "mutex,rwlock", *SMALL, "--out", out,
                        env=fault("rwlock"))
    check_lost_rwlock(out, result, re.escape("killed by signal 9 (Killed)"))


def test_a_strategy_that_ran_out_of_memory_is_tried_in_every_other_block(tmp_path):
    out = tmp_path / "run"
    result = subprocess.run(
        [BENCH, "--strategy", "mutex,rwlock", "--threads", "1", "--read-ratio", "0,0.2,0.4,0.6,0.8",
         "--processes", "1", "--windows", "1", "--window", "1ms", "--warm-up", "0s", "--sample", "0",
         "--no-charts", "--out", out],
        capture_output=True, text=True, timeout=300, env=fault("rwlock"))
    assert result.returncode == 5, result.stderr
    lost = [row["invalid_reason"] for row in rows_of(out) if row["strategy"] == "rwlock"]
    assert len(lost) == 5 and all(reason.startswith("out of memory: ended") for reason in lost)


def test_a_plan_that_cannot_fit_is_refused_before_anything_is_made(tmp_path):
    with limited(192) as group:
        result = run_in(group, "--strategy", "mutex", "--threads", "1", "--prefill", "1000000",
                        "--payload", "1024", "--out", tmp_path / "run")
    assert result.returncode == 2, result.stderr
    assert re.search(r"needs at least 1\.0 GiB of memory, but \d+ MiB are to be had \(memory\.", result.stderr)
    assert "; lower --prefill (1000000) or --payload (1024)\n" in result.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_a_queue_that_would_not_fit_once_full_is_a_warning(tmp_path, quiet):
    with limited(192) as group:
        result = run_in(group, "--strategy", "mutex", "--threads", "1", "--capacity", "4000000",
                        "--processes", "1", "--windows", "1", "--window", "1ms", "--sample", "0",
                        "--no-charts", *quiet, "--out", tmp_path / "run")
    assert result.returncode in (0, 5), result.stderr  # 5: a build that may not be recorded
    assert ("memory may run out; lower --capacity" in result.stderr) == (not quiet)
