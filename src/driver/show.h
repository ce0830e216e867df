// Diagnostics as the user wants to see them.
#pragma once
#include <cstdint>
#include <set>
#include <string>

#include "source/diagnostic.h"
#include "source/source_map.h"

namespace rustg::driver {

enum class ErrorFormat { human, terse, json };

class Shower {
 public:
  Shower(ErrorFormat format, bool color) : format_(format), color_(color) {}

  std::string show(const source::SourceMap& map, const source::Diagnostic& diagnostic) const;
  // The last words about so many errors and warnings; nothing if there are none.
  std::string closing(uint32_t errors, uint32_t warnings, const std::set<std::string>& codes) const;

 private:
  ErrorFormat format_;
  bool color_;
};

}  // namespace rustg::driver
