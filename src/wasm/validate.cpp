// What holds between the sections (spec, section 3.4); then the bodies, on all cores.
#include <fmt/format.h>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <atomic>
#include <mutex>
#include <unordered_set>

#include "base/demangle.h"
#include "wasm/limits.h"
#include "wasm/validate_body.h"

namespace rustg::wasm {

namespace {

// Fewer bytes of bodies than this are validated where we are: waking threads costs more.
constexpr size_t kSerialBytes = 256 * 1024;

class ModuleValidator {
 public:
  explicit ModuleValidator(const Module& module) : module_(module), referable_(module.functions.size()) {}

  Status run() {
    RUSTG_TRY(functions());
    RUSTG_TRY(tables());
    RUSTG_TRY(memories());
    RUSTG_TRY(globals());
    RUSTG_TRY(elements());
    RUSTG_TRY(data());
    RUSTG_TRY(exports());
    RUSTG_TRY(start());
    return bodies();
  }

 private:
  static Error unknown(ExternKind kind, uint64_t index, std::optional<uint64_t> offset = {}) {
    return {fmt::format("unknown {} {}", name(kind), index), offset};
  }

  Status functions() {
    for (const uint32_t type : module_.functions)
      if (type >= module_.types.size()) return Error{fmt::format("unknown type {}", type)};
    return ok();
  }

  Status tables() {
    for (const TableType& table : module_.tables) RUSTG_TRY(limits(table.limits));
    return ok();
  }

  Status memories() {
    if (module_.memories.size() > 1)
      return Error{fmt::format("multiple memories: expected at most 1, found {}", module_.memories.size())};
    for (const Limits& memory : module_.memories) {
      for (const uint64_t pages : {memory.min, memory.max})
        if (pages > kMaxPages)
          return Error{fmt::format("memory size must be at most 65536 pages (4GiB), found {}", pages)};
      RUSTG_TRY(limits(memory));
      if (memory.shared && !memory.has_max) return Error{"shared memory must have maximum"};
    }
    return ok();
  }

  static Status limits(const Limits& limits) {
    if (limits.has_max && limits.min > limits.max)
      return Error{
          fmt::format("size minimum must not be greater than maximum, found {} and {}", limits.min, limits.max)};
    return ok();
  }

  Status globals() {
    for (size_t i = module_.imported_globals; i < module_.globals.size(); ++i)
      RUSTG_TRY(constant(module_.globals[i].init, module_.globals[i].type.type));
    return ok();
  }

  // A constant expression of `expected` type. It may read imported globals only, and what it references may be referenced by bodies.
  Status constant(const ConstExpr& constant, ValType expected) {
    if (constant.kind == ConstExpr::Kind::global) {
      if (constant.bits >= module_.imported_globals) return unknown(ExternKind::global, constant.bits, constant.offset);
      if (module_.globals[constant.bits].type.is_mutable)
        return Error{fmt::format("constant expression required: global {} is mutable", constant.bits), constant.offset};
    }
    if (constant.kind == ConstExpr::Kind::function) {
      if (constant.bits >= module_.functions.size())
        return unknown(ExternKind::function, constant.bits, constant.offset);
      referable_[constant.bits] = 1;
    }
    if (constant.type != expected)
      return Error{fmt::format("type mismatch: expected {}, found {}", name(expected), name(constant.type)),
                   constant.offset};
    return ok();
  }

  Status elements() {
    for (const Element& element : module_.elements) {
      if (element.mode == Element::Mode::active) {
        if (element.table >= module_.tables.size())
          return unknown(ExternKind::table, element.table, element.offset.offset);
        const ValType type = module_.tables[element.table].element;
        if (type != element.type)
          return Error{fmt::format("type mismatch: expected {}, found a segment of {}", name(type), name(element.type)),
                       element.offset.offset};
        RUSTG_TRY(constant(element.offset, ValType::i32));
      }
      for (const ConstExpr& init : element.init) RUSTG_TRY(constant(init, element.type));
    }
    return ok();
  }

  Status data() {
    for (const Data& data : module_.data) {
      if (data.mode != Data::Mode::active) continue;
      if (data.memory >= module_.memories.size()) return unknown(ExternKind::memory, data.memory, data.offset.offset);
      RUSTG_TRY(constant(data.offset, ValType::i32));
    }
    return ok();
  }

  Status exports() {
    std::unordered_set<std::string_view> names;
    names.reserve(module_.exports.size());
    const size_t counts[] = {module_.functions.size(), module_.tables.size(), module_.memories.size(),
                             module_.globals.size()};
    for (const Export& item : module_.exports) {
      if (item.index >= counts[static_cast<size_t>(item.kind)]) return unknown(item.kind, item.index);
      if (item.kind == ExternKind::function) referable_[item.index] = 1;
      if (!names.insert(item.name).second)
        return Error{fmt::format("duplicate export name \"{}\"", printable(item.name))};
    }
    return ok();
  }

  Status start() {
    if (module_.start == Module{}.start) return ok();
    if (module_.start >= module_.functions.size()) return unknown(ExternKind::function, module_.start);
    if (module_.type_of(module_.start) != FuncType{})
      return Error{fmt::format("start function {} must take nothing and give nothing", module_.start)};
    return ok();
  }

  Status bodies() {
    size_t bytes = 0;
    for (const Body& body : module_.bodies) bytes += body.bytes.size();
    const auto count = static_cast<uint32_t>(module_.bodies.size());
    if (bytes < kSerialBytes) {
      detail::BodyValidator validator(module_, referable_);
      for (uint32_t i = 0; i < count; ++i)
        if (const Status status = validator.validate(i); !status) return in_function(status.error(), i);
      return ok();
    }
    // The first error in the order of the file is the one to tell, however the threads run.
    std::atomic<uint32_t> first_bad = count;
    std::mutex mutex;
    Error error;
    tbb::enumerable_thread_specific<detail::BodyValidator> validators(module_, referable_);
    tbb::parallel_for(tbb::blocked_range<uint32_t>(0, count), [&](const tbb::blocked_range<uint32_t>& range) {
      detail::BodyValidator& validator = validators.local();
      for (uint32_t i = range.begin(); i < range.end() && i < first_bad.load(std::memory_order_relaxed); ++i) {
        const Status status = validator.validate(i);
        if (status) continue;
        const std::lock_guard lock(mutex);
        if (i < first_bad) {
          first_bad = i;
          error = status.error();
        }
      }
    });
    if (first_bad < count) return in_function(error, first_bad);
    return ok();
  }

  Error in_function(const Error& error, uint32_t body) const {
    const uint32_t index = module_.imported_functions + body;
    const auto name = module_.function_names[index];
    return {
        fmt::format("{}, in function {}{}", error.message, index, name.empty() ? "" : " " + printable(demangle(name))),
        error.offset};
  }

  const Module& module_;
  std::vector<uint8_t> referable_;  // functions that occur outside of the bodies
};

}  // namespace

Status validate(const Module& module) { return ModuleValidator(module).run(); }

}  // namespace rustg::wasm
