#include "parse/host_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "parse/view.h"

namespace rustg::parse {

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
  const TreeRef ref = tree.ref();
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
      uint32_t next = node;
      while (next != tree.first(node)) {
        if (tree.sizes[next - 1] > next - tree.first(node)) {
          say(node, "its children do not fit into it");
          return wrong;
        }
        next = tree.first(next - 1);
      }
      if (token < tree.first_tokens[file] || token >= tree.first_tokens[file + 1]) {
        say(node, "its token is of another file");
        continue;
      }
      if (taken[token]) say(node, "its token stands for another node, too");
      taken[token] = true;
      if (!broken[file] && !matches_view(ref, node)) {
        std::string children;
        for (uint32_t child : tree.children(node)) children += fmt::format(" {}", name(tree.kind(child)));
        say(node, fmt::format("its children are not those of its kind:{}", children));
      }
    }
    begin = root + 1;
  }
  if (begin != tree.count()) say(begin, "belongs to no file");
  return wrong;
}

}  // namespace rustg::parse
