// Where the tests' inputs are.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace rustg::spec {

struct Suite {
  std::string name;
  std::filesystem::path json;
};

// The specification's tests, as `wast2json` made them, SIMD left out: unpacked from $RUSTG_SPEC_DATA or from
// ../shared/data/wasm-spec-2022-11-09.tar.zst beside the source folder. Empty, with the reason, if that is not there.
std::vector<Suite> specification_suites(std::string& why_not);
// The .wast files of tests/spec/own, converted while building.
std::vector<Suite> own_suites(std::string& why_not);

}  // namespace rustg::spec
