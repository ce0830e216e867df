// A resolution as a layered picture: what is drawn, before it is written as SVG, DOT or a page.
#pragma once
#include <string>
#include <vector>

#include "draw/layered.h"
#include "graph/package_graph.h"

namespace rustg::draw {

// Why a package is there at all: the first of these that leads to it from a member.
enum class PackageKind : uint8_t { member, normal, build, dev };
constexpr const char* name_of(PackageKind kind) {
  constexpr const char* names[] = {"member", "normal", "build", "dev"};
  return names[int(kind)];
}

struct PackageBox {
  struct Package {
    uint32_t node;  // in the graph
    std::string name, version, features;
    bool duplicate = false;       // there are other versions of it
    bool some_platforms = false;  // every way to it asks for a platform
  };
  std::vector<Package> packages;  // more than one: they need each other
  PackageKind kind = PackageKind::normal;
};

struct PackageLink {
  uint32_t from, to;  // boxes
  graph::DependencyKind kind = graph::DependencyKind::normal;
  bool some_platforms = false, optional = false;
  bool transitive = false;
  std::vector<Point> way;
};

struct PackagePicture {
  std::string title, subtitle;
  bool is_workspace = true;  // not a crate of a registry
  std::vector<PackageBox> boxes;
  std::vector<PackageLink> links;  // those that are not transitive first
  LayeredLayout layout;            // of the boxes and the links that are not transitive
  uint32_t packages = 0, duplicates = 0, transitive = 0;
};

constexpr double kFontSize = 12, kLineHeight = 16, kBoxPadding = 8, kVersionGap = 6;
Size size_of(const PackageBox& box);

// members: so many first packages are the workspace's own.
PackagePicture make_package_picture(const graph::PackageGraph& packages, const graph::Names& names,
                                    const graph::Resolution& resolution, uint32_t members, std::string title);

struct PictureOptions {
  bool transitive = false;  // draw links that say nothing new, faintly
};
std::string package_svg(const PackagePicture& picture, const PictureOptions& options);
std::string package_dot(const PackagePicture& picture, const PictureOptions& options);
// A page that pans, zooms, searches, and shows the ways to and from a package.
std::string package_page(const PackagePicture& picture);

}  // namespace rustg::draw
