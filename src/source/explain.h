// What an error code means, with an example of the error and of how it is mended. The texts are in explain/, a file for each code.
#pragma once
#include <optional>
#include <string_view>

namespace rustg::source {

// Markdown; ends with a newline. code: E0766; nothing if it is not known.
std::optional<std::string_view> explain(std::string_view code);

}  // namespace rustg::source
