#pragma once

/// A value, or the reason why there is none. What could not be probed is never 0 and never guessed.

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace lockbench {

struct Unknown {
  std::string reason;
};

template <typename T>
class Probed {
public:
  Probed() : reason_("not probed") {}
  Probed(T value) : value_(std::move(value)) {}                    // NOLINT: reads as the value
  Probed(Unknown unknown) : reason_(std::move(unknown.reason)) {}  // NOLINT

  [[nodiscard]] bool known() const noexcept { return value_.has_value(); }
  /// Only when known.
  [[nodiscard]] const T& value() const { return value_.value(); }
  [[nodiscard]] const T* operator->() const { return &value_.value(); }
  [[nodiscard]] T value_or(T otherwise) const { return value_.value_or(std::move(otherwise)); }
  /// Returns the reason why there is no value, or "" when there is one.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  [[nodiscard]] Unknown unknown() const { return {reason_}; }

  /// Returns `change(value)`, or the same reason. A change that may itself fail returns a
  /// `Probed`, and so does `then`.
  template <typename Change>
  [[nodiscard]] auto then(Change change) const {
    // Deduces Probed<X> from an X as well as from a Probed<X>.
    using Changed = decltype(lockbench::Probed(std::invoke(change, *value_)));
    return known() ? Changed(std::invoke(change, *value_)) : Changed(unknown());
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
