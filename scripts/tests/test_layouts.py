"""The layouts of the measuring code, in the real program."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from real_bench import BENCH, MEASURED, needs_bench

LAYOUTS = len(list(BENCH.parent.glob("layouts/layout-*[0-9]")))
pytestmark = [needs_bench, pytest.mark.skipif(LAYOUTS < 2, reason="this build made no layouts")]

FOUR_PROCESSES = ["--strategy", "rwlock", "--threads", "1,2", "--processes", "4", "--windows", "1",
                  "--window", "2ms", "--warm-up", "0s", "--sample", "0", "--seed", "7", "--quiet",
                  "--no-charts"]


def layouts_of(out: Path, *arguments: str, program: Path = BENCH) -> dict[tuple[str, str], str]:
    """The layout of each process, by block and number."""
    result = subprocess.run([program, *FOUR_PROCESSES, *arguments, "--out", out], timeout=120,
                            capture_output=True, text=True)
    assert result.returncode in MEASURED, result.stderr
    with (out / "trials.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    layouts = {(row["block_id"], row["process"]): row["layout"] for row in rows}
    assert all(row["layout"] == layouts[row["block_id"], row["process"]] for row in rows)
    return layouts


def test_each_process_of_a_block_draws_another_layout_and_a_seed_repeats_the_draws(tmp_path):
    layouts = layouts_of(tmp_path / "one")
    assert len(layouts) == 8
    for block in {block for block, _ in layouts}:
        drawn = [layout for (of, _), layout in layouts.items() if of == block]
        assert len(set(drawn)) == 4
        assert all(1 <= int(layout) <= LAYOUTS for layout in drawn)
    assert layouts_of(tmp_path / "two") == layouts


def test_one_layout_serves_all_processes_when_asked_for(tmp_path):
    assert set(layouts_of(tmp_path / "out", "--layouts", "1").values()) == {"1"}


@pytest.mark.parametrize("verb", ["run", "doctor"])
def test_more_layouts_than_there_are_are_refused_before_anything_is_made(tmp_path, verb):
    result = subprocess.run([BENCH, verb, "--layouts", "1000"], cwd=tmp_path, timeout=60,
                            capture_output=True, text=True)
    assert result.returncode == 2
    assert f"--layouts 1000: this build has only {LAYOUTS}" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_program_without_its_layouts_measures_in_its_own(tmp_path):
    alone = Path(shutil.copy(BENCH, tmp_path / "bench"))
    assert set(layouts_of(tmp_path / "out", program=alone).values()) == {"0"}


def test_the_layouts_differ():
    programs = [path.read_bytes() for path in BENCH.parent.glob("layouts/layout-*[0-9]")]
    assert len(set(programs)) == LAYOUTS
