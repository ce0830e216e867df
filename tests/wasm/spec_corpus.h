// WebAssembly's specification tests as wast2json made them: one folder a .wast file, with t.json and the modules.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace rustg::wasm::testing {

struct SpecCommand {
  std::string type;  // module, assert_malformed, assert_invalid, assert_unlinkable, assert_uninstantiable
  std::string text;  // the message expected
  std::string name;  // file/t.N.wasm, for messages
  uint32_t line = 0;
  std::vector<uint8_t> bytes;
};

struct SpecFile {
  std::string name;
  std::vector<SpecCommand> commands;  // those with a binary module
};

// The corpus, unpacked once a process. Empty where it cannot be had; `reason` then says why.
const std::vector<SpecFile>& spec_corpus(std::string& reason);

}  // namespace rustg::wasm::testing
