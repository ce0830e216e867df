// Calling a host function for an instance whose memory the host cannot see: `pack` gathers what the host will read from the
// instance's memory into a payload, with addresses among the arguments rewritten to offsets in it; the host calls the very same
// implementation with the payload as its memory; `unpack` scatters what the host wrote back. Runs on the device; needs no heap.
//
//     Call call;
//     do {
//       Errno errno_ = pack(function, args, memory, payload, sizes, call);
//       if (errno_ != Errno::success) { args[0] = uint64_t(errno_); return; }   // answered here, no call is made
//       ... the host: find(...).call(context, payload, call.args) ...          // call.args[0] is the result now
//     } while (unpack(function, args, memory, payload, call));                 // args[0] is the result now
//
// A payload that is smaller than a read's or write's buffers makes it short, which is legal. A string, or a list of subscriptions,
// that does not fit is refused. The payload has to be aligned to 8 bytes; kMinPayload bytes hold any path.
#pragma once
#include "runtime/wasi/roles.h"

namespace rustg::runtime::wasi {

constexpr uint32_t kMinPayload = 2 * 4096 + 256;

// The sizes of what args_get and environ_get write, which their arguments do not tell.
struct StringSizes {
  uint32_t args_count = 0, args_length = 0, environ_count = 0, environ_length = 0;
};

struct Call {
  uint64_t args[kMaxParams];  // what the host gets
  uint32_t extent = 0;        // bytes of the payload in use, from its start: neither side touches anything behind them
  uint32_t done = 0;          // bytes of a `g` buffer that earlier rounds have filled
};

namespace marshal {

RUSTG_HD constexpr uint64_t align8(uint64_t n) { return (n + 7) & ~uint64_t(7); }
RUSTG_HD constexpr uint64_t min(uint64_t a, uint64_t b) { return a < b ? a : b; }

// Slots that `ab` leaves free, where pack notes for unpack how much there is.
constexpr uint32_t kStringsCount = 2, kStringsLength = 3;
constexpr uint32_t kReaddirUsed = 4;  // fd_readdir's parameter that tells the bytes used

// A word at a time where both sides allow it: byte accesses to a mailbox are as dear as words.
RUSTG_HD inline void copy(uint8_t* to, const uint8_t* from, uint64_t length) {
  uint64_t i = 0;
  if (((uintptr_t(to) ^ uintptr_t(from)) & 7) == 0) {
    for (; i < length && (uintptr_t(to + i) & 7); ++i) to[i] = from[i];
    for (; i + 8 <= length; i += 8) *reinterpret_cast<uint64_t*>(to + i) = *reinterpret_cast<const uint64_t*>(from + i);
  } else if (((uintptr_t(to) ^ uintptr_t(from)) & 3) == 0) {
    for (; i < length && (uintptr_t(to + i) & 3); ++i) to[i] = from[i];
    for (; i + 4 <= length; i += 4) *reinterpret_cast<uint32_t*>(to + i) = *reinterpret_cast<const uint32_t*>(from + i);
  }
  for (; i < length; ++i) to[i] = from[i];
}

RUSTG_HD inline uint32_t load32(const uint8_t* at) {
  return uint32_t(at[0]) | uint32_t(at[1]) << 8 | uint32_t(at[2]) << 16 | uint32_t(at[3]) << 24;
}
RUSTG_HD inline void store32(uint8_t* at, uint32_t value) {
  for (uint32_t i = 0; i < 4; ++i) at[i] = uint8_t(value >> (8 * i));
}

RUSTG_HD inline Iovec load_iovec(const uint8_t* list, uint32_t i) {
  return {load32(list + 8 * uint64_t(i)), load32(list + 8 * uint64_t(i) + 4)};
}

// Total length of the first kMaxIovecs buffers of a list of `count`; false if any buffer, or the list, is outside of the memory.
RUSTG_HD inline bool measure(GuestMemory memory, uint32_t list, uint32_t count, uint64_t& total) {
  total = 0;
  if (!contains(memory, list, 8 * uint64_t(count))) return false;
  for (uint32_t i = 0; i < count; ++i) {
    Iovec iovec = load_iovec(memory.base + list, i);
    if (!contains(memory, iovec.address, iovec.length)) return false;
    if (i < kMaxIovecs) total += iovec.length;
  }
  return true;
}

// Where in the payload parameter `i` was put. The result has replaced args[0]; what is put first is put at 0.
RUSTG_HD inline uint32_t offset_of(const Call& call, uint32_t i) { return i == 0 ? 0 : uint32_t(call.args[i]); }

// The number that the host wrote to the first `4` parameter after `i`.
RUSTG_HD inline uint32_t written_after(uint64_t roles, uint32_t i, GuestMemory payload, const Call& call) {
  while (role_at(roles, i) != '4') ++i;
  return load32(payload.base + offset_of(call, i));
}

}  // namespace marshal

// Returns `success` if the host is to be called; otherwise the errno that the guest gets. `call.done` is 0 on the first round.
RUSTG_HD inline Errno pack(Function function, const uint64_t* args, GuestMemory memory, GuestMemory payload,
                           StringSizes sizes, Call& call) {
  using namespace marshal;
  const uint64_t roles = roles_of(function);
  const bool is_args = function == Function::args_get;
  const uint32_t strings_count = is_args ? sizes.args_count : sizes.environ_count;
  const uint32_t strings_length = is_args ? sizes.args_length : sizes.environ_length;

  // First round: check every range, and sum up what must fit entirely.
  uint64_t needed = 0, total = 0;
  bool fault = false, has_string = false;
  for (uint32_t i = 0; char role = role_at(roles, i); ++i) {
    const uint32_t address = uint32_t(args[i]), length = uint32_t(args[i + 1 < kMaxParams ? i + 1 : i]);
    uint64_t whole = fixed_size(role);  // bytes that must fit
    uint64_t range = whole;             // bytes of guest memory
    switch (role) {
      case 's': has_string = true; [[fallthrough]];
      case 'u': whole = range = length; break;
      case 'o':
      case 'r':
      case 'g':
        total = length - call.done;
        range = length;
        break;
      case 'i':
      case 'I':
        whole = sizeof(Iovec);
        fault |= !measure(memory, address, length, total);
        break;
      case 'e': whole = range = sizeof(Subscription) * uint64_t(uint32_t(args[2])); break;
      case 'E': whole = range = sizeof(Event) * uint64_t(uint32_t(args[2])); break;
      case 'a': whole = range = 4 * uint64_t(strings_count); break;
      case 'b': whole = range = strings_length; break;
    }
    fault |= role != 'i' && role != 'I' && range != 0 && !contains(memory, address, range);
    needed += align8(whole);
  }
  if (fault) return Errno::fault;
  if (needed > payload.size) return has_string ? Errno::nametoolong : Errno::nomem;
  // What is left is for the one buffer that may be shortened.
  const uint64_t room = (payload.size - needed) & ~uint64_t(7);

  uint64_t at = 0;
  for (uint32_t i = 0; char role = role_at(roles, i); ++i) {
    const uint32_t address = uint32_t(args[i]), length = uint32_t(args[i + 1 < kMaxParams ? i + 1 : i]);
    call.args[i] = args[i];
    if (role == 'w' || role == 'd') continue;
    uint64_t size = fixed_size(role);
    switch (role) {
      case 's':
      case 'u':  // sent too, since the host may write a part of it only
        copy(payload.base + at, memory.base + address, length);
        size = length;
        break;
      case 'o':
      case 'r':
      case 'g': size = min(total, room); break;
      case 'i': {
        uint64_t data = at + sizeof(Iovec), end = data + min(total, room);
        store32(payload.base + at, uint32_t(data));
        store32(payload.base + at + 4, uint32_t(end - data));
        for (uint32_t k = 0; data < end; ++k) {
          Iovec iovec = load_iovec(memory.base + address, k);
          if (!contains(memory, iovec.address, iovec.length)) return Errno::fault;  // another thread has changed it
          uint64_t part = min(iovec.length, end - data);
          copy(payload.base + data, memory.base + iovec.address, part);
          data += part;
        }
        size = end - at;
        break;
      }
      case 'I': {
        // The guest's list is kept before the data, since what is read may be scattered over the list itself.
        const uint64_t listed = min(min(length, kMaxIovecs), room / 2 / sizeof(Iovec));
        const uint64_t list = at + sizeof(Iovec), data = list + listed * sizeof(Iovec);
        copy(payload.base + list, memory.base + address, listed * sizeof(Iovec));
        uint64_t bytes = 0;
        for (uint32_t k = 0; k < listed; ++k) bytes += load_iovec(payload.base + list, k).length;
        bytes = min(bytes, room - listed * sizeof(Iovec));
        store32(payload.base + at, uint32_t(data));
        store32(payload.base + at + 4, uint32_t(bytes));
        size = data + bytes - at;
        break;
      }
      case 'e':
        size = sizeof(Subscription) * uint64_t(uint32_t(args[2]));
        copy(payload.base + at, memory.base + address, size);
        break;
      case 'E': size = sizeof(Event) * uint64_t(uint32_t(args[2])); break;
      case 'a':
        call.args[kStringsCount] = strings_count;
        size = 4 * uint64_t(strings_count);
        break;
      case 'b':
        call.args[kStringsLength] = strings_length;
        size = strings_length;
        break;
    }
    call.args[i] = at;
    at += align8(size);
    if (role_at(roles, i + 1) == 'n') {
      call.args[i + 1] = role == 'i' || role == 'I' ? 1 : size;
      ++i;
    }
  }
  call.extent = uint32_t(at);
  return Errno::success;
}

// Copies the host's results into the guest's memory, and the result to args[0]. Returns true if pack and the call are to be repeated.
// Not for a call that ended the instance: that has no results.
RUSTG_HD inline bool unpack(Function function, uint64_t* args, GuestMemory memory, GuestMemory payload, Call& call) {
  using namespace marshal;
  const uint64_t roles = roles_of(function);
  const uint32_t result = uint32_t(call.args[0]);
  if (result == uint32_t(Errno::success)) {
    for (uint32_t i = 0; char role = role_at(roles, i); ++i) {
      const uint32_t offset = offset_of(call, i), address = uint32_t(args[i]);
      uint8_t* from = payload.base + offset;
      uint8_t* to = memory.base + address;
      switch (role) {
        case '2':
        case '4':
        case '8':
        case 'F':
        case 'S':
        case 'P': copy(to, from, fixed_size(role)); break;
        case 'u': copy(to, from, uint32_t(args[i + 1])); break;
        case 'o': copy(to, from, min(written_after(roles, i, payload, call), call.args[i + 1])); break;
        case 'g': {
          uint32_t size = uint32_t(call.args[i + 1]), wanted = uint32_t(args[i + 1]);
          copy(to + call.done, from, size);
          call.done += size;
          if (call.done < wanted) {
            if (size == 0) {  // the payload has no room at all
              args[0] = uint64_t(Errno::nomem);
              return false;
            }
            return true;
          }
          break;
        }
        case 'r': {
          // Less than a full buffer would mean the end. If the host filled the shortened one there is more: give the guest the
          // entries that are whole, and, up to its buffer's end, one that is cut off, which makes it ask again from the last cookie.
          const uint32_t size = uint32_t(call.args[i + 1]), wanted = uint32_t(args[i + 1]);
          const uint32_t used = uint32_t(min(written_after(roles, i, payload, call), size));
          if (used < size || size == wanted) {
            copy(to, from, used);
            break;
          }
          uint32_t at = 0;
          while (at + sizeof(Dirent) <= used) {
            uint64_t end = at + sizeof(Dirent) + load32(from + at + offsetof(Dirent, name_length));
            if (end > used) break;
            at = uint32_t(end);
          }
          if (at == 0) {  // not one entry has room
            args[0] = uint64_t(Errno::nomem);
            return false;
          }
          copy(to, from, at);
          if (wanted - at >= sizeof(Dirent)) {
            uint8_t* cut = to + at;
            for (uint32_t k = 0; k < sizeof(Dirent); ++k) cut[k] = 0;
            store32(cut + offsetof(Dirent, name_length), uint32_t(wanted - at - sizeof(Dirent) + 1));
          }
          store32(payload.base + offset_of(call, kReaddirUsed), wanted);
          break;
        }
        case 'I': {
          const uint32_t data = load32(from), bytes = load32(from + 4);
          const uint8_t* list = from + sizeof(Iovec);
          uint32_t left = uint32_t(min(written_after(roles, i, payload, call), bytes));
          from = payload.base + data;
          for (uint32_t k = 0; left != 0; ++k) {
            Iovec iovec = load_iovec(list, k);
            if (!contains(memory, iovec.address, iovec.length)) break;  // another thread has changed it
            uint32_t part = uint32_t(min(iovec.length, left));
            copy(memory.base + iovec.address, from, part);
            from += part;
            left -= part;
          }
          break;
        }
        case 'E': copy(to, from, min(written_after(roles, i, payload, call), uint32_t(args[2])) * sizeof(Event)); break;
        case 'a': {
          // The strings' addresses are offsets in the payload so far.
          const uint32_t moved = uint32_t(args[i + 1]) - offset_of(call, i + 1);
          for (uint32_t k = 0; k < uint32_t(call.args[kStringsCount]); ++k)
            store32(to + 4 * k, load32(from + 4 * k) + moved);
          break;
        }
        case 'b': copy(to, from, call.args[kStringsLength]); break;
      }
    }
  }
  args[0] = result;
  return false;
}

}  // namespace rustg::runtime::wasi
