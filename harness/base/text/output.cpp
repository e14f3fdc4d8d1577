#include "harness/base/text/output.hpp"

#include <cerrno>
#include <cstdio>

#include "harness/base/text/quotes.hpp"

namespace lockbench {
namespace {

int first_error = 0;

void keep_error(bool written) noexcept {
  if (!written && first_error == 0) first_error = errno;
}

std::string& name_of_program() {
  static std::string name = "bench";
  return name;
}

}  // namespace

void print_data(std::string_view text) noexcept {
  keep_error(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

int output_error() noexcept {
  keep_error(std::fflush(stdout) == 0);
  return first_error;
}

void print_message(std::string_view text) noexcept {
  (void)!std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

void set_program_name(std::string_view name) {
  // Without a slash it was found on PATH, by the name that everybody knows.
  if (name.find('/') != std::string_view::npos) name_of_program() = in_shell_quotes(name);
}

const std::string& program_name() {
  return name_of_program();
}

}  // namespace lockbench
