#include <gtest/gtest.h>

#include <vector>

#include "harness/tests/verify/history/written_history.hpp"
#include "harness/verify/checks/checks.hpp"

namespace lockbench::verify {
namespace {

using namespace written;
using Witnesses = std::vector<std::size_t>;

TEST(ProducerOrder, is_violated_by_a_task_that_overtakes_one_of_its_producer) {
  const Verdict verdict =
      check_producer_order(History{by(3, added(1, {0, 1})), by(4, added(9, {0, 1})),
                                   by(3, added(2, {2, 3})), taken(2, {4, 5}), taken(1, {6, 7})});
  EXPECT_EQ(to_string(verdict.judgement), "violated");
  EXPECT_EQ(verdict.witnesses, (Witnesses{0, 2, 3, 4}));
}

TEST(ProducerOrder, lets_tasks_of_other_producers_overtake) {
  EXPECT_TRUE(check_producer_order(History{by(3, added(1, {0, 1})), by(4, added(2, {2, 3})),
                                           taken(2, {4, 5}), taken(1, {6, 7})})
                  .holds());
}

TEST(ProducerOrder, lets_takes_that_overlap_come_in_either_order) {
  EXPECT_TRUE(check_producer_order(History{by(3, added(1, {0, 1})), by(3, added(2, {2, 3})),
                                           taken(2, {4, 6}), taken(1, {6, 7})})
                  .holds());
}

TEST(ProducerOrder, a_producers_adds_are_in_order_also_where_the_clock_is_too_coarse_to_say) {
  const History history{by(3, added(1, {0, 1})), by(3, added(2, {1, 1})), taken(2, {4, 5}),
                        taken(1, {6, 7})};
  EXPECT_EQ(to_string(check_producer_order(history).judgement), "violated");
}

TEST(ProducerOrder, is_violated_by_a_task_that_overtakes_one_that_never_leaves) {
  EXPECT_EQ(check_producer_order(
                History{by(3, added(1, {0, 1})), by(3, added(2, {2, 3})), taken(2, {4, 5})})
                .witnesses,
            (Witnesses{0, 1, 2}));
}

TEST(ProducerOrder, a_cancelled_task_overtakes_nobody_and_keeps_back_until_its_cancel_begins) {
  EXPECT_TRUE(check_producer_order(History{by(3, added(1, {0, 1})), by(3, added(2, {2, 3})),
                                           cancelled(2, {4, 5}), taken(1, {6, 7})})
                  .holds());
  EXPECT_EQ(to_string(check_producer_order(History{by(3, added(1, {0, 1})), by(3, added(2, {2, 3})),
                                                   taken(2, {4, 5}), cancelled(1, {6, 7})})
                          .judgement),
            "violated");
}

TEST(ProducerOrder, an_add_that_never_returned_stands_in_no_ones_way) {
  EXPECT_TRUE(check_producer_order(History{by(3, added(1, from(0))), by(3, added(2, {2, 3})),
                                           taken(2, {4, 5}), taken(1, {6, 7})})
                  .holds());
}

}  // namespace
}  // namespace lockbench::verify
