// A registry's arrays in host memory of their own.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <type_traits>

#include "graph/registry.h"

namespace rustg::graph {

enum class Table : uint32_t {
#define RUSTG_TABLE(name, element, member, count) name,
#include "graph/registry.def"
};
constexpr uint32_t kTables = 0
#define RUSTG_TABLE(name, element, member, count) +1
#include "graph/registry.def"
    ;

// One array as bytes.
struct Section {
  const void* data = nullptr;
  size_t bytes = 0;
};
struct Sections {
  Section section[kTables];
  Section& operator[](Table t) { return section[uint32_t(t)]; }
  const Section& operator[](Table t) const { return section[uint32_t(t)]; }
};
std::string_view name_of(Table table);
uint32_t element_size(Table table);

Sections sections_of(const Registry& registry);
// The registry whose arrays these are; what they hold is not looked at.
Registry registry_of(const Sections& sections);
// Whether every array is the same, byte by byte.
bool equal(const Registry& a, const Registry& b);

// For std::free(). Large ones are of huge pages where the system has them: 180 MB are otherwise 44,000 page faults.
void* allocate(size_t bytes);

// Uninitialised memory of a known size.
template <class T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Array() = default;
  explicit Array(size_t size) : data_(static_cast<T*>(allocate(size * sizeof(T)))), size_(size) {}
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }

 private:
  struct Free {
    void operator()(T* data) const { std::free(data); }
  };
  std::unique_ptr<T[], Free> data_;
  size_t size_ = 0;
};

struct Tables {
#define RUSTG_TABLE(name, element, member, count) Array<element> name;
#include "graph/registry.def"

  Registry registry() const;
};

}  // namespace rustg::graph
