// Memory that passes over one batch use in turns: what each needs beside its results, which nobody asks for once it has ended. It is one block, so that
// all of it serves whoever is at work, however it divides it.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "device/memory.h"

namespace rustg::device {

class Scratch {
 public:
  // At least so many bytes. Content is lost when it has to grow; it never shrinks.
  template <class Queue>
  void reserve(Queue& queue, size_t bytes) {
    if (bytes > buffer_.capacity()) queue.renew(buffer_, bytes);
  }
  uint8_t* data() const { return buffer_.data(); }

 private:
  Buffer<uint8_t> buffer_;
};

// An array in a Scratch, known by where it begins: it moves along when the scratch has to grow.
template <class T>
class Part {
 public:
  Part() = default;
  Part(const Scratch& scratch, size_t offset) : scratch_(&scratch), offset_(offset) {}
  // Null if it was never taken.
  T* data() const { return scratch_ == nullptr ? nullptr : reinterpret_cast<T*>(scratch_->data() + offset_); }

 private:
  const Scratch* scratch_ = nullptr;
  size_t offset_ = 0;
};

// Divides a Scratch: arrays one behind the other, aligned and readable behind their ends as Buffers are.
class Layout {
 public:
  explicit Layout(const Scratch& scratch) : scratch_(scratch) {}
  template <class T>
  Part<T> take(size_t count) {
    constexpr size_t kAlignment = 256;
    const size_t begin = end_;
    end_ += (count * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
    most_ = std::max(most_, end_);
    return {scratch_, begin};
  }
  // Where the next array begins; and going on from such a place, over what nobody needs when the arrays to be taken now are written.
  size_t end() const { return end_; }
  void go_back(size_t end) { end_ = end; }
  // What the scratch has to hold.
  size_t bytes() const { return most_; }

 private:
  const Scratch& scratch_;
  size_t end_ = 0, most_ = 0;
};

}  // namespace rustg::device
