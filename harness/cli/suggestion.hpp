#pragma once

/// "Did you mean …?": the known word nearest to a mistyped one.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace lockbench {

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment distance)
/// that turn one word into the other. O(|left| · |right|) time, O(|right|) space; compares bytes.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate that is fewest edits away, the first of several; nothing when even that one is
/// more than a third of its length away, as a wild guess helps nobody.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

}  // namespace lockbench
