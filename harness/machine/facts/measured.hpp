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
class Measured {
public:
  Measured() : reason_("not probed") {}
  Measured(T value) : value_(std::move(value)) {}                    // NOLINT: reads as the value
  Measured(Unknown unknown) : reason_(std::move(unknown.reason)) {}  // NOLINT

  [[nodiscard]] bool known() const noexcept { return value_.has_value(); }
  /// Only when known.
  [[nodiscard]] const T& value() const { return value_.value(); }
  [[nodiscard]] const T* operator->() const { return &value_.value(); }
  /// Why there is no value; empty when there is one.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

  /// The same value seen through `change`, or the same reason.
  template <typename Change>
  [[nodiscard]] auto then(Change change) const -> Measured<std::invoke_result_t<Change, const T&>> {
    if (!known()) return Unknown{reason_};
    return change(*value_);
  }

private:
  std::optional<T> value_;
  std::string reason_;
};

/// The plain value, or {"value": null, "reason": "..."}. `Json` is nlohmann::json, whose header takes
/// longer to compile than most sources that need a `Measured`.
template <typename Json, typename T>
void to_json(Json& json, const Measured<T>& measured) {
  if (measured.known()) {
    json = measured.value();
  } else {
    json = {{"value", nullptr}, {"reason", measured.reason()}};
  }
}

}  // namespace lockbench
