// The parts of a page that is one file: nothing of it comes from elsewhere.
#pragma once
#include <string>
#include <string_view>

namespace rustg::draw {

// src/draw/page, put into the program when it is built.
extern const std::string_view kPageStyle, kPackagesStyle, kViewScript, kPackagesScript, kRegistryStyle, kRegistryScript;

struct PageParts {
  std::string_view title, subtitle;
  std::string_view find;  // what the field for searching says
  std::string style;      // besides kPageStyle
  std::string stage;      // what is looked at
  std::string legend;
  std::string data;         // for the script, in elements of its own
  std::string_view script;  // besides kViewScript
};
std::string make_page(const PageParts& parts);

// Text as a JSON string that may stand in a <script>.
std::string json_in_page(std::string_view text);

}  // namespace rustg::draw
