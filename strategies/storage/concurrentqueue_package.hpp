#pragma once

/// The headers of moodycamel's package, in the only order and surroundings in which they compile
/// without complaint.

// clang-format off
#include <cassert>  // for lightweightsemaphore.h, which uses but does not include them
#include <cerrno>
#include <ctime>

#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
// The package uses standalone fences, which ThreadSanitizer does not model: see `LibraryCall`.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtsan"
#endif
#include <concurrentqueue/concurrentqueue.h>
#include <concurrentqueue/lightweightsemaphore.h>
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
// clang-format on
