"""`context.json`: what is known about the machine, the build and the run.

Nothing in it is taken for granted: a key may be missing, and a value that had to be probed may be
wrapped as `{"value": …, "reason": "…"}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lockbench.errors import ReportError, damaged

#: Sections that describe where and how the run was made, in the order a reader wants them.
SECTIONS = ("machine", "probes", "calibration", "build", "source", "libraries", "load_before",
            "load_after", "request", "retry", "closing")


@dataclass(frozen=True)
class Context:
    """Reads values of a run's context, and tolerates missing ones."""

    data: dict[str, Any] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """Returns the value at a dotted key (`machine.cpu_model`), unwrapped, or None."""
        value: Any = self.data
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value["value"] if isinstance(value, dict) and "value" in value else value

    def first(self, *keys: str) -> Any:
        """Returns the first plain value found at these keys, under any of which it may stand."""
        values = (self.get(key) for key in keys)
        return next((v for v in values if v is not None and not isinstance(v, (dict, list))), None)

    def text(self, *keys: str) -> str:
        """Returns the same value as `first`, as text; empty if there is none."""
        value = self.first(*keys)
        return "" if value is None else str(value)

    def number(self, key: str) -> float | None:
        value = self.get(key)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return float(value) if is_number else None

    @property
    def run_id(self) -> str:
        return self.text("run_id") or "unnamed run"

    @property
    def build_type(self) -> str:
        return self.text("build.build_type", "build.type") or "type unknown"

    @property
    def cpus(self) -> int | None:
        """The number of CPUs that the run was allowed to use, if recorded."""
        for key in ("usable_cpus", "machine.cpu.usable_cpus", "machine.cpu.available",
                    "machine.cpus_available", "machine.cpus_online"):
            number = self.number(key)
            if number is not None and number >= 1:
                return int(number)
        return None

    def entries(self) -> Iterator[tuple[str, Any, str]]:
        """Yields (dotted key, value or None, reason) of everything in `SECTIONS`, lists
        included."""
        for section in SECTIONS:
            yield from _leaves(section, self.data.get(section))

    def not_probed(self) -> list[tuple[str, str]]:
        """Returns (key, reason) of everything that the machine could not tell.

        Figures of the request or the closing that are missing, because they were not asked for or
        need more processes than the run had, are not the machine's fault and are left out.
        """
        return [(key, reason or "no reason recorded") for key, value, reason in self.entries()
                if value is None and not key.startswith(("request.", "closing."))]


def _leaves(key: str, value: Any) -> Iterator[tuple[str, Any, str]]:
    if not isinstance(value, dict):
        if value is not None or "." in key:
            yield key, value, ""
    elif "value" in value:
        yield key, value["value"], str(value.get("reason") or "")
    elif set(value) == {"reason"}:
        yield key, None, str(value["reason"])
    else:
        for name, inner in value.items():
            yield from _leaves(f"{key}.{name}", inner)


def read_context(path: Path) -> Context:
    """Reads `path`. Raises `ReportError` if it holds no JSON object."""
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise damaged(path, f"is not JSON: {error.msg} (character {error.colno} of the line)",
                      line=error.lineno) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise damaged(path, f"is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise damaged(path, "a JSON object is expected")
    return Context(data)
