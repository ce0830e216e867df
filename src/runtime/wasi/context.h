// What WASI calls of one instance act upon: arguments, environment and file descriptors. What instances have in common (Shared) is
// made once; a Context of its own costs some 60 bytes until the instance opens or closes something.
//
// Threads: a Context serves one call at a time; different Contexts serve calls at once.
#pragma once
#include <sys/uio.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "runtime/host.h"
#include "runtime/wasi/marshal.h"
#include "runtime/wasi/strings.h"
#include "runtime/wasi/types.h"
#include "runtime/wasi/unique_fd.h"

namespace rustg::runtime::wasi {

// Where an instance's stdout or stderr goes. Called from several threads at once, for different instances.
class Output {
 public:
  virtual ~Output() = default;
  // Take some or all of the bytes; `written` says how many.
  virtual Errno write(uint32_t instance, std::span<const iovec> buffers, uint32_t& written) = 0;
};

// Where an instance's stdin comes from. Threads as above.
class Input {
 public:
  virtual ~Input() = default;
  // Fill the buffers, blocking until there is at least a byte; `read` = 0 is the end.
  virtual Errno read(uint32_t instance, std::span<const iovec> buffers, uint32_t& read) = 0;
};

// A directory of the host, and the name the guest sees it under.
struct Preopen {
  std::string host, guest;
};

struct Options {
  std::vector<std::string> args;  // with the program's name first
  std::vector<std::pair<std::string, std::string>> environment;
  bool numbered = false;  // add RUSTG_INSTANCE to the environment
  std::vector<Preopen> preopens;
  // The host's descriptors that become 0, 1 and 2; not closed.
  std::array<int, 3> stdio = {0, 1, 2};
  // What takes their place where it is given. Must outlive the contexts.
  Input* input = nullptr;
  Output* output = nullptr;
  Output* error = nullptr;
  // Listening sockets, which the guest gets behind the preopened directories. See inherited_sockets().
  std::vector<int> sockets;
};

// The sockets handed to this process as systemd does it: LISTEN_FDS of them from 3 on, if LISTEN_PID is absent or is this process.
std::vector<int> inherited_sockets();

// An open file, directory, socket or stream. Shared by every context that has it.
struct Handle {
  int fd = -1;
  UniqueFd owned;  // keeps fd open; empty for the process's own stdio and inherited sockets
  std::shared_ptr<const UniqueFd> shared;  // keeps it open in its place, for a file that is only read (shared_file.h)
  uint64_t position = 0;                   // of a shared file
  Filetype type = Filetype::unknown;
  bool common = false;     // many instances hold it: none may change the flags of the open file
  bool preopen = false;    // a directory of Options::preopens
  std::string guest_name;  // of a preopen
  Input* input = nullptr;  // a virtual stream instead of fd
  Output* output = nullptr;
};

struct Descriptor {
  std::shared_ptr<Handle> handle;  // empty: not open
  uint64_t rights_base = 0, rights_inheriting = 0;
  uint16_t flags = 0;  // fdflags
};

// What the instances of a run have in common; immutable.
class Shared {
 public:
  static Result<std::shared_ptr<const Shared>> create(const Options& options);

 private:
  friend class Context;
  std::string args_, environment_;  // each string with its NUL
  uint32_t args_count_ = 0, environment_count_ = 0;
  bool numbered_ = false;
  std::vector<Descriptor> descriptors_;
};

class Context {
 public:
  explicit Context(std::shared_ptr<const Shared> shared, uint32_t instance = 0)
      : shared_(std::move(shared)), instance_(instance) {}

  uint32_t instance() const { return instance_; }
  Strings args() const;
  Strings environment() const;
  StringSizes string_sizes() const;

  // The open descriptor `fd` if it is open and has all of `needed`; otherwise null, and `error` is badf or notcapable. Valid until the
  // table changes.
  const Descriptor* find(uint32_t fd, uint64_t needed, Errno& error) const;
  // The same, to be changed.
  Descriptor* find_mutable(uint32_t fd, uint64_t needed, Errno& error);
  // Put a descriptor at the lowest free number.
  Errno insert(Descriptor descriptor, uint32_t& fd);
  Errno close(uint32_t fd);
  Errno renumber(uint32_t from, uint32_t to);

 private:
  const std::vector<Descriptor>& table() const { return owns_table_ ? own_ : shared_->descriptors_; }
  std::vector<Descriptor>& own_table();

  std::shared_ptr<const Shared> shared_;
  uint32_t instance_;
  bool owns_table_ = false;
  std::vector<Descriptor> own_;  // a copy of the shared table, once this instance has changed something
};

// The type of an open file, and what may be done with that type at most.
Filetype filetype_of(int fd);
void rights_of(Filetype type, bool terminal, uint64_t& base, uint64_t& inheriting);

}  // namespace rustg::runtime::wasi
