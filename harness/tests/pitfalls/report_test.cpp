#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/text/table.hpp"
#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/runner.hpp"
#include "harness/pitfalls/shown_json.hpp"

namespace lockbench {
namespace {

PitfallReport invented() {
  return {
      .pitfall = "left-open",
      .result = {.shown = true,
                 .readings =
                     {{.key = "burglars",
                       .label = "burglars",
                       .unit = "of 20 nights",
                       .wrong = 19,
                       .right = 0},
                      {.key = "loss", .label = "loss", .unit = "ms", .wrong = 12.345, .right = {}},
                      {.key = "cost", .label = "cost", .unit = "ns", .wrong = {}, .right = 0.0123}},
                 .happened = "A door stood open."},
      .dose = 4,
      .seconds = 1.25,
      .summary = "a door that nobody shuts",
      .rule = "Shut it."};
}

std::string text_of(const PitfallReport& report) {
  std::string text;
  for (const auto& line : to_lines(report)) text += line + "\n";
  return text;
}

TEST(PitfallReport, reads_like_this) {
  EXPECT_EQ(text_of(invented()), R"(left-open: a door that nobody shuts

A door stood open.

          wrong   right  unit
--------  -----  ------  ------------
burglars     19       0  of 20 nights
loss       12.3       -  ms
cost          -  0.0123  ns

Rule: Shut it.
Shown at dose 4, in 1.2 s.
)");
}

TEST(PitfallReport, says_when_it_showed_nothing) {
  auto report = invented();
  report.result.shown = false;
  EXPECT_NE(text_of(report).find("NOT SHOWN here, up to dose 4"), std::string::npos);
  EXPECT_EQ(text_of(report).find("\nShown"), std::string::npos);
}

TEST(PitfallReport, in_csv_has_a_line_for_each_reading) {
  EXPECT_EQ(report_csv_header() + to_csv(invented()),
            "pitfall,shown,dose,figure,unit,wrong,right\n"
            "left-open,1,4,burglars,of 20 nights,19,0\n"
            "left-open,1,4,loss,ms,12.345,\n"
            "left-open,1,4,cost,ns,,0.0123\n");
}

TEST(PitfallReport, in_csv_has_its_verdict_even_without_readings) {
  auto report = invented();
  report.result.readings.clear();
  EXPECT_EQ(to_csv(report), "left-open,1,4,,,,\n");
}

TEST(PitfallReport, in_json_keeps_both_forms_apart) {
  const auto json = to_json(invented());
  EXPECT_EQ(json.at("pitfall"), "left-open");
  EXPECT_EQ(json.at("shown"), true);
  EXPECT_EQ(json.at("dose"), 4);
  EXPECT_EQ(json.at("wrong"), (nlohmann::ordered_json{{"burglars", 19.0}, {"loss", 12.345}}));
  EXPECT_EQ(json.at("right"), (nlohmann::ordered_json{{"burglars", 0.0}, {"cost", 0.0123}}));
  EXPECT_EQ(json.at("units").at("loss"), "ms");
  EXPECT_EQ(json.at("rule"), "Shut it.");
  EXPECT_EQ(json.at("lines").size(), to_lines(invented()).size());
}

TEST(PitfallReport, survives_the_way_from_child_to_parent) {
  const auto sent = invented().result;
  const auto received = nlohmann::json::parse(nlohmann::json(sent).dump()).get<Shown>();
  EXPECT_EQ(received.shown, sent.shown);
  EXPECT_EQ(received.no_dose_helps, sent.no_dose_helps);
  EXPECT_EQ(received.happened, sent.happened);
  ASSERT_EQ(received.readings.size(), sent.readings.size());
  for (std::size_t i = 0; i < sent.readings.size(); ++i) {
    EXPECT_EQ(received.readings[i].key, sent.readings[i].key);
    EXPECT_EQ(received.readings[i].label, sent.readings[i].label);
    EXPECT_EQ(received.readings[i].unit, sent.readings[i].unit);
    EXPECT_EQ(received.readings[i].wrong, sent.readings[i].wrong);
    EXPECT_EQ(received.readings[i].right, sent.readings[i].right);
  }
}

TEST(PitfallReport, refuses_what_is_no_message) {
  EXPECT_THROW((void)nlohmann::json::object().get<Shown>(), nlohmann::json::exception);
}

TEST(PitfallRegistry, has_the_ten_in_the_order_of_the_list) {
  EXPECT_EQ(pitfall_names(), (std::vector<std::string_view>{
                                 "race", "forgotten-unlock", "lock-order", "io-under-lock",
                                 "check-then-act", "self-deadlock", "lost-wakeup",
                                 "writer-starvation", "priority-inversion", "false-sharing"}));
}

TEST(PitfallRegistry, finds_each_by_its_name_and_nothing_else) {
  for (const auto& pitfall : all_pitfalls()) EXPECT_EQ(find_pitfall(pitfall.name), &pitfall);
  EXPECT_EQ(find_pitfall("races"), nullptr);
  EXPECT_EQ(find_pitfall(every_pitfall), nullptr) << "would hide the word for all";
}

/// The total length of the text is checked on real runs.
TEST(PitfallRegistry, heading_and_rule_are_short) {
  for (const auto& pitfall : all_pitfalls()) {
    EXPECT_LE(pitfall.name.size() + 2 + pitfall.summary.size(), 80U) << pitfall.name;
    EXPECT_LE(pitfall.rule.size(), 230U) << pitfall.name;
    EXPECT_TRUE(pitfall.rule.ends_with('.')) << pitfall.name;
  }
}

}  // namespace
}  // namespace lockbench
