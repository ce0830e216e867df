#include "parse/tree.h"

namespace rustg::parse {

std::string_view name(NodeKind kind) {
  static constexpr std::string_view names[] = {
      "none",
#define NODE(name) #name,
#include "parse/node.def"
  };
  return names[size_t(kind)];
}

std::string_view message(ErrorKind kind) {
  static constexpr std::string_view messages[] = {
#define PARSE_ERROR(name, code, message) message,
#include "parse/error.def"
  };
  return messages[size_t(kind)];
}

std::string_view code(ErrorKind kind) {
  static constexpr std::string_view codes[] = {
#define PARSE_ERROR(name, code, message) code,
#include "parse/error.def"
  };
  return codes[size_t(kind)];
}

}  // namespace rustg::parse
