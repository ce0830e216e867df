// Regular files that many instances read: opened read-only, they share one descriptor of the host's, of which there may be fewer than
// instances. Each open file keeps a position of its own (Handle::position) and reads with pread.
#pragma once
#include <memory>

#include "runtime/wasi/unique_fd.h"

namespace rustg::runtime::wasi {

// The descriptor to use for the file that `opened` is open on: another one on the same file if there is one (`opened` is then closed),
// else `opened` itself. It lives as long as anybody holds it. Any thread.
std::shared_ptr<const UniqueFd> share_file(UniqueFd opened);

}  // namespace rustg::runtime::wasi
