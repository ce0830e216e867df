#include <cerrno>

#include "runtime/wasi/types.h"

namespace rustg::runtime::wasi {

Errno errno_from_linux(int error) {
  switch (error) {
#define RUSTG_ERRNO(name, number, linux) \
  case linux:                            \
    return Errno::name;
#include "runtime/wasi/errno.def"
#undef RUSTG_ERRNO
  }
  return Errno::io;
}

Errno last_error() { return errno_from_linux(errno); }

}  // namespace rustg::runtime::wasi
