#include "parse/host_tree.h"

#include <fmt/format.h>

#include <algorithm>

namespace rustg::parse {

namespace {

// A kind's least and most children, where that is fixed.
struct Arity {
  uint32_t least, most;
};
Arity arity(NodeKind kind) {
  constexpr uint32_t any = 0xffffffffu;
  switch (kind) {
    case NodeKind::attribute:
    case NodeKind::doc:
    case NodeKind::name:
    case NodeKind::lifetime:
    case NodeKind::label:
    case NodeKind::literal:
    case NodeKind::token_tree:
    case NodeKind::path_root:
    case NodeKind::abi:
    case NodeKind::wild:
    case NodeKind::rest:
    case NodeKind::never_type:
    case NodeKind::infer_type:
    case NodeKind::underscore:
    case NodeKind::never_pattern:
    case NodeKind::empty: return {0, 0};
    case NodeKind::unary:
    case NodeKind::borrow:
    case NodeKind::try_:
    case NodeKind::paren:
    case NodeKind::postfix_keyword:
    case NodeKind::loop:
    case NodeKind::unsafe_block:
    case NodeKind::const_block:
    case NodeKind::async_block:
    case NodeKind::become:
    case NodeKind::paren_type:
    case NodeKind::pointer_type:
    case NodeKind::slice_type:
    case NodeKind::ret:
    case NodeKind::box_pattern:
    case NodeKind::ref_pattern:
    case NodeKind::paren_bound:
    case NodeKind::guard:
    case NodeKind::discriminant:
    case NodeKind::rename:
    case NodeKind::else_:
    case NodeKind::captures:
    case NodeKind::for_binder: return {1, 1};
    case NodeKind::binary:
    case NodeKind::assign:
    case NodeKind::cast:
    case NodeKind::call:
    case NodeKind::index:
    case NodeKind::repeat:
    case NodeKind::labeled:
    case NodeKind::while_:
    case NodeKind::match_:
    case NodeKind::let:
    case NodeKind::path:
    case NodeKind::array_type:
    case NodeKind::use_rename:
    case NodeKind::guard_pattern:
    case NodeKind::macro_call: return {2, kind == NodeKind::macro_call ? any : 2};
    case NodeKind::for_: return {3, 3};
    case NodeKind::if_:
    case NodeKind::closure:
    case NodeKind::generic: return {2, kind == NodeKind::closure ? 4u : 3u};
    case NodeKind::qualified_self:
    case NodeKind::ref_type:
    case NodeKind::try_block: return {1, 2};
    case NodeKind::range:
    case NodeKind::range_pattern:
    case NodeKind::break_: return {0, 2};
    case NodeKind::return_:
    case NodeKind::yield:
    case NodeKind::yeet:
    case NodeKind::continue_:
    case NodeKind::base:
    case NodeKind::binding: return {0, 1};
    case NodeKind::fn_item:
    case NodeKind::impl_item:
    case NodeKind::mod_item:
    case NodeKind::trait_item:
    case NodeKind::use_item:
    case NodeKind::let_statement:
    case NodeKind::field:
    case NodeKind::assoc_type:
    case NodeKind::expr_statement: return {1, any};
    case NodeKind::none: return {1, 0};
    default: return {0, any};
  }
}

// Attributes do not count: they may stand before what any node begins with.
bool is_attribute(NodeKind kind) { return kind == NodeKind::attribute || kind == NodeKind::doc; }

}  // namespace

std::vector<uint32_t> HostTree::children(uint32_t node) const {
  std::vector<uint32_t> list;
  for (uint32_t next = node; next != first(node); next = first(list.back())) list.push_back(next - 1);
  std::reverse(list.begin(), list.end());
  return list;
}

std::string dump(const HostTree& tree, const source::SourceMap& map, uint32_t file) {
  std::string out;
  uint32_t root = tree.files[file];
  if (root == kNoNode) return out;
  struct Open {
    uint32_t node, depth;
  };
  std::vector<Open> stack{{root, 0}};
  while (!stack.empty()) {
    auto [node, depth] = stack.back();
    stack.pop_back();
    uint32_t token = tree.tokens[node], begin = tree.starts[token];
    out += fmt::format("{:{}}{}", "", depth * 2, name(tree.kind(node)));
    switch (tree.kind(node)) {
      case NodeKind::name:
      case NodeKind::lifetime:
      case NodeKind::label:
      case NodeKind::literal:
      case NodeKind::binding:
      case NodeKind::field:
      case NodeKind::field_value:
      case NodeKind::field_pattern:
      case NodeKind::variant:
      case NodeKind::unary:
      case NodeKind::type_param:
      case NodeKind::lifetime_param:
      case NodeKind::abi: out += fmt::format(" {}", map.text(begin, begin + tree.lengths[token])); break;
      case NodeKind::binary:
      case NodeKind::assign: {
        static constexpr const char* operators[] = {"=", "*",  "/",  "%", "+",  "-", "<<", ">>", "&", "^",
                                                    "|", "==", "!=", "<", "<=", ">", ">=", "&&", "||"};
        bool compound = tree.kind(node) == NodeKind::assign && tree.flags[node] != 0;
        out += fmt::format(" {}{}", operators[tree.flags[node]], compound ? "=" : "");
        break;
      }
      default:
        if (tree.flags[node] != 0) out += fmt::format(" ({})", tree.flags[node]);
        break;
    }
    out += '\n';
    for (uint32_t next = node; next != tree.first(node); next = tree.first(next - 1))
      stack.push_back({next - 1, depth + 1});
    // The last child was pushed first, so the first one is printed first.
  }
  return out;
}

std::vector<std::string> validate(const HostTree& tree, const std::vector<bool>& broken) {
  std::vector<std::string> wrong;
  auto say = [&](uint32_t node, std::string_view what) {
    if (wrong.size() < 100) wrong.push_back(fmt::format("node {} ({}): {}", node, name(tree.kind(node)), what));
  };
  std::vector<bool> taken(tree.starts.size());
  uint32_t begin = 0;
  for (uint32_t file = 0; file != tree.files.size(); ++file) {
    uint32_t root = tree.files[file];
    if (root == kNoNode) continue;
    if (root >= tree.count() || tree.kind(root) != NodeKind::file || tree.first(root) != begin) {
      say(root < tree.count() ? root : 0, "is not the root of its file");
      return wrong;
    }
    for (uint32_t node = begin; node <= root; ++node) {
      uint32_t size = tree.sizes[node], token = tree.tokens[node];
      if (size == 0 || size > node - begin + 1) {
        say(node, "its size leaves the file");
        return wrong;
      }
      uint32_t children = 0, next = node;
      while (next != tree.first(node)) {
        if (tree.sizes[next - 1] > next - tree.first(node)) {
          say(node, "its children do not fit into it");
          return wrong;
        }
        children += is_attribute(tree.kind(next - 1)) ? 0 : 1;
        next = tree.first(next - 1);
      }
      if (token < tree.first_tokens[file] || token >= tree.first_tokens[file + 1]) {
        say(node, "its token is of another file");
        continue;
      }
      if (taken[token]) say(node, "its token stands for another node, too");
      taken[token] = true;
      Arity a = arity(tree.kind(node));
      if (!broken[file] && (children < a.least || children > a.most)) say(node, fmt::format("{} children", children));
    }
    begin = root + 1;
  }
  if (begin != tree.count()) say(begin, "belongs to no file");
  return wrong;
}

}  // namespace rustg::parse
