// Semantic versions and cargo's version requirements as text: parsing, order, matching. Registry has them compiled (registry.h); this is what
// compiles them, and what manifests are read with. Grammar and meaning: semver.org 2.0.0 and the semver crate 1.0.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rustg::graph {

struct Version {
  uint64_t major = 0, minor = 0, patch = 0;
  std::string pre, build;  // without - and +

  // semver's precedence, and for versions of equal precedence the order of their build metadata, as the semver crate has it.
  std::strong_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const = default;
};
Result<Version> parse_version(std::string_view text);  // errors as the semver crate words them
std::string to_string(const Version& version);

// Pre-release identifiers (or, with `build`, build metadata) against each other.
std::strong_ordering compare_identifiers(std::string_view a, std::string_view b, bool build = false);

enum class Op : uint8_t { exact, greater, greater_eq, less, less_eq, tilde, caret, wildcard };
struct Comparator {
  Op op;
  uint64_t major;
  std::optional<uint64_t> minor, patch;
  std::string pre;
};
// All comparators have to match; none of them matches everything.
struct VersionReq {
  std::vector<Comparator> comparators;
};
Result<VersionReq> parse_requirement(std::string_view text);
bool matches(const VersionReq& requirement, const Version& version);
std::string to_string(const VersionReq& requirement);  // ^1.2, <2 and so on, as cargo prints it; * if it is empty

// The same as bounds: releases of [low, high), and pre-releases of these triples that lie in it. high has no value: without end.
struct Bounds {
  Version low;
  std::optional<Version> high;
  std::vector<Version> triples;  // major.minor.patch of the pre-releases that may match
};
Bounds bounds(const VersionReq& requirement);

}  // namespace rustg::graph
