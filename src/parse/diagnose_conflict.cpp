#include "parse/diagnose_conflict.h"

#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;

namespace {

constexpr uint32_t kMarker = 7;

// The run of one character that begins a line at `t`, if it is long enough to be a marker.
std::optional<source::Span> marker(const FileTokens& t, uint32_t p, Token kind) {
  if (!t.is(p, kind)) return {};
  const uint32_t begin = t.starts[p];
  if (begin != t.map->begin(t.file) && t.map->text(begin - 1, begin) != "\n") return {};
  uint32_t end = p;
  while (t.is(end, kind) && t.starts[end] == begin + (end - p)) ++end;
  if (end - p < kMarker) return {};
  return source::Span{begin, begin + (end - p)};
}

}  // namespace

std::optional<Diagnostic> diagnose_conflict(const Trace& trace) {
  const FileTokens& t = trace.tokens;
  if (trace.faults.empty()) return {};
  const uint32_t first = trace.faults.front().token;
  std::optional<source::Span> start, base, middle, end;
  for (uint32_t p = 0; p < t.eof() && !end; ++p) {
    if (auto m = marker(t, p, Token::lt); m && p <= first) start = m, base = middle = {};
    if (!start) continue;
    if (auto m = marker(t, p, Token::or_); m && !base) base = m;
    if (auto m = marker(t, p, Token::eq); m && !middle) middle = m;
    if (auto m = marker(t, p, Token::gt); m && middle) {
      if (t.starts[first] <= m->end)
        end = m;
      else
        start = {};
    }
  }
  if (!start || (!end && !middle)) return {};
  Diagnostic d;
  d.message = "encountered diff marker";
  d.spans.primary = {*start};
  d.spans.labels.push_back({*start, base ? "between this marker and `|||||||` is the code that you are merging into"
                                         : "between this marker and `=======` is the code that you are merging into"});
  if (base)
    d.spans.labels.push_back(
        {*base, "between this marker and `=======` is the base code (what the two refs diverged from)"});
  if (middle) d.spans.labels.push_back({*middle, "between this marker and `>>>>>>>` is the incoming code"});
  if (end) {
    d.spans.primary.push_back(*end);
    d.spans.labels.push_back({*end, "this marker concludes the conflict region"});
  }
  using source::Level;
  d.notes.push_back(
      {Level::note,
       "conflict markers indicate that a merge was started but could not be completed due to merge conflicts\n"
       "to resolve a conflict, keep only the code you want and then delete the lines containing conflict markers"});
  d.notes.push_back({Level::help,
                     "if you are in a merge, the top section is the code you already had checked out and the bottom "
                     "section is the new code\n"
                     "if you are in a rebase, the top section is the code being rebased onto and the bottom section is "
                     "the code you had checked out which is being rebased"});
  d.notes.push_back({Level::note,
                     "for an explanation on these markers from the `git` documentation, visit "
                     "<https://git-scm.com/book/en/v2/Git-Tools-Advanced-Merging#_checking_out_conflicts>"});
  d.fatal = true;
  return d;
}

}  // namespace rustg::parse
