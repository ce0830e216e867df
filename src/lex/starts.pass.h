// The first half of the lexer's pass: where tokens begin, a bit a byte.
#pragma once
#include "device/atomic.h"
#include "lex/frontmatter.h"
#include "lex/lex.h"
#include "lex/starts_cores.pass.h"
#include "lex/starts_lanes.pass.h"

namespace rustg::lex {

namespace detail {

// A file with something too deep for States, by one lane.
RUSTG_HD inline void scan_alone(const Sources& s, const uint32_t* contents, const MadeBlock* blocks, uint64_t* bits, uint32_t* errors,
                                uint32_t file) {
  const Text t = text_of(s, file, blocks);
  Inside inside = mark_run(t, contents[file], t.end, {}, true, bits, [&] { errors[file] = 1; });
  if (inside.kind > Inside::line) errors[file] = 1;
}

}  // namespace detail

// contents, starts: the first half.
template <class Queue>
void find_starts(Queue& queue, const source::Sources& s, Tokens<Queue>& tokens) {
  using namespace detail;
  const auto work = tokens.workspace();
  uint32_t* errors = tokens.ref().errors;
  queue.set_bytes(work.bits, 0, s.size / kBlockBytes + 1);
  queue.for_each(s.files, [=] RUSTG_HD(uint32_t file) {
    work.slow[file] = 0;
    errors[file] = 0;
    work.contents[file] = content_begin(text_of(s, file), s.begins[file], &errors[file]);
    uint32_t end = s.ends[file];  // its eof
    device::atomic_or(&work.bits[end >> 6], uint64_t(1) << (end & 63));
  });
  if constexpr (OfCores<Queue>)
    find_starts_by_cores(queue, s, tokens);
  else
    find_starts_by_lanes(queue, s, tokens);
  queue.for_each(s.files, [=] RUSTG_HD(uint32_t file) {
    if (work.slow[file]) scan_alone(s, work.contents, work.blocks, work.bits, errors, file);
  });
}

}  // namespace rustg::lex
