// WASI calls that a lane answers by itself, with no host call: arguments, environment, clocks, random bytes, sleeping, printing.
#pragma once
#include <cstdint>

#include "runtime/cuda/launch.h"
#include "runtime/wasi/roles.h"

namespace rustg::runtime::cuda {

constexpr uint32_t kSuccess = 0;
RUSTG_HD constexpr uint32_t errno_of(wasi::Errno e) { return static_cast<uint32_t>(e); }

RUSTG_HD inline bool inside(const abi::Memory& m, uint64_t address, uint64_t length) {
  return address <= m.size && length <= m.size - address;
}
RUSTG_HD inline void put_bytes(abi::Memory& m, uint32_t address, uint64_t value, uint32_t bytes) {
  for (uint32_t i = 0; i < bytes; i++) m.base[address + uint64_t{i}] = static_cast<uint8_t>(value >> (8 * i));
}
RUSTG_HD inline uint64_t get_bytes(const abi::Memory& m, uint64_t address, uint32_t bytes) {
  uint64_t v = 0;
  for (uint32_t i = 0; i < bytes; i++) v |= static_cast<uint64_t>(m.base[address + i]) << (8 * i);
  return v;
}

RUSTG_HD inline uint32_t strings_sizes(abi::Memory& m, const wasi::Strings& list, uint64_t* args) {
  uint32_t count = static_cast<uint32_t>(args[0]), length = static_cast<uint32_t>(args[1]);
  if (!inside(m, count, 4) || !inside(m, length, 4)) return errno_of(wasi::Errno::fault);
  put_bytes(m, count, list.total_count(), 4);
  put_bytes(m, length, list.total_length(), 4);
  return kSuccess;
}

RUSTG_HD inline uint32_t strings_get(abi::Memory& m, const wasi::Strings& list, uint64_t* args) {
  uint32_t pointers = static_cast<uint32_t>(args[0]), bytes = static_cast<uint32_t>(args[1]);
  if (!inside(m, pointers, uint64_t{list.total_count()} * 4) || !inside(m, bytes, list.total_length()))
    return errno_of(wasi::Errno::fault);
  list.write(m.base + pointers, m.base + bytes, bytes);
  return kSuccess;
}

RUSTG_HD inline uint32_t random_bytes(abi::Instance& instance, Lane& lane, uint64_t* args) {
  abi::Memory& m = instance.memory0;
  uint32_t at = static_cast<uint32_t>(args[0]), n = static_cast<uint32_t>(args[1]);
  if (!inside(m, at, n)) return errno_of(wasi::Errno::fault);
  const uint32_t nonce[3] = {instance.index, 0, 0};
  for (uint32_t done = 0; done < n; done += 64) {
    uint32_t block[16];
    chacha20_block(lane.launch->key, lane.random_blocks++, nonce, block);
    uint32_t left = n - done < 64 ? n - done : 64;
    for (uint32_t i = 0; i < left; i++)
      m.base[uint64_t{at} + done + i] = static_cast<uint8_t>(block[i / 4] >> (i % 4 * 8));
  }
  return kSuccess;
}

// ns on WASI clock `id`; false: no such clock. CPU time is the time since the instance began: a lane never waits for another's turn.
RUSTG_HD inline bool clock_now(const Lane& lane, uint32_t id, uint64_t& ns) {
  uint64_t now = now_ns();
  if (id > 3) return false;
  ns = id == 0   ? now + static_cast<uint64_t>(lane.launch->realtime_offset)
       : id == 1 ? now + static_cast<uint64_t>(lane.launch->monotonic_offset)
                 : now - lane.begun;
  return true;
}

RUSTG_HD inline uint32_t clock_call(abi::Instance& instance, Lane& lane, uint64_t* args, bool resolution) {
  uint32_t to = static_cast<uint32_t>(resolution ? args[1] : args[2]);
  uint64_t ns = 0;
  if (!clock_now(lane, static_cast<uint32_t>(args[0]), ns)) return errno_of(wasi::Errno::inval);
  if (!inside(instance.memory0, to, 8)) return errno_of(wasi::Errno::fault);
  put_bytes(instance.memory0, to, resolution ? 1000 : ns, 8);
  return kSuccess;
}

// fd_write to stdout or stderr. False: the wait for room had to end.
RUSTG_HD inline bool print(abi::Instance& instance, Lane& lane, uint64_t* args, uint32_t& error) {
  abi::Memory& m = instance.memory0;
  uint32_t list = static_cast<uint32_t>(args[1]), count = static_cast<uint32_t>(args[2]),
           to = static_cast<uint32_t>(args[3]);
  error = errno_of(wasi::Errno::fault);
  if (!inside(m, list, uint64_t{count} * 8) || !inside(m, to, 4)) return true;
  uint64_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t at = get_bytes(m, list + uint64_t{i} * 8, 4), n = get_bytes(m, list + uint64_t{i} * 8 + 4, 4);
    if (!inside(m, at, n)) return true;
    total += n;
  }
  error = errno_of(wasi::Errno::inval);
  if (total > 0xffffffffu) return true;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t at = get_bytes(m, list + uint64_t{i} * 8, 4), n = get_bytes(m, list + uint64_t{i} * 8 + 4, 4);
    for (uint64_t done = 0; done < n; done += kRecordBytes) {
      uint32_t part = n - done < kRecordBytes ? static_cast<uint32_t>(n - done) : kRecordBytes;
      uint64_t end =
          ring_put(lane.launch->ring, instance.index, static_cast<uint32_t>(args[0]), m.base + at + done, part);
      if (end == 0) return false;
      lane.printed = end;
    }
  }
  put_bytes(m, to, total, 4);
  error = kSuccess;
  return true;
}

// poll_oneoff with one subscription, to a clock: sleep here. False: not such a call, the host must answer it.
RUSTG_HD inline bool sleep_here(abi::Instance& instance, Lane& lane, uint64_t* args, uint32_t& error, bool& ended) {
  abi::Memory& m = instance.memory0;
  uint32_t in = static_cast<uint32_t>(args[0]), out = static_cast<uint32_t>(args[1]),
           to = static_cast<uint32_t>(args[3]);
  if (static_cast<uint32_t>(args[2]) != 1 || !inside(m, in, 48) || !inside(m, out, 32) || !inside(m, to, 4))
    return false;
  uint32_t clock = static_cast<uint32_t>(get_bytes(m, in + 16ull, 4));
  if (m.base[in + 8ull] != 0 || clock > 1) return false;
  uint64_t userdata = get_bytes(m, in, 8), timeout = get_bytes(m, in + 24ull, 8), now = 0;
  bool absolute = (m.base[in + 40ull] & 1) != 0;
  clock_now(lane, clock, now);
  uint64_t until = absolute ? timeout : now + timeout;
  if (until < now && !absolute) until = ~0ull;
  Patience patience{lane.launch->control};
  while (clock_now(lane, clock, now), now < until) {
    bool late = lane.deadline != 0 && now_ns() > lane.deadline;
    if (late || patience.tired()) {
      ended = true;
      return true;
    }
  }
  for (uint32_t i = 0; i < 32; i++) m.base[uint64_t{out} + i] = 0;
  put_bytes(m, out, userdata, 8);
  put_bytes(m, to, 1, 4);
  error = kSuccess;
  return true;
}

}  // namespace rustg::runtime::cuda
