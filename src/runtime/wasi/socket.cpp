// Sockets, as far as preview 1 has them: those that the process was started with, and what they accept.
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "runtime/wasi/functions.h"

namespace rustg::runtime::wasi {
namespace {

const Descriptor* find_socket(const Context& context, uint32_t fd, uint64_t needed, Errno& error) {
  const Descriptor* descriptor = context.find(fd, 0, error);
  if (!descriptor) return nullptr;
  const Filetype type = descriptor->handle->type;
  if (type != Filetype::socket_stream && type != Filetype::socket_dgram) {
    error = Errno::notsock;
    return nullptr;
  }
  return context.find(fd, needed, error);
}

// A handle that is common to many keeps its own blocking mode; MSG_DONTWAIT stands in for it.
int nonblocking(const Descriptor& descriptor) { return descriptor.flags & fdflags::kNonblock ? MSG_DONTWAIT : 0; }

}  // namespace

Errno sock_accept(Context& context, uint32_t fd, uint32_t flags, U32 accepted_fd) {
  Errno error;
  const Descriptor* descriptor = find_socket(context, fd, rights::kSockAccept, error);
  if (!descriptor) return error;
  if (flags & ~uint32_t(fdflags::kNonblock)) return Errno::inval;
  const int host = descriptor->handle->fd;
  if (descriptor->flags & fdflags::kNonblock) {
    pollfd poll{host, POLLIN, 0};
    if (::poll(&poll, 1, 0) == 0) return Errno::again;
  }
  UniqueFd accepted(::accept4(host, nullptr, nullptr, SOCK_CLOEXEC | (flags ? SOCK_NONBLOCK : 0)));
  if (!accepted.valid()) return last_error();
  auto handle = std::make_shared<Handle>();
  handle->fd = accepted.get();
  handle->owned = std::move(accepted);
  handle->type = filetype_of(handle->fd);
  Descriptor connection;
  connection.rights_base = rights::kStream | rights::kSockShutdown;
  connection.flags = uint16_t(flags);
  connection.handle = std::move(handle);
  uint32_t number;
  error = context.insert(std::move(connection), number);
  if (error == Errno::success) accepted_fd = number;
  return error;
}

Errno sock_recv(Context& context, uint32_t fd, Buffers buffers, uint32_t flags, U32 received, Out<uint16_t> out_flags) {
  constexpr uint32_t kPeek = 1, kWaitall = 2;
  Errno error;
  const Descriptor* descriptor = find_socket(context, fd, rights::kFdRead, error);
  if (!descriptor) return error;
  if (flags & ~(kPeek | kWaitall)) return Errno::inval;
  HostBuffers host(buffers);
  msghdr message{};
  message.msg_iov = host.data();
  message.msg_iovlen = size_t(host.count());
  ssize_t count =
      ::recvmsg(descriptor->handle->fd, &message,
                (flags & kPeek ? MSG_PEEK : 0) | (flags & kWaitall ? MSG_WAITALL : 0) | nonblocking(*descriptor));
  if (count < 0) return last_error();
  received = uint32_t(count);
  out_flags = uint16_t(message.msg_flags & MSG_TRUNC ? 1 : 0);
  return Errno::success;
}

Errno sock_send(Context& context, uint32_t fd, Buffers buffers, uint32_t flags, U32 sent) {
  Errno error;
  const Descriptor* descriptor = find_socket(context, fd, rights::kFdWrite, error);
  if (!descriptor) return error;
  if (flags != 0) return Errno::inval;
  HostBuffers host(buffers);
  msghdr message{};
  message.msg_iov = host.data();
  message.msg_iovlen = size_t(host.count());
  ssize_t count = ::sendmsg(descriptor->handle->fd, &message, MSG_NOSIGNAL | nonblocking(*descriptor));
  if (count < 0) return last_error();
  sent = uint32_t(count);
  return Errno::success;
}

Errno sock_shutdown(Context& context, uint32_t fd, uint32_t how) {
  constexpr int kHow[] = {-1, SHUT_RD, SHUT_WR, SHUT_RDWR};
  Errno error;
  const Descriptor* descriptor = find_socket(context, fd, rights::kSockShutdown, error);
  if (!descriptor) return error;
  if (how == 0 || how >= std::size(kHow)) return Errno::inval;
  return ::shutdown(descriptor->handle->fd, kHow[how]) == 0 ? Errno::success : last_error();
}

}  // namespace rustg::runtime::wasi
