#pragma once

/// "Did you mean …?": the known word nearest to a mistyped one.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lockbench {

/// Counts the insertions, deletions, replacements and swaps of neighbours that turn one word into
/// the other (optimal string alignment distance). O(|left| · |right|) time, O(|right|) space;
/// compares bytes.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// Returns the candidate that is fewest edits away, the first of several. Returns nothing when even
/// that one is more than a third of its length away, as a wild guess helps nobody.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

/// Returns `did you mean 'rwlock'? `, or an empty text when no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> candidates);

}  // namespace lockbench
