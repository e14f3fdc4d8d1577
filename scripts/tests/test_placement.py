"""Where threads and memory are put: the real program under a mask, under a quota and on invented
machines."""

import csv
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from real_bench import BENCH, MEASURED, needs_bench

pytestmark = needs_bench

SMALL = ["--strategy", "mutex", "--processes", "1", "--windows", "1", "--window", "2ms",
         "--warm-up", "1ms", "--no-charts", "--quiet"]
USABLE = sorted(os.sched_getaffinity(0))
needs_two_cpus = pytest.mark.skipif(len(USABLE) < 2, reason="one usable CPU only")


def bench(*arguments, before=(), **options):
    environment = {**os.environ, **options.pop("environment", {})}
    return subprocess.run([*before, BENCH, *arguments], capture_output=True, text=True, timeout=120,
                          env=environment, **options)


def measured(out: Path, *arguments, **options) -> tuple[list[dict[str, str]], str]:
    """Returns the rows of a small run, and its standard error."""
    result = bench(*SMALL, *arguments, "--out", out, **options)
    assert result.returncode in MEASURED, result.stderr
    with (out / "trials.csv").open(newline="") as file:
        return list(csv.DictReader(file)), result.stderr


def only(rows: list[dict[str, str]], column: str) -> str:
    (value,) = {row[column] for row in rows}
    return value


def quota_file(directory: Path) -> tuple[str, str] | None:
    """Returns the name of the group's quota file and the text that grants half a CPU, by version of
    the control groups."""
    for name, half in (("cpu.max", "50000 100000"), ("cpu.cfs_quota_us", "50000")):
        if (directory / name).exists():
            return name, half
    return None


@contextmanager
def half_a_cpu():
    """Makes a control group for this test. Returns its path, or the reason why there can be
    none."""
    why = "no hierarchy of control groups with CPU quotas is writable"
    for parent in (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")):
        group = parent / f"lockbench-test-{os.getpid()}"
        try:
            group.mkdir()
        except OSError as error:
            why = str(error)
            continue
        try:
            found = quota_file(group)
            if found:
                (group / found[0]).write_text(found[1])
                yield group
                return
            why = f"{parent} has no CPU quotas"
        except OSError as error:
            why = str(error)
        finally:
            group.rmdir()
    pytest.skip(why)


@pytest.mark.skipif(shutil.which("taskset") is None, reason="taskset is not installed")
def test_a_mask_of_one_cpu_makes_two_threads_share_it_and_oversubscribed(tmp_path):
    cpu = str(USABLE[0])
    rows, _ = measured(tmp_path / "run", "--threads", "2", before=["taskset", "-c", cpu])
    assert only(rows, "cpus") == f"{cpu}+{cpu}"
    assert only(rows, "oversubscribed") == "1"
    assert only(rows, "memory").startswith(("node:", "unbound: "))


def test_a_quota_below_the_team_makes_it_oversubscribed(tmp_path):
    with half_a_cpu() as group:
        rows, _ = measured(
            tmp_path / "run", "--threads", "1",
            preexec_fn=lambda: (group / "cgroup.procs").write_text(str(os.getpid())))
    assert only(rows, "oversubscribed") == "1"


@needs_two_cpus
def test_listed_cpus_are_taken_in_their_order_and_in_turn(tmp_path):
    one, other = USABLE[0], USABLE[1]
    rows, _ = measured(tmp_path / "run", "--threads", "3", "--cpus", f"{other},{one}")
    assert only(rows, "cpus") == f"{other}+{one}+{other}"
    assert only(rows, "pinning") == f"cpus:{other}+{one}"
    assert only(rows, "oversubscribed") == "1"
    assert all(row["case_id"].split("@")[0].endswith(f"/pinning:cpus:{other}+{one}")
               for row in rows)


@needs_two_cpus
def test_a_list_of_one_cpu_makes_two_threads_oversubscribed(tmp_path):
    rows, _ = measured(tmp_path / "run", "--threads", "2", "--cpus", str(USABLE[0]))
    assert only(rows, "oversubscribed") == "1"
    rows, _ = measured(tmp_path / "other", "--threads", "2")
    assert only(rows, "oversubscribed") == "0"


def test_a_listed_cpu_that_may_not_be_used_ends_the_run_before_it_begins(tmp_path):
    result = bench(*SMALL, "--cpus", f"{USABLE[0]},65535", "--out", tmp_path / "run")
    assert result.returncode == 2
    assert "CPU 65535" in result.stderr and f"allowed: {USABLE[0]}" in result.stderr
    assert not (tmp_path / "run").exists()


def test_a_run_on_listed_cpus_can_be_resumed(tmp_path):
    rows, _ = measured(tmp_path / "run", "--cpus", str(USABLE[0]))
    again = bench("--resume", tmp_path / "run", "--quiet", "--no-charts")
    assert again.returncode in MEASURED, again.stderr
    with (tmp_path / "run" / "trials.csv").open(newline="") as file:
        assert list(csv.DictReader(file)) == rows


def test_threads_that_are_not_pinned_have_no_cpus_and_the_default_policy(tmp_path):
    rows, _ = measured(tmp_path / "run", "--threads", "2", "--pinning", "none")
    assert only(rows, "cpus") == ""
    assert only(rows, "memory") == "default"


@needs_two_cpus
@pytest.mark.parametrize(("machine", "pinning", "differs"), [
    ("numa:2 core:1 pu:1", "per-node", True), ("numa:1 core:1 pu:2", "smt-pairs", True),
    ("numa:1 core:2 pu:1", "per-node", False), ("numa:1 core:2 pu:1", "smt-pairs", False),
])
def test_a_placement_that_is_no_other_than_compact_is_said_to_be_so_once(machine, pinning, differs,
                                                                         tmp_path):
    if USABLE[:2] != [0, 1]:
        pytest.skip("the invented machines have CPUs 0 and 1")
    for number, options in enumerate(([], ["--dry-run"])):
        result = bench(*SMALL, "--threads", "1,2", "--pinning", pinning, *options, "--out",
                       tmp_path / str(number), before=["taskset", "-c", "0,1"],
                       environment={"LOCKBENCH_TOPOLOGY": machine})
        assert result.returncode in MEASURED, result.stderr
        said = f"--pinning {pinning} is the same as compact here"
        assert result.stderr.count(said) == (0 if differs else 1), result.stderr


@needs_two_cpus
def test_memory_that_cannot_be_bound_costs_no_window_and_is_recorded_with_its_reason(tmp_path):
    if USABLE[:2] != [0, 1]:
        pytest.skip("the invented machine has CPUs 0 and 1")
    rows, _ = measured(tmp_path / "run", "--threads", "2", "--pinning", "per_node",
                       before=["taskset", "-c", "0,1"],
                       environment={"LOCKBENCH_TOPOLOGY": "numa:2 core:1 pu:1"})
    assert only(rows, "pinning") == "per-node"
    assert only(rows, "cpus") == "0+1"
    assert only(rows, "memory") == "unbound: hwloc describes another machine"
    assert all(row["duration_s"] for row in rows)
    assert not any("memory" in row["invalid_reason"] for row in rows)
