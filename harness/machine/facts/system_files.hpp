#pragma once

/// The kernel's text files under /proc and /sys, read so that a missing one is an answer.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file_descriptor.hpp"
#include "harness/machine/facts/probed.hpp"

namespace lockbench {

/// Nothing here throws. Tests put an invented tree under `root`.
struct SystemFiles {
  std::filesystem::path root = "/";

  /// Opens the file by open(2) with `flags`. Not open, with its reason in `errno`, where it fails.
  /// Every `path` is absolute, as on the real machine.
  [[nodiscard]] FileDescriptor open(std::string_view path, int flags) const;
  /// The whole file without trailing white space, and with `?` for every byte that is not ASCII.
  [[nodiscard]] Probed<std::string> read(std::string_view path) const;
  /// The file as one number, and as a whole one.
  [[nodiscard]] Probed<double> read_number(std::string_view path) const;
  [[nodiscard]] Probed<std::int64_t> read_whole(std::string_view path) const;
  /// Names of the directory's entries, sorted; none when there is no such directory.
  [[nodiscard]] std::vector<std::string> list(std::string_view path) const;
};

/// The lines of a text, without their ends.
[[nodiscard]] std::vector<std::string> split_lines(const std::string& text, char line_end = '\n');
/// The words of a line, split at white space.
[[nodiscard]] std::vector<std::string> split_words(const std::string& line);
/// The value of the first `key : value` line, as in /proc/cpuinfo and /proc/meminfo.
[[nodiscard]] Probed<std::string> find_field(const Probed<std::string>& text, std::string_view key,
                                             char separator = ':');
/// The value of a field such as `1708 kB`, in bytes.
[[nodiscard]] Probed<std::int64_t> find_bytes(const Probed<std::string>& text,
                                              std::string_view key);
/// The reason of the system call that failed last, as `what: reason`; `what` is a path or an action.
[[nodiscard]] Unknown system_error_at(std::string_view what);
/// The whole text as a number, or the reason why it is none.
[[nodiscard]] Probed<double> parse_number(std::string_view text);
/// Without its fraction: counts, ticks and sizes.
[[nodiscard]] Probed<std::int64_t> whole(const Probed<double>& number);
/// A kernel list such as `0-3,8`. Words that are no numbers are left out.
[[nodiscard]] std::vector<int> parse_cpu_list(const std::string& text);
/// The inverse, for reading by people: {0, 1, 2, 5} becomes `0-2,5`.
[[nodiscard]] std::string format_cpu_list(std::vector<int> cpus);

/// How many CPUs of the machine are online, whoever may use them.
[[nodiscard]] Probed<std::int64_t> count_online_cpus(const SystemFiles& files);

}  // namespace lockbench
