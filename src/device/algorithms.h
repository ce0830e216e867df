// What both queues build from their own primitives, written once.
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "device/memory.h"
#include "device/types.h"

namespace rustg::device {

// A value and how many segments have begun up to it: the monoid under which a segmented scan is a plain one.
template <class T>
struct Segmented {
  T value;
  uint32_t heads;
};

template <class T, class Op>
struct SegmentedOp {
  Op op;
  RUSTG_HD Segmented<T> operator()(const Segmented<T>& a, const Segmented<T>& b) const {
    return {b.heads != 0 ? b.value : op(a.value, b.value), a.heads + b.heads};
  }
};

template <class Queue>
class Algorithms {
 public:
  // An array of `count` elements in this queue's memory; undefined content.
  template <class T>
  Buffer<T> allocate(size_t count) {
    return Buffer<T>(self().memory(), count);
  }
  // Another array in a buffer's place: its memory goes back before, so that there are not two of them.
  template <class T>
  void renew(Buffer<T>& buffer, size_t count) {
    buffer = Buffer<T>();
    buffer = allocate<T>(count);
  }
  // The same, holding a copy of `from`.
  template <class T>
  Buffer<T> upload(std::span<const T> from) {
    Buffer<T> buffer = allocate<T>(from.size());
    self().upload(buffer.data(), from.data(), from.size());
    return buffer;
  }
  template <class T>
  Buffer<T> upload(const std::vector<T>& from) {
    return upload(std::span<const T>(from));
  }
  // Wait for the queue, then copy `count` elements to the host.
  template <class T>
  std::vector<T> download(const T* from, size_t count) {
    std::vector<T> to(count);
    self().download(to.data(), from, count);
    return to;
  }
  template <class T>
  T read(const T* from) {
    T value;
    self().download(&value, from, 1);
    return value;
  }

  template <class T>
  void zero(T* to, size_t count) {
    self().set_bytes(to, 0, count);
  }
  template <class T>
  void fill(T* to, Count count, T value) {
    self().for_each(count, [=] RUSTG_HD(uint32_t i) { to[i] = value; });
  }
  template <class T>
  void copy(T* to, const T* from, Count count) {
    self().for_each(count, [=] RUSTG_HD(uint32_t i) { to[i] = from[i]; });
  }

  // Scans that begin anew wherever head(i) is true: out(i, value), where value is that of the items of i's segment before i
  // (exclusive) or up to i (inclusive). Item 0 begins a segment anyway. segments (may be null): how many there are.
  template <class In, class Head, class Out, class T, class Op>
  void segmented_exclusive_scan(Count count, In in, Head head, Out out, T identity, Op op) {
    // What a head sees from before it is not its segment's, so it asks again whether it is one.
    self().exclusive_scan(
        count,
        [=] RUSTG_HD(uint32_t i) {
          return Segmented<T>{in(i), head(i) ? 1u : 0u};
        },
        [=] RUSTG_HD(uint32_t i, const Segmented<T>& before) { out(i, head(i) ? identity : before.value); },
        Segmented<T>{identity, 0}, SegmentedOp<T, Op>{op});
  }
  template <class In, class Head, class Out, class T, class Op>
  void segmented_inclusive_scan(Count count, In in, Head head, Out out, T identity, Op op) {
    self().inclusive_scan(
        count,
        [=] RUSTG_HD(uint32_t i) {
          return Segmented<T>{in(i), head(i) ? 1u : 0u};
        },
        [=] RUSTG_HD(uint32_t i, const Segmented<T>& upto) { out(i, upto.value); }, Segmented<T>{identity, 0},
        SegmentedOp<T, Op>{op});
  }

  // Runs of equal keys become one: emit(run, last, value) with the run's number, its last item, and the reduction of in(i) over it.
  // same(i) tells whether items i and i + 1 belong to one run; it is never asked of the last item. *runs (may be null): how many.
  template <class In, class Same, class Emit, class T, class Op>
  void reduce_by_key(Count count, In in, Same same, Emit emit, T identity, Op op, uint32_t* runs = nullptr) {
    self().inclusive_scan(
        count,
        [=] RUSTG_HD(uint32_t i) {
          return Segmented<T>{in(i), i == 0 || !same(i - 1) ? 1u : 0u};
        },
        [=] RUSTG_HD(uint32_t i, const Segmented<T>& upto) {
          uint32_t n = count.get();
          bool last = i + 1 == n;
          if (last || !same(i)) emit(upto.heads - 1, i, upto.value);
          if (last && runs != nullptr) *runs = upto.heads;
        },
        Segmented<T>{identity, 0}, SegmentedOp<T, Op>{op});
    if (runs != nullptr) {
      self().for_each(1, [=] RUSTG_HD(uint32_t) {
        if (count.get() == 0) *runs = 0;
      });
    }
  }

  // Kernels started, waits of the host, since the queue began.
  uint64_t launches() const { return launches_; }
  uint64_t synchronisations() const { return synchronisations_; }

 protected:
  uint64_t launches_ = 0, synchronisations_ = 0;

 private:
  Queue& self() { return static_cast<Queue&>(*this); }
};

}  // namespace rustg::device
