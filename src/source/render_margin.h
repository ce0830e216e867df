// Which columns of long lines are shown.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string_view>

namespace rustg::source::detail {

// Stand for what is left out.
constexpr std::string_view kDots = "...";

// Columns of an excerpt's lines.
struct Extent {
  uint32_t white = UINT32_MAX;  // that all lines begin with
  uint32_t left = UINT32_MAX;   // of the first mark
  uint32_t right = 0;           // behind the last mark
  uint32_t labels = 0;          // behind the last mark with its text
  uint32_t longest_line = 0;
};

// A window that is as wide as the terminal. What matters most has to be in it, in this order: marks with texts, marks, as much as there is
// room for. The numbers are rustc's.
struct Margin {
  uint32_t width;            // of the terminal, without the frame
  uint32_t left = 0, right;  // columns shown

  Margin(Extent extent, uint32_t terminal) : width(terminal) {
    constexpr uint32_t kRoom = 6, kMuchWhite = 20, kKept = 4;
    auto minus = [](uint32_t a, uint32_t b) { return a > b ? a - b : 0; };
    uint32_t white = minus(extent.white == UINT32_MAX ? 0 : extent.white, kRoom);
    uint32_t first = minus(extent.left == UINT32_MAX ? 0 : extent.left, kRoom);
    uint32_t last = extent.right + kRoom, labels = extent.labels + kRoom;
    if (white > kMuchWhite) left = white - (kMuchWhite - kKept);
    right = std::max(extent.longest_line, left);
    if (right - left <= width) return;
    if (labels >= white && labels - white <= width) {
      left = white;
    } else if (minus(labels, first) <= width) {
      left = minus(first, (width - minus(labels, first)) / 2);
    } else if (last - first <= width) {
      left = minus(first, (width - (last - first)) / 5 * 2);
    } else {
      left = first;
      right = last;
      return;
    }
    right = left + width;
  }

  uint32_t right_of(uint32_t line) const {
    return (line > left ? line - left : 0) <= width ? line : std::min(line, right);
  }
};

}  // namespace rustg::source::detail
