#pragma once

namespace lockbench {

/// Tells the CPU that this is a spin-wait loop: it saves power and leaves the core to its sibling.
inline void cpu_relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  asm volatile("yield");
#endif
}

}  // namespace lockbench
