"""Makes control groups for tests, in whichever version the machine has; skips where it may not."""

import contextlib
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_numbers = itertools.count()


def _hierarchies(controller: str) -> list[Path]:
    """Directories of this process's own groups in which one with this controller might be made."""
    groups = dict(line.split(":", 2)[1:] for line in Path("/proc/self/cgroup").read_text().splitlines())
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        words = line.split()
        kind, options = words[words.index("-") + 1], words[-1].split(",")
        if kind == "cgroup" and controller in options and controller in groups:
            found.append(Path(words[4] + groups[controller].removeprefix(words[3].rstrip("/"))))
        elif kind == "cgroup2" and "" in groups:
            found.append(Path(words[4] + groups[""].removeprefix(words[3].rstrip("/"))))
    return found


@contextlib.contextmanager
def control_group(controller: str, settings: dict[str, str]) -> Iterator[Path]:
    """A new group, on entry with the first of the settings that its version has: v1 and v2 call them by
    other names. Skips the test where none can be made."""
    for parent in _hierarchies(controller):
        group = parent / f"lockbench-test-{os.getpid()}-{next(_numbers)}"
        with contextlib.suppress(OSError):
            group.mkdir()
            try:
                name = next(name for name in settings if (group / name).exists())
                (group / name).write_text(settings[name])
            except (OSError, StopIteration):
                group.rmdir()
                continue
            break
    else:
        pytest.skip(f"no control group of {controller} can be made here")
    try:
        yield group
    finally:
        remove(group)


def remove(group: Path) -> None:
    """Removes a group once its processes have gone."""
    for _ in range(200):
        try:
            group.rmdir()
            return
        except OSError:
            time.sleep(0.05)


def join(group: Path, pid: int) -> None:
    (group / "cgroup.procs").write_text(str(pid))
