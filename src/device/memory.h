// Memory of one queue. Blocks that are given back are kept and handed out again, so that a pass which allocates at every
// run pays for it once; work on one queue is in order, so a block may be reused at once.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace rustg::device {

class Memory {
 public:
  struct Block {
    void* data = nullptr;
    size_t bytes = 0;
  };

  virtual ~Memory() = default;
  // At least `bytes` (0: none), aligned to 256 bytes and readable up to the next multiple of 256. Throws Failure.
  Block take(size_t bytes);
  void give(Block block);

  size_t in_use() const { return in_use_; }
  size_t peak() const { return peak_; }
  // Bytes taken from the system now, in use or kept.
  size_t held() const { return held_; }
  void reset_peak() { peak_ = in_use_; }

  // Blocks taken between these two calls belong to a recorded graph, which writes to them at each replay: they are not handed out
  // to anybody else, even when given back, before end_graph.
  void begin_capture() { capturing_ = true; }
  std::vector<void*> end_capture();
  void end_graph(const std::vector<void*>& blocks);

 protected:
  virtual void* system_allocate(size_t bytes) = 0;  // null if there is no more
  virtual void system_release(void* data, size_t bytes) = 0;
  void release_kept();

 private:
  std::mutex mutex_;
  std::multimap<size_t, void*> kept_, kept_captured_;
  struct Captured {
    size_t bytes;
    bool given;
  };
  std::map<void*, Captured> captured_;  // blocks of all graphs
  std::vector<void*> graph_;            // blocks of the one being recorded
  bool capturing_ = false;
  size_t in_use_ = 0, peak_ = 0, held_ = 0;
};

// The owner of an array in a queue's memory. Its elements are plain data and begin undefined; `data()` is what kernels capture.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(std::shared_ptr<Memory> memory, size_t capacity)
      : memory_(std::move(memory)), block_(memory_->take(capacity * sizeof(T))), capacity_(capacity) {}
  Buffer(Buffer&& other) noexcept { *this = std::move(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(block_, other.block_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~Buffer() {
    if (memory_) memory_->give(block_);
  }

  T* data() const { return static_cast<T*>(block_.data); }
  size_t capacity() const { return capacity_; }

 private:
  std::shared_ptr<Memory> memory_;
  Memory::Block block_;
  size_t capacity_ = 0;
};

}  // namespace rustg::device
