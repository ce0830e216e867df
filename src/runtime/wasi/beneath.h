// Opening paths that must stay beneath a directory, whatever symbolic links, `..` and concurrent renames do.
#pragma once
#include <sys/types.h>

#include <string_view>

#include "runtime/wasi/types.h"
#include "runtime/wasi/unique_fd.h"

namespace rustg::runtime::wasi {

struct Opened {
  Errno error = Errno::success;
  UniqueFd fd;
};

// Open `path` beneath the directory `root` with open(2)'s flags and mode; O_CLOEXEC is added. A path that leaves the directory, be it
// absolute, by `..` or through a symbolic link, is Errno::notcapable and nothing outside is touched.
Opened open_beneath(int root, const char* path, int flags, mode_t mode = 0);

// The two ways it is done: openat2(2) with RESOLVE_BENEATH, or, where the kernel lacks it or a sandbox refuses it, component by
// component without ever letting the kernel follow a link. `automatic` finds out once.
enum class Resolver : uint8_t { automatic, kernel, walk };
void set_resolver(Resolver resolver);

// A path as the guest gave it, checked (no NUL, not absolute, not empty, shorter than PATH_MAX) and NUL-terminated.
class Path {
 public:
  Errno assign(std::string_view path);
  const char* c_str() const { return bytes_; }
  char* data() { return bytes_; }
  uint32_t size() const { return size_; }
  bool ends_in_slash() const { return bytes_[size_ - 1] == '/'; }

 private:
  uint32_t size_ = 0;
  char bytes_[4096];
};

// The directory that holds a path's last component, and that component, for the *at system calls that do not follow a last link.
struct Place {
  Errno error = Errno::success;
  int directory = -1;
  const char* name = nullptr;  // may end in slashes; "." where the path ends in `.` or `..`
  UniqueFd owned;              // keeps `directory` open, unless that is the root itself
};

// `path` is cut in two where its last component begins; `place.name` points into it.
Place locate(int root, Path& path);

}  // namespace rustg::runtime::wasi
