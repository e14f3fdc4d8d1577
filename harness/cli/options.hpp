#pragma once

/// The option table: parsing, error messages, help, man page and completion all follow it, so none
/// of them can know an option that the others do not. A new option is one entry of this table,
/// with the member of `CommandLine` or `Request` that it sets.

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "harness/cli/command_line.hpp"
#include "harness/cli/values.hpp"

namespace lockbench {

enum class Section : std::uint8_t { grid, what, how, output, check, general };

struct Heading {
  Section section;
  std::string_view text;
};
/// In the order of the help.
inline constexpr std::array headings{
    Heading{Section::grid, "Size of the grid"},  Heading{Section::what, "What is measured"},
    Heading{Section::how, "How it is measured"}, Heading{Section::output, "Output"},
    Heading{Section::check, "Checks"},           Heading{Section::general, "General"}};

/// A set of verbs.
class VerbSet {
public:
  template <std::same_as<Verb>... Verbs>
  constexpr VerbSet(Verbs... verbs) noexcept : bits_((bit(verbs) | ... | 0U)) {}
  [[nodiscard]] constexpr bool contains(Verb verb) const noexcept {
    return (bits_ & bit(verb)) != 0;
  }
  constexpr void add(VerbSet more) noexcept { bits_ |= more.bits_; }

private:
  static constexpr std::uint32_t bit(Verb verb) noexcept {
    return 1U << static_cast<std::uint32_t>(verb);
  }
  std::uint32_t bits_;
};

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
  OptionSpec& also_with(VerbSet more) { return verbs.add(more), *this; }
  OptionSpec& only_with(VerbSet all) { return verbs = all, *this; }
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
