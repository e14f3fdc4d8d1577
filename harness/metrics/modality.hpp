#pragma once

/// Whether values come in more than one heap: Hartigan's dip.

#include <cstddef>
#include <span>

namespace lockbench {

/// Fewer values have no say: their dip is ruled by chance.
inline constexpr std::size_t fewest_for_modality = 8;

/// Greatest distance between the empirical distribution of the values and the nearest unimodal one
/// (Hartigan & Hartigan, 1985): a distribution function that is convex up to some mode and concave
/// beyond it. Between 1 / 2n for n different values (0 for a single one) and 1/4; the same for any
/// shift and scale. About O(n log n). Precondition: not empty, all finite.
[[nodiscard]] double dip_statistic(std::span<const double> values);

/// The dip that one of 100 samples of n uniform values exceeds, the uniform being the unimodal law
/// whose samples dip most for large n (Hartigan & Hartigan, 1985). By simulation with a fixed seed,
/// so the same in every run; the first call for an n takes up to some 100 ms, later ones look it
/// up. Beyond 400 values it is that of 400, shrunk as one over the square root. Thread-safe.
/// Precondition: n > 0.
[[nodiscard]] double uniform_dip_quantile_99(std::size_t n);

/// The values dip more than 99 % of the uniform samples of their number. Of unimodal laws with
/// independent draws at most about one sample in a hundred is flagged; draws that hang together in
/// groups are flagged more often. False below `fewest_for_modality` values. Thread-safe.
[[nodiscard]] bool is_multimodal(std::span<const double> values);

}  // namespace lockbench
