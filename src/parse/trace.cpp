#include "parse/trace.h"

#include <algorithm>
#include <cstring>

#include "parse/attribute.h"
#include "parse/builtin.h"
#include "parse/expression.h"
#include "parse/generic.h"
#include "parse/item.h"
#include "parse/item_data.h"
#include "parse/item_fn.h"
#include "parse/operand.h"
#include "parse/path.h"
#include "parse/pattern.h"
#include "parse/recover.h"
#include "parse/statement.h"
#include "parse/task.h"
#include "parse/type.h"

namespace rustg::parse {

namespace {

// So many frames that only what a device could not parse either fills them.
constexpr uint32_t kFrames = 16384;

}  // namespace

Tracer::Tracer() : queue_(1), lexed_(queue_), stack_(kFrames) {}

bool Tracer::match_brackets(FileTokens& tokens) const {
  std::vector<uint32_t> open;
  tokens.match.assign(tokens.kinds.size(), 0);
  for (uint32_t t = 0; t != tokens.kinds.size(); ++t) {
    Token k = tokens.kind(t);
    if (opens(k)) {
      open.push_back(t);
    } else if (closes(k)) {
      if (open.empty() || uint8_t(tokens.kind(open.back())) + 1 != uint8_t(k)) return false;
      tokens.match[t] = open.back();
      tokens.match[open.back()] = t;
      open.pop_back();
    }
  }
  return open.empty();
}

Trace Tracer::run(const source::SourceMap& map, uint32_t file) {
  // A batch of this file alone.
  constexpr uint32_t align = source::Sources::kAlignment, padding = source::Sources::kPadding;
  std::string_view front = lex::known_words(), text = map.text(file);
  auto up = [](size_t size) { return uint32_t((size + padding + align - 1) / align * align); };
  const uint32_t begin = up(front.size()), end = begin + uint32_t(text.size());
  const uint32_t size = up(end);
  if (room_ < size) bytes_ = queue_.allocate<uint8_t>(room_ = size);
  std::memset(bytes_.data(), '\n', size);
  std::memcpy(bytes_.data(), front.data(), front.size());
  std::memcpy(bytes_.data() + begin, text.data(), text.size());
  const uint8_t edition = map.edition(file);
  const source::Sources sources{bytes_.data(), size, 1, &begin, &end, &edition};
  lex::lex(queue_, sources, lexed_);
  lex::TokensRef t = lexed_.ref();
  const uint32_t count = queue_.read(t.count);

  Trace trace;
  FileTokens& tokens = trace.tokens;
  tokens = {&map,
            file,
            lex::Edition(edition),
            queue_.download(t.kinds, count),
            queue_.download(t.flags, count),
            queue_.download(t.starts, count),
            queue_.download(t.lengths, count),
            queue_.download(t.symbols, count),
            {}};
  for (uint32_t& start : tokens.starts) start += map.begin(file) - begin;
  trace.brackets_match = match_brackets(tokens);
  if (!trace.brackets_match) {
    tokens.match.clear();
    return trace;
  }

  trace.node_kinds.assign(count + 64, 0);
  trace.node_flags.assign(count, 0);
  trace.node_tokens.assign(count, 0);
  trace.node_starts.assign(count, 0);
  std::vector<uint64_t> errors(Parser::kMostErrors * 4);
  uint32_t error_count = 0;
  std::vector<uint8_t> kinds(count);
  for (uint32_t token = 0; token != count; ++token) kinds[token] = with_joint(tokens.kinds[token], tokens.flags[token]);
  const Shared shared{{kinds.data(), tokens.flags.data(), tokens.symbols.data(), tokens.match.data()},
                      bytes_.data(),
                      t.starts,
                      tokens.lengths.data(),
                      trace.node_kinds.data(),
                      trace.node_flags.data(),
                      trace.node_tokens.data(),
                      trace.node_starts.data(),
                      errors.data(),
                      &error_count,
                      uint32_t(errors.size()),
                      Cuts{},
                      StackChunks{}};
  // Tasks are only cut where the stack is nearly full, and then run here too.
  const uint32_t most_tasks = count / Parser::kTaskDistance + 16;
  std::vector<Task> tasks(most_tasks);
  std::vector<uint32_t> ready(most_tasks);
  device::WorkQueueState state{1, 0, 0};
  tasks[0] = {0, 0, 0, count - 1, 0, 0, State::items, kFileTask, edition};
  for (uint32_t next = 0; next != std::min(state.reserved, most_tasks); ++next) {
    Parser parser(shared, {{&state, tasks.data(), ready.data(), most_tasks}}, stack_.data(), kFrames, ~0u);
    parser.begin(tasks[next]);
    while (parser.depth_ != 0) {
      const Frame frame = stack_[parser.depth_ - 1];
      const uint32_t below = parser.depth_ - 1;
      const NodeKind last = parser.last;
      const uint32_t place = parser.cursor;
      parser.step();
      if (error_count == 0) continue;
      const uint32_t kept = std::min(error_count, uint32_t(errors.size()));
      for (uint32_t e = 0; e != kept; ++e)
        trace.faults.push_back({ErrorKind(errors[e] & 255),
                                uint32_t(errors[e] >> 8),
                                frame,
                                last,
                                place,
                                {stack_.begin(), stack_.begin() + below}});
      error_count = 0;
    }
  }
  std::stable_sort(trace.faults.begin(), trace.faults.end(),
                   [](const Fault& a, const Fault& b) { return a.token < b.token; });
  return trace;
}

}  // namespace rustg::parse
