"""The real program, for tests that need it: the one that LOCKBENCH_BENCH names, or the release
build's."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BENCH = Path(os.environ.get("LOCKBENCH_BENCH", ROOT / "build" / "release" / "harness" / "bench"))

needs_bench = pytest.mark.skipif(
    not os.access(BENCH, os.X_OK),
    reason=f"no program at {BENCH}: build the release preset, or name one in LOCKBENCH_BENCH")

#: Exit codes of a run that measured: 5 because a busy machine may leave no window valid, but each is
#: recorded.
MEASURED = {0, 5}
