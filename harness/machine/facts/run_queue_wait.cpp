#include "harness/machine/facts/run_queue_wait.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace lockbench {
namespace {

constexpr std::string_view path = "/proc/thread-self/schedstat";

/// Nothing here allocates, since it is read beside timed work.
std::optional<std::array<std::int64_t, 3>> three_numbers(std::string_view text) noexcept {
  std::array<std::int64_t, 3> numbers{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::int64_t& number : numbers) {
    at = std::find_if(at, end, [](char c) { return c != ' '; });
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc{}) return std::nullopt;
    at = next;
  }
  return numbers;
}

}  // namespace

Probed<std::int64_t> parse_run_queue_wait_ns(std::string_view schedstat) {
  const auto numbers = three_numbers(schedstat);
  if (!numbers) return Unknown{fmt::format("{} does not hold three numbers", path)};
  if (*numbers == std::array<std::int64_t, 3>{}) {
    return Unknown{fmt::format("{} holds only zeros: the kernel keeps no such account", path)};
  }
  return (*numbers)[1];
}

RunQueueWait::RunQueueWait(const SystemFiles& files) : file_(files.open(path, O_RDONLY)) {
  unavailable_ = file_.is_open() ? files.read(path).then(parse_run_queue_wait_ns).reason()
                                 : system_error_at(path).reason;
}

std::optional<std::int64_t> RunQueueWait::read_ns() const noexcept {
  if (!unavailable_.empty()) return std::nullopt;
  std::array<char, 96> text;  // filled by pread
  const ssize_t got = pread(file_.get(), text.data(), text.size(), 0);
  if (got <= 0) return std::nullopt;
  const auto numbers = three_numbers({text.data(), static_cast<std::size_t>(got)});
  if (!numbers) return std::nullopt;
  return (*numbers)[1];
}

}  // namespace lockbench
