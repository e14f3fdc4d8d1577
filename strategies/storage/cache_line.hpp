#pragma once

#include <cstddef>

namespace lockbench {

/// The alignment, in bytes, that keeps apart what one thread writes and what others use meanwhile. It
/// is two lines of 64 bytes, since many CPUs fetch lines in pairs (Intel 64 and IA-32 Architectures
/// Optimization Reference Manual, on the spatial prefetcher). It is a constant of our own, since
/// `std::hardware_destructive_interference_size` is one line on x86-64, and gcc warns of its use.
inline constexpr std::size_t cache_line_distance = 128;

}  // namespace lockbench
