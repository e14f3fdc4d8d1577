#pragma once

#if defined(__SANITIZE_THREAD__)
#define LOCKBENCH_UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LOCKBENCH_UNDER_TSAN 1
#endif
#endif

#ifdef LOCKBENCH_UNDER_TSAN
// Part of ThreadSanitizer's run-time library (dynamic annotations).
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#endif

namespace lockbench {

/// While one lives, ThreadSanitizer overlooks the plain reads and writes of this thread; it still
/// follows its atomics. In other builds it is nothing.
///
/// Both lock-free packages read an element before they know whether it is theirs, and throw it away
/// if it is not; moodycamel orders by standalone fences too, which ThreadSanitizer does not model.
/// It reports both. So exactly one call into a package is wrapped, with nothing of ours inside, and
/// what is ours never depends on the package for its ordering: the record's state word does that.
class [[nodiscard]] LibraryCall {
public:
#ifdef LOCKBENCH_UNDER_TSAN
  LibraryCall() noexcept {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
  ~LibraryCall() {
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
#else
  LibraryCall() noexcept {}
#endif
  LibraryCall(const LibraryCall&) = delete;
  LibraryCall& operator=(const LibraryCall&) = delete;
};

}  // namespace lockbench

#undef LOCKBENCH_UNDER_TSAN
