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
#if __has_include(<moodycamel/concurrentqueue.h>)
// Where the package's CMake configuration points to, since 1.0.4.
#include <moodycamel/concurrentqueue.h>
#include <moodycamel/lightweightsemaphore.h>
#else
#include <concurrentqueue/concurrentqueue.h>
#include <concurrentqueue/lightweightsemaphore.h>
#endif
#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
// clang-format on
