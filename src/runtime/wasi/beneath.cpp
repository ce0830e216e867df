#include "runtime/wasi/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

namespace rustg::runtime::wasi {
namespace {

constexpr int kMaxLinks = 40;  // as Linux has it

int openat2(int root, const char* path, int flags, mode_t mode, uint64_t resolve) {
  open_how how{};
  how.flags = uint64_t(flags | O_CLOEXEC);
  how.mode = flags & O_CREAT ? mode : 0;
  how.resolve = resolve;
  return int(::syscall(SYS_openat2, root, path, &how, sizeof how));
}

std::atomic<Resolver> chosen{Resolver::automatic};

bool kernel_resolves() {
  static const bool works = [] {
    UniqueFd probe(openat2(AT_FDCWD, ".", O_PATH | O_DIRECTORY, 0, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS));
    return probe.valid();
  }();
  switch (chosen.load(std::memory_order_relaxed)) {
    case Resolver::kernel: return true;
    case Resolver::walk: return false;
    case Resolver::automatic: break;
  }
  return works;
}

Opened failed(Errno error) { return {error, UniqueFd()}; }
Opened failed_by_errno() { return failed(last_error()); }

bool is_link(int fd) {
  struct stat status;
  return ::fstat(fd, &status) == 0 && S_ISLNK(status.st_mode);
}

// A walk down from the root. Only single names are given to the kernel, always with O_NOFOLLOW; `..` goes back to the directory we
// came from, which is beneath the root however it may have been moved since.
class Walk {
 public:
  Walk(int root, std::string_view path, int flags, mode_t mode)
      : root_(root), rest_(path), flags_(flags), mode_(mode) {}

  Opened run() {
    if (rest_.empty()) return failed(Errno::noent);
    if (rest_[0] == '/') return failed(Errno::notcapable);
    for (;;) {
      at_ = rest_.find_first_not_of('/', at_);
      if (at_ == std::string::npos) return open(".");
      size_t end = rest_.find('/', at_);
      bool slash = end != std::string::npos;
      if (!slash) end = rest_.size();
      std::string name = rest_.substr(at_, end - at_);
      bool last = rest_.find_first_not_of('/', end) == std::string::npos;
      at_ = end;
      if (name.size() > 255) return failed(Errno::nametoolong);
      if (name == ".") continue;
      if (name == "..") {
        if (directories_.empty()) return failed(Errno::notcapable);
        directories_.pop_back();
        continue;
      }
      if (last && slash && (flags_ & O_CREAT)) return failed(Errno::isdir);
      Opened opened;
      Step step = last && !slash ? final(name, opened) : descend(name, opened);
      if (step == Step::done) return opened;
    }
  }

 private:
  enum class Step { go_on, done };

  int current() const { return directories_.empty() ? root_ : directories_.back().get(); }

  Opened open(const char* name) {
    UniqueFd fd(::openat(current(), name, flags_ | O_NOFOLLOW | O_CLOEXEC, mode_));
    if (!fd.valid()) return failed_by_errno();
    return {Errno::success, std::move(fd)};
  }

  Step descend(const std::string& name, Opened& opened) {
    UniqueFd fd(::openat(current(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status;
    if (!fd.valid() || ::fstat(fd.get(), &status) != 0) {
      opened = failed_by_errno();
      return Step::done;
    }
    if (S_ISLNK(status.st_mode)) return follow(name, opened);
    if (!S_ISDIR(status.st_mode)) {
      opened = failed(Errno::notdir);
      return Step::done;
    }
    directories_.push_back(std::move(fd));
    return Step::go_on;
  }

  Step final(const std::string& name, Opened& opened) {
    opened = open(name.c_str());
    if (flags_ & O_NOFOLLOW) return Step::done;
    // O_NOFOLLOW was ours: was a link in the way? With O_PATH it was opened, with O_DIRECTORY it is no directory.
    bool link = opened.fd.valid() ? (flags_ & O_PATH) && is_link(opened.fd.get())
                                  : opened.error == Errno::loop || opened.error == Errno::notdir;
    char byte;
    if (!link || ::readlinkat(current(), name.c_str(), &byte, 1) < 0) return Step::done;
    return follow(name, opened);
  }

  // Put a link's target in place of its name.
  Step follow(const std::string& name, Opened& opened) {
    char target[4096];
    ssize_t length = ::readlinkat(current(), name.c_str(), target, sizeof target);
    if (length < 0) {
      opened = failed_by_errno();
    } else if (++links_ > kMaxLinks) {
      opened = failed(Errno::loop);
    } else if (length == 0) {
      opened = failed(Errno::noent);
    } else if (target[0] == '/') {
      opened = failed(Errno::notcapable);
    } else if (length == sizeof target || rest_.size() - at_ > 1u << 16) {
      opened = failed(Errno::nametoolong);
    } else {
      rest_ = std::string(target, size_t(length)) + rest_.substr(at_);
      at_ = 0;
      return Step::go_on;
    }
    return Step::done;
  }

  int root_;
  std::string rest_;
  size_t at_ = 0;
  int flags_;
  mode_t mode_;
  int links_ = 0;
  std::vector<UniqueFd> directories_;  // from beneath the root to where we are
};

}  // namespace

void set_resolver(Resolver resolver) { chosen.store(resolver, std::memory_order_relaxed); }

Opened open_beneath(int root, const char* path, int flags, mode_t mode) {
  if (kernel_resolves()) {
    // EAGAIN: a rename somewhere kept the kernel from telling whether `..` stays beneath. When that goes on, walk.
    for (int attempt = 0; attempt < 16; ++attempt) {
      UniqueFd fd(openat2(root, path, flags, mode, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS));
      if (fd.valid()) return {Errno::success, std::move(fd)};
      if (errno == EXDEV) return failed(Errno::notcapable);
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return failed_by_errno();
    }
  }
  return Walk(root, path, flags, mode).run();
}

Errno Path::assign(std::string_view path) {
  if (path.empty()) return Errno::noent;
  if (path.size() >= sizeof bytes_) return Errno::nametoolong;
  // Copied before it is looked at: another thread of the guest may be changing it.
  std::memcpy(bytes_, path.data(), path.size());
  bytes_[path.size()] = 0;
  size_ = uint32_t(path.size());
  if (std::memchr(bytes_, 0, size_)) return Errno::inval;
  if (bytes_[0] == '/') return Errno::notcapable;
  return Errno::success;
}

Place locate(int root, Path& path) {
  char* begin = path.data();
  char* end = begin + path.size();
  while (end > begin && end[-1] == '/') --end;
  char* name = end;
  while (name > begin && name[-1] != '/') --name;
  Place place;
  if (std::string_view(name, size_t(end - name)) == "..") {
    // It has to be looked up like any directory: it may lead out.
    Opened opened = open_beneath(root, begin, O_PATH | O_DIRECTORY);
    place.error = opened.error;
    place.owned = std::move(opened.fd);
    place.directory = place.owned.get();
    place.name = ".";
    return place;
  }
  place.name = name;
  place.directory = root;
  if (name == begin) return place;
  // The parent is what stands before the slash; that slash gives its byte for the NUL.
  name[-1] = 0;
  Opened opened = open_beneath(root, begin, O_PATH | O_DIRECTORY);
  place.error = opened.error;
  place.owned = std::move(opened.fd);
  place.directory = place.owned.get();
  return place;
}

}  // namespace rustg::runtime::wasi
