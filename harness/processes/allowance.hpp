#pragma once

/// How long a child may go on without progress: the watchdog's clock, which stands still while nobody
/// could have made progress. Pure.

#include <chrono>
#include <string_view>

namespace lockbench {

/// A look at a child comes this long after the one before, or earlier.
inline constexpr std::chrono::milliseconds between_looks{200};

class Allowance {
public:
  using Duration = std::chrono::steady_clock::duration;

  explicit Allowance(double seconds) noexcept;

  /// The child made progress: the allowance starts anew.
  void renew() noexcept { used_ = {}; }
  /// `since_last` has passed since the last look. Nothing of it counts if the child is stopped now.
  /// Of a longer time than a look should take only that counts: the looking process was stopped, too,
  /// or had no CPU.
  void look(Duration since_last, bool child_is_stopped) noexcept;
  [[nodiscard]] bool is_used_up() const noexcept { return used_ > allowed_; }

private:
  Duration allowed_;
  Duration used_{};
};

/// Whether a process is stopped, by a signal or by a debugger, from its /proc/PID/stat.
[[nodiscard]] bool tells_stopped(std::string_view stat) noexcept;

}  // namespace lockbench
