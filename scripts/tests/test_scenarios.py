"""What a panel says of its setting."""

from __future__ import annotations

from types import SimpleNamespace

from lockbench.scenarios import setting_of


def test_a_workload_without_priorities_and_prefill_has_the_usual_setting() -> None:
    row = SimpleNamespace(block_id="raw_fifo/producers:1/consumers:1", workload="raw_fifo",
                          priorities=0, prefill=0, payload_bytes=16, capacity=65536,
                          pinning="compact")
    assert setting_of(row).label == ""
