#pragma once

/// The verbs, for parsing, help, man page and completion.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/command_line.hpp"
#include "harness/cli/options.hpp"

namespace lockbench {

struct VerbSpec {
  Verb verb;
  std::string_view name;
  std::string_view operand;      ///< `DIR`; empty: takes none; in brackets: may be left out
  std::string_view summary;      ///< one line, for lists of verbs
  std::string_view description;  ///< a paragraph, for the verb's own help
  std::string_view example;      ///< without the program's name
};

/// In the order of the help. `Verb::child` is missing: it is for the program's own processes.
[[nodiscard]] std::span<const VerbSpec> verb_table();

/// nullptr when there is none of this name.
[[nodiscard]] const VerbSpec* find_verb(std::string_view name);
/// Any verb but `Verb::child`.
[[nodiscard]] const VerbSpec& verb_spec(Verb verb);

[[nodiscard]] std::vector<std::string_view> verb_names();

/// The names of a set of verbs, joined by commas.
[[nodiscard]] std::string names_of(const VerbSet& verbs);

}  // namespace lockbench
