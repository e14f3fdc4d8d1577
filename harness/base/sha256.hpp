#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace lockbench {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4).
[[nodiscard]] Digest sha256(std::string_view text);

/// HMAC-SHA-256 (RFC 2104). Precondition: `key` has at most 64 bytes.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view text);

}  // namespace lockbench
