#include "runtime/wasi/shared_file.h"

#include <sys/stat.h>

#include <map>
#include <mutex>
#include <utility>

namespace rustg::runtime::wasi {
namespace {

using FileId = std::pair<dev_t, ino_t>;

struct OpenFiles {
  std::mutex mutex;
  std::map<FileId, std::weak_ptr<const UniqueFd>> files;
};

// Never destroyed: the last holder may be a static of somebody else's.
OpenFiles& open_files() {
  static OpenFiles& open = *new OpenFiles;
  return open;
}

}  // namespace

std::shared_ptr<const UniqueFd> share_file(UniqueFd opened) {
  struct stat status;
  if (::fstat(opened.get(), &status) != 0) return std::make_shared<const UniqueFd>(std::move(opened));
  const FileId id{status.st_dev, status.st_ino};
  OpenFiles& open = open_files();
  std::lock_guard lock(open.mutex);
  std::weak_ptr<const UniqueFd>& known = open.files[id];
  if (std::shared_ptr<const UniqueFd> shared = known.lock()) return shared;
  // The entry goes with the last holder, unless another opening has taken its place by then.
  std::shared_ptr<const UniqueFd> fresh(new UniqueFd(std::move(opened)), [id](const UniqueFd* fd) {
    OpenFiles& open = open_files();
    {
      std::lock_guard lock(open.mutex);
      auto entry = open.files.find(id);
      if (entry != open.files.end() && entry->second.expired()) open.files.erase(entry);
    }
    delete fd;
  });
  known = fresh;
  return fresh;
}

}  // namespace rustg::runtime::wasi
