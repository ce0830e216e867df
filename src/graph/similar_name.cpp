#include "graph/similar_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace rustg::graph {

namespace {

constexpr size_t kMostEdits = 3;

// Letters put in, taken out or replaced, and neighbours exchanged, that lead from one to the other, whatever their case.
size_t edits(std::string_view a, std::string_view b) {
  auto low = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  std::vector<std::vector<size_t>> row(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i)
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        row[i][j] = i + j;
        continue;
      }
      row[i][j] = std::min(
          {row[i - 1][j] + 1, row[i][j - 1] + 1, row[i - 1][j - 1] + (low(a[i - 1]) == low(b[j - 1]) ? 0 : 1)});
      if (i > 1 && j > 1 && low(a[i - 1]) == low(b[j - 2]) && low(a[i - 2]) == low(b[j - 1]))
        row[i][j] = std::min(row[i][j], row[i - 2][j - 2] + 1);
    }
  return row[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> similar_name(std::string_view name, const std::vector<std::string>& names) {
  std::optional<std::string> best;
  size_t least = kMostEdits + 1;
  for (const std::string& other : names) {
    const size_t lengths = name.size() > other.size() ? name.size() - other.size() : other.size() - name.size();
    if (lengths >= least) continue;
    if (size_t distance = edits(name, other); distance < least) {
      least = distance;
      best = other;
    }
  }
  return best;
}

std::string similar_name_help(std::string_view kind, std::string_view name, const std::vector<std::string>& names) {
  auto similar = similar_name(name, names);
  return similar ? fmt::format("\n\nhelp: a {} with a similar name exists: `{}`", kind, *similar) : "";
}

}  // namespace rustg::graph
