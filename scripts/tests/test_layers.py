"""Includes between folders run one way, and the check notices any that do not."""

import subprocess
from pathlib import Path

import pytest
from real_bench import ROOT


def check_layers(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([ROOT / "scripts" / "check_layers", *arguments], capture_output=True,
                          text=True, timeout=60)


@pytest.fixture
def tree(tmp_path) -> Path:
    """A small tree that obeys the order."""
    for path, *included in (
            ("strategies/mutex.hpp", "strategies/task_queue.hpp", "strategies/locks/ticket.hpp"),
            ("strategies/locks/ticket.hpp", "strategies/task_queue.hpp"),
            ("harness/base/text/table.cpp", "harness/base/text/table.hpp", "harness/base/errors.hpp"),
            ("harness/engine/team.hpp", "harness/machine/facts/cpus.hpp", "strategies/mutex.hpp"),
            ("harness/machine/facts/cpus.hpp", "harness/machine/probes/clock.hpp"),
            ("harness/machine/probes/clock.hpp", "harness/machine/facts/cpus.hpp"),
            ("harness/verify/checks/fifo.hpp", "harness/verify/search/order.hpp"),
            ("harness/verbs/run.cpp", "harness/engine/team.hpp", "harness/cli/options.hpp"),
            ("harness/tests/base/errors_test.cpp", "harness/verbs/run.hpp"),
            ("strategies/benchmarks/lock_benchmark.cpp", "harness/engine/team.hpp"),
            ("harness/main.cpp", "harness/verbs/run.hpp")):
        plant(tmp_path, path, *included)
    return tmp_path


def plant(tree: Path, path: str, *included: str) -> None:
    """Appends a line to the file, and then an include of each file in `included`."""
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    with (tree / path).open("a") as file:
        file.write("#include <vector>\n" + "".join(f'#include "{name}"\n' for name in included))


def test_an_orderly_tree_passes(tree):
    answer = check_layers("--root", tree)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "0 of 13 includes break the order; circles between folders: 0\n"


def test_the_includes_of_this_tree_obey_the_order():
    answer = check_layers()
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("path, included, rule", [
    ("harness/machine/facts/kernel.cpp", "harness/plan/plan.hpp", "machine → plan runs upwards"),
    ("strategies/locks/spin.hpp", "harness/base/random.hpp", "strategies → base runs upwards"),
    ("harness/base/errors.cpp", "harness/base/text/width.hpp", "base → base/text runs upwards"),
    ("harness/verbs/list.cpp", "harness/main.cpp", "verbs → main.cpp runs upwards"),
    ("harness/verify/rounds/round.hpp", "harness/pitfalls/pitfall.hpp",
     "verify → pitfalls joins neighbours of which neither may include the other"),
    ("harness/pitfalls/pitfall.cpp", "harness/verify/decide.hpp",
     "pitfalls → verify joins neighbours"),
    ("harness/plan/plan.cpp", "harness/tests/plan/example.hpp", "plan → tests/plan includes what only"),
    ("harness/cli/options.cpp", "harness/charts/chart.hpp",
     "cli → charts has no place in the order; name harness/charts in LAYERS"),
    ("harness/charts/chart.cpp", "harness/base/errors.hpp",
     "charts → base has no place in the order; name harness/charts in LAYERS"),
])
def test_a_planted_include_is_named_with_its_rule(tree, path, included, rule):
    plant(tree, path, included)
    answer = check_layers("--root", tree)
    assert answer.returncode == 1
    planted, count = answer.stdout.splitlines()
    assert planted.startswith(f"{path}:2: {included} is included: {rule}")
    assert count.startswith("1 of 14 includes break the order")


def test_a_circle_is_found_even_where_it_closes_through_a_third_folder(tree):
    plant(tree, "harness/machine/probes/drift.cpp", "harness/workloads/mixed.hpp")
    plant(tree, "harness/workloads/mixed.hpp", "harness/engine/team.hpp")
    answer = check_layers("--root", tree)
    assert answer.returncode == 1
    assert "machine → workloads runs upwards, and closes a circle" in answer.stdout
    assert answer.stdout.endswith("1 of 15 includes break the order; circles between folders: 1\n")


def test_the_drawing_shows_each_folder_with_those_below_it(tree):
    answer = check_layers("--root", tree, "--draw")
    assert answer.returncode == 0
    assert [line.split(None, 2) for line in answer.stdout.splitlines()] == [
        ["main.cpp", "→", "verbs"], ["verbs", "→", "cli, engine"], ["cli", "→", "nothing"],
        ["verify", "→", "nothing"], ["engine", "→", "machine, strategies"],
        ["machine", "→", "nothing"], ["base/text", "→", "base"], ["base", "→", "nothing"],
        ["strategies", "→", "nothing"]]


def test_an_empty_tree_is_not_taken_for_an_orderly_one(tmp_path):
    answer = check_layers("--root", tmp_path)
    assert answer.returncode == 1
    assert str(tmp_path) in answer.stderr
