#pragma once

/// Tells machines apart without telling what their owners call them: no host name is in it.

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/machine/facts/system_files.hpp"
#include "harness/machine/facts/virtualisation.hpp"

namespace lockbench {

struct MachineIdentity {
  // What makes the kind. Lower case letters, digits, dots and dashes; "unknown" where it cannot be
  // told.
  std::string cpu;             ///< model, shortened
  std::string topology;        ///< `2s32c64t`: sockets, cores and hardware threads that are online
  std::string memory;          ///< `16gib`, rounded
  std::string kernel;          ///< `linux-6.1.0-18-amd64`
  std::string virtualisation;  ///< hypervisor; `metal` for none

  /// A hash of the machine's own id, made with a key of this program, so that the id itself is not
  /// published (as machine-id(5) asks for).
  Probed<std::string> own_id;

  /// All parts and a short hash of them. Machines of one kind can be compared.
  [[nodiscard]] std::string kind() const;
  /// The kind as a part of a directory's name: `2t-kvm-1a2b3c`.
  [[nodiscard]] std::string short_kind() const;
  /// The kind and the hash of the own id, or `unknown` instead.
  [[nodiscard]] std::string machine() const;
};

[[nodiscard]] MachineIdentity read_machine_identity(
    const SystemFiles& files = {}, const Virtualisation& virtualisation = read_virtualisation());

/// As an object of its members.
void to_json(nlohmann::json& json, const MachineIdentity& identity);

/// Names each part of the kind that was another one then: `kernel linux-6.1 then, linux-6.2 now`.
/// `then` is what `to_json` made. Empty if no part differs.
[[nodiscard]] std::string differing_parts(const nlohmann::json& then, const MachineIdentity& now);

/// Lower case letters, digits and dots of a text, with a dash for what is between them; at most
/// `longest` characters. "unknown" if nothing is left.
[[nodiscard]] std::string plain_word(std::string_view text, std::size_t longest = 32);

}  // namespace lockbench
