// The functions of wasi_snapshot_preview1 as C++: arguments resolved and checked by bind.cpp, buffers as the host sees them.
#pragma once
#include <sys/uio.h>

#include <cstring>
#include <optional>
#include <string_view>

#include "runtime/wasi/context.h"

namespace rustg::runtime::wasi {

// A value the host writes to the guest, wherever that wants it.
template <class T>
class Out {
 public:
  explicit Out(uint8_t* at) : at_(at) {}
  void operator=(const T& value) { std::memcpy(at_, &value, sizeof value); }

 private:
  uint8_t* at_;
};

struct Bytes {
  uint8_t* data;
  uint32_t size;
};

// A list of iovecs or ciovecs, checked.
struct Buffers {
  GuestMemory memory;
  uint32_t list, count;
};

// Those buffers as the host knows them: the first kMaxIovecs.
class HostBuffers {
 public:
  explicit HostBuffers(const Buffers& buffers);
  std::span<const iovec> all() const { return {items_, count_}; }
  iovec* data() { return items_; }
  int count() const { return int(count_); }

 private:
  uint32_t count_ = 0;
  iovec items_[kMaxIovecs];
};

// `count` subscriptions at `subscriptions`, room for as many events at `events`; neither aligned; they may overlap.
struct Poll {
  const uint8_t* subscriptions;
  uint8_t* events;
  uint32_t count;
};

// Where args_get and environ_get write: pointers to `list`, strings to `bytes`, which the guest knows as `address`.
struct StringsOut {
  uint8_t *list, *bytes;
  uint32_t address;
};

// proc_exit and proc_raise: an errno to go on with, or the code to end with.
struct Ending {
  Errno error = Errno::success;
  std::optional<uint32_t> exit_code;
};

using U32 = Out<uint32_t>;
using U64 = Out<uint64_t>;

// process.cpp
Errno args_get(Context&, StringsOut);
Errno args_sizes_get(Context&, U32 count, U32 length);
Errno environ_get(Context&, StringsOut);
Errno environ_sizes_get(Context&, U32 count, U32 length);
Ending proc_exit(Context&, uint32_t code);
Ending proc_raise(Context&, uint32_t signal);
Errno random_get(Context&, Bytes);
Errno sched_yield(Context&);
// clock.cpp
Errno clock_res_get(Context&, uint32_t clock, U64 resolution);
Errno clock_time_get(Context&, uint32_t clock, uint64_t precision, U64 time);
// poll.cpp
Errno poll_oneoff(Context&, Poll, U32 events);
// fd_io.cpp
Errno fd_pread(Context&, uint32_t fd, Buffers, uint64_t offset, U32 read);
Errno fd_pwrite(Context&, uint32_t fd, Buffers, uint64_t offset, U32 written);
Errno fd_read(Context&, uint32_t fd, Buffers, U32 read);
Errno fd_seek(Context&, uint32_t fd, uint64_t delta, uint32_t whence, U64 offset);
Errno fd_tell(Context&, uint32_t fd, U64 offset);
Errno fd_write(Context&, uint32_t fd, Buffers, U32 written);
// fd.cpp
Errno fd_advise(Context&, uint32_t fd, uint64_t offset, uint64_t length, uint32_t advice);
Errno fd_allocate(Context&, uint32_t fd, uint64_t offset, uint64_t length);
Errno fd_close(Context&, uint32_t fd);
Errno fd_datasync(Context&, uint32_t fd);
Errno fd_fdstat_get(Context&, uint32_t fd, Out<Fdstat>);
Errno fd_fdstat_set_flags(Context&, uint32_t fd, uint32_t flags);
Errno fd_fdstat_set_rights(Context&, uint32_t fd, uint64_t base, uint64_t inheriting);
Errno fd_filestat_get(Context&, uint32_t fd, Out<Filestat>);
Errno fd_filestat_set_size(Context&, uint32_t fd, uint64_t size);
Errno fd_filestat_set_times(Context&, uint32_t fd, uint64_t accessed, uint64_t modified, uint32_t flags);
Errno fd_prestat_get(Context&, uint32_t fd, Out<Prestat>);
Errno fd_prestat_dir_name(Context&, uint32_t fd, Bytes);
Errno fd_renumber(Context&, uint32_t from, uint32_t to);
Errno fd_sync(Context&, uint32_t fd);
// fd_readdir.cpp
Errno fd_readdir(Context&, uint32_t fd, Bytes, uint64_t cookie, U32 used);
// path_open.cpp
Errno path_open(Context&, uint32_t fd, uint32_t lookup, std::string_view path, uint32_t oflags, uint64_t base,
                uint64_t inheriting, uint32_t flags, U32 opened);
// path.cpp
Errno path_create_directory(Context&, uint32_t fd, std::string_view path);
Errno path_filestat_get(Context&, uint32_t fd, uint32_t lookup, std::string_view path, Out<Filestat>);
Errno path_filestat_set_times(Context&, uint32_t fd, uint32_t lookup, std::string_view path, uint64_t accessed,
                              uint64_t modified, uint32_t flags);
Errno path_link(Context&, uint32_t old_fd, uint32_t lookup, std::string_view old_path, uint32_t new_fd,
                std::string_view new_path);
Errno path_readlink(Context&, uint32_t fd, std::string_view path, Bytes, U32 used);
Errno path_remove_directory(Context&, uint32_t fd, std::string_view path);
Errno path_rename(Context&, uint32_t old_fd, std::string_view old_path, uint32_t new_fd, std::string_view new_path);
Errno path_symlink(Context&, std::string_view target, uint32_t fd, std::string_view path);
Errno path_unlink_file(Context&, uint32_t fd, std::string_view path);
// socket.cpp
Errno sock_accept(Context&, uint32_t fd, uint32_t flags, U32 accepted);
Errno sock_recv(Context&, uint32_t fd, Buffers, uint32_t flags, U32 received, Out<uint16_t> out_flags);
Errno sock_send(Context&, uint32_t fd, Buffers, uint32_t flags, U32 sent);
Errno sock_shutdown(Context&, uint32_t fd, uint32_t how);

}  // namespace rustg::runtime::wasi
