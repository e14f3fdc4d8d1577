#include "harness/machine/facts/machine_identity.hpp"

#include <gtest/gtest.h>

#include <string>

#include <nlohmann/json.hpp>

#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

constexpr auto own_id = "0123456789abcdef0123456789abcdef";

class MachineIdentityTest : public testing::Test {
protected:
  MachineIdentityTest() {
    files_.with("/proc/cpuinfo", "model name\t: Intel(R) Xeon(R) Processor @ 2.30GHz\n");
    files_.with("/proc/meminfo", "MemTotal:  8123456 kB\n");
    files_.with("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
    files_.with("/proc/sys/kernel/hostname", "secret-name\n");
    files_.with("/etc/hostname", "secret-name\n");
    files_.with("/etc/machine-id", std::string(own_id) + "\n");
    files_.with("/sys/devices/system/cpu/online", "0-1\n");
    for (const std::string cpu : {"0", "1"}) {
      const auto place = "/sys/devices/system/cpu/cpu" + cpu + "/topology";
      files_.with(place + "/physical_package_id", "0\n");
      files_.with(place + "/core_id", "0\n");
    }
    virtualisation_.hypervisor = std::string("kvm");
  }
  [[nodiscard]] MachineIdentity read() const {
    return read_machine_identity(files_.files(), virtualisation_);
  }

  InventedFiles files_;
  Virtualisation virtualisation_;
};

TEST_F(MachineIdentityTest, is_a_readable_word) {
  const auto kind = read().kind();
  EXPECT_EQ(kind.substr(0, kind.rfind('-')),
            "intel-xeon-2.30ghz-1s1c2t-8gib-linux-6.1.0-18-amd64-kvm");
  EXPECT_EQ(read().short_kind().substr(0, 7), "2t-kvm-");
  EXPECT_TRUE(read().machine().starts_with(kind + "-"));
}

TEST_F(MachineIdentityTest, tells_two_machines_of_one_kind_apart_without_publishing_their_ids) {
  const auto before = read();
  files_.with("/etc/machine-id", "fedcba9876543210fedcba9876543210\n");
  const auto other = read();
  EXPECT_EQ(other.kind(), before.kind());
  EXPECT_NE(other.machine(), before.machine());
  EXPECT_EQ(before.machine().find(std::string(own_id).substr(0, 12)), std::string::npos);
  EXPECT_EQ(differing_parts(nlohmann::json(before), other), "");
}

TEST_F(MachineIdentityTest, hashes_an_id_alike_in_every_build) {
  // As Python's uuid.uuid5 has it, of the program's key and the id.
  EXPECT_EQ(read().own_id.value(), "cf9daaf2bc35");
}

TEST_F(MachineIdentityTest, names_what_makes_another_kind) {
  const nlohmann::json before = read();
  const auto kind = read().kind();
  files_.with("/proc/sys/kernel/osrelease", "6.2.0\n");
  EXPECT_NE(read().kind(), kind);
  EXPECT_EQ(differing_parts(before, read()), "kernel linux-6.1.0-18-amd64 then, linux-6.2.0 now");
  EXPECT_NE(differing_parts(nlohmann::json(), read()), "") << "of an older run";
}

TEST_F(MachineIdentityTest, falls_back_to_the_firmware_and_then_says_that_it_does_not_know) {
  files_.with("/etc/machine-id", "uninitialized\n");
  const auto without = read();
  EXPECT_FALSE(without.own_id.known());
  EXPECT_TRUE(without.machine().ends_with("-unknown"));
  files_.with("/sys/class/dmi/id/product_uuid", "4c4c4544-0042-3510-8052-b9c04f4e3132\n");
  EXPECT_TRUE(read().own_id.known());
}

TEST_F(MachineIdentityTest, has_no_host_name) {
  EXPECT_EQ(read().machine().find("secret"), std::string::npos);
  EXPECT_EQ(nlohmann::json(read()).dump().find("secret"), std::string::npos);
}

TEST(PlainWord, is_safe_in_paths_and_tables) {
  EXPECT_EQ(plain_word("Rack 7/Node #3!"), "rack-7-node-3");
  EXPECT_EQ(plain_word("../.."), "unknown");
  EXPECT_EQ(plain_word("--"), "unknown");
  EXPECT_EQ(plain_word(std::string(80, 'a')).size(), 32U);
}

}  // namespace
}  // namespace lockbench
