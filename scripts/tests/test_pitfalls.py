"""Each pitfall as a user runs it: the real program, its processes, and the figures it shows."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from processes import children_of, is_running, wait_until
from real_bench import BENCH, ROOT, needs_bench

pytestmark = needs_bench

NAMES = ["race", "forgotten-unlock", "lock-order", "io-under-lock", "check-then-act",
         "self-deadlock", "lost-wakeup", "writer-starvation", "priority-inversion",
         "false-sharing"]
ONE_CPU = len(os.sched_getaffinity(0)) < 2


def bench(*arguments):
    return subprocess.run([BENCH, *arguments], capture_output=True, text=True, timeout=300,
                          check=False)


def shown(name: str) -> dict:
    """Returns the output of the pitfall, after the checks that hold for each of them."""
    result = bench("pitfall", name, "--format", "json")
    report = json.loads(result.stdout)
    assert result.returncode == 0, (result.stderr, report["lines"])
    assert report["pitfall"] == name
    assert report["shown"] is True
    assert report["dose"] in (1, 4, 16, 64)
    assert set(report["wrong"]) | set(report["right"]) == set(report["units"])
    assert len(report["lines"]) <= 25
    assert all(len(line) <= 80 for line in report["lines"])
    text = " ".join(report["lines"])
    assert "Rule: " + report["rule"] in text
    return report


def start_long_one() -> tuple[subprocess.Popen, int]:
    """The parent, and its child at work."""
    parent = subprocess.Popen([BENCH, "pitfall", "io-under-lock"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
    wait_until(lambda: children_of(parent.pid) != [])
    return parent, children_of(parent.pid)[0]


def test_unsynchronised_threads_break_a_counter_and_a_queue_and_locked_ones_do_not():
    report = shown("race")
    for threads in (2, 4, 8):
        for what in ("counter_broken", "handed_out_twice"):
            key = f"{what}_{threads}_threads"
            assert report["wrong"][key] >= 1
            assert report["right"][key] == 0
            assert report["units"][key] == "of 10 runs"


def test_a_lock_that_an_exception_left_locked_is_never_had_again():
    report = shown("forgotten-unlock")
    assert report["wrong"]["timed_out"] == 20 * report["dose"]
    assert report["right"]["timed_out"] == 0
    assert report["wrong"]["longest_wait_ms"] >= 10


def test_opposite_lock_orders_deadlock_the_cycle_is_printed_and_three_cures_hold():
    report = shown("lock-order")
    assert report["wrong"]["deadlocks"] >= 1
    assert report["wrong"]["stuck_ms"] >= 20
    for cure in ("deadlocks", "deadlocks_scoped_lock", "deadlocks_timeout"):
        assert report["right"][cure] == 0
    assert ("thread 1 holds A and waits for B, thread 2 holds B and waits for A"
            in " ".join(report["lines"]))


def test_throughput_with_io_under_the_lock_is_one_over_its_time():
    report = shown("io-under-lock")
    for io_us in (1000, 5000):
        key = f"throughput_io_{io_us}_us"
        assert report["wrong"][key] <= 1e6 / io_us
        assert report["right"][key] >= 2 * report["wrong"][key]
    # At worst, all eight wait side by side.
    assert report["right"]["throughput_io_5000_us"] <= 8 * 1e6 / 5000


def test_a_check_under_one_lock_does_not_hold_under_the_next():
    report = shown("check-then-act")
    for threads in (2, 4, 8):
        key = f"started_twice_{threads}_threads"
        assert report["wrong"][key] >= 1
        assert report["right"][key] == 0


def test_a_thread_waits_for_itself_unless_the_lock_is_recursive():
    report = shown("self-deadlock")
    assert report["wrong"]["hung"] == report["wrong"]["reported"] == 10 * report["dose"]
    assert report["right"]["hung"] == 0
    assert report["wrong"]["hung_ms"] >= 49
    right = report["right"]
    assert right["nested_cost"] == pytest.approx(right["nested_ns"] / right["split_ns"])
    assert right["nested_ns"] > right["recursive_ns"]


def test_a_notification_before_the_sleep_is_lost_unless_the_condition_is_looked_at_locked():
    report = shown("lost-wakeup")
    assert report["wrong"]["slept_though_true"] >= 1
    assert report["wrong"]["lost_wait_ms"] >= 2
    assert report["right"]["slept_though_true"] == 0


def test_readers_keep_a_writer_out_unless_the_lock_prefers_it():
    report = shown("writer-starvation")
    assert report["right"]["writes_per_s"] >= 5 * report["wrong"]["writes_per_s"]
    assert report["wrong"]["longest_write_ms"] > report["right"]["longest_write_ms"]
    assert report["right"]["reads_per_s"] > 0


def test_an_urgent_thread_waits_for_the_middle_one_unless_it_is_cured():
    report = shown("priority-inversion")
    assert report["wrong"]["high_wait_ms"] >= 3 * report["right"]["high_wait_ms"]
    text = " ".join(report["lines"])
    assert ("SCHED_FIFO" in text) == (report["right"]["real_time"] == 1)
    assert ("SCHED_IDLE" in text) == (report["right"]["real_time"] == 0)


@pytest.mark.skipif(ONE_CPU, reason="needs two CPUs")
def test_counters_in_one_cache_line_slow_each_other_down():
    report = shown("false-sharing")
    assert report["wrong"]["increment_ns"] >= 1.3 * report["right"]["increment_ns"]
    assert report["wrong"]["slowdown"] == pytest.approx(
        report["wrong"]["increment_ns"] / report["right"]["increment_ns"])


def test_a_demonstration_that_shows_nothing_says_so():
    one_cpu = str(min(os.sched_getaffinity(0)))
    result = subprocess.run(["taskset", "-c", one_cpu, BENCH, "pitfall", "false-sharing"],
                            capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 5
    assert "There is one CPU here" in result.stdout
    assert "NOT SHOWN" in result.stdout


def test_the_list_the_names_and_the_page_agree():
    listed = json.loads(bench("pitfall", "--list", "--format", "json").stdout)
    assert [pitfall["name"] for pitfall in listed] == NAMES
    table = bench("pitfall", "--list").stdout
    assert [line.split()[0] for line in table.splitlines()[2:]] == NAMES
    sections = [line[3:] for line in (ROOT / "docs/pitfalls.md").read_text().splitlines()
                if line.startswith("## ")]
    assert sections == ["How they are run", *NAMES]


def test_an_unknown_name_is_refused_with_the_nearest():
    result = bench("pitfall", "false-sharin")
    assert result.returncode == 2
    assert "did you mean 'false-sharing'?" in result.stderr
    assert bench("pitfall").returncode == 2


def test_text_and_json_say_the_same():
    text = bench("pitfall", "forgotten-unlock").stdout.splitlines()
    report = shown("forgotten-unlock")
    # Measured values, and the time they took, may differ.
    assert len(text) == len(report["lines"])
    assert text[0] == report["lines"][0]


def test_a_killed_parent_leaves_no_child():
    parent, child = start_long_one()
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_running(child), seconds=5)


def processes_with(variable: str) -> list[int]:
    """Returns the processes that have it in their environment, which a child inherits."""
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            if variable.encode() in (directory / "environ").read_bytes().split(b"\0"):
                found.append(int(directory.name))
        except OSError:
            continue
    return [pid for pid in found if is_running(pid)]


def test_a_parent_that_is_killed_at_any_moment_leaves_no_child(tmp_path):
    mark = f"MARK={tmp_path}"
    environment = {**os.environ, "MARK": str(tmp_path)}
    for delay_ms in (0, 1, 2, 3, 5, 8, 13, 21):
        parent = subprocess.Popen([BENCH, "pitfall", "io-under-lock"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, env=environment)
        time.sleep(delay_ms / 1000)
        parent.kill()
        parent.wait()
        # The check comes at once: a demonstration that went on would end by itself and seem to have died.
        wait_until(lambda: processes_with(mark) == [], seconds=0.8)


def test_a_killed_child_is_reported_and_leaves_nothing_behind():
    parent, child = start_long_one()
    os.kill(child, signal.SIGKILL)
    _, errors = parent.communicate(timeout=20)
    assert parent.returncode == 1
    assert "killed by signal 9" in errors
    assert not is_running(child)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demonstration_ends_with_its_child(how):
    parent, child = start_long_one()
    parent.send_signal(how)
    parent.communicate(timeout=20)
    assert parent.returncode == 130
    assert not is_running(child)
