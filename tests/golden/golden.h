// Golden tests of any stage: the input file carries its own expectation, in comments at its end.
//
//   <input>                        what the stage is given: the file up to the first expectation line
//   ;> <a line of the output>      what it must give; `--autoupdate` on the test's command line rewrites these
//
// A file whose name starts with fail_ must be refused, any other must not.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace rustg::golden {

struct Outcome {
  bool accepted;
  std::string output;  // or the errors
};
using Stage = std::function<Outcome(const std::string& input)>;

struct File {
  std::string input, expected;
};

inline File read(const std::filesystem::path& path, const std::string& mark) {
  std::ifstream in(path);
  File file;
  bool expecting = false;
  for (std::string line; std::getline(in, line);) {
    expecting |= line.starts_with(mark);
    if (!expecting)
      file.input += line + "\n";
    else if (line.starts_with(mark))
      file.expected += line.substr(std::min(line.size(), mark.size() + 1)) + "\n";
  }
  return file;
}

inline void run(const std::filesystem::path& path, const std::string& mark, const Stage& stage, bool autoupdate) {
  const File file = read(path, mark);
  const Outcome outcome = stage(file.input);
  std::string output = outcome.output;
  if (!output.empty() && output.back() != '\n') output += '\n';
  EXPECT_EQ(outcome.accepted, !path.filename().string().starts_with("fail_")) << path << "\n" << output;
  if (autoupdate) {
    std::ofstream out(path);
    out << file.input;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) out << mark << (line.empty() ? "" : " ") << line << "\n";
    return;
  }
  EXPECT_EQ(output, file.expected) << path << ": --autoupdate rewrites the expectation";
}

// One test for each file of `folder` with that extension, named by the file. Call it before RUN_ALL_TESTS.
inline void add_tests(const char* suite, const std::filesystem::path& folder, const std::string& extension,
                      const std::string& mark, const Stage& stage, bool autoupdate) {
  class Test : public testing::Test {
   public:
    explicit Test(std::function<void()> body) : body_(std::move(body)) {}
    void TestBody() override { body_(); }

   private:
    std::function<void()> body_;
  };
  if (!std::filesystem::exists(folder)) {  // the program runs on another machine, for its device
    testing::RegisterTest(suite, "Files", nullptr, nullptr, __FILE__, __LINE__,
                          [=]() -> testing::Test* { return new Test([=] { GTEST_SKIP() << "no " << folder; }); });
    return;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == extension) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& path : files)
    testing::RegisterTest(suite, path.stem().string().c_str(), nullptr, nullptr, path.string().c_str(), 1,
                          [=]() -> testing::Test* { return new Test([=] { run(path, mark, stage, autoupdate); }); });
}

}  // namespace rustg::golden
