#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace lockbench {

/// A fixed array of zeros, aligned to a cache line. Large arrays come from the kernel untouched, so
/// a queue of many places costs what is used of it and is quick to make.
/// Throws `std::bad_alloc`. As unsynchronised as a plain array.
template <class T>
class LazyArray {
  static_assert(std::is_trivially_destructible_v<T> &&
                    (std::is_trivially_default_constructible_v<T> ||
                     std::is_trivially_copy_constructible_v<T>),
                "its elements begin as zero bytes");

public:
  explicit LazyArray(std::size_t size)
      : block_{std::calloc(size * sizeof(T) + alignment, 1)}, size_{size} {
    if (!block_) throw std::bad_alloc{};
    const auto address = reinterpret_cast<std::uintptr_t>(block_.get());
    const auto offset = (alignment - address % alignment) % alignment;
    elements_ = reinterpret_cast<T*>(static_cast<std::byte*>(block_.get()) + offset);
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] T* data() noexcept { return elements_; }
  T& operator[](std::size_t index) noexcept { return elements_[index]; }
  const T& operator[](std::size_t index) const noexcept { return elements_[index]; }

private:
  static constexpr std::size_t alignment = 64;

  struct Free {
    void operator()(void* block) const noexcept { std::free(block); }
  };

  std::unique_ptr<void, Free> block_;
  T* elements_ = nullptr;
  std::size_t size_;
};

}  // namespace lockbench
