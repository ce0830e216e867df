#include "runtime/wasi/context.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "runtime/wasi/filestat.h"

namespace rustg::runtime::wasi {
namespace {

constexpr uint32_t kMaxDescriptors = 1u << 20;  // of an instance

template <class T>
bool parse_number(const char* text, T& number) {
  const char* end = text + std::strlen(text);
  auto [stopped, error] = std::from_chars(text, end, number);
  return error == std::errc() && stopped == end;
}

uint16_t flags_of(int fd) {
  int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return 0;
  return uint16_t((flags & O_APPEND ? fdflags::kAppend : 0) | (flags & O_NONBLOCK ? fdflags::kNonblock : 0) |
                  ((flags & O_SYNC) == O_SYNC ? fdflags::kSync
                   : flags & O_DSYNC          ? fdflags::kDsync
                                              : 0));
}

// One of the process's own descriptors, or none if that is closed.
Descriptor host_descriptor(int fd) {
  Descriptor descriptor;
  if (::fcntl(fd, F_GETFD) < 0) return descriptor;
  auto handle = std::make_shared<Handle>();
  handle->fd = fd;
  handle->type = filetype_of(fd);
  handle->common = true;
  rights_of(handle->type, ::isatty(fd) == 1, descriptor.rights_base, descriptor.rights_inheriting);
  descriptor.flags = flags_of(fd);
  descriptor.handle = std::move(handle);
  return descriptor;
}

Descriptor stream_descriptor(Input* input, Output* output) {
  auto handle = std::make_shared<Handle>();
  handle->common = true;
  handle->input = input;
  handle->output = output;
  Descriptor descriptor;
  descriptor.handle = std::move(handle);
  descriptor.rights_base = rights::kStream;
  return descriptor;
}

bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

}  // namespace

std::vector<int> inherited_sockets() {
  std::vector<int> sockets;
  const char* count_text = std::getenv("LISTEN_FDS");
  const char* pid_text = std::getenv("LISTEN_PID");
  int count = 0, pid = 0;
  if (!count_text || !parse_number(count_text, count)) return sockets;
  if (pid_text && (!parse_number(pid_text, pid) || pid != ::getpid())) return sockets;
  for (int fd = 3; fd < 3 + count && ::fcntl(fd, F_GETFD) >= 0; ++fd) sockets.push_back(fd);
  return sockets;
}

Filetype filetype_of(int fd) {
  struct stat status;
  if (::fstat(fd, &status) != 0) return Filetype::unknown;
  if (S_ISSOCK(status.st_mode)) {
    int type = 0;
    socklen_t size = sizeof type;
    ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
    return type == SOCK_DGRAM ? Filetype::socket_dgram : Filetype::socket_stream;
  }
  return filetype_from_mode(status.st_mode);
}

void rights_of(Filetype type, bool terminal, uint64_t& base, uint64_t& inheriting) {
  inheriting = 0;
  switch (type) {
    case Filetype::regular_file: base = rights::kRegularFile; return;
    case Filetype::directory:
      base = rights::kDirectory;
      inheriting = rights::kDirectory | rights::kRegularFile;
      return;
    case Filetype::socket_dgram:
    case Filetype::socket_stream:
      base = rights::kSocket;
      inheriting = rights::kSocket;
      return;
    case Filetype::block_device:
    case Filetype::character_device: base = terminal ? rights::kStream : rights::kRegularFile; return;
    case Filetype::unknown:
    case Filetype::symbolic_link: base = rights::kStream; return;
  }
}

namespace {
// Tens of thousands of instances may hold a file each: take as many descriptors as the system gives, past the hard limit where
// this process may.
void raise_descriptor_limit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  constexpr rlim_t kMost = 1 << 20;  // what Linux allows a process unless told otherwise (fs.nr_open)
  const rlimit most = {std::max(limit.rlim_max, kMost), std::max(limit.rlim_max, kMost)};
  if (setrlimit(RLIMIT_NOFILE, &most) == 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}
}  // namespace

Result<std::shared_ptr<const Shared>> Shared::create(const Options& options) {
  raise_descriptor_limit();
  auto shared = std::make_shared<Shared>();
  for (const std::string& arg : options.args) {
    if (has_nul(arg)) return Error{"an argument has a NUL byte in it"};
    shared->args_.append(arg).push_back('\0');
    ++shared->args_count_;
  }
  for (const auto& [name, value] : options.environment) {
    if (has_nul(name) || has_nul(value))
      return Error{fmt::format("the environment variable {} has a NUL byte in it", name.c_str())};
    shared->environment_.append(name).append("=").append(value).push_back('\0');
    ++shared->environment_count_;
  }
  shared->numbered_ = options.numbered;

  auto& descriptors = shared->descriptors_;
  descriptors.push_back(options.input ? stream_descriptor(options.input, nullptr) : host_descriptor(options.stdio[0]));
  descriptors.push_back(options.output ? stream_descriptor(nullptr, options.output)
                                       : host_descriptor(options.stdio[1]));
  descriptors.push_back(options.error ? stream_descriptor(nullptr, options.error) : host_descriptor(options.stdio[2]));
  for (const Preopen& preopen : options.preopens) {
    auto handle = std::make_shared<Handle>();
    handle->owned = UniqueFd(::open(preopen.host.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle->owned.valid())
      return Error{fmt::format("cannot open the directory {}: {}", preopen.host, std::strerror(errno))};
    handle->fd = handle->owned.get();
    handle->type = Filetype::directory;
    handle->common = true;
    handle->preopen = true;
    handle->guest_name = preopen.guest;
    Descriptor descriptor;
    rights_of(Filetype::directory, false, descriptor.rights_base, descriptor.rights_inheriting);
    descriptor.handle = std::move(handle);
    descriptors.push_back(std::move(descriptor));
  }
  for (int fd : options.sockets) {
    Descriptor descriptor = host_descriptor(fd);
    if (!descriptor.handle) return Error{fmt::format("file descriptor {} is not open", fd)};
    descriptors.push_back(std::move(descriptor));
  }
  return std::shared_ptr<const Shared>(std::move(shared));
}

Strings Context::args() const { return {shared_->args_.data(), shared_->args_count_, uint32_t(shared_->args_.size())}; }

Strings Context::environment() const {
  return {shared_->environment_.data(), shared_->environment_count_, uint32_t(shared_->environment_.size()),
          shared_->numbered_, instance_};
}

StringSizes Context::string_sizes() const {
  Strings a = args(), e = environment();
  return {a.total_count(), a.total_length(), e.total_count(), e.total_length()};
}

const Descriptor* Context::find(uint32_t fd, uint64_t needed, Errno& error) const {
  const auto& descriptors = table();
  if (fd >= descriptors.size() || !descriptors[fd].handle) {
    error = Errno::badf;
    return nullptr;
  }
  const Descriptor& descriptor = descriptors[fd];
  if ((descriptor.rights_base & needed) != needed) {
    error = Errno::notcapable;
    return nullptr;
  }
  return &descriptor;
}

std::vector<Descriptor>& Context::own_table() {
  if (!owns_table_) {
    own_ = shared_->descriptors_;
    owns_table_ = true;
  }
  return own_;
}

Descriptor* Context::find_mutable(uint32_t fd, uint64_t needed, Errno& error) {
  return find(fd, needed, error) ? &own_table()[fd] : nullptr;
}

Errno Context::insert(Descriptor descriptor, uint32_t& fd) {
  auto& descriptors = own_table();
  for (fd = 0; fd < descriptors.size() && descriptors[fd].handle; ++fd) {
  }
  if (fd == kMaxDescriptors) return Errno::mfile;
  if (fd == descriptors.size()) descriptors.emplace_back();
  descriptors[fd] = std::move(descriptor);
  return Errno::success;
}

Errno Context::close(uint32_t fd) {
  Errno error;
  Descriptor* descriptor = find_mutable(fd, 0, error);
  if (!descriptor) return error;
  *descriptor = Descriptor();
  return Errno::success;
}

Errno Context::renumber(uint32_t from, uint32_t to) {
  Errno error;
  if (!find(from, 0, error) || !find(to, 0, error)) return error;
  if (from == to) return Errno::success;
  auto& descriptors = own_table();
  descriptors[to] = std::move(descriptors[from]);
  descriptors[from] = Descriptor();
  return Errno::success;
}

}  // namespace rustg::runtime::wasi
