#include "driver/graph_tree_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "driver/json.h"

namespace rustg::driver {

using namespace rustg::graph;

Result<TreePattern> TreePattern::parse(const std::string& text) {
  TreePattern out;
  auto fail = [&](const std::string& why) {
    return Error{fmt::format("tree format `{}` not valid\n\nCaused by:\n  {}", text, why)};
  };
  for (size_t at = 0; at != text.size();) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      const size_t end = std::min(text.find_first_of("{}", at), text.size());
      out.parts_.emplace_back(Part::text, text.substr(at, end - at));
      at = end;
      continue;
    }
    if (at + 1 != text.size() && text[at + 1] == c) {
      out.parts_.emplace_back(Part::text, std::string(1, c));
      at += 2;
      continue;
    }
    if (c == '}') return fail("unexpected '}'");
    size_t end = at + 1;
    auto letter = [&](size_t i) { return std::isalnum(static_cast<unsigned char>(text[i])) != 0; };
    while (end != text.size() && letter(end)) ++end;
    const std::string name = text.substr(at + 1, end - at - 1);
    if (end == text.size() || text[end] != '}') return fail("expected '}'");
    at = end + 1;
    if (name == "p" || name == "package")
      out.parts_.emplace_back(Part::package, "");
    else if (name == "l" || name == "license")
      out.parts_.emplace_back(Part::license, "");
    else if (name == "r" || name == "repository")
      out.parts_.emplace_back(Part::repository, "");
    else if (name == "f" || name == "features")
      out.parts_.emplace_back(Part::features, "");
    else if (name == "lib")
      out.parts_.emplace_back(Part::library, "");
    else
      return fail(fmt::format("unsupported pattern `{}`", name));
  }
  return out;
}

std::string TreePattern::of(const ResolvedPackages& packages, const PackageTree& tree, uint32_t index) const {
  const TreeNode& node = tree.node(index);
  const ResolvedPackage& package = packages.packages[tree.package_of(index)];
  if (node.is_feature)
    return fmt::format("{} feature \"{}\"{}", package.name, packages.names->string(node.name),
                       tree.asked_for(index) ? " (command-line)" : "");
  std::string out;
  for (const auto& [part, text] : parts_) switch (part) {
      case Part::text: out += text; break;
      case Part::package:
        out += fmt::format("{} v{}{}", package.name, to_string(package.number),
                           package.facts.proc_macro ? " (proc-macro)" : "");
        if (!package.source.empty()) out += fmt::format(" ({})", package.source);
        break;
      case Part::license: out += package.facts.license; break;
      case Part::repository: out += package.facts.repository; break;
      case Part::features:
        for (size_t i = 0; i != node.features.size(); ++i)
          out.append(i == 0 ? "" : ",").append(packages.names->string(node.features[i]));
        break;
      case Part::library: out += package.facts.library; break;
    }
  return out;
}

namespace {

constexpr TreeEdgeKind kKinds[] = {TreeEdgeKind::normal, TreeEdgeKind::build, TreeEdgeKind::dev, TreeEdgeKind::feature};

class Printer {
 public:
  explicit Printer(const TreeText& what) : what_(what), seen_(what.tree.size()), above_(what.tree.size()) {}

  std::string print(const std::vector<uint32_t>& roots) {
    for (size_t i = 0; i != roots.size(); ++i) {
      if (i != 0) out_ += '\n';
      node(roots[i]);
    }
    return std::move(out_);
  }

 private:
  void node(uint32_t index) {
    const bool fresh = what_.options.no_dedupe || !seen_[index], cycle = above_[index];
    seen_[index] = true;
    if (what_.options.prefix == "depth") out_ += std::to_string(more_.size());
    if (what_.options.prefix == "indent" && !more_.empty()) {
      bars(more_.size() - 1);
      out_ += more_.back() ? what_.ascii ? "|-- " : "├── " : what_.ascii ? "`-- " : "└── ";
    }
    out_ += what_.pattern.of(what_.packages, what_.tree, index);
    if (!(fresh && !cycle) && what_.tree.has_edges(index)) out_ += " (*)";
    out_ += '\n';
    if (!fresh || cycle) return;
    above_[index] = true;
    for (TreeEdgeKind kind : kKinds) dependencies(index, kind);
    above_[index] = false;
  }

  void dependencies(uint32_t from, TreeEdgeKind kind) {
    std::vector<uint32_t> list = what_.tree.edges(from, kind);
    if (list.empty()) return;
    const bool headed = kind == TreeEdgeKind::build || kind == TreeEdgeKind::dev;
    if (headed && what_.options.prefix == "indent") {
      bars(more_.size());
      out_ += kind == TreeEdgeKind::build ? "[build-dependencies]\n" : "[dev-dependencies]\n";
    }
    if (more_.size() + 1 > what_.options.max_depth) return;
    std::erase_if(list, [&](uint32_t index) {
      const TreeNode& n = what_.tree.node(index);
      if (n.is_feature) return false;
      if (what_.options.members_only && !what_.packages.packages[n.of].is_member) return true;
      return bool(what_.pruned[n.of]);
    });
    for (uint32_t index : list) {
      more_.push_back(index != list.back());
      node(index);
      more_.pop_back();
    }
  }

  void bars(size_t count) {
    for (size_t i = 0; i != count; ++i) out_ += more_[i] ? what_.ascii ? "|   " : "│   " : "    ";
  }

  const TreeText& what_;
  std::string out_;
  std::vector<bool> seen_, above_;
  std::vector<bool> more_;  // of each level: others come behind
};

}  // namespace

std::string tree_text(const TreeText& what, const std::vector<uint32_t>& roots) { return Printer(what).print(roots); }

std::string tree_json(const TreeText& what, const Platforms& platforms, const std::vector<uint32_t>& roots) {
  constexpr const char* names[] = {"normal", "build", "dev", "feature"};
  const Names& text = *what.packages.names;
  std::string nodes, edges, list;
  for (uint32_t i = 0; i != what.tree.size(); ++i) {
    const TreeNode& n = what.tree.node(i);
    const ResolvedPackage& p = what.packages.packages[what.tree.package_of(i)];
    nodes += i == 0 ? "" : ",";
    if (n.is_feature) {
      nodes += fmt::format("{{\"feature\":{},\"of\":{},\"command_line\":{}}}", json_quoted(text.string(n.name)), n.of,
                           what.tree.asked_for(i));
    } else {
      std::string features;
      for (StringId f : n.features) features += (features.empty() ? "" : ",") + json_quoted(text.string(f));
      nodes += fmt::format(
          "{{\"name\":{},\"version\":{},\"source\":{},\"features\":[{}],\"platform\":{},\"proc_macro\":{}}}",
          json_quoted(p.name), json_quoted(to_string(p.number)), json_quoted(p.url), features,
          json_quoted(platforms.name(n.platform)), p.facts.known ? p.facts.proc_macro ? "true" : "false" : "null");
    }
    for (TreeEdgeKind kind : kKinds)
      for (uint32_t to : what.tree.edges(i, kind))
        edges += fmt::format("{}{{\"from\":{},\"to\":{},\"kind\":\"{}\"}}", edges.empty() ? "" : ",", i, to,
                             names[size_t(kind)]);
  }
  for (uint32_t root : roots) list += (list.empty() ? "" : ",") + std::to_string(root);
  return fmt::format("{{\"roots\":[{}],\"nodes\":[{}],\"edges\":[{}]}}\n", list, nodes, edges);
}

}  // namespace rustg::driver
