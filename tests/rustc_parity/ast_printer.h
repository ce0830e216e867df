// Prints the tree in rustc's terms, by views: every view's children are visited by their names, so what a view gets wrong shows.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "rustc_parity/ast.h"

namespace rustg::parity {

using namespace parse;

enum class Place { module, assoc, foreign };

class Printer : Extent {
 public:
  Printer(const Parsed& parsed, uint32_t file) : Extent(parsed), file_(file) {}
  std::string run() {
    File root(tree, p.tree.files[file_]);
    nodes(root.attributes(), [&](uint32_t n) { attribute(n); });
    nodes(root.items(), [&](uint32_t n) { item(n); });
    return std::move(out_);
  }

 private:
  uint32_t file_;
  uint32_t depth_ = 0;
  std::string out_;

  uint32_t begin_of(uint32_t token) const { return p.tree.starts[token]; }
  uint32_t end_of(uint32_t token) const { return p.tree.starts[token] + p.tree.lengths[token]; }
  NodeKind kind_of(uint32_t node) const { return tree.kind(node); }

  // Views go backwards; the text goes forwards.
  static std::vector<uint32_t> forward(const Nodes& list) {
    std::vector<uint32_t> all;
    for (uint32_t n : list) all.push_back(n);
    std::reverse(all.begin(), all.end());
    return all;
  }
  template <class F>
  void nodes(const Nodes& list, F f) {
    for (uint32_t n : forward(list)) f(n);
  }
  template <class F>
  void some(uint32_t node, F f) {
    if (node != kNoNode) f(node);
  }

  void line(std::string_view kind, uint32_t begin, uint32_t end) {
    source::Position a = p.map.position(file_, begin), b = p.map.position(file_, end);
    out_ += fmt::format("{} {} {}:{} {}:{}\n", depth_, kind, a.line, a.column, b.line, b.column);
  }
  template <class F>
  void open_at(std::string_view kind, uint32_t begin, uint32_t end, F inside) {
    line(kind, begin, end);
    ++depth_;
    inside();
    --depth_;
  }
  template <class F>
  void open(std::string_view kind, uint32_t node, F inside) {
    open_at(kind, begin_of(first(node)), end_of(last(node)), inside);
  }
  void leaf(std::string_view kind, uint32_t node) {
    open(kind, node, [] {});
  }

  // `attributed` stands for the doc comment that is its last attribute.
  void attribute(uint32_t node) {
    const uint32_t token = tree.tokens[node];
    if (kind_of(node) == NodeKind::attributed) return line("Attribute::DocComment", begin_of(token), end_of(token));
    leaf(kind_of(node) == NodeKind::doc ? "Attribute::DocComment" : "Attribute::Normal", node);
  }
  void attributes(const Nodes& list) {
    nodes(list, [&](uint32_t n) { attribute(n); });
  }
  void visibility(uint32_t node) {
    some(node, [&](uint32_t n) {
      open(Visibility(tree, n).path() == kNoNode ? "Visibility::Public" : "Visibility::Restricted", n,
           [&] { some(Visibility(tree, n).path(), [&](uint32_t path_) { path(path_); }); });
    });
  }

  // Lists whose elements' attributes stand beside them: f(element, attributes).
  template <class F>
  void elements(const Nodes& list, F f) {
    std::vector<uint32_t> waiting;
    for (uint32_t n : forward(list)) {
      if (sets::Attribute::has(kind_of(n))) {
        waiting.push_back(n);
      } else {
        f(n, waiting);
        waiting.clear();
      }
    }
  }
  using Waiting = std::vector<uint32_t>;
  void attributes(const Waiting& list) {
    for (uint32_t n : list) attribute(n);
  }

  // ast_item.cpp
  void item(uint32_t node, Place place = Place::module);
  void item_parts(uint32_t node, Place place);
  void item_list(uint32_t node, Place place);
  void use_tree(uint32_t node);
  void fields(uint32_t node);
  void params(uint32_t node);
  void param(uint32_t node, const Waiting& waiting);
  void self_param(uint32_t node);
  void generics(uint32_t node);
  void where_clause(uint32_t node);
  void bound(uint32_t node);
  void bounds(uint32_t node);
  // ast_type.cpp
  void type(uint32_t node);
  void ret(uint32_t node);
  void path(uint32_t node);
  void qualified_path(uint32_t node);
  void segments(uint32_t node);
  void generic_arguments(uint32_t generic);
  void constant(uint32_t node);
  void pattern(uint32_t node);
  // ast_expression.cpp
  uint32_t start(uint32_t node) const;
  void expression(uint32_t node, const Waiting& waiting = {}, uint32_t label = kNoNode);
  void expression_parts(uint32_t node);
  void tuple_fields(uint32_t object, uint32_t end, const char* kind);
  void block(uint32_t node, uint32_t around = kNoNode);
  void statement(uint32_t node, const Waiting& waiting);
  void field_value(uint32_t node);
  void arms(uint32_t node);
};

}  // namespace rustg::parity
