// `rustg inspect` and `rustg devices`.
#include <gtest/gtest.h>

#include "driver/process.h"

namespace rustg::testing {
namespace {

class Inspect : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT("wat2wasm");
    module_ = scratch_.wasm("a", R"((module
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory 2 5)
      (func $triple (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
      (func (export "_start") (call $exit (call $triple (i32.load (i32.const 8)))))))");
  }
  std::string shown(const std::string& option) {
    Ran ran = option.empty() ? rustg({"inspect", module_}) : rustg({"inspect", option, module_});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    return ran.out;
  }
  Scratch scratch_;
  std::string module_;
};

TEST_F(Inspect, SummarizesAModule) {
  std::string text = shown("");
  EXPECT_NE(text.find("2 functions"), std::string::npos) << text;
  EXPECT_NE(text.find("memory of 2 to 5 pages"), std::string::npos) << text;
  EXPECT_NE(text.find("calls wasi_snapshot_preview1 proc_exit"), std::string::npos) << text;
}

TEST_F(Inspect, ShowsTheIr) { EXPECT_NE(shown("--ir").find("triple"), std::string::npos); }
TEST_F(Inspect, ShowsTheBytecode) { EXPECT_NE(shown("--bytecode").find("triple"), std::string::npos); }

TEST_F(Inspect, ShowsThePtx) {
  std::string text = shown("--ptx");
  EXPECT_NE(text.find(".visible .func"), std::string::npos);
}

TEST(Devices, AreListedWithTheReasonForNone) {
  Ran ran = rustg({"devices"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_TRUE(ran.out.starts_with("cpu   ")) << ran.out;
  EXPECT_NE(ran.out.find("\ngpu   "), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace rustg::testing
