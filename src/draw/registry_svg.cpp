#include <algorithm>
#include <cmath>

#include "draw/markup.h"
#include "draw/registry_picture.h"
#include "draw/text_width.h"

namespace rustg::draw {

using namespace rustg::graph;

namespace {

constexpr double kSide = 1000, kMargin = 20, kTop = 60, kBottom = 36;
constexpr uint32_t kMostDiscs = 3000, kMostCircles = 700;
constexpr double kLeastFont = 6, kMostFont = 26, kLeastNamedCircle = 21;

constexpr const char* kStyle = R"(
svg{--bg:#fff;--ink:#1f2328;--soft:#656d76;--l:42%;--s:62%;--ring:.35;--grey:#8a94a0}
@media(prefers-color-scheme:dark){svg{--bg:#0d1117;--ink:#e6edf3;--soft:#9198a1;--l:62%;--s:55%;--grey:#6e7681}}
.bg{fill:var(--bg)}text{fill:var(--ink);text-anchor:middle}.h,.l{text-anchor:start}.h{font-size:20px}.l{fill:var(--soft);font-size:12px}
g[style]{fill:hsl(var(--h) var(--s) var(--l));stroke:hsl(var(--h) var(--s) var(--l))}.n{fill:var(--grey);stroke:var(--grey)}
.n>.c{fill-opacity:.16}.c{fill-opacity:.07;stroke-opacity:.35;stroke-width:.7}.d{stroke:none;fill-opacity:.55}
.t{stroke:var(--bg);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}.i{stroke:none}
)";

}  // namespace

std::string registry_svg(const RegistryPicture& picture, const Registry& registry) {
  const double scale = kSide / 2 / std::max(picture.radius, 1e-9);
  auto x = [&](double at) { return number(kMargin + kSide / 2 + at * scale); };
  auto y = [&](double at) { return number(kTop + kSide / 2 + at * scale); };
  auto name = [&](uint32_t crate) { return registry.strings[registry.crate_names[picture.crates[crate]]]; };
  // The largest of each kind; what is smaller is not seen anyway.
  auto largest = [](size_t count, size_t most, auto radius) {
    std::vector<uint32_t> order(count);
    for (uint32_t i = 0; i != count; ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return radius(a) > radius(b); });
    order.resize(std::min(count, most));
    return order;
  };
  std::vector<uint8_t> drawn_circle(picture.circles.size()), drawn_disc(picture.discs.size());
  for (uint32_t c : largest(picture.circles.size(), kMostCircles, [&](uint32_t c) { return picture.circles[c].at.r; }))
    drawn_circle[c] = 1;
  for (uint32_t d : largest(picture.discs.size(), kMostDiscs, [&](uint32_t d) { return picture.discs[d].r; }))
    drawn_disc[d] = 1;
  uint32_t discs = 0;
  std::string body, names;
  for (size_t i = 0; i != picture.circles.size(); ++i) {
    const CrateCircle& circle = picture.circles[i];
    std::string inside;
    if (drawn_circle[i])
      inside = fmt::format("<circle class=\"c\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>\n", x(circle.at.x), y(circle.at.y),
                           number(circle.at.r * scale));
    for (uint32_t d = circle.first; d != circle.first + circle.own; ++d) {
      if (!drawn_disc[d]) continue;
      ++discs;
      const Circle& disc = picture.discs[d];
      const double r = disc.r * scale, font = std::min({1.8 * r / text_width(name(d), 1), 0.8 * r, kMostFont});
      inside += fmt::format("<circle class=\"d\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>\n", x(disc.x), y(disc.y), number(r));
      if (font >= kLeastFont)
        names +=
            fmt::format("<text class=\"i\" x=\"{}\" y=\"{}\" font-size=\"{}\">{}</text>\n", x(disc.x),
                        number(kTop + kSide / 2 + disc.y * scale + font * 0.35), number(font), xml_escaped(name(d)));
    }
    if (!inside.empty())
      body += circle.hue == kNoHue ? fmt::format("<g class=\"n\">{}</g>\n", inside)
                                   : fmt::format("<g style=\"--h:{}\">{}</g>\n", circle.hue, inside);
    // Outermost circles are named by what most depend on in them.
    const double r = circle.at.r * scale;
    if (circle.parent != kNone || r < kLeastNamedCircle || circle.count == 0) continue;
    const uint32_t best = circle.named_for;
    const bool alone = circle.hue == kNoHue && circle.own == circle.count;
    const std::string_view text = alone                  ? std::string_view("on their own")
                                  : circle.hue == kNoHue ? std::string_view("small groups")
                                                         : name(best);
    // A name that stands in its disc already needs no second one.
    if (!alone && picture.discs[best].r * scale * 1.8 / text_width(text, 1) >= 8) continue;
    const double font = std::clamp(r / 5, 9.0, 15.0);
    names += fmt::format("<text class=\"t\" x=\"{}\" y=\"{}\" font-size=\"{}\">{}</text>\n", x(circle.at.x),
                         number(kTop + kSide / 2 + (circle.at.y - circle.at.r) * scale + font * 1.1), number(font),
                         xml_escaped(text));
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"{2}\">\n"
      "<title>{3}</title>\n<style>{4}</style>\n<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n"
      "<text class=\"h\" x=\"{5}\" y=\"32\">{3}</text>\n<text class=\"l\" x=\"{5}\" y=\"50\">{6}</text>\n{7}{8}"
      "<text class=\"l\" x=\"{5}\" y=\"{9}\">The larger a crate's disc, the more crates depend on it; colours are "
      "communities. The {10} largest of {11} are shown.</text>\n</svg>\n",
      number(kSide + 2 * kMargin), number(kSide + kTop + kBottom), kFont, xml_escaped(picture.title), kStyle,
      number(kMargin), xml_escaped(picture.subtitle), body, names, number(kSide + kTop + kBottom - 12), grouped(discs),
      grouped(picture.discs.size()));
}

}  // namespace rustg::draw
