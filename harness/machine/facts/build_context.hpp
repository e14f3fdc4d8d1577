#pragma once

/// Tells how this binary was built, and whether its results may be recorded.

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace lockbench {

struct BuildFacts {
  std::string build_type;
  std::string sanitizers;  ///< comma separated; empty for none
  bool optimised = false;
  bool assertions = false;
};

[[nodiscard]] BuildFacts build_facts();

/// Returns the reason why results of such a build may not be recorded, or "" when they may: only an
/// optimised Release without assertions and sanitizers measures what users will run.
[[nodiscard]] std::string why_not_recordable(const BuildFacts& facts);

/// Version, commit, compiler, flags, libraries, and "recordable" with its reason.
[[nodiscard]] nlohmann::json build_context();

/// The full hash, or "unknown".
[[nodiscard]] std::string build_commit();

}  // namespace lockbench
