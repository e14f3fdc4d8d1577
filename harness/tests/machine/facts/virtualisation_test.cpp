#include "harness/machine/facts/virtualisation.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

const Probed<std::string> claims_to_be_real{std::string{}};
const Probed<std::string> cannot_tell{Unknown{"not x86"}};

TEST(Virtualisation, the_cpus_signature_names_the_hypervisor) {
  const InventedFiles invented;
  const auto facts = read_virtualisation(invented.files(), std::string("KVMKVMKVM"));
  EXPECT_EQ(facts.hypervisor.value(), "kvm");
  EXPECT_TRUE(is_virtual(facts));
}

TEST(Virtualisation, a_signature_nobody_knows_is_kept_as_it_is) {
  const InventedFiles invented;
  EXPECT_EQ(read_virtualisation(invented.files(), std::string("NewHyper1234")).hypervisor.value(),
            "NewHyper1234");
}

TEST(Virtualisation, a_cpu_that_claims_to_be_real_is_believed) {
  InventedFiles invented;
  invented.with("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");  // also on their bare metal
  const auto facts = read_virtualisation(invented.files(), claims_to_be_real);
  EXPECT_EQ(facts.hypervisor.value(), "none");
  EXPECT_FALSE(is_virtual(facts));
}

TEST(Virtualisation, where_the_cpu_cannot_tell_the_board_is_asked) {
  InventedFiles invented;
  invented.with("/sys/class/dmi/id/product_name", "QEMU Virtual Machine\n");
  EXPECT_EQ(read_virtualisation(invented.files(), cannot_tell).hypervisor.value(), "qemu");
}

TEST(Virtualisation, where_nothing_tells_it_is_unknown_and_not_none) {
  const InventedFiles invented;
  const auto facts = read_virtualisation(invented.files(), cannot_tell);
  EXPECT_FALSE(facts.hypervisor.known());
  EXPECT_FALSE(is_virtual(facts));
}

TEST(Virtualisation, the_hypervisor_flag_alone_tells_of_an_unnamed_one) {
  InventedFiles invented;
  invented.with("/proc/cpuinfo", "flags\t\t: fpu hypervisor lahf_lm\n");
  EXPECT_EQ(read_virtualisation(invented.files(), cannot_tell).hypervisor.value(), "unnamed");
}

TEST(Virtualisation, containers_are_recognised_by_their_traces) {
  InventedFiles docker;
  docker.with("/.dockerenv", "");
  EXPECT_EQ(read_virtualisation(docker.files(), cannot_tell).container, "docker");
  InventedFiles pod;
  pod.with("/proc/self/cgroup", "0::/kubepods/besteffort/pod1\n");
  EXPECT_EQ(read_virtualisation(pod.files(), cannot_tell).container, "kubernetes");
  const InventedFiles host;
  EXPECT_EQ(read_virtualisation(host.files(), cannot_tell).container, "none detected");
}

TEST(Virtualisation, this_machine_is_read_without_fail) {
  const nlohmann::json facts = read_virtualisation();
  EXPECT_TRUE(facts.contains("hypervisor"));
}

}  // namespace
}  // namespace lockbench
