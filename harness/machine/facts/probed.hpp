#pragma once

/// A value, or the reason why there is none. What could not be probed is never 0 and never guessed.

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace lockbench {

struct Unknown {
  std::string reason;
};

template <typename T>
class Probed {
public:
  using Value = T;

  Probed() : reason_("not probed") {}
  Probed(T value) : value_(std::move(value)) {}                    // NOLINT: reads as the value
  Probed(Unknown unknown) : reason_(std::move(unknown.reason)) {}  // NOLINT

  [[nodiscard]] bool known() const noexcept { return value_.has_value(); }
  /// Only when known.
  [[nodiscard]] const T& value() const { return value_.value(); }
  [[nodiscard]] const T* operator->() const { return &value_.value(); }
  /// Returns the reason why there is no value, or "" when there is one.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  [[nodiscard]] Unknown unknown() const { return {reason_}; }

  /// Returns `change(value)`, or the same reason. A change that may itself fail returns a
  /// `Probed`, and so does `then`.
  template <typename Change>
  [[nodiscard]] auto then(Change change) const {
    using Changed = std::invoke_result_t<Change, const T&>;
    if constexpr (requires {
                    typename Changed::Value;
                    Changed(Unknown{});
                  }) {
      return known() ? change(*value_) : Changed(unknown());
    } else {
      return known() ? Probed<Changed>(change(*value_)) : Probed<Changed>(unknown());
    }
  }

private:
  std::optional<T> value_;
  std::string reason_;
};

/// The plain value, or {"value": null, "reason": "..."}. `Json` is nlohmann::json, whose header takes
/// longer to compile than most sources that need a `Probed`.
template <typename Json, typename T>
void to_json(Json& json, const Probed<T>& probed) {
  if (probed.known()) {
    json = probed.value();
  } else {
    json = {{"value", nullptr}, {"reason", probed.reason()}};
  }
}

}  // namespace lockbench
