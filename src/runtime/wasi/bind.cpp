// The entry points: each takes argument slots, checks every range of memory they name by the roles in functions.def, and calls the
// function with what they stand for. A range outside of memory is Errno::fault, before anything else is looked at.
#include "runtime/wasi/bind.h"

#include <array>
#include <tuple>
#include <type_traits>

#include "runtime/wasi/functions.h"

namespace rustg::runtime::wasi {
namespace {

struct Incoming {
  Context& context;
  GuestMemory memory;
  const uint64_t* args;
  bool fault = false;

  uint8_t* range(uint32_t address, uint64_t length) {
    if (length == 0) return memory.base;
    if (!contains(memory, address, length)) {
      fault = true;
      return memory.base;
    }
    return memory.base + address;
  }
};

// A tuple of what parameters `i` and on stand for.
template <Function function, uint32_t i = 0>
auto resolve(Incoming& in) {
  constexpr uint64_t roles = roles_of(function);
  constexpr char role = role_at(roles, i);
  constexpr uint32_t next = role_at(roles, i + 1) == 'n' ? i + 2 : i + 1;
  if constexpr (role == 0) {
    return std::tuple<>();
  } else {
    const uint32_t word = uint32_t(in.args[i]);
    const uint32_t length = next == i + 2 ? uint32_t(in.args[i + 1]) : 0;
    auto with_rest = [&](auto value) { return std::tuple_cat(std::tuple(value), resolve<function, next>(in)); };
    if constexpr (role == 'w')
      return with_rest(word);
    else if constexpr (role == 'd')
      return with_rest(in.args[i]);
    else if constexpr (role == 's')
      return with_rest(std::string_view(reinterpret_cast<char*>(in.range(word, length)), length));
    else if constexpr (role == 'o' || role == 'r' || role == 'g' || role == 'u')
      return with_rest(Bytes{in.range(word, length), length});
    else if constexpr (role == 'i' || role == 'I') {
      uint64_t total;
      if (!marshal::measure(in.memory, word, length, total)) in.fault = true;
      return with_rest(Buffers{in.memory, word, length});
    } else if constexpr (role == 'e') {
      const uint32_t count = uint32_t(in.args[2]);
      Poll poll{in.range(word, sizeof(Subscription) * uint64_t(count)),
                in.range(uint32_t(in.args[1]), sizeof(Event) * uint64_t(count)), count};
      return std::tuple_cat(std::tuple(poll), resolve<function, 3>(in));
    } else if constexpr (role == 'a') {
      const Strings strings = function == Function::args_get ? in.context.args() : in.context.environment();
      const uint32_t bytes = uint32_t(in.args[1]);
      return std::tuple(StringsOut{in.range(word, 4 * uint64_t(strings.total_count())),
                                   in.range(bytes, strings.total_length()), bytes});
    } else {
      uint8_t* at = in.range(word, fixed_size(role));
      if constexpr (role == '2') return with_rest(Out<uint16_t>(at));
      if constexpr (role == '4') return with_rest(Out<uint32_t>(at));
      if constexpr (role == '8') return with_rest(Out<uint64_t>(at));
      if constexpr (role == 'F') return with_rest(Out<Fdstat>(at));
      if constexpr (role == 'S') return with_rest(Out<Filestat>(at));
      if constexpr (role == 'P') return with_rest(Out<Prestat>(at));
    }
  }
}

template <Function function, auto implementation>
HostResult enter(void* context, GuestMemory memory, uint64_t* args) {
  Incoming in{*static_cast<Context*>(context), memory, args};
  auto resolved = resolve<function>(in);
  if (in.fault) {
    args[0] = uint64_t(Errno::fault);
    return {};
  }
  auto result = std::apply(implementation, std::tuple_cat(std::tuple<Context&>(in.context), resolved));
  if constexpr (std::is_same_v<decltype(result), Ending>) {
    if (result.exit_code) return {ir::Trap::exit, *result.exit_code};
    args[0] = uint64_t(result.error);
  } else {
    args[0] = uint64_t(result);
  }
  return {};
}

// Core wasm types of a function's parameters, one letter each.
struct Types {
  char letters[kMaxParams] = {};
  uint32_t count = 0;
};
constexpr Types types_of(Function function) {
  Types types;
  for (uint32_t i = 0; char role = role_at(roles_of(function), i); ++i)
    types.letters[types.count++] = role == 'd' ? 'l' : 'i';
  return types;
}
template <Function function>
constexpr Types kTypes = types_of(function);

struct Entry {
  std::string_view name;
  Binding binding;
};

constexpr Entry kEntries[] = {
#define RUSTG_WASI(name, roles, result)                             \
  {#name,                                                           \
   {Function::name,                                                 \
    enter<Function::name, wasi::name>,                              \
    {kTypes<Function::name>.letters, kTypes<Function::name>.count}, \
    result}},
#include "runtime/wasi/functions.def"
#undef RUSTG_WASI
};

// wasi_unstable had other layouts of filestat and subscription, another whence, and no sock_accept.
bool in_unstable(Function function) {
  switch (function) {
    case Function::fd_filestat_get:
    case Function::path_filestat_get:
    case Function::poll_oneoff:
    case Function::fd_seek:
    case Function::sock_accept: return false;
    default: return true;
  }
}

}  // namespace

HostBuffers::HostBuffers(const Buffers& buffers) {
  for (uint32_t i = 0; i < buffers.count && i < kMaxIovecs; ++i) {
    const Iovec iovec = marshal::load_iovec(buffers.memory.base + buffers.list, i);
    if (!contains(buffers.memory, iovec.address, iovec.length)) break;  // another thread has changed it
    items_[count_++] = {buffers.memory.base + iovec.address, iovec.length};
  }
}

std::optional<Binding> find(std::string_view module, std::string_view name) {
  const bool unstable = module == "wasi_unstable";
  if (!unstable && module != "wasi_snapshot_preview1") return std::nullopt;
  for (const Entry& entry : kEntries) {
    if (entry.name == name && (!unstable || in_unstable(entry.binding.function))) return entry.binding;
  }
  return std::nullopt;
}

}  // namespace rustg::runtime::wasi
