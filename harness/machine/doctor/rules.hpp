#pragma once

/// The doctor's rules: each looks at the facts and says one thing. Thresholds stand beside the rule
/// that uses them.

#include "harness/machine/doctor/doctor.hpp"

namespace lockbench::doctor {

// doctor_cpu_rules.cpp: what may run where
[[nodiscard]] Finding build_rule(const MachineFacts& facts);
[[nodiscard]] Finding cpus_rule(const MachineFacts& facts);
[[nodiscard]] Finding quota_rule(const MachineFacts& facts);
[[nodiscard]] Finding affinity_rule(const MachineFacts& facts);
[[nodiscard]] Finding smt_rule(const MachineFacts& facts);
[[nodiscard]] Finding numa_rule(const MachineFacts& facts);

// doctor_clock_rules.cpp: how fast it runs, and who keeps the time
[[nodiscard]] Finding governor_rule(const MachineFacts& facts);
[[nodiscard]] Finding turbo_rule(const MachineFacts& facts);
[[nodiscard]] Finding drift_rule(const MachineFacts& facts);
[[nodiscard]] Finding clock_rule(const MachineFacts& facts);

// doctor_noise_rules.cpp: who else is there
[[nodiscard]] Finding virtualisation_rule(const MachineFacts& facts);
[[nodiscard]] Finding others_rule(const MachineFacts& facts);
[[nodiscard]] Finding steal_rule(const MachineFacts& facts);
[[nodiscard]] Finding swap_rule(const MachineFacts& facts);
[[nodiscard]] Finding hugepages_rule(const MachineFacts& facts);
[[nodiscard]] Finding aslr_rule(const MachineFacts& facts);

// doctor_distance_rules.cpp: what CPUs pay to talk to each other
[[nodiscard]] Finding line_steadiness_rule(const MachineFacts& facts);
[[nodiscard]] Finding line_distance_rule(const MachineFacts& facts);
[[nodiscard]] Finding wake_up_rule(const MachineFacts& facts);

// doctor_counter_rules.cpp: what can be counted
[[nodiscard]] Finding hardware_counters_rule(const MachineFacts& facts);
[[nodiscard]] Finding software_counters_rule(const MachineFacts& facts);
[[nodiscard]] Finding energy_rule(const MachineFacts& facts);

// doctor_cost_rules.cpp: what a thread and the process cost beside time
[[nodiscard]] Finding migrations_rule(const MachineFacts& facts);
[[nodiscard]] Finding futex_calls_rule(const MachineFacts& facts);
[[nodiscard]] Finding run_queue_wait_rule(const MachineFacts& facts);
[[nodiscard]] Finding peak_memory_rule(const MachineFacts& facts);
[[nodiscard]] Finding memory_binding_rule(const MachineFacts& facts);

}  // namespace lockbench::doctor
