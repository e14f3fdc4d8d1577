#include "harness/pitfalls/pitfalls.hpp"
#include "harness/tests/cli/fixture.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

using test::parsed;
using test::refusal;

TEST(PitfallCommandLine, names_one_or_all) {
  for (const auto name : pitfall_names()) {
    const auto line = parsed({"pitfall", std::string(name)});
    EXPECT_EQ(line.verb, Verb::pitfall);
    EXPECT_EQ(line.pitfall, name);
  }
  EXPECT_EQ(parsed({"pitfall", "all", "--format", "json"}).pitfall, every_pitfall);
}

TEST(PitfallCommandLine, lists_them) {
  const auto line = parsed({"pitfall", "--list"});
  EXPECT_TRUE(line.lists_pitfalls);
  EXPECT_EQ(line.pitfall, "");
}

TEST(PitfallCommandLine, suggests_the_name_that_was_meant) {
  const auto message = refusal({"pitfall", "lock-odrer"});
  EXPECT_NE(message.find("unknown pitfall 'lock-odrer'; did you mean 'lock-order'?"),
            std::string::npos)
      << message;
}

TEST(PitfallCommandLine, without_a_name_shows_what_there_is) {
  const auto message = refusal({"pitfall"});
  for (const auto name : pitfall_names()) {
    EXPECT_NE(message.find(name), std::string::npos) << message;
  }
}

TEST(PitfallCommandLine, takes_one_name) {
  EXPECT_NE(refusal({"pitfall", "race", "lost-wakeup"}).find("cannot use the word 'lost-wakeup'"),
            std::string::npos);
  EXPECT_NE(refusal({"pitfall", "--list", "race"}).find("cannot use the word 'race'"),
            std::string::npos);
}

TEST(PitfallCommandLine, is_explained) {
  const auto help = help_text("pitfall");
  EXPECT_TRUE(help.starts_with("Usage: bench pitfall [NAME] [OPTIONS]\n")) << help;
  EXPECT_NE(help.find("--list"), std::string::npos) << help;
}

}  // namespace
}  // namespace lockbench
