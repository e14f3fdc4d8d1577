#include <fmt/format.h>

#include "harness/cli/verb_table.hpp"
#include "harness/verbs/help.hpp"
#include "harness/verbs/verbs.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

/// Escapes text so that roff prints it as it stands. A plain - would become a hyphen that cannot be
/// pasted into a shell, and a . or ' at the start of a line would start a request.
std::string roff(std::string_view text) {
  std::string result;
  if (text.starts_with('.') || text.starts_with('\'')) result += "\\&";
  for (const char c : text) {
    switch (c) {
      case '\\': result += "\\e"; break;
      case '-': result += "\\-"; break;
      case '\'': result += "\\(aq"; break;
      case '^': result += "\\(ha"; break;
      case '~': result += "\\(ti"; break;
      case '`': result += "\\(ga"; break;
      case '"': result += "\\(dq"; break;  // would end the argument of a request
      default: result += c;
    }
  }
  return result;
}

std::string bold(std::string_view text) {
  return fmt::format("\\fB{}\\fR", roff(text));
}

/// A term and, indented below it, its meaning.
std::string entry(const std::string& roff_term, std::string_view meaning) {
  return fmt::format(".TP\n{}\n{}\n", roff_term, roff(meaning));
}

/// The words of a usage: capitals are placeholders and so in italics.
std::string usage(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!result.empty()) result += " ";
    const bool placeholder = word.find_first_of("abcdefghijklmnopqrstuvwxyz") == word.npos;
    result += placeholder ? fmt::format("\\fI{}\\fR", roff(word)) : bold(word);
  }
  return result;
}

std::string verbs() {
  std::string text = ".SH VERBS\n";
  for (const auto& verb : verb_table()) {
    text += entry(usage(std::string(verb.name) + (verb.operand.empty() ? "" : " ") +
                        std::string(verb.operand)),
                  verb.description);
  }
  return text;
}

std::string options() {
  std::string text = ".SH OPTIONS\n";
  for (const auto& [section, heading] : enum_names(Section{})) {
    text += fmt::format(".SS {}\n", roff(heading));
    for (const auto& option : option_table()) {
      if (option.section != section) continue;
      auto description = description_of(option, std::nullopt) + ".";
      if (section != Section::general) description += fmt::format(" ({})", names_of(option.verbs));
      text += entry(usage(usage_of(option)), description);
    }
  }
  return text;
}

std::string values() {
  std::string text = ".SH VALUES\n";
  for (const auto line : value_syntax) {
    const auto colon = line.find(": ");
    text += entry(fmt::format("\\fI{}\\fR", roff(line.substr(0, colon))), line.substr(colon + 2));
  }
  return text;
}

std::string workloads() {
  std::string text = ".SH WORKLOADS\n";
  for (const auto& workload : workload_catalogue())
    text += entry(bold(workload.name), workload.summary);
  return text;
}

std::string exit_status() {
  std::string text = ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : exit_codes) {
    text += entry(bold(fmt::format("{}", static_cast<int>(code))), meaning);
  }
  return text;
}

std::string examples() {
  std::string text = ".SH EXAMPLES\n.EX\n";
  for (const auto& verb : verb_table()) {
    text += fmt::format("bench {}\n", roff(verb.example));
  }
  return text + ".EE\n";
}

constexpr std::string_view files = R"(.SH FILES
A run writes one directory:
.TP
.I trials.csv
one row a window; its columns are shown by
.B bench list \-\-columns
.TP
.I summary.csv
one row a case: median, interval and number of processes
.TP
.I comparisons.csv
ratios of the fastest strategy and its runner\-up, measured in the same processes
.TP
.I context.json
machine, build, seed and arguments, and what could not be found out
.TP
.I charts/, report.html, report.md
what
.B bench report
makes of them
)";

}  // namespace

std::string man_page(std::string_view version) {
  return fmt::format(".TH BENCH 1 \"\" \"lockbench {}\" \"User Commands\"\n", roff(version)) +
         ".SH NAME\n"
         "bench \\- compare locks and queues under the load of a task queue\n"
         ".SH SYNOPSIS\n"
         ".B bench\n[\\fIVERB\\fR] [\\fIOPTIONS\\fR]\n"
         ".SH DESCRIPTION\n"
         "Measures what a task queue costs under different ways of synchronising, on this machine, "
         "for a number of threads and a mix of reads and writes.\n"
         "Data goes to standard output, everything else to standard error.\n"
         "Without a verb,\n.B run\nis meant.\n" +
         verbs() + options() + values() + workloads() + std::string(files) + exit_status() +
         examples();
}

}  // namespace lockbench
