"""Which cases share a panel: those that differ in nothing but strategy and thread count."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

from lockbench.formatting import duration, share, tick_duration
from lockbench.rows import ParameterPoint

OPEN_LOOP = "open_loop"
STATUS_STORM = "status_storm"


@dataclass(frozen=True, order=True)
class Setting:
    """Parameters that a sweep usually keeps fixed.

    The defaults are those of the program. A capacity of 0 means that the program chose it from the
    prefill and the threads.
    """

    priorities: int = 16
    prefill: int = 1024
    payload_bytes: int = 16
    capacity: int = 0
    pinning: str = "compact"
    further: str = ""
    """What else the block's name says: `work_ns 1000, burst 64`."""

    @property
    def label(self) -> str:
        """What differs from the default setting; empty if nothing does."""
        usual = Setting()
        names = {"payload_bytes": "payload", "priorities": "priorities"}
        parts = [f"{names.get(name, name)} {getattr(self, name)}"
                 + (" bytes" if name == "payload_bytes" else "")
                 for name in self.__dataclass_fields__
                 if name != "further" and getattr(self, name) != getattr(usual, name)]
        return ", ".join([*parts, *filter(None, [self.further])])


@dataclass(frozen=True, order=True)
class Scenario:
    """A workload mix and its setting. Scenarios sort by workload, then read ratio, then the shape
    of the team."""

    workload: str
    read_ratio: float
    team: str
    idle_ns: int
    setting: Setting

    @property
    def mix(self) -> str:
        """What the threads do, without the setting."""
        if self.workload != "mixed":
            return ", ".join(filter(None, (self.workload, self.team, _idle(self.idle_ns))))
        only = {0.0: " (writes only)", 1.0: " (reads only)"}.get(self.read_ratio, "")
        return f"mixed, {share(self.read_ratio)} reads{only}"

    @property
    def label(self) -> str:
        return f"{self.mix}; {self.setting.label}" if self.setting.label else self.mix


def setting_of(row: ParameterPoint) -> Setting:
    # A capacity that the program chose grows with the threads, and would split a curve. The block's
    # name holds only what was asked for.
    capacity = row.capacity if "/capacity:" in row.block_id else 0
    # Workloads that start empty have a prefill of 0 although nobody asked for it.
    prefill = row.prefill if row.prefill != 0 or "/prefill:" in row.block_id else Setting.prefill
    # And the one without priorities has 0 of them.
    priorities = row.priorities or Setting.priorities
    return Setting(priorities, prefill, row.payload_bytes, capacity, row.pinning,
                   further_parameters(row))


def is_open_loop(row: ParameterPoint) -> bool:
    """Whether tasks arrive at times of their own. Throughput is then the offered rate, and ranks no
    strategy."""
    return row.workload == OPEN_LOOP


def scenario_of(row: ParameterPoint) -> Scenario:
    # Only `mixed` draws reads by a ratio; elsewhere the column keeps a default without meaning.
    read_ratio = row.read_ratio if row.workload == "mixed" else 0.0
    return Scenario(row.workload, read_ratio, _team(row.producers, row.consumers), row.idle_ns,
                    setting_of(row))


def _idle(idle_ns: int) -> str:
    """Names the idle time of hand-overs. Other workloads have none, nor have runs that did not
    record it."""
    return f"idle {tick_duration(idle_ns)}" if idle_ns else ""


def _team(producers: int, consumers: int) -> str:
    """Returns the shape of a team, which is the same for all its sizes, so that sizes make one
    curve."""
    if producers == 0 and consumers == 0:
        return ""
    # Half of an odd team has one consumer more, and belongs to the curve of the even teams.
    if producers and consumers - producers in (0, 1):
        return "half produce, half consume"
    if producers == 1:
        return "1 producer"
    if consumers == 1:
        return "1 consumer"
    divisor = gcd(producers, consumers)
    return f"{producers // divisor}:{consumers // divisor} producers to consumers"


#: Parts of a block's name that `Scenario`, `Setting` and `point_label` put into words themselves.
_SAID = {"threads", "producers", "consumers", "read_ratio", "priorities", "prefill", "payload",
         "capacity", "pinning", "load", "idle_ns"}


def further_parameters(row: ParameterPoint) -> str:
    """Returns everything else that the block's name holds, such as parameters that this program
    does not know."""
    named = (part.partition(":") for part in row.block_id.split("/"))
    return ", ".join(_parameter(name, value) for name, colon, value in named
                     if colon and name not in _SAID)


def _parameter(name: str, value: str) -> str:
    """Returns `work 10 µs` for `work_ns` and `10000`."""
    if name.endswith("_ns") and value.isdigit():
        return f"{name.removesuffix('_ns')} {duration(float(value))}"
    return f"{name} {value}"


def point_label(row: ParameterPoint) -> str:
    """Returns a whole parameter point, except its load, in words."""
    scenario = scenario_of(row)
    if row.producers or row.consumers:
        team = f"{_counted(row.producers, 'producer')}, {_counted(row.consumers, 'consumer')}"
    else:
        team = _counted(row.threads, "thread")
    mix = scenario.mix if row.workload == "mixed" else row.workload
    parts = (f"{mix}: {team}", _idle(row.idle_ns), scenario.setting.label)
    return "; ".join(part for part in parts if part)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
