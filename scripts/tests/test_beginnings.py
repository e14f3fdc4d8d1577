"""How a run begins: which directory it gets, what a file system may lack, and what a failure leaves."""

import json
import os
import resource
import subprocess
from pathlib import Path

import pytest

from real_bench import BENCH, needs_bench
from test_runs import rows_of

pytestmark = needs_bench

SHORT_RUN = ["--strategy", "mutex", "--threads", "1", "--processes", "1", "--windows", "1", "--window",
             "1ms", "--warm-up", "0s", "--no-charts"]
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
