// Source files as passes see them: plain pointers to memory of the device they run on. SourceMap (source_map.h) makes them.
#pragma once
#include <cstdint>

#include "base/hd.h"

namespace rustg::source {

// All files of a batch in one array of bytes. Files are in order; each begins at a multiple of kAlignment and is followed by at least
// kPadding bytes of \n, up to the next one. Before the first come `front` bytes of the owner's and the same padding.
struct Sources {
  static constexpr uint32_t kAlignment = 64, kPadding = 16;
  const uint8_t* bytes = nullptr;
  uint32_t size = 0;  // of bytes, a multiple of kAlignment
  uint32_t files = 0;
  const uint32_t* begins = nullptr;   // of each file: offset of its first byte, behind a byte order mark
  const uint32_t* ends = nullptr;     //   offset behind its last byte
  const uint8_t* editions = nullptr;  //  0 to 3: 2015, 2018, 2021, 2024

  // The last file that begins at or before `offset`; `files` if there is none.
  RUSTG_HD uint32_t file_at(uint32_t offset) const {
    uint32_t low = 0, high = files;
    while (low < high) {
      uint32_t middle = low + (high - low) / 2;
      if (begins[middle] <= offset)
        low = middle + 1;
      else
        high = middle;
    }
    return low == 0 ? files : low - 1;
  }
};

}  // namespace rustg::source
