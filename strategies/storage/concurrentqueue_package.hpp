#pragma once

/// The headers of moodycamel's package, in the only order and surroundings in which they compile
/// without complaint.

// clang-format off
#include <cassert>  // for lightweightsemaphore.h, which uses but does not include them
#include <cerrno>
#include <ctime>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
// A consumer's token leads to no queue until there is one, which gcc cannot know.
#pragma GCC diagnostic ignored "-Wnull-dereference"
#ifdef __SANITIZE_THREAD__
// The package uses standalone fences, which ThreadSanitizer does not model: see `LibraryCall`.
#pragma GCC diagnostic ignored "-Wtsan"
#endif
#endif
#if __has_include(<moodycamel/concurrentqueue.h>)
// Where the package's CMake configuration points to, since 1.0.4.
#include <moodycamel/concurrentqueue.h>
#include <moodycamel/lightweightsemaphore.h>
#else
#include <concurrentqueue/concurrentqueue.h>
#include <concurrentqueue/lightweightsemaphore.h>
#endif
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
// clang-format on
