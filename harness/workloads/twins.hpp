#pragma once

/// The baselines once more, each as a type of its own: the twin of an A/A comparison. It runs the same
/// source, but the compiler makes all of its code anew. So twin and baseline lie in different places,
/// as any two strategies do, and their difference contains what code placement alone can do
/// (Mytkowicz et al., "Producing Wrong Data Without Doing Anything Obviously Wrong!", 2009).
/// Their sources are compiled without folding of identical functions, see CMakeLists.txt.

#include <mutex>

#include "strategies/boost_lockfree.hpp"
#include "strategies/mutex.hpp"
#include "strategies/registry.hpp"

namespace lockbench {

struct TwinMutex : std::mutex {};

/// The twin of `mutex`.
class MutexTwin : public LockedTaskQueue<TwinMutex> {
public:
  static constexpr StrategyTraits traits = MutexTaskQueue::traits;
  using LockedTaskQueue::LockedTaskQueue;
};

struct TwinBoostFifo : BoostFifo {
  using BoostFifo::BoostFifo;
};

/// The twin of `boost_lockfree`, which is the baseline of `raw_fifo`.
class BoostLockfreeTwin : public LockFreeTaskQueue<TwinBoostFifo> {
public:
  static constexpr StrategyTraits traits = BoostLockfreeTaskQueue::traits;
  using LockFreeTaskQueue::LockFreeTaskQueue;
};

/// In the order of their originals in the registry: the first that can do a workload is its twin.
using Twins = StrategyList<MutexTwin, BoostLockfreeTwin>;

}  // namespace lockbench
