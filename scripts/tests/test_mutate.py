"""The mistakes that scripts/mutate makes can be made, and its table adds them up."""

import importlib.machinery
import importlib.util
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "mutate"


def load():
    """The script as a module; it has no suffix."""
    loader = importlib.machinery.SourceFileLoader("mutate", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("mutate", loader))
    loader.exec_module(module)
    return module


mutate = load()


def mutation(name="m", **given):
    """A mistake in a header that is there."""
    entry = {"file": "strategies/storage/task_heap.hpp", "old": "arity = 4", "new": "arity = 3",
             "strategy": "mutex", "wrong": "a promise"} | given
    return mutate.Mutation(name=name, **entry)


def test_each_mistake_can_be_made_in_the_sources_as_they_are():
    done = subprocess.run([SCRIPT, "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_edit_that_fits_nowhere_or_twice_is_refused():
    with pytest.raises(ValueError, match="0 times"):
        mutation(old="no such text").text()
    with pytest.raises(ValueError, match="times, not once"):
        mutation(old="return").text()


def test_an_unknown_name_is_refused():
    done = subprocess.run([SCRIPT, "no_such_mistake"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "unknown mistake: no_such_mistake" in done.stderr


def test_a_result_is_stale_once_the_mistake_or_its_header_changes():
    assert mutation().digest() == mutation().digest()
    assert mutation().digest() != mutation(new="arity = 5").digest()


def test_table_adds_up_mistakes_that_break_a_promise():
    mutations = [mutation("a"), mutation("b"), mutation("c", wrong="", equivalent="slower only"),
                 mutation("untried")]
    results = {"a": {"by": "verify", "seconds": 2.2, "what": "order"},
               "b": {"by": "nothing", "what": ""}, "c": {"by": "nothing", "what": ""}}
    lines = mutate.table(mutations, results).splitlines()
    assert "| `mutex` | `a` | a promise | verify, 2 s |" in lines
    assert "| `mutex` | `c` | nothing: slower only | nothing |" in lines
    assert lines[-1] == ("3 mistakes, 2 of them break a promise: 1 (50%) were noticed, 1 (50%) by "
                         "`bench verify` alone.")
