// Tokens on the host, for looking at them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lex/lex.h"
#include "source/source_map.h"

namespace rustg::lex {

struct HostTokens {
  std::vector<uint8_t> kinds, flags;
  std::vector<uint32_t> starts, lengths, symbols, files, errors;
  std::vector<device::ByteSpan> texts;  // of symbols

  bool operator==(const HostTokens& o) const {
    auto same_texts = [&] {
      if (texts.size() != o.texts.size()) return false;
      for (size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].offset != o.texts[i].offset || texts[i].length != o.texts[i].length) return false;
      }
      return true;
    };
    return kinds == o.kinds && flags == o.flags && starts == o.starts && lengths == o.lengths && symbols == o.symbols &&
           files == o.files && errors == o.errors && same_texts();
  }
};

// Which array differs first, and where.
inline std::string difference(const HostTokens& a, const HostTokens& b) {
  std::string out;
  auto compare = [&](const char* name, const auto& x, const auto& y) {
    if (x.size() != y.size()) out += std::string(name) + ": " + std::to_string(x.size()) + " and " + std::to_string(y.size()) + "\n";
    for (size_t i = 0; i < x.size() && i < y.size(); ++i) {
      if (x[i] == y[i]) continue;
      out += std::string(name) + "[" + std::to_string(i) + "]: " + std::to_string(x[i]) + " and " + std::to_string(y[i]) + "\n";
      break;
    }
  };
  compare("starts", a.starts, b.starts);
  compare("kinds", a.kinds, b.kinds);
  compare("flags", a.flags, b.flags);
  compare("lengths", a.lengths, b.lengths);
  compare("symbols", a.symbols, b.symbols);
  compare("files", a.files, b.files);
  compare("errors", a.errors, b.errors);
  return out;
}

template <class Queue>
HostTokens lex_to_host(Queue& queue, const source::Sources& sources, Tokens<Queue>& tokens) {
  lex(queue, sources, tokens);
  TokensRef ref = tokens.ref();
  uint32_t count = queue.read(ref.count), symbols = queue.read(tokens.table().size());
  return {queue.download(ref.kinds, count),          queue.download(ref.flags, count),
          queue.download(ref.starts, count),         queue.download(ref.lengths, count),
          queue.download(ref.symbols, count),        queue.download(ref.files, sources.files + 1),
          queue.download(ref.errors, sources.files), queue.download(tokens.symbols().keys, symbols)};
}
template <class Queue>
HostTokens lex_to_host(Queue& queue, const source::Sources& sources) {
  Tokens<Queue> tokens(queue);
  return lex_to_host(queue, sources, tokens);
}

// `kind text` a token, with its flags.
inline std::string dump(const source::SourceMap& map, const HostTokens& t) {
  std::string out;
  for (size_t i = 0; i < t.kinds.size(); ++i) {
    out += name(TokenKind(t.kinds[i]));
    constexpr std::pair<uint8_t, const char*> names[] = {
        {kJoint, " joint"}, {kRaw, " raw"}, {kSuffix, " suffix"}, {kInvalid, " invalid"}, {kUnicode, " unicode"}};
    for (auto [flag, text] : names) {
      if (t.flags[i] & flag) out += text;
    }
    if (t.symbols[i] != kNoSymbol)
      out += " #" + std::to_string(t.symbols[i] < sym::kKnown ? t.symbols[i] : t.symbols[i] - sym::kKnown + 1000);
    std::string text(map.text(t.starts[i], t.starts[i] + t.lengths[i]));
    for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\n");
    out += " `" + text + "`\n";
  }
  return out;
}

// What rustc_tokens.rs prints of a file.
inline std::string fingerprint(const source::SourceMap& map, const HostTokens& t, uint32_t file) {
  uint64_t hash = 0;
  for (uint32_t i = t.files[file]; i < t.files[file + 1]; ++i) {
    for (uint64_t value : {uint64_t(t.kinds[i]), uint64_t(t.starts[i] - map.begin(file)), uint64_t(t.lengths[i])}) {
      hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
      hash ^= hash >> 29;
    }
  }
  return std::to_string(hash) + " " + std::to_string(t.files[file + 1] - t.files[file]);
}

inline std::string kind_names() {
  std::string names;
  for (uint32_t k = 0; k <= uint32_t(kLastKeyword); ++k) names += (k ? "," : "") + std::string(name(TokenKind(k)));
  return names;
}

}  // namespace rustg::lex
