#pragma once

/// Standard output and standard error of the program. Neither throws: a reader that went away, as
/// behind `| head`, must not end a run that records what it measures.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace lockbench {

/// Writes data to standard output. What fails is kept for `output_error`.
void print_data(std::string_view text) noexcept;
/// Returns the first error (errno) of `print_data` once everything is written; 0 for none.
[[nodiscard]] int output_error() noexcept;

/// Writes to standard error, for people.
void print_message(std::string_view text) noexcept;
template <class... Values>
void tell(fmt::format_string<Values...> format, Values&&... values) {
  print_message(fmt::format(format, std::forward<Values>(values)...));
}

/// How this program was started, for advice that can be pasted: `./bench` from a checkout, else
/// `bench`. `set_program_name` belongs to main, with argv[0].
void set_program_name(std::string_view name);
[[nodiscard]] const std::string& program_name();

}  // namespace lockbench
