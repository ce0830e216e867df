// A whole registry as a picture: its crates as discs, the larger the more crates depend on them, in circles of those that have to do with each other.
#pragma once
#include <string>
#include <vector>

#include "draw/pack.h"
#include "graph/package_graph.h"

namespace rustg::draw {

// Crates are numbered as the picture has them: those of a circle together, in it first its own, the most depended upon first, then those of the circles in it.
struct CrateCircle {
  Circle at;
  uint32_t parent = graph::kNone;  // none: it is one of the outermost
  uint32_t first = 0, own = 0, count = 0;
  uint32_t named_for = 0;  // the crate that is most its own: many depend on it, and most of them are in this circle
  uint32_t hue = 0;        // degrees; kNoHue: of those that belong nowhere
};
constexpr uint32_t kNoHue = 360;

struct RegistryPicture {
  std::string title, subtitle;
  std::vector<graph::CrateId> crates;  // in the registry
  std::vector<Circle> discs;
  std::vector<uint32_t> dependents;        // how many crates depend on each, directly
  std::vector<uint32_t> offsets, targets;  // what each depends on, each once, as Csr
  std::vector<CrateCircle> circles;        // a circle stands behind the one it is in
  double radius = 0;                       // of all, around 0, 0
  uint32_t communities = 0;
};

RegistryPicture make_registry_picture(device::cpu::Queue& queue, const graph::PackageGraph& newest, std::string title);

// r = (1 + dependents) ^ kGrowth; registry.js has the same.
constexpr double kGrowth = 0.36;

std::string registry_svg(const RegistryPicture& picture, const graph::Registry& registry);
std::string registry_page(const RegistryPicture& picture, const graph::Names& names, const graph::PackageGraph& newest);

}  // namespace rustg::draw
