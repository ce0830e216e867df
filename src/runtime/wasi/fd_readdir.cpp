#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/wasi/functions.h"

namespace rustg::runtime::wasi {
namespace {

Filetype filetype_from_entry(uint8_t type) {
  switch (type) {
    case DT_BLK: return Filetype::block_device;
    case DT_CHR: return Filetype::character_device;
    case DT_DIR: return Filetype::directory;
    case DT_REG: return Filetype::regular_file;
    case DT_LNK: return Filetype::symbolic_link;
    case DT_SOCK: return Filetype::socket_stream;
  }
  return Filetype::unknown;
}

// A preopened directory is one open file for all instances; listing it needs an offset of one's own.
Errno make_private(Context& context, uint32_t fd) {
  Errno error;
  Descriptor* descriptor = context.find_mutable(fd, 0, error);
  UniqueFd own(::openat(descriptor->handle->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!own.valid()) return last_error();
  auto handle = std::make_shared<Handle>();
  handle->fd = own.get();
  handle->owned = std::move(own);
  handle->type = Filetype::directory;
  handle->preopen = descriptor->handle->preopen;
  handle->guest_name = descriptor->handle->guest_name;
  descriptor->handle = std::move(handle);
  return Errno::success;
}

// The kernel's struct linux_dirent64: getdents(2).
struct HostEntry {
  uint64_t inode;
  int64_t next;
  uint16_t size;
  uint8_t type;
  char name[];
};

}  // namespace

// A cookie is the kernel's offset of the entry behind it, which stays good while the directory changes. 0 begins anew.
Errno fd_readdir(Context& context, uint32_t fd, Bytes bytes, uint64_t cookie, U32 used) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdReaddir, error);
  if (!descriptor) return error;
  if (descriptor->handle->common) {
    error = make_private(context, fd);
    if (error != Errno::success) return error;
    descriptor = context.find(fd, 0, error);
  }
  const int host = descriptor->handle->fd;
  if (::lseek(host, off_t(cookie), SEEK_SET) < 0) return last_error();
  alignas(8) char entries[32768];
  // The kernel's entries are about as long as ours; it needs room for one.
  const size_t chunk = std::clamp<size_t>(bytes.size, 2048, sizeof entries);
  uint32_t filled = 0;
  while (filled < bytes.size) {
    ssize_t size = ::syscall(SYS_getdents64, host, entries, chunk);
    if (size < 0) return last_error();
    if (size == 0) break;
    for (ssize_t at = 0; at < size && filled < bytes.size;) {
      const auto* entry = reinterpret_cast<const HostEntry*>(entries + at);
      at += entry->size;
      const uint32_t name_length = uint32_t(std::strlen(entry->name));
      const Dirent dirent{uint64_t(entry->next), entry->inode, name_length, filetype_from_entry(entry->type), {}};
      // The last entry is cut off where the buffer ends.
      auto append = [&](const void* from, size_t length) {
        length = std::min<size_t>(length, bytes.size - filled);
        std::memcpy(bytes.data + filled, from, length);
        filled += uint32_t(length);
      };
      append(&dirent, sizeof dirent);
      append(entry->name, name_length);
    }
  }
  used = filled;
  return Errno::success;
}

}  // namespace rustg::runtime::wasi
