#include "driver/trouble.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace rustg::driver {
namespace {

// The length of the sequence at the head of `rest`, if it is UTF-8; otherwise 0 and how many bytes stand for one replacement character.
struct Sequence {
  size_t valid, skip;
};
Sequence sequence_at(std::string_view rest) {
  auto byte = [&](size_t i) { return i < rest.size() ? uint8_t(rest[i]) : uint8_t(0); };
  uint8_t first = byte(0), low = 0x80, high = 0xbf;
  size_t length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (first == 0xe0) low = 0xa0;
  if (first == 0xed) high = 0x9f;
  if (first == 0xf0) low = 0x90;
  if (first == 0xf4) high = 0x8f;
  if (length == 0) return {0, 1};
  for (size_t i = 1; i < length; ++i, low = 0x80, high = 0xbf)
    if (i >= rest.size() || byte(i) < low || byte(i) > high) return {0, i};
  return {length, length};
}

// As rustc shows it: a replacement character for each part that is not UTF-8; no byte order mark, \n for \r\n. `place` moves along.
std::string lossy(std::string_view bytes, size_t& place) {
  std::string text;
  size_t shown = std::string::npos;
  for (size_t i = bytes.starts_with("\xef\xbb\xbf") ? 3 : 0; i < bytes.size();) {
    auto [valid, skip] = sequence_at(bytes.substr(i));
    if (i >= place && shown == std::string::npos) shown = text.size();
    if (bytes.substr(i).starts_with("\r\n"))
      ;
    else if (valid != 0)
      text.append(bytes, i, valid);
    else
      text += "\xef\xbf\xbd";
    i += skip;
  }
  place = std::min(shown, text.size());
  return text;
}

// A line longer than this is no text that anybody wants to see.
constexpr size_t kLongLine = 500;
bool on_long_line(std::string_view text, size_t at) {
  size_t begin = at == 0 ? std::string::npos : text.rfind('\n', at - 1), end = text.find('\n', at);
  return std::min(end, text.size()) - (begin + 1) > kLongLine;
}

}  // namespace

int read_whole(const std::string& path, std::string& content) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  char buffer[1 << 16];
  ssize_t n;
  while ((n = ::read(fd, buffer, sizeof buffer)) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    content.append(buffer, size_t(n));
  }
  int error = n < 0 ? errno : 0;
  ::close(fd);
  return error;
}

source::Diagnostic Trouble::diagnostic(source::SourceMap& map) const {
  source::Diagnostic diagnostic{.message = message};
  if (!place) return diagnostic;
  auto file = map.add(place->path, place->text, 0);
  if (!file) return diagnostic;
  uint32_t at = std::min(map.begin(*file) + place->offset, map.end(*file));
  diagnostic.spans.primary.push_back({at, at});
  diagnostic.spans.labels.push_back({{at, at}, place->label});
  return diagnostic;
}

Trouble unreadable(const std::string& path, const source::Problem& problem, const std::string& bytes) {
  Trouble trouble{problem.message};
  if (!problem.offset || *problem.offset >= bytes.size()) return trouble;
  size_t at = *problem.offset;
  uint8_t byte = uint8_t(bytes[at]);
  if (on_long_line(bytes, at)) return trouble;
  trouble.message = fmt::format("couldn't read `{}`: stream did not contain valid UTF-8", path);
  trouble.place = {path, lossy(bytes, at), 0, fmt::format("byte `{}` is not valid utf-8", byte)};
  trouble.place->offset = uint32_t(at);
  return trouble;
}

Trouble unreadable(const std::string& path, int error) {
  return {fmt::format("couldn't read `{}`: {} (os error {})", path, std::strerror(error), error)};
}

Trouble bad_manifest(const std::string& path, const std::string& text, const graph::ManifestError& error) {
  Trouble trouble{fmt::format("failed to parse manifest at `{}`", path)};
  if (error.line == 0) {
    trouble.message += ": " + error.message;
    return trouble;
  }
  size_t at = 0;
  for (uint32_t line = 1; line < error.line && at < text.size(); ++line) at = std::min(text.find('\n', at), text.size() - 1) + 1;
  for (uint32_t column = 1; column < error.column && at < text.size() && text[at] != '\n'; ++column)
    do ++at;
    while (at < text.size() && (uint8_t(text[at]) & 0xc0) == 0x80);
  trouble.place = {path, {}, 0, error.message};
  trouble.place->text = lossy(text, at);
  trouble.place->offset = uint32_t(at);
  return trouble;
}

}  // namespace rustg::driver
