// PTX units → one linked cubin, with the runtime's relocatable code linked in.
#pragma once
#include <functional>
#include <span>

#include "target/ptx/cache.h"
#include "target/ptx/emit.h"
#include "target/ptx/toolchain.h"

namespace rustg::ptx {

// Relocatable device code made elsewhere: a cubin (or a host object with device code in it), or a fatbin, as nvcc -rdc=true -dc makes them.
struct Object {
  std::string name;
  std::span<const uint8_t> bytes;
};

struct AssembleOptions {
  uint32_t sm = 90;
  std::span<const Object> objects = {};                // linked in
  std::string cache_folder = Cache::default_folder();  // empty: no cache
  std::function<void(uint32_t done, uint32_t total)> progress =
      {};  // units done; called from any thread, one at a time
  uint32_t seconds_per_unit = 300;
  bool cached_only = false;  // fail if the linked image is not in the cache
};

struct Assembled {
  std::vector<uint8_t> cubin;
  uint32_t largest_frame = 0;  // bytes of stack of one call, of any f_<n>: depth_limit × this is the stack to set
  uint32_t units = 0, units_cached = 0;
  bool image_cached = false;  // the linked image itself was there
};

// Runs on all cores. An error is an internal one: it names the unit and says what the tool said.
Result<Assembled> assemble(std::span<const Unit> units, const Toolchain& tools, const AssembleOptions& options);

}  // namespace rustg::ptx
