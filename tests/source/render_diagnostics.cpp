// What the lexer and the parser have to say about files, rendered:
//
//   render_diagnostics FORMAT < LIST      LIST: path <tab> edition <tab> name to show
//
// FORMAT: human, ui (with LL for line numbers, as in rustc's own tests), colour, short or json. A line `=== path <tab> edition` stands in front of each file's.
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
#include "source/render.h"

using namespace rustg;

int main(int argc, char** argv) {
  const std::string_view format = argc > 1 ? argv[1] : "human";
  source::RenderOptions options;
  options.format = format == "json"    ? source::ErrorFormat::json
                   : format == "short" ? source::ErrorFormat::terse
                                       : source::ErrorFormat::human;
  options.colour = format == "colour";
  options.anonymous = format == "ui";
  parse::Diagnoser diagnoser;
  for (std::string line; std::getline(std::cin, line);) {
    size_t tab = line.find('\t'), last = line.rfind('\t');
    if (tab == last || tab == std::string::npos) continue;
    std::string path = line.substr(0, tab), edition = line.substr(tab + 1, 4);
    fmt::print("=== {}\t{}\n", path, edition);
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    source::SourceMap map(lex::known_words());
    if (!map.add(line.substr(last + 1), text.str(), uint8_t((std::atoi(edition.c_str()) - 2015) / 3)).ok()) continue;
    source::Reporter reporter(map, options);
    bool fatal = false;
    auto show = [&](const std::vector<source::Diagnostic>& all) {
      for (const source::Diagnostic& d : all) {
        std::cout << reporter.report(d);
        fatal |= d.fatal;
      }
    };
    show(lex::diagnose(map, 0));
    if (!fatal) show(diagnoser.diagnose(map, 0));
    std::cout << reporter.finish("rustc");
  }
  return 0;
}
