// Filestat and the times of files, between WASI and Linux.
#pragma once
#include <sys/stat.h>

#include "runtime/wasi/types.h"

namespace rustg::runtime::wasi {

// `type` is what filetype_of says for an open file; for others it follows from the mode.
Filestat filestat_from(const struct stat& status, Filetype type);
Filetype filetype_from_mode(mode_t mode);

// fstflags: 1 and 4 set the access and modification time to the number given, 2 and 8 to now; a time not named is kept.
Errno times_from(uint64_t accessed, uint64_t modified, uint32_t flags, timespec times[2]);

}  // namespace rustg::runtime::wasi
