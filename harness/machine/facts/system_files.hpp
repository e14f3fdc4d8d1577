#pragma once

/// The kernel's text files under /proc and /sys, read so that a missing one is an answer.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/machine/facts/measured.hpp"

namespace lockbench {

/// Nothing here throws. Tests put an invented tree under `root`.
struct SystemFiles {
  std::filesystem::path root = "/";

  /// The whole file without trailing white space, and with `?` for every byte that is not ASCII.
  /// `path` is absolute, as on the real machine.
  [[nodiscard]] Measured<std::string> read(std::string_view path) const;
  /// The file as one number, and as a whole one.
  [[nodiscard]] Measured<double> read_number(std::string_view path) const;
  [[nodiscard]] Measured<std::int64_t> read_whole(std::string_view path) const;
  /// Names of the directory's entries, sorted; none when there is no such directory.
  [[nodiscard]] std::vector<std::string> list(std::string_view path) const;
};

/// The lines of a text, without their line ends.
[[nodiscard]] std::vector<std::string> split_lines(std::string_view text);
/// The words of a line, split at blanks and tabs.
[[nodiscard]] std::vector<std::string> split_words(std::string_view line);
/// The value of the first `key : value` line, as in /proc/cpuinfo and /proc/meminfo.
[[nodiscard]] Measured<std::string> find_field(const Measured<std::string>& text,
                                               std::string_view key);
/// The whole text as a number, or the reason why it is none.
[[nodiscard]] Measured<double> parse_number(std::string_view text);
/// Without its fraction: counts, ticks and sizes.
[[nodiscard]] Measured<std::int64_t> whole(const Measured<double>& number);
/// A kernel list such as `0-3,8`. Words that are no numbers are left out.
[[nodiscard]] std::vector<int> parse_cpu_list(std::string_view text);
/// The inverse, for reading by people: {0, 1, 2, 5} becomes `0-2,5`.
[[nodiscard]] std::string format_cpu_list(std::vector<int> cpus);

}  // namespace lockbench
