"""The launcher ./bench and scripts/test, run in a checkout of their own with invented tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

# Each tool writes down that it was called, then does the least that its callers rely on. Files
# beside the tools tell them what to do, so that a test reads as its story.
TOOLS = {
    "id": 'cat "$tools/uid"',
    "dpkg-query": """
        for package in "${@:4}"; do
          grep -qxF "$package" "$tools/not-installed" || echo "installed $package"
        done""",
    "apt-get": '[[ "$1" == update ]] || : >"$tools/not-installed"',
    "sudo": 'exec "$@"',
    "cmake": """
        while [[ "$1" != -S ]]; do shift; done
        root="$2" preset="$4"; shift 4
        mkdir -p "$root/build/$preset"
        : >"$root/build/$preset/build.ninja"
        { echo "CMAKE_HOME_DIRECTORY:INTERNAL=$root"
          for setting; do setting="${setting#-D}"; echo "${setting/=/:BOOL=}"; done
        } >"$root/build/$preset/CMakeCache.txt" """,
    "ninja": """
        if [[ -e "$tools/broken" ]]; then echo "error: broken.cpp"; exit 1; fi
        sleep 0.2
        mkdir -p "$2/harness"
        printf '#!/bin/bash\\nprintf "[%%s]" "$@"\\n' >"$2/harness/bench"
        chmod +x "$2/harness/bench" """,
    "ctest": """
        while [[ "$1" != --output-junit ]]; do shift; done
        cp "$tools/junit.xml" "$2"
        if [[ -e "$tools/broken" ]]; then echo "what went wrong"; exit 8; fi""",
}


class Checkout:
    def __init__(self, directory: Path) -> None:
        self.root = directory / "a checkout"
        self.tools = directory / "tools"
        self.root.mkdir()
        for name in ("bench", "scripts/lib", "scripts/test", "scripts/packages.txt"):
            source, target = REPOSITORY / name, self.root / name
            target.parent.mkdir(exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)
        for name in ("CMakeLists.txt", "CMakePresets.json", "cmake/x", "harness/x", "strategies/x"):
            (self.root / name).parent.mkdir(exist_ok=True)
            (self.root / name).touch()

        self.tools.mkdir()
        for name, body in TOOLS.items():
            tool = self.tools / name
            tool.write_text(
                f'#!/bin/bash\ntools="{self.tools}"\necho "{name} $*" >>"$tools/calls"\n{body}\n'
            )
            tool.chmod(0o755)
        self.tell("not-installed", "")
        self.tell("uid", "0\n")
        self.calls()

    def tell(self, name: str, text: str) -> None:
        (self.tools / name).write_text(text)

    def calls(self) -> list[str]:
        """The tools called since the last look, in order, with their arguments."""
        log = self.tools / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        log.write_text("")
        return [line for line in lines if not line.startswith("id ")]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PATH": f"{self.tools}:{os.environ['PATH']}"}

    def start(self, *arguments: str, program: str | Path = "bench", **options):
        return subprocess.run(
            [self.root / program, *arguments],
            env=self.environment(), capture_output=True, text=True, timeout=60, **options,
        )  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def junit(tests: int, failures: int = 0, skipped: int = 0) -> str:
    return f'<testsuite tests="{tests}" failures="{failures}" skipped="{skipped}"/>'


def test_a_first_start_builds_and_hands_all_arguments_over(checkout: Checkout) -> None:
    ended = checkout.start("--threads", "1, 2", "", "--no-install")
    assert ended.returncode == 0
    assert ended.stdout == "[--threads][1, 2][][--no-install]"
    assert "building" in ended.stderr


def test_a_second_start_asks_no_tool_and_says_nothing(checkout: Checkout) -> None:
    checkout.start()
    checkout.calls()
    ended = checkout.start("list")
    assert (ended.stdout, ended.stderr, checkout.calls()) == ("[list]", "", [])


def test_a_changed_source_is_built_again(checkout: Checkout) -> None:
    checkout.start()
    checkout.calls()
    (checkout.root / "harness" / "new.cpp").touch()
    assert checkout.start("list").stdout == "[list]"
    assert [call.split()[0] for call in checkout.calls()].count("ninja") == 1


def test_a_new_commit_is_built_in(checkout: Checkout) -> None:
    checkout.start()
    checkout.calls()
    reflog = checkout.root / ".git" / "logs" / "HEAD"
    reflog.parent.mkdir(parents=True)
    reflog.touch()
    checkout.start()
    assert any(call.startswith("ninja") for call in checkout.calls())


def test_a_moved_checkout_is_configured_afresh(checkout: Checkout) -> None:
    checkout.start()
    checkout.calls()
    checkout.root = checkout.root.rename(checkout.root.with_name("elsewhere"))
    assert checkout.start("list").stdout == "[list]"
    assert any(call.startswith("cmake --fresh") for call in checkout.calls())


def test_no_install_prints_the_command_and_stops(checkout: Checkout) -> None:
    checkout.tell("not-installed", "g++\ncmake\n")
    ended = checkout.start("--no-install", "list")
    assert ended.returncode == 1
    assert "missing Debian packages: cmake g++" in ended.stderr
    assert ended.stdout == (
        "apt-get update && apt-get install -y --no-install-recommends cmake g++\n"
    )
    assert not any(call.startswith("apt-get") for call in checkout.calls())


def test_root_installs_just_what_is_missing(checkout: Checkout) -> None:
    checkout.tell("not-installed", "g++\n")
    assert checkout.start("list").stdout == "[list]"
    calls = checkout.calls()
    assert not any(call.startswith("sudo") for call in calls)
    assert any(
        call.startswith("apt-get install -y --no-install-recommends g++") for call in calls
    )


def test_anyone_else_installs_through_sudo(checkout: Checkout) -> None:
    checkout.tell("uid", "1000\n")
    checkout.tell("not-installed", "g++\n")
    assert checkout.start("list").stdout == "[list]"
    assert sum(call.startswith("sudo") for call in checkout.calls()) == 2


def test_without_the_test_packages_the_tests_are_left_out(checkout: Checkout) -> None:
    checkout.tell("not-installed", "libgtest-dev\n")
    assert checkout.start("list").stdout == "[list]"
    assert any("-DLOCKBENCH_TESTS=OFF" in call for call in checkout.calls())


def test_a_failed_build_shows_its_log_and_is_tried_again(checkout: Checkout) -> None:
    checkout.tell("broken", "")
    ended = checkout.start("list")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "error: broken.cpp" in ended.stderr
    (checkout.tools / "broken").unlink()
    assert checkout.start("list").stdout == "[list]"


def test_two_starts_at_once_build_once(checkout: Checkout) -> None:
    starts = [
        subprocess.Popen([checkout.root / "bench"], env=checkout.environment()) for _ in range(3)
    ]
    assert [start.wait(timeout=60) for start in starts] == [0, 0, 0]
    assert sum(call.startswith("ninja") for call in checkout.calls()) == 1


def test_a_file_system_without_locks_is_said_and_built_on(checkout: Checkout) -> None:
    flock = checkout.tools / "flock"
    flock.write_text("#!/bin/bash\necho 'flock: 10: No locks available' >&2\nexit 71\n")
    flock.chmod(0o755)
    ended = checkout.start("list")
    assert (ended.returncode, ended.stdout) == (0, "[list]")
    assert "no locks in" in ended.stderr and "flock:" not in ended.stderr


def test_it_starts_through_a_link_from_elsewhere(checkout: Checkout, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(checkout.root / "bench")
    assert checkout.start("list", program=link, cwd="/").stdout == "[list]"


def test_it_starts_with_standard_input_closed(checkout: Checkout) -> None:
    ended = subprocess.run(
        ["bash", "-c", '"$0" list <&-', checkout.root / "bench"],
        env=checkout.environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (0, "[list]")


def test_the_launcher_leaves_alone_what_the_tests_configured(checkout: Checkout) -> None:
    checkout.tell("junit.xml", junit(tests=3))
    checkout.start("--preset", "debug", program="scripts/test")
    checkout.start()
    checkout.calls()
    checkout.start("-R", "one", program="scripts/test")
    (checkout.root / "harness" / "new.cpp").touch()
    checkout.start()
    assert not any(call.startswith("cmake") for call in checkout.calls())


@pytest.mark.parametrize(
    "arguments", [["--bad"], ["-R"], ["--preset"], ["--preset", "fast"], ["name"]]
)
def test_wrong_arguments_of_the_test_script_are_usage_errors(
    checkout: Checkout, arguments: list[str]
) -> None:
    ended = checkout.start(*arguments, program="scripts/test")
    assert ended.returncode == 2
    assert arguments[-1] in ended.stderr
    assert checkout.calls() == []


def test_the_last_line_counts_the_tests(checkout: Checkout) -> None:
    checkout.tell("junit.xml", junit(tests=7, skipped=2))
    ended = checkout.start("--preset", "tsan", program="scripts/test")
    assert ended.returncode == 0
    assert ended.stdout == "5 passed, 0 failed, 2 skipped\n"


def test_a_failed_test_is_shown_and_fails_the_run(checkout: Checkout) -> None:
    checkout.tell("junit.xml", junit(tests=7, failures=1))
    checkout.tell("broken", "")
    built = checkout.tools / "ninja"
    built.write_text("#!/bin/bash\n")
    ended = checkout.start("--preset", "debug", program="scripts/test")
    assert ended.returncode == 1
    assert "what went wrong" in ended.stderr
    assert ended.stdout == "6 passed, 1 failed\n"


def test_a_runner_that_fails_without_counting_a_failure_fails_the_run(checkout: Checkout) -> None:
    checkout.tell("junit.xml", junit(tests=7))
    checkout.tell("broken", "")
    (checkout.tools / "ninja").write_text("#!/bin/bash\n")
    ended = checkout.start("--preset", "debug", program="scripts/test")
    assert (ended.returncode, ended.stdout) == (1, "7 passed, 1 failed\n")


@pytest.mark.parametrize("counted", [junit(tests=0), junit(tests=2, skipped=2), "no XML"])
def test_a_run_in_which_no_test_ran_fails(checkout: Checkout, counted: str) -> None:
    checkout.tell("junit.xml", counted)
    ended = checkout.start("--preset", "debug", program="scripts/test")
    assert ended.returncode == 1
    assert ended.stdout.startswith("0 passed, 0 failed")
