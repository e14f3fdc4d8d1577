#pragma once

#include <pthread.h>

#include <cerrno>
#include <system_error>

namespace lockbench {

/// Reader-writer lock under which new readers wait while a writer does; `std::shared_mutex` on glibc
/// is the same lock with the default preference, under which a stream of readers can keep a writer
/// out for ever. Readers must not lock it twice: a writer waiting in between would stop them both.
/// Models the standard's SharedMutex requirements.
class WriterPreferringMutex {
public:
  /// Throws `std::system_error` when the system has no room for another lock.
  WriterPreferringMutex() {
    pthread_rwlockattr_t attributes;
    check(pthread_rwlockattr_init(&attributes));
    // The kind that is called PREFER_WRITER_NP prefers readers all the same (glibc, pthread.h).
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    const int error = pthread_rwlock_init(&lock_, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    check(error);
  }
  ~WriterPreferringMutex() { pthread_rwlock_destroy(&lock_); }
  WriterPreferringMutex(const WriterPreferringMutex&) = delete;
  WriterPreferringMutex& operator=(const WriterPreferringMutex&) = delete;

  void lock() { check(pthread_rwlock_wrlock(&lock_)); }
  bool try_lock() { return acquired(pthread_rwlock_trywrlock(&lock_)); }
  void unlock() noexcept { pthread_rwlock_unlock(&lock_); }

  void lock_shared() {
    int error = pthread_rwlock_rdlock(&lock_);
    // The count of readers is full: as good as a writer holding it.
    while (error == EAGAIN) error = pthread_rwlock_rdlock(&lock_);
    check(error);
  }
  bool try_lock_shared() { return acquired(pthread_rwlock_tryrdlock(&lock_)); }
  void unlock_shared() noexcept { pthread_rwlock_unlock(&lock_); }

private:
  static void check(int error) {
    if (error != 0) throw std::system_error{error, std::generic_category(), "pthread_rwlock"};
  }
  static bool acquired(int error) {
    if (error == EBUSY || error == EAGAIN) return false;
    check(error);
    return true;
  }

  pthread_rwlock_t lock_;
};

}  // namespace lockbench
