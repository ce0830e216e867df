// The first error that we report of every file, as rustc's short form has it:
//
//   first_errors < LIST      LIST: path <tab> edition; printed: path <tab> edition <tab> line:column <tab> code <tab> message
//
// Nothing behind the edition: no error. With --all every error, a line each.
#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include "lex/diagnose.h"
#include "lex/lex.h"
#include "parse/diagnose.h"
#include "source/source_map.h"

using namespace rustg;

int main(int argc, char** argv) {
  const bool all = argc > 1 && std::string_view(argv[1]) == "--all";
  parse::Diagnoser diagnoser;
  for (std::string line; std::getline(std::cin, line);) {
    size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    std::string path = line.substr(0, tab), edition = line.substr(tab + 1, 4);
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    source::SourceMap map(lex::known_words());
    auto added = map.add(path, text.str(), uint8_t((std::atoi(edition.c_str()) - 2015) / 3));
    if (!added.ok()) {
      fmt::print("{}\t{}\t\t\t{}\n", path, edition, added.error().message);
      continue;
    }
    bool any = false, fatal = false;
    auto print = [&](const source::Position& at, std::string_view code, std::string_view message) {
      if (any && !all) return;
      any = true;
      fmt::print("{}\t{}\t{}:{}\t{}\t{}\n", path, edition, at.line, at.column, code, message);
    };
    auto show = [&](const source::Diagnostic& d) {
      if (d.level != source::Level::error) return;
      print(d.spans.primary.empty() ? source::Position{0, 0} : map.position(0, d.spans.primary[0].begin), d.code,
            d.message);
      fatal |= d.fatal;
    };
    for (const source::Diagnostic& d : lex::diagnose(map, 0)) show(d);
    if (!fatal)
      for (const source::Diagnostic& d : diagnoser.diagnose(map, 0)) show(d);
    if (!any) fmt::print("{}\t{}\n", path, edition);
  }
  return 0;
}
