#include "harness/machine/facts/build_context.hpp"

#include <fmt/format.h>
#include <hwloc.h>

#include <boost/version.hpp>
#include <gnu/libc-version.h>
#include <nlohmann/json.hpp>

#include "harness/machine/facts/build_info.hpp"
#include "harness/machine/facts/probed.hpp"

namespace lockbench {
namespace {

using Json = nlohmann::json;

Probed<std::string> known_or(std::string text, std::string reason) {
  if (text.empty() || text == "unknown") return Unknown{std::move(reason)};
  return text;
}

std::string detected_sanitizers() {
#if defined(__SANITIZE_THREAD__)
  return "thread";
#elif defined(__SANITIZE_ADDRESS__)
  return "address";
#else
  return {};
#endif
}

Json libraries() {
  const unsigned hwloc_api = hwloc_get_api_version();
  return {
      {"fmt",
       fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
      {"google_benchmark", known_or(build_info::benchmark_version, "its package names no version")},
      {"boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                            BOOST_VERSION % 100)},
      {"hwloc", known_or(build_info::hwloc_version, "its package names no version")},
      {"hwloc_api_at_run_time", fmt::format("{}.{}", hwloc_api >> 16, hwloc_api >> 8 & 0xFF)},
      {"nlohmann_json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                    NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
      {"concurrentqueue", known_or(build_info::concurrentqueue_version,
                                   "its headers name no version and no package manager was found")},
      {"libstdcxx", fmt::format("{}", _GLIBCXX_RELEASE)},
      {"libc_at_build", fmt::format("glibc {}.{}", __GLIBC__, __GLIBC_MINOR__)},
      {"libc_at_run_time", fmt::format("glibc {}", gnu_get_libc_version())},
  };
}

Json dirty() {
  const std::string_view state = build_info::tree_state;
  if (state == "unknown") return Probed<bool>(Unknown{"not built from a git checkout"});
  return state == "dirty";
}

}  // namespace

BuildFacts build_facts() {
  BuildFacts facts;
  facts.build_type = build_info::build_type;
  facts.sanitizers = build_info::sanitizers;
  if (facts.sanitizers.empty()) facts.sanitizers = detected_sanitizers();
#ifdef __OPTIMIZE__
  facts.optimised = true;
#endif
#ifndef NDEBUG
  facts.assertions = true;
#endif
  return facts;
}

std::string why_not_recordable(const BuildFacts& facts) {
  if (!facts.sanitizers.empty()) return fmt::format("built with sanitizers: {}", facts.sanitizers);
  if (facts.build_type != "Release") {
    return fmt::format("built as {}, not as Release",
                       facts.build_type.empty() ? "no build type" : facts.build_type);
  }
  if (!facts.optimised) return "built without optimisation";
  if (facts.assertions) return "built with assertions";
  return {};
}

std::string build_commit() {
  return build_info::commit;
}

Json build_context() {
  const BuildFacts facts = build_facts();
  const std::string why_not = why_not_recordable(facts);
  Json context = {
      {"version", build_info::version},
      {"commit", known_or(build_info::commit, "not built from a git checkout")},
      {"dirty", dirty()},
      {"compiler", build_info::compiler},
      {"compiler_version", build_info::compiler_version},
      {"flags", build_info::flags},
      {"build_type", facts.build_type},
      {"sanitizers", facts.sanitizers},
      {"optimised", facts.optimised},
      {"assertions", facts.assertions},
      {"libraries", libraries()},
      {"recordable", why_not.empty()},
  };
  if (!why_not.empty()) context["not_recordable_because"] = why_not;
  return context;
}

}  // namespace lockbench
