#include "driver/graph_draw.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "draw/package_picture.h"
#include "draw/registry_picture.h"
#include "driver/graph_source.h"
#include "driver/report.h"

namespace rustg::driver {

namespace fs = std::filesystem;
using namespace rustg::graph;

namespace {

// A layered drawing of more is not one that anybody reads, and takes long.
constexpr uint32_t kMostPackages = 2500;

enum class Form { svg, dot, page };

Result<Form> form_of(const std::string& path) {
  const std::string extension = fs::path(path).extension().string();
  if (extension == ".svg") return Form::svg;
  if (extension == ".dot" || extension == ".gv") return Form::dot;
  if (extension == ".html" || extension == ".htm") return Form::page;
  return Error{fmt::format("{}: what kind of picture? Its name has to end in .svg, .dot or .html", path)};
}

Status write_picture(const std::string& path, const std::string& content) {
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "wb"), std::fclose);
  const bool written = file && std::fwrite(content.data(), 1, content.size(), file.get()) == content.size() &&
                       std::fflush(file.get()) == 0;
  if (!written) return Error{fmt::format("cannot write {}: {}", path, std::strerror(errno))};
  return ok();
}

EdgeKinds kinds_of(const GraphOptions& options) {
  EdgeKinds kinds;
  kinds.dev = options.dev;
  kinds.optional = !options.no_optional;
  return kinds;
}

// Other files are snapshots.
bool names_manifest(const fs::path& path) { return fs::is_directory(path) || path.extension() == ".toml"; }

Result<std::string> draw_packages(const Names& names, const Resolution& resolution, uint32_t members,
                                  const std::string& title, Form form, const GraphOptions& options) {
  const PackageGraph packages = resolution_graph(names.universe(), resolution, kinds_of(options));
  if (packages.nodes() == 0) return Error{"there is no package to draw"};
  if (packages.nodes() > kMostPackages)
    return Error{
        fmt::format("these are {} packages; of more than {} no drawing can be read. Draw one of the workspace's "
                    "dependencies: rustg graph draw REGISTRY NAME",
                    packages.nodes(), kMostPackages)};
  draw::PackagePicture picture =
      draw::make_package_picture(packages, names, resolution, members, options.title.empty() ? title : options.title);
  picture.is_workspace = options.names[0].empty();
  const draw::PictureOptions how{options.transitive};
  switch (form) {
    case Form::svg: return draw::package_svg(picture, how);
    case Form::dot: return draw::package_dot(picture, how);
    case Form::page: break;
  }
  return draw::package_page(picture);
}

Result<std::string> draw_workspace(const GraphOptions& options, Form form) {
  const fs::path manifest =
      fs::is_directory(options.source) ? fs::path(options.source) / "Cargo.toml" : fs::path(options.source);
  auto workspace = resolve_manifest(manifest.string(), options.registry, {});
  if (!workspace) return workspace.error();
  const Names& names = workspace->universe->names();
  const uint32_t members = uint32_t(workspace->universe->members().size());
  const std::string title = members == 1 ? std::string(names.name(workspace->universe->members()[0]))
                                         : fs::absolute(workspace->local.root).filename().string();
  return draw_packages(names, workspace->resolution, members, title, form, options);
}

// One version of a crate with all that it needs, its default features on.
Result<std::string> draw_crate(const GraphOptions& options, Form form) {
  auto snapshot = Snapshot::open(options.source);
  if (!snapshot) return snapshot.error();
  Universe universe;
  universe.registry = snapshot->registry();
  const Names names(universe);
  auto version = find_version(universe.registry, options.names[0]);
  if (!version) return version.error();
  ResolverMemory memory;
  auto resolution = resolve_version(names, *version, memory);
  if (!resolution) return resolution.error();
  return draw_packages(names, *resolution, 1, fmt::format("{} {}", names.name(*version), names.version(*version)), form,
                       options);
}

// All of a snapshot.
Result<std::string> draw_registry(const GraphOptions& options, Form form) {
  if (form == Form::dot)
    return Error{"a whole registry is more than DOT's programs can lay out: draw it as .svg or .html, or name a crate"};
  auto snapshot = Snapshot::open(options.source);
  if (!snapshot) return snapshot.error();
  Universe universe;
  universe.registry = snapshot->registry();
  const Names names(universe);
  const PackageGraph newest = newest_graph(universe.registry, kinds_of(options));
  device::cpu::Queue queue;
  const draw::RegistryPicture picture = draw::make_registry_picture(
      queue, newest, options.title.empty() ? fs::path(options.source).stem().string() : options.title);
  return form == Form::svg ? draw::registry_svg(picture, universe.registry)
                           : draw::registry_page(picture, names, newest);
}

}  // namespace

int graph_draw(const GraphOptions& options) {
  auto form = form_of(options.output);
  if (!form) return report_error(form.error().message, kExitUsage);
  auto picture = names_manifest(options.source) ? draw_workspace(options, *form)
                 : options.names[0].empty()     ? draw_registry(options, *form)
                                                : draw_crate(options, *form);
  if (!picture) return report_error(picture.error().message);
  if (auto status = write_picture(options.output, *picture); !status) return report_error(status.error().message);
  return 0;
}

}  // namespace rustg::driver
