// Cargo.lock: what cargo writes, byte for byte (cargo's src/resolver/encode.rs), and reading it back.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/semver.h"

namespace rustg::graph {

constexpr std::string_view kCratesIo = "registry+https://github.com/rust-lang/crates.io-index";

struct LockedPackage {
  std::string name;
  Version version;
  std::string source;                  // empty: a path
  std::string checksum;                // hex; empty: none
  std::vector<uint32_t> dependencies;  // packages
};

struct LockFile {
  uint32_t version = 4;  // of the format
  std::vector<LockedPackage> packages;
  std::vector<LockedPackage> unused_patches;
};

// Packages and dependencies in any order.
std::string write_lock_file(const LockFile& lock);
Result<LockFile> read_lock_file(std::string_view text);
// The format's version for a workspace whose least rust-version is this (0: none given), as cargo chooses it.
uint32_t lock_version_for(uint64_t rust_major, uint64_t rust_minor);

}  // namespace rustg::graph
