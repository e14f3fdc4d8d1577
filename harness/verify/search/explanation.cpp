#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/verify/history/history.hpp"
#include "harness/verify/search/excerpt.hpp"

namespace lockbench::verify {

namespace {

using Texts = std::vector<std::string>;

/// "a", "a or b", "a, b or c".
[[nodiscard]] std::string listed(const Texts& texts) {
  if (texts.size() == 1) return texts.front();
  return fmt::format("{} or {}", fmt::join(texts.begin(), texts.end() - 1, ", "), texts.back());
}

/// Returns the operation at the contradiction with each other answer that is worth a try.
[[nodiscard]] History other_answers(const Excerpt& excerpt) {
  const auto& asked = excerpt.operations[excerpt.contradiction];
  const bool was_shut_down = std::ranges::any_of(excerpt.operations, is_shutdown);
  History others;
  const auto offer = [&](Operation other) {
    if (other != asked && !std::ranges::count(others, other)) others.push_back(other);
  };
  for (const auto answer : answers_of(asked.call)) {
    auto other = asked;
    other.answer = answer;
    if (answer == Answer::shut_down && !was_shut_down) continue;
    if (answer == Answer::task) {
      for (const auto& operation : excerpt.operations) {
        if (operation.call != Call::add) continue;
        other.id = operation.id;
        other.priority = operation.priority;
        offer(other);
      }
    } else if (answer == Answer::counted) {
      for (other.size = 0; other.size <= excerpt.operations.size(); ++other.size) offer(other);
    } else {
      offer(other);
    }
  }
  return others;
}

[[nodiscard]] bool explains(const Excerpt& excerpt, const Operation& other,
                            const Decision& decide) {
  auto operations = excerpt.operations;
  operations[excerpt.contradiction] = other;
  return decide(operations) == Judgement::linearizable;
}

/// Returns the states that the task can have been in during the call at the contradiction.
[[nodiscard]] Texts possible_states(const Excerpt& excerpt, const Decision& decide) {
  const auto& asked = excerpt.operations[excerpt.contradiction];
  Texts possible;
  if (!names_task(asked)) return possible;
  auto status = asked;
  status.call = Call::status;
  status.priority = 0;
  for (const auto state : answers_of(Call::status)) {
    status.answer = state;
    if (explains(excerpt, status, decide)) possible.emplace_back(to_string(state));
  }
  return possible;
}

[[nodiscard]] std::string what_was_said(const Operation& operation) {
  const auto who = fmt::format("thread {}'s {}", operation.thread, question(operation));
  switch (operation.answer) {
    case Answer::task: return fmt::format("{} handed out {}", who, answer_text(operation));
    case Answer::nothing: return who + " found nothing";
    case Answer::timed_out: return who + " timed out";
    case Answer::returned: return who + " returned";
    default: return fmt::format("{} answered {}", who, answer_text(operation));
  }
}

[[nodiscard]] std::string sentence_of(const Operation& asked, const Texts& states,
                                      const Texts& answers) {
  const auto said = what_was_said(asked);
  if (asked.call == Call::join) {
    return said + ", but there was no moment at which no task was queued or processing";
  }
  if (answers.empty() && states.empty())
    return said + ", and no order of the calls agrees with that";
  const auto was = states.empty() || asked.call == Call::status
                       ? std::string{}
                       : fmt::format(", but task {} was {} then", asked.id, listed(states));
  const auto instead =
      answers.empty() ? std::string{} : fmt::format("; only {} was possible", listed(answers));
  return said + was + instead;
}

/// Returns the index of the operation that returned last.
[[nodiscard]] std::size_t last_answer(const History& operations) {
  const auto last = std::ranges::max_element(operations, {}, [](const Operation& operation) {
    return operation.pending() ? Instant{0} : operation.returned + 1;
  });
  return static_cast<std::size_t>(last - operations.begin());
}

}  // namespace

Verdict explained_violation(Excerpt excerpt, const Decision& decide) {
  excerpt.contradiction = last_answer(excerpt.operations);
  auto beginning = until_contradiction(excerpt, decide);
  Texts answers;
  std::vector<TaskId> named;  // tasks that could have been handed out instead
  for (const auto& answer : other_answers(beginning)) {
    if (!explains(beginning, answer, decide)) continue;
    answers.push_back(answer_text(answer));
    if (hands_out(answer)) named.push_back(answer.id);
  }
  auto sentence = sentence_of(beginning.operations[beginning.contradiction],
                              possible_states(beginning, decide), answers);
  return violation(std::move(sentence), shrink(std::move(beginning), named, decide).origins);
}

}  // namespace lockbench::verify
