#pragma once

/// What the tests of the order checks expect of a verdict.

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "harness/verify/verdict.hpp"

namespace lockbench::verify {

using Witnesses = std::vector<std::size_t>;

inline void expect_violated(const Verdict& verdict, const Witnesses& witnesses) {
  EXPECT_EQ(to_string(verdict.judgement), "violated");
  EXPECT_EQ(verdict.witnesses, witnesses);
  EXPECT_FALSE(verdict.reason.empty());
}

inline void expect_linearizable(const Verdict& verdict) {
  EXPECT_EQ(to_string(verdict.judgement), "linearizable") << verdict.reason;
}

}  // namespace lockbench::verify
