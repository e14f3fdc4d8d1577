"""Where threads and memory are put: the real program under a mask, under a quota and on invented
machines."""

import csv
import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from real_bench import BENCH, MEASURED, needs_bench

pytestmark = needs_bench

#: A machine with a large core on CPU 0 and a small one on CPU 1, as hwloc writes it.
HYBRID = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE topology SYSTEM "hwloc2.dtd">
<topology version="2.0">
  <object type="Machine" os_index="0" {both} allowed_cpuset="0x3" {node}
          allowed_nodeset="0x1" gp_index="1">
    <object type="NUMANode" os_index="0" {both} {node} gp_index="2" local_memory="1073741824"/>
    <object type="Core" os_index="0" {first} {node} gp_index="3">
      <object type="PU" os_index="0" {first} {node} gp_index="4"/>
    </object>
    <object type="Core" os_index="1" {second} {node} gp_index="5">
      <object type="PU" os_index="1" {second} {node} gp_index="6"/>
    </object>
  </object>
  <cpukind cpuset="0x1"><info name="CoreType" value="IntelCore"/></cpukind>
  <cpukind cpuset="0x2"><info name="CoreType" value="IntelAtom"/></cpukind>
</topology>
""".format(node='nodeset="0x1" complete_nodeset="0x1"',
           **{name: f'cpuset="{cpus}" complete_cpuset="{cpus}"'
              for name, cpus in (("both", "0x3"), ("first", "0x1"), ("second", "0x2"))})
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
def test_a_team_on_cores_of_two_kinds_says_so_and_the_kinds_are_recorded(tmp_path):
    if USABLE[:2] != [0, 1]:
        pytest.skip("the invented machine has CPUs 0 and 1")
    (tmp_path / "hybrid.xml").write_text(HYBRID)
    hybrid = {"before": ["taskset", "-c", "0,1"],
              "environment": {"LOCKBENCH_TOPOLOGY": str(tmp_path / "hybrid.xml")}}
    for number, (options, mixed) in enumerate([(["--threads", "2"], True),
                                               (["--threads", "2", "--cpus", "1"], False),
                                               (["--threads", "1", "--pinning", "none"], True)]):
        rows, _ = measured(tmp_path / str(number), *options, **hybrid)
        assert rows
        assert all(("mixed_cpu_kinds" in row["flags"].split(";")) == mixed for row in rows), options
    topology = json.loads((tmp_path / "0" / "context.json").read_text())["machine"]["topology"]
    assert {kind["cpus"]: kind["traits"] for kind in topology["cpu_kinds"]} == {
        "0": {"CoreType": "IntelCore"}, "1": {"CoreType": "IntelAtom"}}
    assert topology["cpus"][0]["kind"] != topology["cpus"][1]["kind"]
    doctor = bench("doctor", "--format", "json", **hybrid)
    (kinds,) = [finding for finding in json.loads(doctor.stdout)["findings"]
                if finding["name"] == "cpu kinds"]
    assert kinds["severity"] == "warning" and kinds["found"].startswith("2 kinds: ")


def test_a_description_of_a_machine_that_cannot_be_read_is_not_taken_for_this_machine(tmp_path):
    measured(tmp_path / "run", environment={"LOCKBENCH_TOPOLOGY": str(tmp_path / "missing.xml")})
    topology = json.loads((tmp_path / "run" / "context.json").read_text())["machine"]["topology"]
    assert topology["reason"] == "hwloc could not read the topology"


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
