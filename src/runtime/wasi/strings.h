// The arguments, or the environment, of an instance: what args_get and environ_get copy into its memory, on either device.
#pragma once
#include <cstdint>

#include "target/abi/instance.h"

namespace rustg::runtime::wasi {

constexpr char kInstanceVariable[] = "RUSTG_INSTANCE=";

struct Strings {
  const char* bytes = nullptr;  // the strings, one after another, each with its NUL
  uint32_t count = 0, length = 0;
  // Append RUSTG_INSTANCE=<instance>: the one string that instances do not share.
  bool numbered = false;
  uint32_t instance = 0;

  RUSTG_HD uint32_t total_count() const { return count + (numbered ? 1 : 0); }
  RUSTG_HD uint32_t total_length() const {
    if (!numbered) return length;
    uint32_t digits = 1;
    for (uint32_t rest = instance; rest >= 10; rest /= 10) ++digits;
    return length + sizeof(kInstanceVariable) + digits;
  }

  // Write the strings to `buffer` (total_length() bytes), which the guest knows as `address`, and a pointer to each to `list`
  // (4 * total_count() bytes, unaligned).
  RUSTG_HD void write(uint8_t* list, uint8_t* buffer, uint32_t address) const {
    uint32_t written = 0;
    bool begins = true;
    for (uint32_t i = 0; i < length; ++i) {
      if (begins) list = write_pointer(list, address + written);
      begins = bytes[i] == 0;
      buffer[written++] = uint8_t(bytes[i]);
    }
    if (!numbered) return;
    write_pointer(list, address + written);
    // Spelled out, since device code cannot read a host array.
    constexpr char name[] = {'R', 'U', 'S', 'T', 'G', '_', 'I', 'N', 'S', 'T', 'A', 'N', 'C', 'E', '='};
    for (char c : name) buffer[written++] = uint8_t(c);
    uint32_t end = total_length() - 1;
    buffer[end] = 0;
    for (uint32_t rest = instance, i = end; i > written; rest /= 10) buffer[--i] = uint8_t('0' + rest % 10);
  }

 private:
  RUSTG_HD static uint8_t* write_pointer(uint8_t* list, uint32_t address) {
    for (uint32_t i = 0; i < 4; ++i) *list++ = uint8_t(address >> (8 * i));
    return list;
  }
};

}  // namespace rustg::runtime::wasi
