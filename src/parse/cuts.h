// Where long lists are cut, so that no list is one task's work. docs/parse.md tells how.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "lex/token.h"

namespace rustg::parse {

// All tokens lie in runs of so many. A run belongs to the list whose brackets are the closest around all of it, and has one cut of that
// list at most.
constexpr uint32_t kRun = 64;
// Lists that are nested deeper are not cut.
constexpr uint32_t kDeepestList = 4095;

enum class CutKind : uint8_t {
  none,
  comma,      // before a comma, which separates two elements if no `<` or `|` stands before it in the list
  statement,  // behind `;` or `}`, where a statement or an item begins
  arm         // where an arm of a match begins
};
constexpr uint8_t kAngle = 0x80;  // with a CutKind: there is a `<` or `|` in the run, at the list's own level

// The cuts of all lists, sorted by the depth of the list, then by token: those of one list stand together.
struct Cuts {
  const uint32_t* run_depths;  // of each run: brackets around its first token
  const uint8_t* kinds;        // of each run: CutKind and kAngle
  const uint32_t* depths;
  const uint32_t* tokens;  // without a cut: any of the run
  const uint32_t* angles;  // runs with kAngle before this one
  uint32_t count;

  // The first cut of lists of this depth behind `token`.
  RUSTG_HD uint32_t find(uint32_t depth, uint32_t token) const {
    uint32_t low = 0, high = count;
    while (low != high) {
      uint32_t middle = low + (high - low) / 2, d = depths[middle];
      if (d < depth || (d == depth && tokens[middle] <= token))
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }
  RUSTG_HD uint8_t kind(uint32_t cut) const { return kinds[tokens[cut] / kRun]; }
};

}  // namespace rustg::parse
