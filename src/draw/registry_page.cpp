#include <zlib.h>

#include <algorithm>
#include <cmath>

#include "draw/markup.h"
#include "draw/page.h"
#include "draw/registry_picture.h"

namespace rustg::draw {

using namespace rustg::graph;

namespace {

// What registry.js reads: sections one after the other, their sizes first, deflated, in base64.
class Bytes {
 public:
  void text(std::string_view text) { bytes_ += text; }
  void number(uint64_t value) {  // seven bits at a time, the least first
    for (; value >= 0x80; value >>= 7) bytes_ += char(value | 0x80);
    bytes_ += char(value);
  }
  void two(uint32_t value) { bytes_ += {char(value), char(value >> 8)}; }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

std::string deflated(const std::string& bytes) {
  std::string out(compressBound(uLong(bytes.size())), '\0');
  uLongf size = uLongf(out.size());
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
            uLong(bytes.size()), 7);
  out.resize(size);
  return out;
}

std::string base64(const std::string& bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(bytes.size() / 3 * 4 + 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t n = std::min<size_t>(3, bytes.size() - i);
    uint32_t three = 0;
    for (size_t k = 0; k != 3; ++k) three = three << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0);
    for (size_t k = 0; k != 4; ++k) out += k <= n ? kDigits[three >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

constexpr uint32_t kSteps = 65535;  // of a coordinate

std::string pack_data(const RegistryPicture& p, const Names& names, const PackageGraph& newest) {
  Bytes sections[6];
  auto& [circles, crate_names, versions, places, ranks, edges] = sections;
  auto step = [&](double at) { return uint32_t(std::lround((at / p.radius + 1) / 2 * kSteps)); };
  for (const CrateCircle& c : p.circles) {
    circles.two(step(c.at.x));
    circles.two(step(c.at.y));
    circles.two(uint32_t(std::lround(c.at.r / p.radius / 2 * kSteps)));
    circles.two(c.hue);
    circles.number(c.parent == kNone ? 0 : c.parent + 1);
    circles.number(c.first);
    circles.number(c.own);
    circles.number(c.count);
    circles.number(c.named_for);
  }
  const uint32_t n = uint32_t(p.crates.size());
  for (uint32_t i = 0; i != n; ++i) {
    const VersionId version = newest.versions[p.crates[i]];
    crate_names.text(names.name(version));
    crate_names.text("\n");
    versions.text(names.version(version));
    versions.text("\n");
  }
  for (const Circle& disc : p.discs) places.two(step(disc.x));
  for (const Circle& disc : p.discs) places.two(step(disc.y));
  // Edges name crates by how many depend on them: small numbers mostly.
  std::vector<uint32_t> order, rank(n);
  for (uint32_t i = 0; i != n; ++i)
    if (p.dependents[i] != 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return p.dependents[a] > p.dependents[b]; });
  ranks.number(order.size());
  for (uint32_t i = 0; i != order.size(); ++i) {
    rank[order[i]] = i;
    ranks.number(order[i]);
  }
  std::vector<uint32_t> list;
  for (uint32_t i = 0; i != n; ++i) {
    list.clear();
    for (uint32_t e = p.offsets[i]; e != p.offsets[i + 1]; ++e) list.push_back(rank[p.targets[e]]);
    std::sort(list.begin(), list.end());
    edges.number(list.size());
    uint32_t before = 0;
    for (uint32_t r : list) {
      edges.number(r - before);
      before = r;
    }
  }
  std::string sizes, all;
  for (const Bytes& section : sections) {
    sizes += fmt::format("{}{}", sizes.empty() ? "" : ",", section.bytes().size());
    all += section.bytes();
  }
  return fmt::format(
      "<script type=\"application/json\" "
      "id=\"sizes\">{{\"crates\":{},\"circles\":{},\"edges\":{},\"radius\":{},\"growth\":{},\"sections\":[{}]}}</"
      "script>\n"
      "<script type=\"application/octet-stream\" id=\"data\">{}</script>\n",
      n, p.circles.size(), p.targets.size(), p.radius, kGrowth, sizes, base64(deflated(all)));
}

}  // namespace

std::string registry_page(const RegistryPicture& picture, const Names& names, const PackageGraph& newest) {
  PageParts parts;
  parts.title = picture.title;
  parts.subtitle = picture.subtitle;
  parts.find = "Find a crate (/)";
  parts.style = kRegistryStyle;
  parts.stage = "<canvas id=\"discs\"></canvas><canvas id=\"names\"></canvas>";
  parts.legend =
      "A disc is a crate: the larger, the more depend on it. Circles are communities. Click one: "
      "<b class=\"down\">what it needs</b> and <b class=\"up\">what needs it</b>.";
  parts.data = pack_data(picture, names, newest);
  parts.script = kRegistryScript;
  return make_page(parts);
}

}  // namespace rustg::draw
