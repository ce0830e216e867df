// Result<T>: a value or the Error that stands in its place. Used for everything the user can get wrong.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace rustg {

// One error for the user. `offset` is a byte offset into the input where there is one.
struct Error {
  std::string message;
  std::optional<uint64_t> offset = {};
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

struct Unit {};
// For operations that succeed with nothing to show: `return ok();`
using Status = Result<Unit>;
inline Status ok() { return Unit{}; }

}  // namespace rustg

// Evaluate `expr` (a Result); on an error return it from the enclosing function.
#define RUSTG_TRY(expr)                              \
  do {                                               \
    auto rustg_status = (expr);                      \
    if (!rustg_status) return rustg_status.error();  \
  } while (0)
// Declare `name` with the value of `expr`, or return its error.
#define RUSTG_LET(name, expr)                        \
  auto name##_result = (expr);                       \
  if (!name##_result) return name##_result.error();  \
  auto& name = *name##_result
