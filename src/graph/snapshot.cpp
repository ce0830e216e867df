#include "graph/snapshot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "graph/snapshot_format.h"
#include "graph/snapshot_lz4.h"
#include "graph/validate.h"

namespace rustg::graph {
namespace {

// Checksums are of pieces, so that all cores can look at one large section.
constexpr uint64_t kPiece = 4 << 20;

struct Entry {
  uint64_t offset, bytes;
  uint64_t checksum;  // of the checksums of its pieces
};

uint64_t layout() {
  std::string text;
  for (uint32_t t = 0; t != kTables; ++t) text += fmt::format("{}:{} ", name_of(Table(t)), element_size(Table(t)));
  return XXH3_64bits(text.data(), text.size());
}

uint64_t pieces(uint64_t bytes) { return (bytes + kPiece - 1) / kPiece; }

// Of each section, by pieces in parallel.
std::vector<uint64_t> checksums(const Sections& sections) {
  struct Piece {
    uint32_t section;
    uint64_t at;
  };
  std::vector<Piece> all;
  for (uint32_t t = 0; t != kTables; ++t)
    for (uint64_t p = 0; p != pieces(sections.section[t].bytes); ++p) all.push_back({t, p * kPiece});
  std::vector<uint64_t> sums(all.size());
  tbb::parallel_for(size_t(0), all.size(), [&](size_t i) {
    const Section& s = sections.section[all[i].section];
    sums[i] = XXH3_64bits(static_cast<const char*>(s.data) + all[i].at, std::min(kPiece, s.bytes - all[i].at));
  });
  std::vector<uint64_t> out;
  size_t first = 0;
  for (const Section& s : sections.section) {
    out.push_back(XXH3_64bits(sums.data() + first, pieces(s.bytes) * sizeof(uint64_t)));
    first += pieces(s.bytes);
  }
  return out;
}

Error errno_error(const std::string& path) { return Error{fmt::format("{}: {}", path, std::strerror(errno))}; }

bool write_all(int file, const void* data, size_t bytes) {
  const char* at = static_cast<const char*>(data);
  while (bytes != 0) {
    const ssize_t n = ::write(file, at, std::min<size_t>(bytes, 1 << 30));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    bytes -= size_t(n);
  }
  return true;
}

// These parts one after the other, in the place of what is there.
Status put_in_place(const std::string& path, const std::vector<Section>& parts) {
  const std::string beside = fmt::format("{}.{}.new", path, ::getpid());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return errno_error(beside);
  bool good = true;
  for (const Section& part : parts) good = good && write_all(file, part.data, part.bytes);
  good = good && ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  if (!good || ::rename(beside.c_str(), path.c_str()) != 0) {
    Error e = errno_error(path);
    ::unlink(beside.c_str());
    return e;
  }
  return ok();
}

Status write_mapped(const Sections& sections, const std::string& path) {
  static constexpr char kZeros[kSnapshotAlignment] = {};
  const std::vector<uint64_t> sums = checksums(sections);
  SnapshotHeader header;
  Entry entries[kTables];
  std::vector<Section> parts{{&header, sizeof header}, {entries, sizeof entries}};
  uint64_t at = sizeof header + sizeof entries;
  const auto align = [&] {
    parts.push_back({kZeros, snapshot_aligned(at) - at});
    at = snapshot_aligned(at);
  };
  align();
  for (uint32_t t = 0; t != kTables; ++t) {
    entries[t] = {at, sections.section[t].bytes, sums[t]};
    parts.push_back(sections.section[t]);
    at += sections.section[t].bytes;
    align();
  }
  header = snapshot_header(SnapshotForm::mapped, at, XXH3_64bits(entries, sizeof entries));
  return put_in_place(path, parts);
}

// The tables of a file whose header is right.
Result<Sections> find_tables(const SnapshotHeader& header, const void* data, size_t bytes) {
  Entry entries[kTables];
  if (bytes < sizeof header + sizeof entries) return Error{"the snapshot is truncated"};
  std::memcpy(entries, static_cast<const char*>(data) + sizeof header, sizeof entries);
  if (header.checksum != XXH3_64bits(entries, sizeof entries))
    return Error{"the snapshot is corrupted: the table of sections has another checksum"};
  Sections sections;
  for (uint32_t t = 0; t != kTables; ++t) {
    const Entry& e = entries[t];
    if (e.offset % kSnapshotAlignment != 0 || e.offset > bytes || e.bytes > bytes - e.offset)
      return Error{fmt::format("the snapshot is corrupted: {} is outside of the file", name_of(Table(t)))};
    sections.section[t] = {static_cast<const char*>(data) + e.offset, e.bytes};
  }
  const std::vector<uint64_t> sums = checksums(sections);
  for (uint32_t t = 0; t != kTables; ++t)
    if (sums[t] != entries[t].checksum)
      return Error{fmt::format("the snapshot is corrupted: {} has another checksum", name_of(Table(t)))};
  return sections;
}

}  // namespace

SnapshotHeader snapshot_header(SnapshotForm form, uint64_t file_bytes, uint64_t checksum) {
  SnapshotHeader out{};
  std::memcpy(out.magic, kSnapshotMagic, sizeof kSnapshotMagic);
  out.version = snapshot_version(form);
  out.byte_order = kSnapshotByteOrder;
  out.layout = layout();
  out.file_bytes = file_bytes;
  out.sections = kTables;
  out.form = form;
  out.checksum = checksum;
  return out;
}

Status write_snapshot(const Registry& registry, const std::string& path, SnapshotForm form) {
  const Sections sections = sections_of(registry);
  if (form == SnapshotForm::mapped) return write_mapped(sections, path);
  const CompressedTables compressed(sections);
  return put_in_place(path, compressed.parts());
}

Result<Registry> read_snapshot(const void* data, size_t bytes, const std::string& name, Array<char>& memory) {
  const auto refuse = [&](std::string why) { return Error{fmt::format("{}: {}", name, why)}; };
  SnapshotHeader header{};
  std::memcpy(&header, data, std::min(bytes, sizeof header));
  if (bytes < sizeof header.magic || std::memcmp(header.magic, kSnapshotMagic, sizeof kSnapshotMagic) != 0)
    return refuse("not a snapshot of a registry; `rustg graph import` makes one");
  if (bytes < sizeof header) return refuse("the snapshot is truncated");
  if (header.byte_order == __builtin_bswap32(kSnapshotByteOrder))
    return refuse("the snapshot was written on a machine with the other byte order; import the index here");
  if (header.byte_order != kSnapshotByteOrder) return refuse("the snapshot is corrupted: its byte order is none");
  if (header.version > kSnapshotVersion)
    return refuse(
        fmt::format("the snapshot has version {}, and this rustg knows up to {}", header.version, kSnapshotVersion));
  if (header.version == 0 || header.layout != layout() || header.sections != kTables)
    return refuse("the snapshot was written by another rustg; import the index again");
  if (bytes < header.file_bytes)
    return refuse(fmt::format("the snapshot is truncated: {} of {} bytes", bytes, header.file_bytes));
  if (bytes > header.file_bytes)
    return refuse(fmt::format("the snapshot is corrupted: {} bytes too long", bytes - header.file_bytes));
  if (header.form > SnapshotForm::compressed || header.version != snapshot_version(header.form))
    return refuse("the snapshot is corrupted: it has a form that its version has not");
  auto sections = header.form == SnapshotForm::mapped ? find_tables(header, data, bytes)
                                                      : decompress_tables(header, data, bytes, memory);
  if (!sections) return refuse(sections.error().message);
  if (auto wrong = validate(*sections)) return refuse("the snapshot is corrupted: " + *wrong);
  return registry_of(*sections);
}

Result<Snapshot> Snapshot::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno_error(path);
  Snapshot out;
  struct stat status;
  if (::fstat(file, &status) != 0) {
    Error e = errno_error(path);
    ::close(file);
    return e;
  }
  if (!S_ISREG(status.st_mode) || status.st_size == 0) {
    ::close(file);
    return Error{fmt::format("{}: not a snapshot of a registry; `rustg graph import` makes one", path)};
  }
  out.bytes_ = size_t(status.st_size);
  // All of it is read at once below, so its pages may as well be there.
  void* data = ::mmap(nullptr, out.bytes_, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  const int error = errno;
  ::close(file);
  if (data == MAP_FAILED) {
    errno = error;
    return errno_error(path);
  }
  out.data_ = data;
  auto registry = read_snapshot(data, out.bytes_, path, out.memory_);
  if (!registry) return registry.error();
  out.registry_ = *registry;
  if (out.form() == SnapshotForm::compressed) ::munmap(std::exchange(out.data_, nullptr), out.bytes_);
  return out;
}

Snapshot::Snapshot(Snapshot&& other) noexcept { *this = std::move(other); }
Snapshot& Snapshot::operator=(Snapshot&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(memory_, other.memory_);
  std::swap(registry_, other.registry_);
  return *this;
}
Snapshot::~Snapshot() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace rustg::graph
