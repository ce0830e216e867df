#include <algorithm>

#include "draw/markup.h"
#include "draw/package_picture.h"
#include "draw/package_style.h"
#include "draw/page.h"
#include "draw/text_width.h"

namespace rustg::draw {

namespace {

constexpr double kMargin = 24, kTitleHeight = 52, kLegendHeight = 44;

// Level where it meets a box or a bend's column.
std::string path_of(const std::vector<Point>& way) {
  std::string out = fmt::format("M{} {}", number(way[0].x), number(way[0].y));
  for (size_t i = 1; i != way.size(); ++i) {
    const Point a = way[i - 1], b = way[i];
    if (a.y == b.y) {
      out += fmt::format("H{}", number(b.x));
    } else {
      const double middle = (a.x + b.x) / 2;
      out += fmt::format("C{0} {1} {0} {2} {3} {2}", number(middle), number(a.y), number(b.y), number(b.x));
    }
  }
  return out;
}

std::string text_at(double x, double y, std::string_view text, double size, const char* style) {
  return fmt::format("<text x=\"{}\" y=\"{}\" textLength=\"{}\"{}>{}</text>", number(x), number(y),
                     number(text_width(text, size)), style, xml_escaped(text));
}

std::string link_classes(const PackageLink& link) {
  std::string out = link.transitive ? "t" : "e";
  if (link.kind == graph::DependencyKind::build) out += " b";
  if (link.kind == graph::DependencyKind::dev) out += " d";
  if (link.some_platforms) out += " o";
  return out;
}

std::string link_tip(const PackagePicture& picture, const PackageLink& link) {
  const auto& from = picture.boxes[link.from].packages.front();
  const auto& to = picture.boxes[link.to].packages.front();
  constexpr const char* kinds[] = {"", ", to build", ", for its tests"};
  return fmt::format("{} needs {}{}{}", from.name, to.name, kinds[int(link.kind)],
                     link.some_platforms ? ", on some platforms" : "");
}

std::string draw_box(const PackagePicture& picture, uint32_t index) {
  const PackageBox& box = picture.boxes[index];
  const Point at = picture.layout.corner[index];
  const Size size = size_of(box);
  std::string classes = std::string("k") + name_of(box.kind)[0], tip;
  bool some_platforms = true;
  for (const auto& p : box.packages) some_platforms = some_platforms && p.some_platforms;
  if (some_platforms) classes += " o";
  for (const auto& p : box.packages) {
    if (!tip.empty()) tip += "\n";
    tip += p.name + " " + p.version;
    if (!p.features.empty()) tip += "\nfeatures: " + p.features;
  }
  if (box.packages.size() > 1) tip += "\nThese need each other.";
  std::string out = fmt::format(
      "<g class=\"{}\" id=\"b{}\"><title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"5\"/>",
      classes, index, xml_escaped(tip), number(at.x), number(at.y), number(size.width), number(size.height));
  double y = at.y + 3 + kLineHeight * 0.74;
  for (const auto& p : box.packages) {
    const double x = at.x + kBoxPadding;
    out += text_at(x, y, p.name, kFontSize, "");
    out += text_at(x + text_width(p.name, kFontSize) + kVersionGap, y, p.version, kFontSize - 2,
                   p.duplicate ? " class=\"v x\"" : " class=\"v\"");
    y += kLineHeight;
  }
  return out + "</g>\n";
}

// Only what is in the picture is explained.
struct Legend {
  std::string svg;
  double x = 0;
  void word(std::string_view text) {
    svg += text_at(x, 0, text, kFontSize, " class=\"l\"");
    x += text_width(text, kFontSize) + 22;
  }
  void box(const char* classes, std::string_view text) {
    svg += fmt::format("<g class=\"{}\"><rect x=\"{}\" y=\"-11\" width=\"22\" height=\"14\" rx=\"4\"/></g>", classes,
                       number(x));
    x += 28;
    word(text);
  }
  void line(const char* classes, std::string_view text) {
    svg += fmt::format("<path class=\"{}\" d=\"M{} -4h26\"/>", classes, number(x));
    x += 32;
    word(text);
  }
};

Legend make_legend(const PackagePicture& picture, bool transitive) {
  bool kind[4] = {}, link[3] = {}, some_platforms = false;
  for (const PackageBox& box : picture.boxes) kind[int(box.kind)] = true;
  for (const PackageLink& l : picture.links) {
    link[int(l.kind)] = true;
    some_platforms = some_platforms || l.some_platforms;
  }
  constexpr const char* classes[] = {"km", "kn", "kb", "kd"};
  const char* texts[] = {picture.is_workspace ? "of the workspace" : "the crate", "dependency", "only to build",
                         "only for tests"};
  Legend out;
  for (int k = 0; k != 4; ++k)
    if (kind[k]) out.box(classes[k], texts[k]);
  if (link[1]) out.line("e b", "needed to build");
  if (link[2]) out.line("e d", "needed for tests");
  if (some_platforms) out.line("e o", "on some platforms");
  if (picture.duplicates != 0) {
    out.svg += text_at(out.x, 0, "1.2.3", kFontSize - 2, " class=\"v x\"");
    out.x += text_width("1.2.3", kFontSize - 2) + 6;
    out.word("in several versions");
  }
  if (picture.transitive != 0 && transitive)
    out.line("t", fmt::format("{} that follow from others", picture.transitive));
  else if (picture.transitive != 0)
    out.word(fmt::format("{} more dependencies follow from these", picture.transitive));
  return out;
}

// The links, those that follow from others below, and the boxes.
std::string draw_scene(const PackagePicture& picture, bool transitive) {
  std::string out;
  for (const bool faint : {true, false})
    for (const PackageLink& link : picture.links)
      if (link.transitive == faint && (transitive || !faint))
        out += fmt::format("<path class=\"{}\" d=\"{}\"><title>{}</title></path>\n", link_classes(link),
                           path_of(link.way), xml_escaped(link_tip(picture, link)));
  for (uint32_t b = 0; b != picture.boxes.size(); ++b) out += draw_box(picture, b);
  return out;
}

}  // namespace

std::string package_svg(const PackagePicture& picture, const PictureOptions& options) {
  const Legend legend = make_legend(picture, options.transitive);
  const double width = std::max({picture.layout.size.width + 2 * kMargin, legend.x + kMargin,
                                 text_width(picture.title, 20) + 2 * kMargin,
                                 text_width(picture.subtitle, kFontSize) + 2 * kMargin}),
               height = picture.layout.size.height + 2 * kMargin + kTitleHeight + kLegendHeight;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"{2}\" font-size=\"{3}\">\n<title>{4}</title>\n<style>{5}</style>\n"
      "<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n{6}{7}\n<g id=\"graph\" transform=\"translate({8} "
      "{9})\">\n{10}</g>\n"
      "<g transform=\"translate({8} {11})\">{12}</g>\n</svg>\n",
      number(width), number(height), kFont, kFontSize, xml_escaped(picture.title), kPackageStyle,
      text_at(kMargin, kMargin + 18, picture.title, 20, " class=\"h\""),
      text_at(kMargin, kMargin + 38, picture.subtitle, kFontSize, " class=\"l\""), number(kMargin),
      number(kMargin + kTitleHeight + 10), draw_scene(picture, options.transitive), number(height - 20), legend.svg);
}

std::string package_page(const PackagePicture& picture) {
  std::string boxes, links;
  for (const PackageBox& box : picture.boxes) {
    std::string packages;
    for (const auto& p : box.packages)
      packages += fmt::format("{}[{},{},{}]", packages.empty() ? "" : ",", json_in_page(p.name),
                              json_in_page(p.version), json_in_page(p.features));
    boxes += fmt::format("{}[{}]", boxes.empty() ? "" : ",\n", packages);
  }
  for (const bool faint : {true, false})  // in the order of draw_scene()
    for (const PackageLink& link : picture.links)
      if (link.transitive == faint)
        links += fmt::format("{}[{},{},{},{}]", links.empty() ? "" : ",", link.from, link.to, int(link.kind),
                             int(link.some_platforms));
  const Legend legend = make_legend(picture, true);
  PageParts parts;
  parts.title = picture.title;
  parts.subtitle = picture.subtitle;
  parts.find = "Find a package (/)";
  parts.style = std::string(kPackageStyle) + std::string(kPackagesStyle);
  parts.stage = fmt::format(
      "<svg data-width=\"{}\" data-height=\"{}\" font-family=\"{}\" font-size=\"{}\"><g id=\"graph\">\n{}</g></svg>",
      number(picture.layout.size.width), number(picture.layout.size.height), kFont, kFontSize,
      draw_scene(picture, true));
  parts.legend = fmt::format("<svg width=\"{0}\" height=\"18\" viewBox=\"0 -13 {0} 18\" font-size=\"{1}\">{2}</svg>",
                             number(legend.x), kFontSize, legend.svg);
  parts.data = fmt::format(
      "<script type=\"application/json\" id=\"data\">{{\"boxes\":[{}],\n\"links\":[{}]}}</script>\n", boxes, links);
  parts.script = kPackagesScript;
  return make_page(parts);
}

}  // namespace rustg::draw
