// A range of zeroed pages, reserved whole and committed when touched.
#pragma once
#include <sys/mman.h>

#include <cstdint>
#include <utility>

namespace rustg::runtime {

class Pages {
 public:
  Pages() = default;
  explicit Pages(uint64_t size) : size_(size) {
    if (size == 0) return;
    void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    base_ = at == MAP_FAILED ? nullptr : static_cast<uint8_t*>(at);
  }
  Pages(Pages&& other) noexcept : base_(std::exchange(other.base_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Pages& operator=(Pages&& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Pages() {
    if (base_ != nullptr) munmap(base_, size_);
  }
  bool ok() const { return base_ != nullptr || size_ == 0; }
  uint8_t* base() const { return base_; }
  uint64_t size() const { return size_; }
  // May move. False: it stays as it was.
  bool grow(uint64_t size) {
    if (base_ == nullptr) {
      Pages fresh(size);
      if (!fresh.ok()) return false;
      *this = std::move(fresh);
      return true;
    }
    void* at = mremap(base_, size_, size, MREMAP_MAYMOVE);
    if (at == MAP_FAILED) return false;
    base_ = static_cast<uint8_t*>(at);
    size_ = size;
    return true;
  }

 private:
  uint8_t* base_ = nullptr;
  uint64_t size_ = 0;
};

}  // namespace rustg::runtime
