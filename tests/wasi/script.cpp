#include "wasi/script.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace rustg::tests {
namespace fs = std::filesystem;
using namespace runtime;
using runtime::wasi::Errno;

namespace {

std::vector<std::string> tokens_of(const std::string& line) {
  static const std::regex token(R"re("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{[^}]*\}|poll\([^)]*\)|\S+)re");
  return {std::sregex_token_iterator(line.begin(), line.end(), token), std::sregex_token_iterator()};
}

// JSON strings, as far as scripts use them: the escapes \n \t \" \\ and \u00XX.
std::string unquote(const std::string& word) {
  std::string text;
  for (size_t i = 1; i + 1 < word.size(); ++i) {
    if (word[i] != '\\') {
      text += word[i];
      continue;
    }
    switch (word[++i]) {
      case 'n': text += '\n'; break;
      case 't': text += '\t'; break;
      case 'u':
        text += char(std::stoi(word.substr(i + 1, 4), nullptr, 16));
        i += 4;
        break;
      default: text += word[i];
    }
  }
  return text;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (unsigned char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '"' || c == '\\')
      out += {'\\', char(c)};
    else if (c < 0x20)
      out += fmt::format("\\u{:04x}", c);
    else
      out += char(c);
  }
  return out + "\"";
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

uint64_t number(const std::string& word) {
  return word[0] == '-' ? uint64_t(std::stoll(word, nullptr, 0)) : std::stoull(word, nullptr, 0);
}

std::vector<std::string> strings_in(const std::string& list) {
  static const std::regex string(R"re("(?:[^"\\]|\\.)*")re");
  std::vector<std::string> strings;
  for (std::sregex_token_iterator i(list.begin(), list.end(), string), end; i != end; ++i)
    strings.push_back(unquote(*i));
  return strings;
}

}  // namespace

const char* errno_name(uint32_t number) {
  switch (Errno(number)) {
#define RUSTG_ERRNO(name, number, linux) \
  case Errno::name:                      \
    return #name;
#include "runtime/wasi/errno.def"
#undef RUSTG_ERRNO
  }
  return "?";
}

HostResult call_wasi(wasi::Context& context, wasi::Function function, GuestMemory memory, uint64_t* args,
                     uint32_t payload_bytes) {
  HostFunctionPtr entry = nullptr;
  switch (function) {
#define RUSTG_WASI(name, roles, result)                        \
  case wasi::Function::name:                                   \
    entry = wasi::find("wasi_snapshot_preview1", #name)->call; \
    break;
#include "runtime/wasi/functions.def"
#undef RUSTG_WASI
  }
  if (payload_bytes == 0) return entry(&context, memory, args);
  // Stale bytes, to see that none reach the guest; and a guard behind the end.
  std::vector<uint64_t> words(payload_bytes / 8 + 1, 0xeeeeeeeeeeeeeeee);
  GuestMemory payload{reinterpret_cast<uint8_t*>(words.data()), payload_bytes};
  wasi::Call call;
  do {
    Errno error = wasi::pack(function, args, memory, payload, context.string_sizes(), call);
    if (error != Errno::success) {
      args[0] = uint64_t(error);
      return {};
    }
    if (call.extent > payload_bytes) throw std::logic_error("the payload is larger than its room");
    HostResult result = entry(&context, {payload.base, call.extent}, call.args);
    if (result.trap != ir::Trap::none) return result;
  } while (wasi::unpack(function, args, memory, payload, call));
  if (words.back() != 0xeeeeeeeeeeeeeeee) throw std::logic_error("something was written behind the payload");
  return {};
}

World::World(const Route& route) : route_(route), memory_(16 << 16) {
  wasi::set_resolver(route.resolver);
  std::string pattern = (fs::temp_directory_path() / "rustg-wasi-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
  root_ = pattern;
  ::chmod(root_.c_str(), 0777);
  fs::create_directory(root_ / "sandbox");
  fs::create_directory(root_ / "outside");
  std::ofstream(root_ / "outside/secret") << "secret";
  std::ofstream(root_ / "stdin") << "hello from stdin\n";
  const char* names[] = {"stdin", "stdout", "stderr"};
  wasi::Options options;
  for (int i = 0; i < 3; ++i) {
    stdio_[i] =
        wasi::UniqueFd(::open((root_ / names[i]).c_str(), i == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0666));
    options.stdio[size_t(i)] = stdio_[i].get();
  }
  options.args = {"program", "one", ""};
  options.environment = {{"A", "1"}, {"B", "two words"}};
  options.preopens = {{(root_ / "sandbox").string(), "/sandbox"}};
  auto shared = wasi::Shared::create(options);
  if (!shared) throw std::runtime_error(shared.error().message);
  context_ = std::make_unique<wasi::Context>(*shared);
}

World::~World() {
  if (::getuid() == 0 && ::geteuid() != 0 && ::seteuid(0) != 0) std::abort();
  wasi::set_resolver(wasi::Resolver::automatic);
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

std::optional<std::string> World::host(const std::vector<std::string>& words) {
  const std::string& command = words[0];
  auto at = [&](size_t i) { return root_ / words[i]; };
  if (command == "mkdir") {
    fs::create_directory(at(1));
  } else if (command == "write") {
    std::ofstream(at(1)) << unquote(words[2]);
  } else if (command == "fill") {
    for (int i = 0; i < std::stoi(words[2]); ++i) std::ofstream(at(1).string() + std::to_string(i));
  } else if (command == "symlink") {
    fs::create_symlink(unquote(words[1]), at(2));
  } else if (command == "chmod") {
    if (::chmod(at(2).c_str(), mode_t(std::stoi(words[1], nullptr, 8))) != 0) throw std::runtime_error("chmod");
  } else if (command == "unprivileged") {
    if (::geteuid() == 0 && ::seteuid(65534) != 0) throw std::runtime_error("seteuid");
  } else if (command == "show") {
    fs::file_status status = fs::symlink_status(at(1));
    if (status.type() == fs::file_type::not_found) return "nothing";
    if (fs::is_symlink(status)) return "link " + quote(fs::read_symlink(at(1)).string());
    if (!fs::is_directory(status)) return "file " + quote(contents(at(1)));
    std::vector<std::string> names;
    for (auto& entry : fs::directory_iterator(at(1))) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    std::string joined;
    for (auto& name : names) joined += (joined.empty() ? "" : " ") + name;
    return "directory " + quote(joined);
  } else {
    throw std::runtime_error("host " + command);
  }
  return std::nullopt;
}

std::string World::call(const std::vector<std::string>& words, const std::string& variable) {
  std::optional<wasi::Binding> binding = wasi::find("wasi_snapshot_preview1", words[0]);
  if (!binding) throw std::runtime_error("no function " + words[0]);
  std::fill(memory_.begin(), memory_.end(), uint8_t(0xa5));
  uint8_t* base = memory_.data();
  uint32_t top = 1025;  // everything lies at odd addresses: nothing asks for alignment
  auto take = [&](uint32_t size) {
    uint32_t at = top;
    top = ((top + size + 15) & ~7u) | 1;
    return at;
  };
  auto put = [&](const std::string& text) {
    uint32_t at = take(uint32_t(text.size()));
    std::memcpy(base + at, text.data(), text.size());
    return at;
  };
  auto load = [&]<class T>(uint32_t at, T value) {
    std::memcpy(&value, base + at, sizeof value);
    return value;
  };
  auto u32 = [&](uint32_t at) { return load(at, uint32_t()); };
  auto text = [&](uint32_t at, uint32_t size) { return std::string(reinterpret_cast<char*>(base + at), size); };
  auto store = [&](uint32_t at, uint32_t value) { std::memcpy(base + at, &value, 4); };

  std::vector<uint64_t> args;
  std::vector<std::function<std::string()>> show;
  std::optional<uint32_t> counter;  // where the host writes how much of a buffer counts
  auto used = [&] { return u32(*counter); };
  for (size_t w = 1; w < words.size(); ++w) {
    const std::string& word = words[w];
    if (word[0] == '"') {
      std::string string = unquote(word);
      args.insert(args.end(), {put(string), string.size()});
    } else if (word[0] == '$') {
      args.push_back(variables_.at(word.substr(1)));
    } else if (word[0] == '[') {
      auto parts = strings_in(word);
      uint32_t list = take(uint32_t(8 * parts.size()));
      for (uint32_t i = 0; i < parts.size(); ++i)
        store(list + 8 * i, put(parts[i])), store(list + 8 * i + 4, uint32_t(parts[i].size()));
      args.insert(args.end(), {list, parts.size()});
    } else if (word[0] == '{') {
      std::vector<uint32_t> sizes, places;
      for (auto& part : split(word.substr(1, word.size() - 2), ',')) sizes.push_back(uint32_t(number(part)));
      uint32_t list = take(uint32_t(8 * sizes.size()));
      for (uint32_t i = 0; i < sizes.size(); ++i) {
        places.push_back(take(sizes[i]));
        store(list + 8 * i, places[i]), store(list + 8 * i + 4, sizes[i]);
      }
      args.insert(args.end(), {list, sizes.size()});
      show.push_back([=, &counter] {
        uint32_t left = u32(*counter);
        std::string out;
        for (size_t i = 0; i < sizes.size(); ++i) {
          uint32_t part = std::min(left, sizes[i]);
          out += text(places[i], part);
          left -= part;
        }
        return quote(out);
      });
    } else if (word.starts_with("poll(")) {
      auto parts = split(word.substr(5, word.size() - 6), ';');
      uint32_t subscriptions = take(uint32_t(48 * parts.size())), events = take(uint32_t(32 * parts.size()));
      for (uint32_t i = 0; i < parts.size(); ++i) {
        std::istringstream stream(parts[i]);
        std::string kind, id;
        wasi::Subscription subscription{};
        stream >> kind >> id >> subscription.timeout >> subscription.flags;
        subscription.userdata = 100 + i;
        subscription.type = kind == "clock"   ? wasi::EventType::clock
                            : kind == "read"  ? wasi::EventType::fd_read
                            : kind == "write" ? wasi::EventType::fd_write
                                              : wasi::EventType(number(kind));
        subscription.id = id[0] == '$' ? variables_.at(id.substr(1)) : uint32_t(number(id));
        std::memcpy(base + subscriptions + 48 * i, &subscription, 48);
      }
      args.insert(args.end(), {subscriptions, events, parts.size()});
      show.push_back([=, &counter] {
        std::string out;
        for (uint32_t i = 0; i < u32(*counter); ++i) {
          auto event = load(events + 32 * i, wasi::Event());
          out += fmt::format("{}{}:{}:{}", i ? "," : "", event.userdata, uint32_t(event.type),
                             errno_name(uint32_t(event.error)));
        }
        return out;
      });
    } else if (word == "@ab") {
      uint32_t list = take(256), buffer = take(1024);
      args.insert(args.end(), {list, buffer});
      show.push_back([=] {
        std::string out;
        for (uint32_t i = 0; u32(list + 4 * i) != 0xa5a5a5a5; ++i)
          out += (i ? " " : "") + quote(reinterpret_cast<const char*>(base + u32(list + 4 * i)));
        return out;
      });
    } else if (word[0] == '@') {
      const bool times = word.ends_with('t');
      uint32_t at = take(wasi::fixed_size(word[1]));
      args.push_back(at);
      if (word[1] == '4') counter = at;
      if (word.ends_with('x')) continue;
      switch (word[1]) {
        case '2': show.push_back([=] { return std::to_string(load(at, uint16_t())); }); break;
        case '4': show.push_back([=] { return std::to_string(u32(at)); }); break;
        case '8': show.push_back([=] { return std::to_string(load(at, uint64_t())); }); break;
        case 'F':
          show.push_back([=] {
            auto s = load(at, wasi::Fdstat());
            return fmt::format("type={} flags={} base={} inheriting={}", uint32_t(s.filetype), s.flags, s.rights_base,
                               s.rights_inheriting);
          });
          break;
        case 'S':
          show.push_back([=] {
            auto s = load(at, wasi::Filestat());
            // The size of a directory is its file system's affair.
            std::string size = s.filetype == wasi::Filetype::directory ? "-" : std::to_string(s.size);
            std::string out = fmt::format("type={} links={} size={}", uint32_t(s.filetype), s.links, size);
            return times ? out + fmt::format(" accessed={} modified={}", s.accessed, s.modified) : out;
          });
          break;
        case 'P':
          show.push_back([=] {
            auto s = load(at, wasi::Prestat());
            return fmt::format("tag={} length={}", s.tag, s.name_length);
          });
          break;
      }
    } else if (word[0] == '<') {
      uint32_t size = uint32_t(std::stoul(word.substr(1))), at = take(size);
      args.insert(args.end(), {at, size});
      if (word.ends_with('r')) {
        show.push_back([=, &counter] {
          std::vector<std::string> entries;
          const uint32_t length = u32(*counter);
          for (uint32_t p = 0; p + 24 <= length;) {
            auto entry = load(at + p, wasi::Dirent());
            if (p + 24 + entry.name_length > length) break;
            std::string name = text(at + p + 24, entry.name_length);
            if (name != "." && name != "..") entries.push_back(name + ":" + std::to_string(uint32_t(entry.type)));
            p += 24 + entry.name_length;
          }
          std::sort(entries.begin(), entries.end());
          std::string out;
          for (auto& entry : entries) out += (out.empty() ? "" : ",") + entry;
          return out + (length == size ? " full" : "");
        });
      } else if (!word.ends_with('x')) {
        show.push_back([=, &counter] { return quote(text(at, counter ? std::min(u32(*counter), size) : size)); });
      }
    } else {
      args.push_back(number(word));
    }
  }
  if (args.size() != binding->params.size())
    throw std::runtime_error(
        fmt::format("{} takes {} parameters, not {}", words[0], binding->params.size(), args.size()));
  args.resize(wasi::kMaxParams);
  // The high half of a slot with an i32 is undefined.
  for (size_t i = 0; i < binding->params.size(); ++i)
    if (binding->params[i] == 'i') args[i] = uint32_t(args[i]) | 0xdeadbeef00000000;
  HostResult result = call_wasi(*context_, binding->function, {base, memory_.size()}, args.data(), route_.payload);
  if (result.trap == ir::Trap::exit) return fmt::format("exit {}", result.exit_code);
  std::string out = errno_name(uint32_t(args[0]));
  if (args[0] != 0) return out;
  for (auto& f : show) out += " " + f();
  if (!variable.empty()) variables_[variable] = used();
  return out;
}

std::string World::run(const std::string& script) {
  std::string out;
  std::string asked, expected, answer;
  std::map<std::string, std::string> instead;
  int line_number = 0, asked_line = 0;
  bool pending = false;
  auto settle = [&] {
    if (pending && answer != expected)
      out += fmt::format("line {}: {}\n  written:  {}\n  answered: {}\n", asked_line, asked, expected, answer);
    answered_ += pending;
    pending = false;
    expected.clear();
  };
  for (const std::string& line : split(script, '\n')) {
    ++line_number;
    if (line.starts_with("#=")) {
      expected = line.substr(3);
      if (auto ours = instead.find(expected); ours != instead.end()) expected = ours->second;
    } else if (line.starts_with("#~")) {
      auto words = split(line, ' ');
      instead[words[1]] = words[2];
    } else if (line.starts_with("#!")) {
      expected = line.substr(3);
      if (size_t reason = expected.find("  "); reason != std::string::npos) expected.resize(reason);
    } else if (!line.empty() && line[0] != '#') {
      settle();
      asked = line;
      asked_line = line_number;
      std::vector<std::string> words = tokens_of(line[0] == '!' ? line.substr(1) : line);
      if (words[0] == "host") {
        words.erase(words.begin());
        std::optional<std::string> said = host(words);
        if ((pending = said.has_value())) answer = *said;
      } else {
        std::string variable;
        if (words.size() > 1 && words[1] == "=") {
          variable = words[0];
          words.erase(words.begin(), words.begin() + 2);
        }
        answer = call(words, variable);
        pending = true;
      }
    } else {
      settle();
    }
  }
  settle();
  return out;
}

}  // namespace rustg::tests
