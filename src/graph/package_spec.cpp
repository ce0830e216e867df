#include "graph/package_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>

#include "graph/similar_name.h"

namespace rustg::graph {

namespace {

bool reads_number(std::string_view& text, uint64_t& number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(size_t(end - text.data()));
  return true;
}

// path+file:///a → file:///a
std::string_view without_kind(std::string_view url) {
  const size_t plus = url.find('+'), scheme = url.find("://");
  return plus < scheme ? url.substr(plus + 1) : url;
}

}  // namespace

Result<PackageSpec> PackageSpec::parse(const std::string& text) {
  PackageSpec spec;
  spec.text_ = text;
  std::string rest = text;
  if (size_t scheme = text.find("://"); scheme != std::string::npos) {
    const size_t hash = text.find('#');
    spec.url_ = text.substr(0, hash);
    const std::string last = spec.url_.substr(spec.url_.rfind('/') + 1);
    if (hash == std::string::npos) {
      spec.name_ = last.substr(0, last.find('?'));
      return spec;
    }
    rest = text.substr(hash + 1);
    if (!rest.empty() && std::isdigit(static_cast<unsigned char>(rest[0]))) rest = last + "@" + rest;
  }
  if (auto status = spec.set(rest); !status) return status.error();
  return spec;
}

// NAME, NAME@VERSION or NAME:VERSION
Status PackageSpec::set(const std::string& text) {
  size_t at = text.rfind('@');
  if (at == std::string::npos) {
    at = text.rfind(':');
    if (at != std::string::npos && at != 0 && text[at - 1] == ':') at = std::string::npos;
  }
  name_ = text.substr(0, at);
  if (name_.empty()) return Error{fmt::format("invalid package ID specification: `{}`", text_)};
  if (at == std::string::npos) return ok();
  std::string_view rest = std::string_view(text).substr(at + 1);
  Partial& version = version_.emplace();
  auto bad = [&] {
    return Error{
        fmt::format("invalid package ID specification: `{}`\n\nCaused by:\n  expected a version like \"1.32\"", text_)};
  };
  if (!reads_number(rest, version.major)) return bad();
  for (auto* part : {&version.minor, &version.patch}) {
    if (!rest.starts_with('.')) break;
    rest.remove_prefix(1);
    if (!reads_number(rest, part->emplace())) return bad();
  }
  if (rest.starts_with('-')) {
    version.pre = std::string(rest.substr(1, rest.find('+') - 1));
    rest.remove_prefix(std::min(rest.size(), rest.find('+')));
  }
  if (rest.starts_with('+')) {
    version.build = std::string(rest.substr(1));
    rest = {};
  }
  if (!rest.empty()) return bad();
  return ok();
}

bool PackageSpec::has_version(const Version& version) const {
  if (!version_) return true;
  if (!version.pre.empty() && !version_->pre) return false;
  return version_->major == version.major && version_->minor.value_or(version.minor) == version.minor &&
         version_->patch.value_or(version.patch) == version.patch &&
         version_->pre.value_or(version.pre) == version.pre && version_->build.value_or(version.build) == version.build;
}

bool PackageSpec::has_name_and_version(const ResolvedPackage& package) const {
  return name_ == package.name && has_version(package.number);
}

bool PackageSpec::matches(const ResolvedPackage& package) const {
  if (!has_name_and_version(package)) return false;
  if (url_.empty()) return true;
  const bool has_kind = without_kind(url_).size() != url_.size();
  std::string_view url = has_kind ? std::string_view(package.url) : without_kind(package.url);
  return url == url_ || url.substr(0, url.find_first_of("?#")) == url_;
}

Result<uint32_t> PackageSpec::query(const ResolvedPackages& packages) const {
  const auto& all = packages.packages;
  auto select = [&](auto&& keep) {
    std::vector<uint32_t> out;
    for (uint32_t i = 0; i != all.size(); ++i)
      if (all[i].used && keep(all[i])) out.push_back(i);
    return out;
  };
  // As little of each as tells it apart.
  auto list = [&](const std::vector<uint32_t>& some) {
    std::map<std::string, uint32_t> count;
    for (uint32_t i : some) ++count[to_string(all[i].number)];
    std::string out;
    for (uint32_t i : some) {
      const std::string version = to_string(all[i].number);
      if (count[version] == 1) {
        out += fmt::format("\n  {}@{}", name_, version);
        continue;
      }
      const std::string& url = all[i].url;
      std::string last = url.substr(url.rfind('/') + 1);
      out += fmt::format("\n  {}#{}{}", url, last == name_ ? "" : name_ + "@", version);
    }
    return out;
  };
  const std::vector<uint32_t> found = select([&](const ResolvedPackage& p) { return matches(p); });
  if (found.size() == 1) return found[0];
  if (!found.empty())
    return Error{
        fmt::format("specification `{}` is ambiguous\nhelp: re-run this command with one of the following "
                    "specifications{}",
                    text_, list(found))};
  std::vector<uint32_t> similar;
  if (!url_.empty()) similar = select([&](const ResolvedPackage& p) { return has_name_and_version(p); });
  if (similar.empty() && version_) similar = select([&](const ResolvedPackage& p) { return p.name == name_; });
  std::string suggestion;
  if (!similar.empty()) {
    suggestion = "\nhelp: there are similar package ID specifications:\n" + list(similar);
  } else {
    std::vector<std::string> names;
    for (const ResolvedPackage& p : all)
      if (p.used) names.push_back(p.name);
    suggestion = similar_name_help("package", name_, names);
  }
  return Error{fmt::format("package ID specification `{}` did not match any packages{}", text_, suggestion)};
}

}  // namespace rustg::graph
