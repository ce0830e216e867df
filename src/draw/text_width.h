// How wide text is: in Helvetica, whose widths Arial and Liberation Sans share. Pictures name those and tell the viewer the width, so that text keeps it
// in any other font.
#pragma once
#include <string_view>

namespace rustg::draw {

constexpr const char* kFont = "Helvetica,Arial,'Liberation Sans',sans-serif";

// Of UTF-8 text, in the units of the size.
double text_width(std::string_view text, double size);

}  // namespace rustg::draw
