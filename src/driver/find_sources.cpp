#include "driver/find_sources.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>
#include <tbb/info.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_set>

namespace rustg::driver {
namespace {

constexpr const char* kManifest = "Cargo.toml";

std::string joined(const std::string& folder, std::string_view name) {
  if (folder.empty() || folder == ".") return std::string(name);
  std::string path;
  path.reserve(folder.size() + 1 + name.size());
  path += folder;
  if (!folder.ends_with('/')) path += '/';
  return path += name;
}

// What holds for a folder by the manifests in and above it.
struct Setting {
  std::optional<uint8_t> edition = 0;  // none: a manifest that is wrong should tell
  bool in_workspace = false;
  std::optional<uint8_t> workspace_edition;
};

struct Folder;
struct Entry {
  std::string path;
  uint64_t bytes = 0;
  std::unique_ptr<Folder> folder;  // none: a file
};
struct Folder {
  std::string path;
  Setting setting;
  std::pair<dev_t, ino_t> identity{};
  std::vector<Entry> entries;  // by path
  bool reached = true;         // false: a link to it, which is looked into when all that is no link has been
};

class Finder {
 public:
  // several: paths, which may overlap.
  Finder(std::optional<uint8_t> edition, int threads, bool several)
      : edition_(edition), threads_(threads), several_(several) {}

  void add(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    struct stat info;
    if (::stat(path.c_str(), &info) != 0) return found_.troubles.push_back(unreadable(path, errno));
    if (path == kManifest || path.ends_with(std::string("/") + kManifest))
      return add(path.size() == std::string_view(kManifest).size() ? "." : path.substr(0, path.rfind('/')));
    if (S_ISDIR(info.st_mode)) return add_folder(path);
    if (!S_ISREG(info.st_mode)) return found_.troubles.push_back({fmt::format("couldn't read `{}`: it is not a regular file", path)});
    take({path, uint64_t(info.st_size), edition_.value_or(0)});
  }

  FoundSources finish() { return std::move(found_); }

 private:
  void add_folder(const std::string& path) {
    size_t files = found_.files.size(), troubles = found_.troubles.size();
    uint32_t left_out = found_.left_out;
    for (const auto& other : roots_) remember(*other);
    roots_.push_back(std::make_unique<Folder>(Folder{path, edition_ ? Setting{} : setting_above(path), {}, {}}));
    Folder& root = *roots_.back();
    look_below(root);
    // Links that lead to folders: in their order, so that of several ways to a folder always the same one counts.
    while (!links_.empty()) {
      std::vector<Folder*> links = std::move(links_);
      links_.clear();
      std::sort(links.begin(), links.end(), [](const Folder* a, const Folder* b) { return a->path < b->path; });
      remember(root);
      for (Folder* link : links) {
        link->reached = true;
        look_below(*link);
        remember(*link);
      }
    }
    collect(root);
    for (Trouble& trouble : sorted_troubles()) found_.troubles.push_back(std::move(trouble));
    if (found_.files.size() == files && found_.troubles.size() == troubles && found_.left_out == left_out && again_ == 0)
      found_.troubles.push_back({fmt::format("no Rust source file (`.rs`) below `{}`", path)});
    if (!edition_) add_members(path);
  }

  // A folder and all below it: a few of them here, before a second thread would be awake, then on all threads.
  void look_below(Folder& root) {
    constexpr size_t kFew = 32;
    std::vector<Folder*> folders{&root};
    size_t next = 0;
    while (next != std::min(kFew, folders.size())) look_into(*folders[next++], [&](Folder* below) { folders.push_back(below); });
    if (next == folders.size()) return;
    if (!arena_) arena_ = std::make_unique<tbb::task_arena>(std::min(threads_, tbb::info::default_concurrency()));
    arena_->execute([&] {
      tbb::task_group group;
      for (; next != folders.size(); ++next) group.run([this, folder = folders[next], &group] { look_below(*folder, group); });
      group.wait();
    });
  }
  void look_below(Folder& folder, tbb::task_group& group) {
    look_into(folder, [this, &group](Folder* below) { group.run([this, below, &group] { look_below(*below, group); }); });
  }

  // The folder's content; found(Folder*) for what is below.
  template <class Found>
  void look_into(Folder& folder, Found found_below) {
    int fd = ::open(folder.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat self;
    DIR* stream = fd >= 0 && ::fstat(fd, &self) == 0 ? ::fdopendir(fd) : nullptr;
    if (stream == nullptr) {
      int error = errno;
      if (fd >= 0) ::close(fd);
      return say(unreadable(folder.path, error));
    }
    folder.identity = {self.st_dev, self.st_ino};
    if (visited_.contains(folder.identity)) {
      ++again_;
      ::closedir(stream);
      return;
    }
    bool has_manifest = false;
    std::optional<size_t> target;
    uint32_t files = 0;
    while (const dirent* found = ::readdir(stream)) {
      std::string_view name = found->d_name;
      if (name.starts_with('.')) continue;
      bool rust = name.ends_with(".rs");
      if (name == kManifest) has_manifest = true;
      if (found->d_type == DT_REG && !rust) continue;
      struct stat info {};
      bool is_link = found->d_type == DT_LNK || found->d_type == DT_UNKNOWN;
      if (found->d_type == DT_DIR)
        info.st_mode = S_IFDIR;
      else if (::fstatat(fd, found->d_name, &info, 0) != 0)
        info.st_mode = S_IFREG;  // gone, or a link to nothing: reading it will say so
      if (S_ISDIR(info.st_mode)) {
        if (name == "target" && ::faccessat(fd, "target/CACHEDIR.TAG", F_OK, 0) == 0) continue;
        if (name == "target") target = folder.entries.size();
        std::string path = joined(folder.path, name);
        auto below = std::make_unique<Folder>(Folder{path, {}, {}, {}, !is_link});
        folder.entries.push_back({std::move(path), 0, std::move(below)});
      } else if (rust && S_ISREG(info.st_mode)) {
        folder.entries.push_back({joined(folder.path, name), uint64_t(info.st_size), nullptr});
        ++files;
      }
    }
    ::closedir(stream);
    files_ += files;
    if (has_manifest && target) folder.entries.erase(folder.entries.begin() + std::ptrdiff_t(*target));
    if (has_manifest && !edition_) folder.setting = with_manifest(folder.path, folder.setting);
    std::sort(folder.entries.begin(), folder.entries.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
    for (Entry& entry : folder.entries) {
      if (!entry.folder) continue;
      Folder* below = entry.folder.get();
      below->setting = folder.setting;
      if (below->reached) {
        found_below(below);
      } else {
        std::lock_guard lock(mutex_);
        links_.push_back(below);
      }
    }
  }

  // Those that have been looked into, from now on: one walk does not meet a folder twice, but by a link, and many threads would wait for this set.
  void remember(Folder& root) {
    for (std::vector<Folder*> folders{&root}; !folders.empty();) {
      Folder& folder = *folders.back();
      folders.pop_back();
      if (folder.identity.second != 0) visited_.insert(folder.identity);
      for (Entry& entry : folder.entries)
        if (entry.folder) folders.push_back(entry.folder.get());
    }
  }

  void say(Trouble trouble) {
    std::lock_guard lock(mutex_);
    troubles_.push_back(std::move(trouble));
  }
  std::vector<Trouble> sorted_troubles() {
    std::vector<Trouble> all = std::move(troubles_);
    troubles_.clear();
    std::stable_sort(all.begin(), all.end(), [](const Trouble& a, const Trouble& b) { return a.message < b.message; });
    return all;
  }

  // All files below, in order. Not by recursion: folders may nest as deeply as they like.
  void collect(Folder& root) {
    struct Place {
      Folder* folder;
      size_t next;
    };
    found_.files.reserve(files_);
    for (std::vector<Place> stack{{&root, 0}}; !stack.empty();) {
      auto& [folder, next] = stack.back();
      if (next == folder->entries.size()) {
        stack.pop_back();
        continue;
      }
      Entry& entry = folder->entries[next++];
      if (entry.folder) {
        stack.push_back({entry.folder.get(), 0});
        continue;
      }
      auto edition = edition_ ? edition_ : folder->setting.edition;
      if (edition)
        take({std::move(entry.path), entry.bytes, *edition});
      else
        ++found_.left_out;
    }
  }

  void take(source::SourceFile file) {
    std::string_view name = file.path;
    while (name.starts_with("./")) name.remove_prefix(2);
    if (several_ && !taken_.emplace(name).second)
      ++again_;
    else
      found_.files.push_back(std::move(file));
  }

  // The manifest of `folder`; none if there is none that can be read. What is wrong with it has been said.
  std::optional<graph::Manifest> manifest(const std::string& folder) {
    std::string path = joined(folder, kManifest), text;
    if (int error = read_whole(path, text); error != 0) {
      say({fmt::format("failed to read `{}`: {} (os error {})", path, std::strerror(error), error)});
      return std::nullopt;
    }
    graph::Manifest manifest = graph::parse_manifest(text);
    for (const graph::ManifestError& error : manifest.errors) say(bad_manifest(path, text, error));
    if (!manifest.errors.empty()) return std::nullopt;
    return manifest;
  }

  Setting with_manifest(const std::string& folder, Setting setting) {
    auto found = manifest(folder);
    if (!found) {
      setting.edition.reset();
      return setting;
    }
    if (found->is_workspace) setting.in_workspace = true, setting.workspace_edition = found->workspace_edition;
    setting.edition = found->edition.value_or(0);
    if (!found->inherits_edition) return setting;
    if (found->workspace_folder) {
      auto workspace = manifest(joined(folder, *found->workspace_folder));
      setting.workspace_edition = workspace ? workspace->workspace_edition : std::nullopt;
    } else if (!setting.in_workspace) {
      setting.workspace_edition = workspace_edition_above(folder);
    }
    setting.edition = setting.workspace_edition;
    if (!setting.edition)
      say({fmt::format("failed to parse manifest at `{}`: error inheriting `edition` from workspace root manifest's "
                       "`workspace.package.edition`: it is not defined there, or there is no workspace",
                       joined(folder, kManifest))});
    return setting;
  }

  // The folders above, from the nearest on.
  static std::vector<std::string> folders_above(const std::string& folder) {
    std::vector<std::string> above;
    std::unique_ptr<char, decltype(&std::free)> whole(::realpath(folder.c_str(), nullptr), &std::free);
    if (!whole) return above;
    std::string path = whole.get();
    for (size_t slash; (slash = path.rfind('/')) != std::string::npos && path != "/";) {
      path.resize(std::max<size_t>(slash, 1));
      above.push_back(path);
    }
    return above;
  }

  std::optional<uint8_t> workspace_edition_above(const std::string& folder) {
    for (const std::string& above : folders_above(folder)) {
      std::string text;
      if (read_whole(joined(above, kManifest), text) != 0) continue;
      graph::Manifest found = graph::parse_manifest(text);
      if (found.is_workspace) return found.workspace_edition;
    }
    return std::nullopt;
  }

  // What holds for a folder that is asked for: a part of a package has that package's edition.
  Setting setting_above(const std::string& folder) {
    if (::access(joined(folder, kManifest).c_str(), F_OK) == 0) return {};
    for (const std::string& above : folders_above(folder))
      if (::access(joined(above, kManifest).c_str(), F_OK) == 0) return with_manifest(above, {});
    return {};
  }

  // Of a workspace that is asked for: members that are missing, and those that lie elsewhere.
  void add_members(const std::string& folder) {
    std::string text;
    if (read_whole(joined(folder, kManifest), text) != 0) return;
    for (const auto& root : roots_) remember(*root);
    for (const std::string& pattern : graph::parse_manifest(text).members) {
      std::string path = joined(folder, pattern);
      glob_t matches{};
      int none = ::glob(path.c_str(), GLOB_ERR, nullptr, &matches);
      for (size_t i = 0; none == 0 && i < matches.gl_pathc; ++i) {
        std::string member = matches.gl_pathv[i];
        struct stat info;
        bool manifest = ::access(joined(member, kManifest).c_str(), F_OK) == 0;
        if (!manifest && pattern.find_first_of("*?[") == std::string::npos)
          say(missing_member(member, ENOENT));
        else if (manifest && ::stat(member.c_str(), &info) == 0 && !visited_.contains({info.st_dev, info.st_ino}))
          add_folder(member);
      }
      ::globfree(&matches);
      if (none != 0 && pattern.find_first_of("*?[") == std::string::npos) say(missing_member(path, ENOENT));
    }
    for (Trouble& trouble : sorted_troubles()) found_.troubles.push_back(std::move(trouble));
  }
  static Trouble missing_member(const std::string& member, int error) {
    return {fmt::format("failed to load manifest for workspace member `{}`: failed to read `{}`: {} (os error {})", member,
                        joined(member, kManifest), std::strerror(error), error)};
  }

  std::optional<uint8_t> edition_;
  int threads_;
  std::unique_ptr<tbb::task_arena> arena_;  // made when it is needed, since waking threads takes as long as looking into a few folders
  bool several_;
  FoundSources found_;
  std::unordered_set<std::string> taken_;
  std::vector<std::unique_ptr<Folder>> roots_;
  std::set<std::pair<dev_t, ino_t>> visited_;  // see remember()
  std::atomic<uint32_t> files_{0};             // about how many there are
  std::atomic<uint32_t> again_{0};             // files and folders met a second time
  std::mutex mutex_;                           // guards what follows
  std::vector<Folder*> links_;
  std::vector<Trouble> troubles_;
};

}  // namespace

FoundSources find_sources(const std::vector<std::string>& paths, std::optional<uint8_t> edition, int threads) {
  Finder finder(edition, threads, paths.size() > 1);
  for (const std::string& path : paths) finder.add(path);
  return finder.finish();
}

}  // namespace rustg::driver
