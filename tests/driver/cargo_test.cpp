// `cargo run` and `cargo test` with rustg as the runner, as README describes it.
#include <gtest/gtest.h>

#include "driver/process.h"

namespace rustg::testing {
namespace {

class Cargo : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_RUST();
    // A sysroot of our own making belongs to the compiler that it names; a rustup target needs nothing but the runner.
    std::filesystem::path sysroot = variable("RUSTG_SYSROOT", variable("HOME", "") + "/.cache/rustg/sysroot");
    std::string config = "[build]\ntarget = \"wasm32-wasip1\"\n[target.wasm32-wasip1]\nrunner = [\"" + rustg_path() +
                         "\", \"run\", \"--dir\", \".\"]\n";
    if (run({"sh", "-c", "ls $(rustc --print=target-libdir --target=wasm32-wasip1)/libstd-*.rlib"}).exit_code == 0) {
      cargo_ = "cargo";
    } else {
      auto line = [](std::string text) { return text.substr(0, text.find('\n')); };
      std::string rustc = line(read_file(sysroot / "rustc"));
      cargo_ = std::filesystem::path(rustc).parent_path() / "cargo";
      how_.variables["RUSTC"] = rustc;
      config += "linker = \"" + line(read_file(sysroot / "linker")) + "\"\nrustflags = [\"--sysroot\", \"" +
                sysroot.string() + "\"]\n";
    }
    SKIP_WITHOUT(cargo_);
    how_.folder = scratch_.path();
    scratch_.write(".cargo/config.toml", config);
    scratch_.write("Cargo.toml", "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    scratch_.write("data.txt", "three words here");
    scratch_.write("src/lib.rs", R"(
pub fn words(text: &str) -> usize { text.split_whitespace().count() }

#[cfg(test)]
mod tests {
    #[test] fn counts() { assert_eq!(super::words("a b  c"), 3); }
    #[test] fn reads() { assert_eq!(super::words(&std::fs::read_to_string("data.txt").unwrap()), 3); }
    #[test] #[ignore] fn fails() { assert_eq!(super::words("a"), 2, "one is not two"); }
}
)");
    scratch_.write("src/main.rs", R"(
fn main() {
    let text = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
    println!("{} words", small::words(&text));
    std::process::exit(small::words(&text) as i32);
}
)");
  }
  static std::string variable(const char* name, const std::string& otherwise) {
    const char* value = std::getenv(name);
    return value ? value : otherwise;
  }
  std::string cargo_;
  How how_;
  Scratch scratch_;
};

TEST_F(Cargo, Runs) {
  Ran ran = run({cargo_, "run", "--offline", "-q", "--", "one", "--two", "three"}, how_);
  EXPECT_EQ(ran.out, "3 words\n") << ran.err;
  EXPECT_EQ(ran.exit_code, 3) << ran.err;
}

TEST_F(Cargo, RunsReleaseBuilds) {
  Ran ran = run({cargo_, "run", "--offline", "-q", "--release"}, how_);
  EXPECT_EQ(ran.out, "0 words\n") << ran.err;
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(Cargo, Tests) {
  Ran ran = run({cargo_, "test", "--offline", "-q", "--lib"}, how_);
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("test result: ok. 2 passed; 0 failed; 1 ignored"), std::string::npos) << ran.out << ran.err;
}

TEST_F(Cargo, TestsThatFailAreSeen) {
  Ran ran = run({cargo_, "test", "--offline", "-q", "--lib", "--", "--ignored", "--nocapture"}, how_);
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_NE((ran.out + ran.err).find("one is not two"), std::string::npos) << ran.out << ran.err;
}

}  // namespace
}  // namespace rustg::testing
