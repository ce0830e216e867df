#include <fmt/format.h>

#include "draw/package_picture.h"

namespace rustg::draw {

namespace {

// A quoted string of DOT: only the quotation mark is escaped; a line break is \n.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + '"';
}

}  // namespace

std::string package_dot(const PackagePicture& picture, const PictureOptions& options) {
  std::string out = fmt::format(
      "digraph {} {{\n  rankdir=LR;\n  label={};\n  node [shape=box, style=\"rounded,filled\", fontname=Helvetica, "
      "fontsize=11, height=0.25, margin=\"0.1,0.03\"];\n"
      "  edge [arrowsize=0.5, color=\"#8a94a0\"];\n",
      quoted(picture.title), quoted(picture.title + "\n" + picture.subtitle));
  constexpr const char* fills[] = {"#2563c9\", fontcolor=white, color=\"#2563c9", "#f3f6fa\", color=\"#b6c2d1",
                                   "#fdf3e2\", color=\"#d08a2c", "#e6f5ec\", color=\"#3a9a6b"};
  for (uint32_t b = 0; b != picture.boxes.size(); ++b) {
    const PackageBox& box = picture.boxes[b];
    std::string label;
    bool duplicate = false;
    for (const auto& p : box.packages) {
      label += (label.empty() ? "" : "\n") + p.name + " " + p.version;
      duplicate = duplicate || p.duplicate;
    }
    out += fmt::format("  p{} [label={}, class={}, fillcolor=\"{}\"{}];\n", b, quoted(label), quoted(name_of(box.kind)),
                       fills[int(box.kind)], duplicate ? ", penwidth=2" : "");
  }
  constexpr const char* colors[] = {"", ", color=\"#d08a2c\"", ", color=\"#3a9a6b\""};
  for (const PackageLink& link : picture.links) {
    if (link.transitive && !options.transitive) continue;
    out += fmt::format("  p{} -> p{} [class={}{}{}{}];\n", link.from, link.to,
                       quoted(link.kind == graph::DependencyKind::normal  ? "normal"
                              : link.kind == graph::DependencyKind::build ? "build"
                                                                          : "dev"),
                       colors[int(link.kind)], link.some_platforms ? ", style=dashed" : "",
                       link.transitive ? ", color=\"#dde1e6\", constraint=false" : "");
  }
  return out + "}\n";
}

}  // namespace rustg::draw
