#include "harness/base/text/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace lockbench {

std::size_t edit_distance(std::string_view left, std::string_view right) {
  // A whole table, since words are short. Keeping only the last three rows saves memory that nobody
  // misses, and g++ 14 then warns of rows that it takes for empty.
  const std::size_t width = right.size() + 1;
  std::vector<std::size_t> table((left.size() + 1) * width);
  // The distance from left[0, i) to right[0, j).
  const auto distance = [&](std::size_t i, std::size_t j) -> std::size_t& {
    return table[i * width + j];
  };
  for (std::size_t i = 0; i <= left.size(); ++i) {
    for (std::size_t j = 0; j <= right.size(); ++j) {
      if (i == 0 || j == 0) {
        distance(i, j) = i + j;
        continue;
      }
      const bool differs = left[i - 1] != right[j - 1];
      distance(i, j) = std::min({distance(i - 1, j) + 1, distance(i, j - 1) + 1,
                                 distance(i - 1, j - 1) + (differs ? 1U : 0U)});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        distance(i, j) = std::min(distance(i, j), distance(i - 2, j - 2) + 1);
      }
    }
  }
  return distance(left.size(), right.size());
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  constexpr std::size_t longest_word = 64;  // bounds the work; no name is nearly as long
  if (word.size() > longest_word) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = 0;
  for (const auto candidate : candidates) {
    const auto distance = edit_distance(word, candidate);
    const auto allowed = std::max<std::size_t>(1, candidate.size() / 3);
    if (distance > allowed || (best && distance >= best_distance)) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const auto near = nearest(word, candidates);
  return near ? fmt::format("did you mean '{}'? ", *near) : "";
}

}  // namespace lockbench
