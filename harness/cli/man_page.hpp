#pragma once

#include <string>
#include <string_view>

namespace lockbench {

/// Returns the page bench(1) in roff (man macros). `version` stands in the footer.
[[nodiscard]] std::string man_page(std::string_view version);

}  // namespace lockbench
