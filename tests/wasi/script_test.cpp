// Every script in cases/, by every route a call can take: directly, through a payload, and with either way of resolving paths.
#include "wasi/script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace rustg::tests {
namespace {

using runtime::wasi::Resolver;

constexpr Route kRoutes[] = {{"direct", 0, Resolver::kernel},
                             {"direct_walk", 0, Resolver::walk},
                             {"payload", 65536, Resolver::kernel},
                             {"small_payload", runtime::wasi::kMinPayload, Resolver::walk}};

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (auto& entry : std::filesystem::directory_iterator(RUSTG_SOURCE_DIR "/tests/wasi/cases"))
    names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

class Script : public testing::TestWithParam<std::tuple<std::string, Route>> {};

TEST_P(Script, AnswersAsWritten) {
  const auto& [name, route] = GetParam();
  std::ifstream file(RUSTG_SOURCE_DIR "/tests/wasi/cases/" + name + ".wasi");
  std::ostringstream script;
  script << file.rdbuf();
  World world(route);
  std::string differences = world.run(script.str());
  EXPECT_TRUE(differences.empty()) << differences;
  EXPECT_GT(world.lines_answered(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Cases, Script, testing::Combine(testing::ValuesIn(cases()), testing::ValuesIn(kRoutes)),
                         [](auto& info) { return std::get<0>(info.param) + "_" + std::get<1>(info.param).name; });

}  // namespace
}  // namespace rustg::tests
