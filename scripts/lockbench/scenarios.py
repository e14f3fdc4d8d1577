"""What is drawn in one panel: everything about a case but its strategy and its thread count."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Protocol

from lockbench.formatting import share


class HasPoint(Protocol):
    """Rows that carry a parameter point; those of summary.csv and of comparisons.csv do."""

    workload: str
    threads: int
    producers: int
    consumers: int
    read_ratio: float
    priorities: int
    prefill: int
    payload_bytes: int
    capacity: int
    pinning: str
    block_id: str


@dataclass(frozen=True, order=True)
class Setting:
    """Parameters that a sweep usually holds fixed. The defaults are those of the program; capacity
    0 = chosen by it from the prefill and the threads."""

    priorities: int = 16
    prefill: int = 1024
    payload_bytes: int = 16
    capacity: int = 0
    pinning: str = "compact"

    @property
    def label(self) -> str:
        """What differs from the default; empty if nothing does."""
        usual = Setting()
        names = {"payload_bytes": "payload", "priorities": "priorities"}
        parts = [f"{names.get(name, name)} {getattr(self, name)}"
                 + (" bytes" if name == "payload_bytes" else "")
                 for name in self.__dataclass_fields__
                 if getattr(self, name) != getattr(usual, name)]
        return ", ".join(parts)


@dataclass(frozen=True, order=True)
class Scenario:
    """Panels sort by workload, then read ratio, then the shape of the team."""

    workload: str
    read_ratio: float
    team: str
    setting: Setting

    @property
    def mix(self) -> str:
        """What the threads do, without the setting."""
        if self.workload != "mixed":
            return f"{self.workload}{', ' + self.team if self.team else ''}"
        only = {0.0: " (writes only)", 1.0: " (reads only)"}.get(self.read_ratio, "")
        return f"mixed, {share(self.read_ratio)} reads{only}"

    @property
    def label(self) -> str:
        return f"{self.mix}; {self.setting.label}" if self.setting.label else self.mix


def setting_of(row: HasPoint) -> Setting:
    # A chosen capacity grows with the threads, and would tear a curve apart. The block's name holds
    # only what was asked for.
    capacity = row.capacity if "/capacity:" in row.block_id else 0
    return Setting(row.priorities, row.prefill, row.payload_bytes, capacity, row.pinning)


def scenario_of(row: HasPoint) -> Scenario:
    # Only `mixed` draws reads by a ratio; elsewhere the column keeps a default without meaning.
    read_ratio = row.read_ratio if row.workload == "mixed" else 0.0
    return Scenario(row.workload, read_ratio, _team(row.producers, row.consumers), setting_of(row))


def _team(producers: int, consumers: int) -> str:
    """Shape of a team, the same for all its sizes, so that sizes make one curve."""
    if producers == 0 and consumers == 0:
        return ""
    # An odd team that is halved has one consumer more; it belongs to the curve of the even ones.
    if producers and consumers - producers in (0, 1):
        return "half produce, half consume"
    if producers == 1:
        return "1 producer"
    if consumers == 1:
        return "1 consumer"
    divisor = gcd(producers, consumers)
    return f"{producers // divisor}:{consumers // divisor} producers to consumers"
