// Our parser's verdict on many files in one process, in the form of rustc_verdicts.py:
//
//   parse_verdicts < LIST      LIST: path <tab> edition; printed: path <tab> edition <tab> ok|error <tab> line:column <tab> message
#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "device/cpu/queue.h"
#include "lex/lex.h"
#include "parse/parse.h"
#include "source/source_map.h"

using namespace rustg;

int main() {
  device::cpu::Queue queue;
  lex::Tokens<device::cpu::Queue> tokens(queue);
  parse::Tree<device::cpu::Queue> tree(queue);
  struct Entry {
    std::string path, edition, problem;
  };
  std::vector<Entry> entries;
  auto batch = [&] {
    source::SourceMap map(lex::known_words());
    for (Entry& entry : entries) {
      std::ifstream in(entry.path, std::ios::binary);
      std::stringstream text;
      text << in.rdbuf();
      uint8_t edition = uint8_t((std::atoi(entry.edition.c_str()) - 2015) / 3);
      auto added = map.add(entry.path, text.str(), edition);
      if (!added.ok()) {
        entry.problem = added.error().message;
        (void)map.add(entry.path, "", edition);
      }
    }
    source::Sources sources = map.host();
    lex::lex(queue, sources, tokens);
    parse::parse(queue, sources, tokens, tree);
    std::vector<parse::Error> errors = tree.errors();
    lex::TokensRef t = tokens.ref();
    size_t next = 0;
    for (uint32_t file = 0; file != map.files(); ++file) {
      uint32_t end = file + 1 < map.files() ? t.files[file + 1] : *t.count;
      const Entry& entry = entries[file];
      std::string place, message = entry.problem;
      if (t.errors[file]) message = "lexical error";
      if (next != errors.size() && errors[next].token < end) {
        source::Position at = map.position(file, t.starts[errors[next].token]);
        place = fmt::format("{}:{}", at.line, at.column);
        if (message.empty()) message = std::string(parse::message(errors[next].kind));
      }
      while (next != errors.size() && errors[next].token < end) ++next;
      fmt::print("{}\t{}\t{}\t{}\t{}\n", entry.path, entry.edition, message.empty() ? "ok" : "error", place, message);
    }
    entries.clear();
  };
  for (std::string line; std::getline(std::cin, line);) {
    size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    entries.push_back({line.substr(0, tab), line.substr(tab + 1, 4), ""});
    if (entries.size() == 1000) batch();
  }
  if (!entries.empty()) batch();
  return 0;
}
