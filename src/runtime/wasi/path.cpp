// Functions on paths, but for opening them. Each resolves its path beneath the directory first, and acts on the last component alone by
// a system call that does not follow it; where a last link is to be followed, on what open_beneath has opened.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "runtime/wasi/beneath.h"
#include "runtime/wasi/filestat.h"
#include "runtime/wasi/functions.h"

namespace rustg::runtime::wasi {
namespace {

// A path of the guest with the directory it starts from.
struct Target {
  Errno error = Errno::success;
  int root = -1;
  Path path;

  Target(const Context& context, uint32_t fd, uint64_t needed, std::string_view text) {
    const Descriptor* descriptor = context.find(fd, needed, error);
    if (!descriptor) return;
    root = descriptor->handle->fd;
    error = descriptor->handle->type == Filetype::directory ? path.assign(text) : Errno::notdir;
  }
  bool ok() const { return error == Errno::success; }
  Place place() { return locate(root, path); }
  Opened open(int flags) const { return open_beneath(root, path.c_str(), flags); }
};

// `call(directory, name)` on where the path's last component is.
template <class SystemCall>
Errno at_place(Target& target, SystemCall call) {
  if (!target.ok()) return target.error;
  Place place = target.place();
  if (place.error != Errno::success) return place.error;
  return call(place.directory, place.name) < 0 ? last_error() : Errno::success;
}

// Does the path mean what its last component leads to, rather than the component itself? A slash behind a link asks for that too.
bool follows(uint32_t lookup, const Path& path) { return (lookup & kSymlinkFollow) || path.ends_in_slash(); }

// Another name for an open file, for system calls that take only names.
struct ProcName {
  char text[32];
  explicit ProcName(int fd) { std::snprintf(text, sizeof text, "/proc/self/fd/%d", fd); }
};

}  // namespace

Errno path_create_directory(Context& context, uint32_t fd, std::string_view path) {
  Target target(context, fd, rights::kPathCreateDirectory, path);
  return at_place(target, [](int directory, const char* name) { return ::mkdirat(directory, name, 0777); });
}

Errno path_remove_directory(Context& context, uint32_t fd, std::string_view path) {
  Target target(context, fd, rights::kPathRemoveDirectory, path);
  return at_place(target, [](int directory, const char* name) { return ::unlinkat(directory, name, AT_REMOVEDIR); });
}

Errno path_unlink_file(Context& context, uint32_t fd, std::string_view path) {
  Target target(context, fd, rights::kPathUnlinkFile, path);
  return at_place(target, [](int directory, const char* name) { return ::unlinkat(directory, name, 0); });
}

Errno path_symlink(Context& context, std::string_view link_target, uint32_t fd, std::string_view path) {
  Target target(context, fd, rights::kPathSymlink, path);
  if (!target.ok()) return target.error;
  Path contents;  // refused if absolute: it could only lead out
  Errno error = contents.assign(link_target);
  if (error != Errno::success) return error;
  return at_place(target,
                  [&](int directory, const char* name) { return ::symlinkat(contents.c_str(), directory, name); });
}

Errno path_readlink(Context& context, uint32_t fd, std::string_view path, Bytes bytes, U32 used) {
  Target target(context, fd, rights::kPathReadlink, path);
  if (!target.ok()) return target.error;
  if (target.path.ends_in_slash()) {
    Opened opened = target.open(O_PATH);
    return opened.error == Errno::success ? Errno::inval : opened.error;
  }
  char contents[4096];
  ssize_t length = 0;
  Errno error = at_place(target, [&](int directory, const char* name) {
    return length = ::readlinkat(directory, name, contents, sizeof contents);
  });
  if (error != Errno::success) return error;
  // Cut off at the buffer's end, as readlink(2) does. An empty buffer is fine.
  const uint32_t size = std::min(bytes.size, uint32_t(length));
  if (size != 0) std::memcpy(bytes.data, contents, size);
  used = size;
  return Errno::success;
}

Errno path_filestat_get(Context& context, uint32_t fd, uint32_t lookup, std::string_view path, Out<Filestat> out) {
  Target target(context, fd, rights::kPathFilestatGet, path);
  struct stat status;
  Errno error = Errno::success;
  bool follow = target.ok() && follows(lookup, target.path);
  if (!follow || !std::strchr(target.path.c_str(), '/')) {
    // Mostly there is no link at the end and this one call is all; a single name needs no other.
    error = at_place(target, [&](int directory, const char* name) {
      return ::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW);
    });
    if (error != Errno::success) return error;
    follow = follow && S_ISLNK(status.st_mode);
  }
  if (follow) {
    Opened opened = target.open(O_PATH);
    if (opened.error != Errno::success) return opened.error;
    if (::fstat(opened.fd.get(), &status) != 0) return last_error();
  }
  out = filestat_from(status, filetype_from_mode(status.st_mode));
  return Errno::success;
}

Errno path_filestat_set_times(Context& context, uint32_t fd, uint32_t lookup, std::string_view path, uint64_t accessed,
                              uint64_t modified, uint32_t flags) {
  Target target(context, fd, rights::kPathFilestatSetTimes, path);
  if (!target.ok()) return target.error;
  timespec times[2];
  Errno error = times_from(accessed, modified, flags, times);
  if (error != Errno::success) return error;
  if (!follows(lookup, target.path)) {
    return at_place(target, [&](int directory, const char* name) {
      return ::utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW);
    });
  }
  Opened opened = target.open(O_PATH);
  if (opened.error != Errno::success) return opened.error;
  return ::utimensat(AT_FDCWD, ProcName(opened.fd.get()).text, times, 0) == 0 ? Errno::success : last_error();
}

Errno path_link(Context& context, uint32_t old_fd, uint32_t lookup, std::string_view old_path, uint32_t new_fd,
                std::string_view new_path) {
  Target from(context, old_fd, rights::kPathLinkSource, old_path);
  if (!from.ok()) return from.error;
  Target to(context, new_fd, rights::kPathLinkTarget, new_path);
  if (follows(lookup, from.path)) {
    Opened opened = from.open(O_PATH);
    if (opened.error != Errno::success) return opened.error;
    return at_place(to, [&](int directory, const char* name) {
      return ::linkat(AT_FDCWD, ProcName(opened.fd.get()).text, directory, name, AT_SYMLINK_FOLLOW);
    });
  }
  if (!to.ok()) return to.error;
  Place source = from.place();
  if (source.error != Errno::success) return source.error;
  return at_place(
      to, [&](int directory, const char* name) { return ::linkat(source.directory, source.name, directory, name, 0); });
}

Errno path_rename(Context& context, uint32_t old_fd, std::string_view old_path, uint32_t new_fd,
                  std::string_view new_path) {
  Target from(context, old_fd, rights::kPathRenameSource, old_path);
  if (!from.ok()) return from.error;
  Target to(context, new_fd, rights::kPathRenameTarget, new_path);
  if (!to.ok()) return to.error;
  Place source = from.place();
  if (source.error != Errno::success) return source.error;
  return at_place(
      to, [&](int directory, const char* name) { return ::renameat(source.directory, source.name, directory, name); });
}

}  // namespace rustg::runtime::wasi
