"""Writes linker scripts that place the functions of an archive in shuffled order.

    shuffle_functions.py OBJDUMP ARCHIVE SCRIPT…

Each SCRIPT is for the linker's -T, beside its own script. The archive is compiled with
-ffunction-sections, so that a function is a section. Its order in the script, and a gap of 0, 16, 32 or
48 bytes before it, are drawn from a generator that is seeded with the script's place on the command
line: functions start at another 16th byte of a cache line and of a page in each layout. Code that is
rarely run (.text.unlikely) stays apart from the rest, where the linker puts it.
"""

import random
import re
import subprocess
import sys
from pathlib import Path

APART = re.compile(r"\.text\.(unlikely|exit|startup|hot|sorted|unknown)\b")
ALIGNMENT = 16
LARGEST_GAP = 3  # of so many alignments


def functions_of(objdump: str, archive: str) -> list[str]:
    """Names of the sections that hold a function each, sorted."""
    headers = subprocess.run([objdump, "-h", "-w", archive], check=True, capture_output=True,
                             text=True).stdout
    found = set(re.findall(r"^ *\d+ (\.text\.\S+)", headers, re.MULTILINE))
    return sorted(name for name in found if not APART.match(name))


def script_of(functions: list[str], seed: int) -> str:
    """An output section of all functions, before that of what the archive does not contain."""
    rng = random.Random(seed)
    order = rng.sample(functions, len(functions))
    lines = [f"    . += {rng.randint(0, LARGEST_GAP) * ALIGNMENT}; *({name})" for name in order]
    return "\n".join(["SECTIONS", "{", "  .text.shuffled :", "  {", *lines, "  }", "}",
                      "INSERT BEFORE .text;", ""])


def main() -> None:
    objdump, archive, *scripts = sys.argv[1:]
    functions = functions_of(objdump, archive)
    if not functions:
        sys.exit(f"{archive} has no section for each function: compile with -ffunction-sections")
    for layout, path in enumerate(scripts, start=1):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(script_of(functions, layout), encoding="ascii")


if __name__ == "__main__":
    main()
