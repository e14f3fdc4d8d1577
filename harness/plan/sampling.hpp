#pragma once

#include <cstdint>

#include "harness/base/case_parameters.hpp"

namespace lockbench {

/// One operation in this many is timed where operations are short and windows enough.
inline constexpr std::uint32_t usual_sample_every = 256;

/// Returns one operation in how many is to be timed at a point, 1 … `usual_sample_every`, where the
/// user does not say.
///
/// Work that was asked for makes operations longer: fewer of them happen in a window, and timing one
/// costs less of it. So as many more are timed, and timing takes the same small share of the time.
/// Where `sampled_s`, the time of all sampled windows of a case, might still be too short for a p99,
/// up to four times as many are timed.
[[nodiscard]] std::uint32_t sample_every_for(const CaseParameters& point,
                                             double sampled_s) noexcept;

}  // namespace lockbench
