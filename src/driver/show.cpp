#include "driver/show.h"

#include <fmt/format.h>

namespace rustg::driver {
namespace {

constexpr const char* kLevels[] = {"error", "warning", "note", "help"};

}  // namespace

std::string Shower::show(const source::SourceMap& map, const source::Diagnostic& d) const {
  std::string place;
  if (!d.spans.primary.empty()) {
    uint32_t at = d.spans.primary[0].begin, file = map.file_at(at);
    source::Position p = map.position(file, at);
    place = fmt::format("{}:{}:{}: ", map.name(file), p.line, p.column);
  }
  return fmt::format("{}{}{}: {}\n", place, kLevels[size_t(d.level)], d.code.empty() ? "" : "[" + d.code + "]", d.message);
}

std::string Shower::closing(uint32_t errors, uint32_t warnings, const std::set<std::string>& codes) const {
  if (errors == 0) return "";
  (void)warnings;
  (void)codes;
  return fmt::format("error: aborting due to {} previous error{}\n", errors, errors == 1 ? "" : "s");
}

}  // namespace rustg::driver
