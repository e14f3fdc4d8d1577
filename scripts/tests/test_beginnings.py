"""How a run begins: which directory it gets, what a file system may lack, and what a failure leaves."""

import json
import os
import re
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from real_bench import BENCH, MEASURED, needs_bench
from test_runs import rows_of

pytestmark = needs_bench

ONE_WINDOW = ["--strategy", "mutex", "--processes", "1", "--windows", "1", "--window", "20ms",
              "--warm-up", "0s", "--no-charts"]
SHORT_RUN = ["--threads", "1", *ONE_WINDOW]
NO_LOCKS = "#include <errno.h>\nint flock(int file, int how) { errno = %s; return -1; }\n"
#: Every run begins in the same second.
ONE_SECOND = "#include <time.h>\ntime_t time(time_t *to) { if (to) *to = 1900000000; return 1900000000; }\n"


def preloaded(directory: Path, source: str) -> dict[str, str]:
    """Compiles a library that takes the place of a function of libc; returns the environment for it."""
    (directory / "shim.c").write_text(source)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", directory / "shim.so", directory / "shim.c"],
                   check=True)
    return {**os.environ, "LD_PRELOAD": str(directory / "shim.so")}


def run(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run([BENCH, *arguments], capture_output=True, timeout=120,
                          **{"text": True, **options})


def context_of(directory) -> dict:
    with open(os.path.join(os.fsencode(directory), b"context.json"), encoding="utf-8") as file:
        return json.load(file)


@pytest.mark.parametrize("error", ["ENOSYS", "ENOLCK", "EOPNOTSUPP"])
def test_a_file_system_without_locks_is_told_once_and_used(tmp_path, error):
    out = tmp_path / "run"
    result = run(*SHORT_RUN, "--out", out, env=preloaded(tmp_path, NO_LOCKS % error))
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("has no locks") == 1 and "another run" not in result.stderr
    assert rows_of(out)


def test_a_lock_that_another_run_holds_is_no_missing_lock(tmp_path):
    out = tmp_path / "run"
    assert run(*SHORT_RUN, "--out", out).returncode == 0
    result = run("--resume", out, env=preloaded(tmp_path, NO_LOCKS % "EWOULDBLOCK"))
    assert result.returncode == 1
    assert "is being written by another run" in result.stderr


def test_runs_begun_in_one_second_get_directories_and_ids_of_their_own(tmp_path):
    environment = preloaded(tmp_path, ONE_SECOND)
    for _ in range(3):
        result = run(*SHORT_RUN, cwd=tmp_path, env=environment)
        assert result.returncode == 0, result.stderr
    names = sorted(path.name for path in (tmp_path / "results").iterdir())
    assert names == [names[0], f"{names[0]}-2", f"{names[0]}-3"]
    for name in names:
        assert context_of(tmp_path / "results" / name)["run_id"] == name
        assert {row["run_id"] for row in rows_of(tmp_path / "results" / name)} == {name}


def test_paths_and_variables_that_are_not_utf_8_are_recorded_as_valid_json(tmp_path):
    out = os.fsencode(tmp_path) + b"/caf\xe9"
    result = run(*SHORT_RUN, "--out", out, text=False, env={**os.environb, b"name\xff": b"1"})
    assert result.returncode == 0, result.stderr
    context = context_of(out)
    assert context["argv"][-1] == f"$'{tmp_path}/caf\\xe9'"
    assert "name\ufffd" in context["dropped_variables"]
    assert run("report", out, text=False).returncode == 0


@pytest.mark.parametrize("limit", [100, 9_000])  # bytes of a file: less than a header, and a context
def test_a_run_that_cannot_begin_leaves_nothing_behind(tmp_path, limit):
    (tmp_path / "here").mkdir()
    result = run(*SHORT_RUN, "--out", tmp_path / "here" / "new" / "run",
                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert result.returncode == 1
    assert "File too large" in result.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "here"] and not any((tmp_path / "here").iterdir())


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("delay", [0.1, 0.4, 0.8])
def test_a_run_that_is_ended_while_it_probes_leaves_a_whole_context_or_nothing(tmp_path, sent, delay):
    (tmp_path / "here").mkdir()
    started = subprocess.Popen([BENCH, *SHORT_RUN, "--out", tmp_path / "here" / "new" / "run"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(delay)
    started.send_signal(sent)
    started.communicate(timeout=60)
    if (tmp_path / "here" / "new").exists():  # this machine was quicker: then the run can go on
        assert run("--resume", tmp_path / "here" / "new" / "run", "--no-charts").returncode in (0, 5)


def test_no_file_and_no_directory_has_the_host_name(tmp_path):
    result = run(*SHORT_RUN, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    directory, = (tmp_path / "results").iterdir()
    named = re.compile(rf"\b{re.escape(os.uname().nodename)}\b")
    texts = [path.name + path.read_text(encoding="utf-8") for path in directory.iterdir()]
    assert not [text for text in (directory.name, *texts) if named.search(text)]
    context = context_of(directory)
    assert context["machine_id"].startswith(context["machine_kind"] + "-")
    for row in rows_of(directory):
        assert (row["machine_kind"], row["machine"]) == (context["machine_kind"],
                                                         context["machine_id"])


def resumed(out: Path, change) -> subprocess.CompletedProcess:
    """Resumes a run that was begun with another context."""
    assert run(*SHORT_RUN, "--out", out).returncode == 0
    context = context_of(out)
    change(context)
    (out / "context.json").write_text(json.dumps(context))
    return run("--resume", out, "--no-charts")


def test_a_run_goes_on_on_another_machine_of_its_kind_and_says_so(tmp_path):
    def elsewhere(context: dict) -> None:
        context["machine_id"] = context["machine_kind"] + "-0123456789ab"
    result = resumed(tmp_path / "run", elsewhere)
    assert result.returncode == 0, result.stderr
    assert "0123456789ab" in result.stderr and "of the same kind" in result.stderr
    context = context_of(tmp_path / "run")
    assert len(context["resumed_on"]) == 1 and context["resumed_on"][0] != context["machine_id"]


def test_a_run_of_another_kind_of_machine_is_refused_with_what_differs(tmp_path):
    def on_another_kernel(context: dict) -> None:
        context["machine"]["identity"]["kernel"] = "linux-2.6.0"
    result = resumed(tmp_path / "run", on_another_kernel)
    assert result.returncode == 2
    assert "kernel linux-2.6.0 then, linux-" in result.stderr and "topology" not in result.stderr


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two CPUs")
def test_listed_cpus_need_not_be_in_the_affinity_that_was_inherited(tmp_path):
    first, second = sorted(os.sched_getaffinity(0))[:2]
    result = run("--threads", "2", *ONE_WINDOW, "--cpus", f"{second},{first}", "--out", tmp_path / "run",
                 preexec_fn=lambda: os.sched_setaffinity(0, {first}))
    assert result.returncode in MEASURED, result.stderr
    assert {row["cpus"] for row in rows_of(tmp_path / "run")} == {f"{second}+{first}"}
    assert {row["oversubscribed"] for row in rows_of(tmp_path / "run")} == {"0"}
