// What can be asked of and changed about an open descriptor, but for its contents.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/wasi/filestat.h"
#include "runtime/wasi/functions.h"

namespace rustg::runtime::wasi {
namespace {

constexpr Errno from_result(int result) { return result == 0 ? Errno::success : last_error(); }

}  // namespace

Errno fd_advise(Context& context, uint32_t fd, uint64_t offset, uint64_t length, uint32_t advice) {
  constexpr int kAdvice[] = {POSIX_FADV_NORMAL,   POSIX_FADV_SEQUENTIAL, POSIX_FADV_RANDOM,
                             POSIX_FADV_WILLNEED, POSIX_FADV_DONTNEED,   POSIX_FADV_NOREUSE};
  if (advice >= std::size(kAdvice)) return Errno::inval;
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdAdvise, error);
  if (!descriptor) return error;
  if (descriptor->handle->type == Filetype::directory) return Errno::badf;
  int result = ::posix_fadvise(descriptor->handle->fd, off_t(offset), off_t(length), kAdvice[advice]);
  return result == 0 ? Errno::success : errno_from_linux(result);
}

Errno fd_allocate(Context& context, uint32_t fd, uint64_t offset, uint64_t length) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdAllocate, error);
  if (!descriptor) return error;
  return from_result(::fallocate(descriptor->handle->fd, 0, off_t(offset), off_t(length)));
}

Errno fd_close(Context& context, uint32_t fd) { return context.close(fd); }

Errno fd_datasync(Context& context, uint32_t fd) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdDatasync, error);
  return descriptor ? from_result(::fdatasync(descriptor->handle->fd)) : error;
}

Errno fd_sync(Context& context, uint32_t fd) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdSync, error);
  return descriptor ? from_result(::fsync(descriptor->handle->fd)) : error;
}

Errno fd_fdstat_get(Context& context, uint32_t fd, Out<Fdstat> out) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, 0, error);
  if (!descriptor) return error;
  out = {descriptor->handle->type, 0, descriptor->flags, 0, descriptor->rights_base, descriptor->rights_inheriting};
  return Errno::success;
}

Errno fd_fdstat_set_flags(Context& context, uint32_t fd, uint32_t flags) {
  Errno error;
  Descriptor* descriptor = context.find_mutable(fd, rights::kFdFdstatSetFlags, error);
  if (!descriptor) return error;
  if (flags & ~uint32_t(fdflags::kAll)) return Errno::inval;
  // Linux lets only these two be changed once a file is open.
  constexpr uint32_t kChangeable = fdflags::kAppend | fdflags::kNonblock;
  if ((flags ^ descriptor->flags) & ~kChangeable) return Errno::notsup;
  if (!descriptor->handle->common) {
    int host = ::fcntl(descriptor->handle->fd, F_GETFL) & ~(O_APPEND | O_NONBLOCK);
    host |= (flags & fdflags::kAppend ? O_APPEND : 0) | (flags & fdflags::kNonblock ? O_NONBLOCK : 0);
    if (::fcntl(descriptor->handle->fd, F_SETFL, host) != 0) return last_error();
  }
  descriptor->flags = uint16_t(flags);
  return Errno::success;
}

// Rights can be given up, not gained.
Errno fd_fdstat_set_rights(Context& context, uint32_t fd, uint64_t base, uint64_t inheriting) {
  Errno error;
  Descriptor* descriptor = context.find_mutable(fd, 0, error);
  if (!descriptor) return error;
  if ((base & ~descriptor->rights_base) || (inheriting & ~descriptor->rights_inheriting)) return Errno::notcapable;
  descriptor->rights_base = base;
  descriptor->rights_inheriting = inheriting;
  return Errno::success;
}

Errno fd_filestat_get(Context& context, uint32_t fd, Out<Filestat> out) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdFilestatGet, error);
  if (!descriptor) return error;
  struct stat status {};
  if (descriptor->handle->fd >= 0 && ::fstat(descriptor->handle->fd, &status) != 0) return last_error();
  out = filestat_from(status, descriptor->handle->type);
  return Errno::success;
}

Errno fd_filestat_set_size(Context& context, uint32_t fd, uint64_t size) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdFilestatSetSize, error);
  return descriptor ? from_result(::ftruncate(descriptor->handle->fd, off_t(size))) : error;
}

Errno fd_filestat_set_times(Context& context, uint32_t fd, uint64_t accessed, uint64_t modified, uint32_t flags) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdFilestatSetTimes, error);
  if (!descriptor) return error;
  timespec times[2];
  error = times_from(accessed, modified, flags, times);
  if (error != Errno::success) return error;
  return from_result(::futimens(descriptor->handle->fd, times));
}

Errno fd_prestat_get(Context& context, uint32_t fd, Out<Prestat> out) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, 0, error);
  if (!descriptor) return error;
  if (!descriptor->handle->preopen) return Errno::badf;
  out = {0, {}, uint32_t(descriptor->handle->guest_name.size())};
  return Errno::success;
}

Errno fd_prestat_dir_name(Context& context, uint32_t fd, Bytes name) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, 0, error);
  if (!descriptor) return error;
  if (!descriptor->handle->preopen) return Errno::badf;
  const std::string& guest_name = descriptor->handle->guest_name;
  if (guest_name.size() > name.size) return Errno::nametoolong;
  std::memcpy(name.data, guest_name.data(), guest_name.size());
  return Errno::success;
}

Errno fd_renumber(Context& context, uint32_t from, uint32_t to) { return context.renumber(from, to); }

}  // namespace rustg::runtime::wasi
