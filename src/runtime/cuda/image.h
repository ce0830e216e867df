// The state that every instance begins with: taken from an instance on the CPU in which the program's init functions have run.
#pragma once
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "ir/program.h"
#include "target/abi/instance.h"

namespace rustg::runtime::cuda {

struct Image {
  struct Memory {
    std::vector<uint32_t> pages;    // per 4 KiB page: its number in contents, or kZeroPage
    std::vector<uint8_t> contents;  // the pages that are not all zeros
    uint64_t size = 0, max = 0;     // bytes
    bool shared = false;
  };
  struct Table {
    std::vector<uint64_t> elements;
    uint32_t max = 0;
    bool written = false;  // some function writes to it: each instance has its own
  };
  std::vector<Memory> memories;
  std::vector<Table> tables;
  std::vector<uint64_t> globals;
  std::vector<uint64_t> data_sizes, element_sizes;  // of the segments: 0 once dropped
  bool tables_grow = false;

  uint64_t start_bytes() const;
  uint64_t max_bytes() const;
};

// A memory of these bytes; null: all zeros.
Image::Memory image_of(const uint8_t* bytes, uint64_t size, uint64_t max, bool shared);
Image make_image(const ir::Program& program, abi::Instance& started);
// The state before init: memories all zero, globals at their initial values, tables null, no segment dropped.
Image blank_image(const ir::Program& program);

}  // namespace rustg::runtime::cuda
