// Reading, writing and seeking.
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/wasi/functions.h"

namespace rustg::runtime::wasi {
namespace {

template <class SystemCall>
ssize_t retried(SystemCall call) {
  ssize_t result;
  do result = call();
  while (result < 0 && errno == EINTR);
  return result;
}

// A descriptor to be used at an offset. What has no offsets is spipe, whatever its rights.
const Descriptor* find_seekable(const Context& context, uint32_t fd, uint64_t needed, Errno& error) {
  const Descriptor* descriptor = context.find(fd, 0, error);
  if (!descriptor) return nullptr;
  switch (descriptor->handle->type) {
    case Filetype::unknown:
    case Filetype::socket_dgram:
    case Filetype::socket_stream: error = Errno::spipe; return nullptr;
    default: return context.find(fd, needed, error);
  }
}

// Nonblocking is a property of the open file, which a common handle must not change: ask first instead.
bool would_block(const Descriptor& descriptor, short events) {
  if (!descriptor.handle->common || !(descriptor.flags & fdflags::kNonblock)) return false;
  pollfd poll{descriptor.handle->fd, events, 0};
  return ::poll(&poll, 1, 0) == 0;
}

// lseek for a file whose position is ours to keep; -1 and errno.
off_t seek_shared(Handle& handle, off_t delta, int whence) {
  off_t from = whence == SEEK_CUR ? off_t(handle.position) : 0, at;
  if (whence == SEEK_END) {
    struct stat status;
    if (::fstat(handle.fd, &status) != 0) return -1;
    from = status.st_size;
  }
  if (__builtin_add_overflow(from, delta, &at)) return errno = EOVERFLOW, -1;
  if (at < 0) return errno = EINVAL, -1;
  handle.position = uint64_t(at);
  return at;
}

Errno seek(const Context& context, uint32_t fd, uint64_t needed, off_t delta, int whence, U64 offset) {
  Errno error;
  const Descriptor* descriptor = find_seekable(context, fd, needed, error);
  if (!descriptor) return error;
  off_t at = descriptor->handle->shared ? seek_shared(*descriptor->handle, delta, whence)
                                        : ::lseek(descriptor->handle->fd, delta, whence);
  if (at < 0) return last_error();
  offset = uint64_t(at);
  return Errno::success;
}

}  // namespace

Errno fd_read(Context& context, uint32_t fd, Buffers buffers, U32 read) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdRead, error);
  if (!descriptor) return error;
  HostBuffers host(buffers);
  Handle& handle = *descriptor->handle;
  if (handle.input) {
    uint32_t count = 0;
    error = handle.input->read(context.instance(), host.all(), count);
    if (error == Errno::success) read = count;
    return error;
  }
  if (handle.output) return Errno::badf;
  if (would_block(*descriptor, POLLIN)) return Errno::again;
  ssize_t count = retried([&] {
    return handle.shared ? ::preadv(handle.fd, host.data(), host.count(), off_t(handle.position))
                         : ::readv(handle.fd, host.data(), host.count());
  });
  if (count < 0) return last_error();
  if (handle.shared) handle.position += uint64_t(count);
  read = uint32_t(count);
  return Errno::success;
}

Errno fd_write(Context& context, uint32_t fd, Buffers buffers, U32 written) {
  Errno error;
  const Descriptor* descriptor = context.find(fd, rights::kFdWrite, error);
  if (!descriptor) return error;
  HostBuffers host(buffers);
  const Handle& handle = *descriptor->handle;
  if (handle.output) {
    uint32_t count = 0;
    error = handle.output->write(context.instance(), host.all(), count);
    if (error == Errno::success) written = count;
    return error;
  }
  if (handle.input) return Errno::badf;
  if (would_block(*descriptor, POLLOUT)) return Errno::again;
  ssize_t count = retried([&] { return ::writev(handle.fd, host.data(), host.count()); });
  if (count < 0) return last_error();
  written = uint32_t(count);
  return Errno::success;
}

Errno fd_pread(Context& context, uint32_t fd, Buffers buffers, uint64_t offset, U32 read) {
  Errno error;
  const Descriptor* descriptor = find_seekable(context, fd, rights::kFdRead | rights::kFdSeek, error);
  if (!descriptor) return error;
  HostBuffers host(buffers);
  ssize_t count = retried([&] { return ::preadv(descriptor->handle->fd, host.data(), host.count(), off_t(offset)); });
  if (count < 0) return last_error();
  read = uint32_t(count);
  return Errno::success;
}

Errno fd_pwrite(Context& context, uint32_t fd, Buffers buffers, uint64_t offset, U32 written) {
  Errno error;
  const Descriptor* descriptor = find_seekable(context, fd, rights::kFdWrite | rights::kFdSeek, error);
  if (!descriptor) return error;
  HostBuffers host(buffers);
  ssize_t count = retried([&] { return ::pwritev(descriptor->handle->fd, host.data(), host.count(), off_t(offset)); });
  if (count < 0) return last_error();
  written = uint32_t(count);
  return Errno::success;
}

Errno fd_seek(Context& context, uint32_t fd, uint64_t delta, uint32_t whence, U64 offset) {
  constexpr int kWhence[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  if (whence >= std::size(kWhence)) return Errno::inval;
  // Asking where we are is telling.
  const bool tells = delta == 0 && whence == 1;
  return seek(context, fd, tells ? rights::kFdTell : rights::kFdSeek, off_t(delta), kWhence[whence], offset);
}

Errno fd_tell(Context& context, uint32_t fd, U64 offset) {
  return seek(context, fd, rights::kFdTell, 0, SEEK_CUR, offset);
}

}  // namespace rustg::runtime::wasi
