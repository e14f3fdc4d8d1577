#pragma once

/// A well-known mistake with locks, as something that can be watched: the wrong form and the right
/// form run side by side and are measured.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockbench {

/// One line of what was measured. A form to which it does not apply has no value.
struct Measure {
  std::string key;    ///< in JSON: `runs_broken_2_threads`
  std::string label;  ///< in the table
  std::string unit;   ///< `ms`, `of 20 runs`
  std::optional<double> wrong;
  std::optional<double> right;
};

/// What one dose of a pitfall did.
struct Shown {
  bool shown = false;  ///< the wrong form failed in these numbers, and the right form did not
  bool no_dose_helps = false;  ///< not shown, and would not be by more of the same
  std::vector<Measure> measures{};
  std::string happened{};  ///< a paragraph: what was done, and what came of it
};

struct Pitfall {
  std::string_view name;     ///< as typed; lower case and dashes
  std::string_view summary;  ///< one line
  std::string_view rule;     ///< what cures it
  /// Runs both forms once. `dose` is 1 at first, and 4 times as much each time that nothing was
  /// shown: more attempts, or a wider gap for the others to step into. Takes about 3 s at dose 1,
  /// ends whatever happens, and has no undefined behaviour: it is run in a process of its own, but
  /// what it shows has to be the mistake and not the compiler's answer to it.
  Shown (*run)(std::uint32_t dose);
};

}  // namespace lockbench
