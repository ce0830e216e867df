// Any bytes are lines of an index (or cargo's cache of them) without a fault; what was read makes tables that hold together, and
// the same ones once more by way of a merge.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "graph/assemble.h"
#include "graph/index_files.h"
#include "graph/index_line.h"
#include "graph/merge.h"
#include "graph/validate.h"

namespace {

using namespace rustg::graph;

// Lines from `first` to `last`, of all there are.
Tables tables_of(std::string_view bytes, uint64_t first, uint64_t last) {
  std::vector<Part> parts(2);
  LineReader readers[] = {LineReader(parts[0]), LineReader(parts[1])};
  for_each_line(bytes, [&](std::string_view line, uint64_t n) {
    if (n >= first && n < last) (void)readers[n % 2].read(line, n);
  });
  return assemble(parts).tables;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto padded = std::make_unique<char[]>(size + LineReader::kPadding);
  std::memcpy(padded.get(), data, size);
  const std::string_view bytes(padded.get(), size);
  const Tables whole = tables_of(bytes, 0, UINT64_MAX);
  if (validate(sections_of(whole.registry()))) std::abort();
  // Half of the crates taken out, and nothing put in, is what the rest gives with nothing taken out.
  const Registry r = whole.registry();
  std::vector<CrateId> odd, even;
  for (CrateId c = 0; c != r.crates; ++c) (c % 2 ? odd : even).push_back(c);
  const Tables nothing = tables_of({}, 0, 0);
  const Tables left = merge(r, odd, nothing.registry()), right = merge(r, even, nothing.registry());
  if (validate(sections_of(left.registry())) || validate(sections_of(right.registry()))) std::abort();
  const Tables again = merge(left.registry(), {}, right.registry());
  if (!equal(again.registry(), r)) std::abort();
  return 0;
}
