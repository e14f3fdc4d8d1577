#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockbench {

/// Why a window may not be used.
enum class Invalid : std::uint8_t {
  violated,           ///< the strategy broke its contract
  suspended,          ///< its process was stopped in the middle
  crashed,            ///< its process died in the strategy
  hung,               ///< the watchdog ended its process in the strategy
  out_of_memory,      ///< the memory did not suffice; its strategy is not to blame
  not_measured,       ///< left out, since it crashed or hung before
  nothing_succeeded,  ///< no operation to divide by
  overlap,            ///< threads did not run together for long enough
  unfit_build,        ///< results of this build may not be recorded
};

/// One reason with its detail: the counts of a violation, what was seen of a crash.
struct InvalidReason {
  Invalid kind{};
  std::string detail;
  bool operator==(const InvalidReason&) const = default;
};

/// All reasons against a window; none for a valid one.
class Validity {
public:
  void add(Invalid kind, std::string detail = "") { reasons_.push_back({kind, std::move(detail)}); }

  [[nodiscard]] bool valid() const noexcept { return reasons_.empty(); }
  /// Null where the window has no such reason.
  [[nodiscard]] const InvalidReason* find(Invalid kind) const noexcept;
  [[nodiscard]] bool crashed_or_hung() const noexcept {
    return find(Invalid::crashed) != nullptr || find(Invalid::hung) != nullptr;
  }
  /// `violated`, `too little overlap`: the first reason without its figures. Precondition: not valid.
  [[nodiscard]] std::string first_kind() const;

  /// `violated: lost_updates=1; overlap 0.10 below 0.9`, as files hold it; empty when valid.
  [[nodiscard]] std::string text() const;
  /// Reads what `text` wrote. A text that fits no other reason is one against the build.
  [[nodiscard]] static Validity from_text(std::string_view text);

  bool operator==(const Validity&) const = default;

private:
  std::vector<InvalidReason> reasons_;
};

}  // namespace lockbench
