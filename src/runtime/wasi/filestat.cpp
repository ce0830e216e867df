#include "runtime/wasi/filestat.h"

#include "runtime/wasi/clock.h"

namespace rustg::runtime::wasi {

Filetype filetype_from_mode(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFBLK: return Filetype::block_device;
    case S_IFCHR: return Filetype::character_device;
    case S_IFDIR: return Filetype::directory;
    case S_IFREG: return Filetype::regular_file;
    case S_IFLNK: return Filetype::symbolic_link;
    case S_IFSOCK: return Filetype::socket_stream;
  }
  return Filetype::unknown;  // a pipe: preview 1 has no word for it
}

Filestat filestat_from(const struct stat& status, Filetype type) {
  Filestat filestat{};
  filestat.device = status.st_dev;
  filestat.inode = status.st_ino;
  filestat.filetype = type;
  filestat.links = status.st_nlink;
  filestat.size = uint64_t(status.st_size);
  filestat.accessed = nanoseconds(status.st_atim);
  filestat.modified = nanoseconds(status.st_mtim);
  filestat.changed = nanoseconds(status.st_ctim);
  return filestat;
}

Errno times_from(uint64_t accessed, uint64_t modified, uint32_t flags, timespec times[2]) {
  constexpr uint32_t kSet = 1, kNow = 2, kAll = 15;
  if (flags & ~kAll) return Errno::inval;
  const uint64_t given[2] = {accessed, modified};
  for (int i = 0; i < 2; ++i) {
    const uint32_t of_this = flags >> (2 * i) & 3;
    if (of_this == (kSet | kNow)) return Errno::inval;
    if (of_this == kSet) {
      times[i] = {time_t(given[i] / kSecond), long(given[i] % kSecond)};
    } else {
      times[i] = {0, of_this == kNow ? UTIME_NOW : UTIME_OMIT};
    }
  }
  return Errno::success;
}

}  // namespace rustg::runtime::wasi
