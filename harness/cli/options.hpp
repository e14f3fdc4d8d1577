#pragma once

/// The option table: parsing, error messages, help, man page and completion all follow it, so none
/// of them can know an option that the others do not. A new option is one entry of this table,
/// with the member of `CommandLine` or `Request` that it sets.

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "harness/base/enum_names.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/cli/values.hpp"

namespace lockbench {

enum class Section : std::uint8_t { grid, what, how, output, check, general };

/// Headings, in the order of the help.
constexpr auto enum_names(Section) {
  using enum Section;
  return std::to_array<EnumName<Section>>({{grid, "Size of the grid"},
                                           {what, "What is measured"},
                                           {how, "How it is measured"},
                                           {output, "Output"},
                                           {check, "Checks"},
                                           {general, "General"}});
}

using VerbSet = std::set<Verb>;

struct OptionSpec {
  std::string name;         ///< with its dashes: `--threads`
  std::string placeholder;  ///< stands for the value in the help; empty for a flag
  std::string help;         ///< the meaning, without unit, range and default
  ValueForm value = {};     ///< of a flag empty
  /// Puts the checked values in their place; empty where they take effect before all other options.
  std::function<void(CommandLine&, const Given&)> apply = {};

  std::string short_name = {};      ///< `-h`; mostly empty
  std::string default_value = {};   ///< for `run`, as it would be typed
  std::string default_note = {};    ///< says what happens by default where no value does
  std::string verify_default = {};  ///< the default of `verify` where it is another
  bool set_by_sweep = false;        ///< the grid has values of its own
  VerbSet verbs{Verb::run, Verb::sweep};
  Section section = Section::general;  ///< set by the table

  [[nodiscard]] bool is_flag() const noexcept { return placeholder.empty(); }

  // For declarations that read as a sentence.
  OptionSpec& by_default(std::string text) { return default_value = std::move(text), *this; }
  OptionSpec& otherwise(std::string note) { return default_note = std::move(note), *this; }
  OptionSpec& in_verify(std::string note) { return verify_default = std::move(note), *this; }
  OptionSpec& unless_swept() { return set_by_sweep = true, *this; }
  OptionSpec& also_with(VerbSet more) { return verbs.merge(more), *this; }
  OptionSpec& only_with(VerbSet all) { return verbs = std::move(all), *this; }
};

/// The member `field` of the command line or of its request.
template <class Owner, class Field>
[[nodiscard]] Field& field_of(CommandLine& line, Field Owner::*field) {
  if constexpr (std::is_base_of_v<Owner, Request>)
    return line.request.*field;
  else
    return line.*field;
}

/// An option that sets `field`, of the command line or of its request. `usage` is name and
/// placeholder: `--threads LIST`.
template <class T, class Owner, class Field>
[[nodiscard]] OptionSpec option(std::string_view usage, Value<T> value, Field Owner::*field,
                                std::string_view help) {
  const auto blank = usage.find(' ');
  return {.name = std::string(usage.substr(0, blank)),
          .placeholder = std::string(usage.substr(blank + 1)),
          .help = std::string(help),
          .value = std::move(value.form),
          .apply = [field, read = std::move(value.read)](CommandLine& line, const Given& given) {
            field_of(line, field) = static_cast<Field>(read(given));
          }};
}

/// In the order of the help; also the order in which options take effect.
[[nodiscard]] std::span<const OptionSpec> option_table();

/// Finds an option by either of its names; nullptr when there is none.
[[nodiscard]] const OptionSpec* find_option(std::string_view name);

}  // namespace lockbench
