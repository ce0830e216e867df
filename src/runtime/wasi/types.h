// The numbers and records of WASI preview 1 (typenames.witx). Records are laid out as the guest sees them.
#pragma once
#include <cstddef>
#include <cstdint>

namespace rustg::runtime::wasi {

enum class Errno : uint16_t {
#define RUSTG_ERRNO(name, number, linux) name = number,
#include "runtime/wasi/errno.def"
#undef RUSTG_ERRNO
};

// The Errno for a Linux error number; `io` for one that WASI does not know.
Errno errno_from_linux(int error);
// For `return last_error();` after a failed system call.
Errno last_error();

enum class Filetype : uint8_t {
  unknown,
  block_device,
  character_device,
  directory,
  regular_file,
  socket_dgram,
  socket_stream,
  symbolic_link,
};

namespace rights {
constexpr uint64_t kFdDatasync = 1u << 0, kFdRead = 1u << 1, kFdSeek = 1u << 2, kFdFdstatSetFlags = 1u << 3,
                   kFdSync = 1u << 4, kFdTell = 1u << 5, kFdWrite = 1u << 6, kFdAdvise = 1u << 7, kFdAllocate = 1u << 8,
                   kPathCreateDirectory = 1u << 9, kPathCreateFile = 1u << 10, kPathLinkSource = 1u << 11,
                   kPathLinkTarget = 1u << 12, kPathOpen = 1u << 13, kFdReaddir = 1u << 14, kPathReadlink = 1u << 15,
                   kPathRenameSource = 1u << 16, kPathRenameTarget = 1u << 17, kPathFilestatGet = 1u << 18,
                   kPathFilestatSetSize = 1u << 19, kPathFilestatSetTimes = 1u << 20, kFdFilestatGet = 1u << 21,
                   kFdFilestatSetSize = 1u << 22, kFdFilestatSetTimes = 1u << 23, kPathSymlink = 1u << 24,
                   kPathRemoveDirectory = 1u << 25, kPathUnlinkFile = 1u << 26, kPollFdReadwrite = 1u << 27,
                   kSockShutdown = 1u << 28, kSockAccept = 1u << 29;

constexpr uint64_t kAll = (1u << 30) - 1;
constexpr uint64_t kRegularFile = kFdDatasync | kFdRead | kFdSeek | kFdFdstatSetFlags | kFdSync | kFdTell | kFdWrite |
                                  kFdAdvise | kFdAllocate | kFdFilestatGet | kFdFilestatSetSize | kFdFilestatSetTimes |
                                  kPollFdReadwrite;
constexpr uint64_t kDirectory = kFdFdstatSetFlags | kFdSync | kFdAdvise | kPathCreateDirectory | kPathCreateFile |
                                kPathLinkSource | kPathLinkTarget | kPathOpen | kFdReaddir | kPathReadlink |
                                kPathRenameSource | kPathRenameTarget | kPathFilestatGet | kPathFilestatSetSize |
                                kPathFilestatSetTimes | kFdFilestatGet | kFdFilestatSetTimes | kPathSymlink |
                                kPathRemoveDirectory | kPathUnlinkFile | kPollFdReadwrite;
constexpr uint64_t kStream = kFdRead | kFdFdstatSetFlags | kFdWrite | kFdFilestatGet | kPollFdReadwrite;
constexpr uint64_t kSocket = kStream | kSockShutdown | kSockAccept;
}  // namespace rights

namespace fdflags {
constexpr uint16_t kAppend = 1, kDsync = 2, kNonblock = 4, kRsync = 8, kSync = 16, kAll = 31;
}
namespace oflags {
constexpr uint16_t kCreat = 1, kDirectory = 2, kExcl = 4, kTrunc = 8, kAll = 15;
}
constexpr uint32_t kSymlinkFollow = 1;  // the only lookupflag

struct Iovec {
  uint32_t address, length;
};
static_assert(sizeof(Iovec) == 8);

struct Fdstat {
  Filetype filetype;
  uint8_t pad0;
  uint16_t flags;
  uint32_t pad1;
  uint64_t rights_base, rights_inheriting;
};
static_assert(sizeof(Fdstat) == 24);

struct Filestat {
  uint64_t device, inode;
  Filetype filetype;
  uint8_t pad[7];
  uint64_t links, size, accessed, modified, changed;  // times in ns since 1970
};
static_assert(sizeof(Filestat) == 64);

struct Prestat {
  uint8_t tag;  // 0: a directory, the only kind there is
  uint8_t pad[3];
  uint32_t name_length;
};
static_assert(sizeof(Prestat) == 8);

// Followed by `name_length` bytes of name, then by the next entry: nothing is aligned.
struct Dirent {
  uint64_t next;  // the cookie that continues behind this entry
  uint64_t inode;
  uint32_t name_length;
  Filetype type;
  uint8_t pad[3];
};
static_assert(sizeof(Dirent) == 24);

enum class EventType : uint8_t { clock, fd_read, fd_write };

struct Subscription {
  uint64_t userdata;
  EventType type;
  uint8_t pad0[7];
  uint32_t id;  // the clock, or the file descriptor
  uint32_t pad1;
  uint64_t timeout, precision;  // ns, of a clock
  uint16_t flags;               // of a clock: 1 = the timeout is absolute
  uint8_t pad2[6];
};
static_assert(sizeof(Subscription) == 48 && offsetof(Subscription, timeout) == 24 &&
              offsetof(Subscription, flags) == 40);

struct Event {
  uint64_t userdata;
  Errno error;
  EventType type;
  uint8_t pad0[5];
  uint64_t bytes;  // ready to be read or written
  uint16_t flags;  // 1: the peer has hung up
  uint8_t pad1[6];
};
static_assert(sizeof(Event) == 32 && offsetof(Event, flags) == 24);

}  // namespace rustg::runtime::wasi
