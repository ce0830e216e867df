#include <fcntl.h>

#include "runtime/wasi/beneath.h"
#include "runtime/wasi/functions.h"
#include "runtime/wasi/shared_file.h"

namespace rustg::runtime::wasi {

// The rights asked for decide between reading and writing; the directory must be able to pass them on.
Errno path_open(Context& context, uint32_t fd, uint32_t lookup, std::string_view path_text, uint32_t oflags,
                uint64_t base, uint64_t inheriting, uint32_t flags, U32 opened_fd) {
  constexpr uint64_t kReads = rights::kFdRead | rights::kFdReaddir;
  constexpr uint64_t kWrites =
      rights::kFdWrite | rights::kFdDatasync | rights::kFdAllocate | rights::kFdFilestatSetSize;
  const bool reads = base & kReads, writes = base & kWrites;
  int host_flags = writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY;
  uint64_t needed = rights::kPathOpen, passed_on = base | inheriting;
  if (oflags & oflags::kCreat) host_flags |= O_CREAT, needed |= rights::kPathCreateFile;
  if (oflags & oflags::kDirectory) host_flags |= O_DIRECTORY;
  if (oflags & oflags::kExcl) host_flags |= O_EXCL;
  if (oflags & oflags::kTrunc) host_flags |= O_TRUNC, needed |= rights::kPathFilestatSetSize;
  if (flags & fdflags::kAppend) host_flags |= O_APPEND;
  if (flags & fdflags::kNonblock) host_flags |= O_NONBLOCK;
  if (flags & fdflags::kDsync) host_flags |= O_DSYNC, passed_on |= rights::kFdDatasync;
  if (flags & (fdflags::kRsync | fdflags::kSync)) host_flags |= O_SYNC, passed_on |= rights::kFdSync;
  if (writes && !(host_flags & (O_APPEND | O_TRUNC))) passed_on |= rights::kFdSeek;
  if (!(lookup & kSymlinkFollow)) host_flags |= O_NOFOLLOW;

  Errno error;
  const Descriptor* directory = context.find(fd, needed, error);
  if (!directory) return error;
  if (passed_on & ~directory->rights_inheriting) return Errno::notcapable;
  if ((oflags & ~uint32_t(oflags::kAll)) || (flags & ~uint32_t(fdflags::kAll))) return Errno::inval;
  if ((oflags & oflags::kCreat) && (oflags & oflags::kDirectory)) return Errno::inval;
  Path path;
  error = path.assign(path_text);
  if (error != Errno::success) return error;

  Opened opened = open_beneath(directory->handle->fd, path.c_str(), host_flags | O_NOCTTY, 0666);
  if (opened.error != Errno::success) return opened.error;
  auto handle = std::make_shared<Handle>();
  handle->type = filetype_of(opened.fd.get());
  if (handle->type == Filetype::regular_file && !writes && flags == 0) {
    handle->shared = share_file(std::move(opened.fd));
    handle->fd = handle->shared->get();
    handle->common = true;
  } else {
    handle->fd = opened.fd.get();
    handle->owned = std::move(opened.fd);
  }
  Descriptor descriptor;
  rights_of(handle->type, ::isatty(handle->fd) == 1, descriptor.rights_base, descriptor.rights_inheriting);
  descriptor.rights_base &= base;
  descriptor.rights_inheriting &= inheriting;
  descriptor.flags = uint16_t(flags);
  descriptor.handle = std::move(handle);
  uint32_t number;
  error = context.insert(std::move(descriptor), number);
  if (error == Errno::success) opened_fd = number;
  return error;
}

}  // namespace rustg::runtime::wasi
