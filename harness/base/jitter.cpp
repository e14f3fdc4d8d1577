#include "harness/base/jitter.hpp"

#include <algorithm>
#include <cmath>

namespace lockbench {

double jittered(Jitter jitter, double below) noexcept {
  switch (jitter) {
    case Jitter::none: return 1;
    case Jitter::uniform: return 0.5 + below;
    case Jitter::exponential: return std::min(-std::log1p(-below), longest_jitter);
  }
  return 1;
}

}  // namespace lockbench
