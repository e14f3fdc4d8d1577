#include "harness/machine/facts/peak_memory.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

constexpr std::int64_t mib = 1 << 20;
constexpr std::int64_t planted = 64 * mib;
/// What the kernel's batches and the test's own allocations may add or hide.
constexpr std::int64_t blur = 8 * mib;

/// Memory that the kernel itself makes resident, so that no sanitizer's shadow grows with it.
class ResidentMemory {
public:
  explicit ResidentMemory(std::size_t bytes)
      : bytes_(bytes),
        memory_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)) {}
  ~ResidentMemory() {
    if (there()) munmap(memory_, bytes_);
  }
  ResidentMemory(const ResidentMemory&) = delete;
  ResidentMemory& operator=(const ResidentMemory&) = delete;
  [[nodiscard]] bool there() const { return memory_ != MAP_FAILED; }

private:
  std::size_t bytes_;
  void* memory_;
};

TEST(PeakMemory, is_read_in_bytes) {
  InventedFiles invented;
  invented.with("/proc/self/status", "Name:\tbench\nVmHWM:\t    1708 kB\nVmRSS:\t     900 kB\n");
  EXPECT_EQ(peak_rss_bytes(invented.files()).value(), 1708 * 1024);
  EXPECT_EQ(rss_bytes(invented.files()).value(), 900 * 1024);
}

TEST(PeakMemory, that_the_kernel_does_not_tell_is_a_reason) {
  InventedFiles invented;
  EXPECT_FALSE(peak_rss_bytes(invented.files()).reason().empty());
  invented.with("/proc/self/status", "VmHWM:\t17 MB\n");
  EXPECT_NE(peak_rss_bytes(invented.files()).reason().find("17 MB"), std::string::npos);
  EXPECT_NE(rss_bytes(invented.files()).reason().find("VmRSS"), std::string::npos);
}

TEST(PeakMemory, that_may_not_be_reset_says_which_file_refused) {
  const InventedFiles none;
  EXPECT_NE(reset_peak(none.files()).find("/proc/self/clear_refs"), std::string::npos);
  EXPECT_EQ(take_memory_baseline(none.files()).reset_refused, reset_peak(none.files()));
}

TEST(PeakMemory, is_reset_by_the_number_that_proc_5_names) {
  InventedFiles invented;
  invented.with("/proc/self/clear_refs", "");
  EXPECT_EQ(reset_peak(invented.files()), "");
  EXPECT_EQ(invented.files().read("/proc/self/clear_refs").value(), "5");
}

TEST(PeakGrowth, after_a_reset_is_what_rose_above_the_baseline) {
  const MemoryBaseline baseline{100, 120, ""};
  EXPECT_EQ(peak_growth_bytes(baseline, 164).value(), 64);
  EXPECT_EQ(peak_growth_bytes(baseline, 100).value(), 0);
  EXPECT_EQ(peak_growth_bytes(baseline, 90).value(), 0) << "the kernel counts in batches";
}

TEST(PeakGrowth, without_a_reset_is_known_only_of_a_new_peak) {
  const MemoryBaseline baseline{100, 500, "read-only"};
  EXPECT_EQ(peak_growth_bytes(baseline, 564).value(), 464);
  EXPECT_EQ(peak_growth_bytes(baseline, 500).reason(),
            "read-only; an earlier peak hides the growth");
}

TEST(PeakGrowth, over_or_of_what_is_not_known_is_a_reason) {
  EXPECT_EQ(peak_growth_bytes({Unknown{"hidden"}, 1, ""}, 5).reason(), "hidden");
  EXPECT_EQ(peak_growth_bytes({1, 1, ""}, Unknown{"hidden"}).reason(), "hidden");
}

TEST(PeakMemory, rises_with_what_is_used_stays_when_it_is_freed_and_falls_at_a_reset) {
  const MemoryBaseline baseline = take_memory_baseline();
  if (!baseline.reset_refused.empty()) GTEST_SKIP() << baseline.reset_refused;
  {
    const ResidentMemory memory(planted);
    ASSERT_TRUE(memory.there());
    EXPECT_NEAR(static_cast<double>(peak_growth_bytes(baseline, peak_rss_bytes()).value()), planted,
                blur);
  }
  EXPECT_LT(rss_bytes().value(), baseline.rss_bytes.value() + blur);
  EXPECT_NEAR(static_cast<double>(peak_growth_bytes(baseline, peak_rss_bytes()).value()), planted,
              blur);
  const MemoryBaseline fresh = take_memory_baseline();
  EXPECT_LT(peak_growth_bytes(fresh, peak_rss_bytes()).value(), blur);
  EXPECT_LT(fresh.peak_bytes.value(), baseline.rss_bytes.value() + blur);
}

}  // namespace
}  // namespace lockbench
