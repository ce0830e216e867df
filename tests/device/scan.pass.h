#pragma once
#include <gtest/gtest.h>

#include "device/cases.h"
#include "device/reference.h"

namespace rustg::device {

// Both scans of value(i) against a serial one.
template <class T, class Queue, class Value, class Op>
void scan_and_compare(Queue& queue, uint32_t n, Count count, Value value, T identity, Op op) {
  Buffer<T> exclusive = queue.template allocate<T>(n + 1), inclusive = queue.template allocate<T>(n + 1);
  Buffer<T> totals = queue.template allocate<T>(2);
  T *before = exclusive.data(), *upto = inclusive.data();
  queue.exclusive_scan(
      count, value, [=] RUSTG_HD(uint32_t i, const T& x) { before[i] = x; }, identity, op, totals.data());
  queue.inclusive_scan(
      count, value, [=] RUSTG_HD(uint32_t i, const T& x) { upto[i] = x; }, identity, op, totals.data() + 1);
  std::vector<T> got_exclusive = queue.download(before, n), got_inclusive = queue.download(upto, n);
  std::vector<T> got_totals = queue.download(totals.data(), 2);
  T state = identity;
  for (uint32_t i = 0; i < n; ++i) {
    ASSERT_TRUE(got_exclusive[i] == state) << i << " of " << n;
    state = op(state, value(i));
    ASSERT_TRUE(got_inclusive[i] == state) << i << " of " << n;
  }
  ASSERT_TRUE(got_totals[0] == state && got_totals[1] == state) << "total of " << n;
}

// A number for an item, the same on the host and on the device.
RUSTG_HD inline uint32_t noise(uint32_t i) {
  i = (i ^ i >> 16) * 0x7feb352du;
  i = (i ^ i >> 15) * 0x846ca68bu;
  return i ^ i >> 16;
}

template <class Queue>
void sums_are_scanned(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    scan_and_compare(
        queue, n, n, [=] RUSTG_HD(uint32_t i) { return noise(i); }, 0u, Sum{});
    scan_and_compare(
        queue, n, n, [=] RUSTG_HD(uint32_t i) { return uint64_t(noise(i)) << 8; }, uint64_t(0), Sum{});
    scan_and_compare(
        queue, n, n, [=] RUSTG_HD(uint32_t i) { return uint8_t(noise(i)); }, uint8_t(0), Max{});
  }
}

template <class Queue>
void maps_are_scanned_in_order(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    scan_and_compare(
        queue, n, n,
        [=] RUSTG_HD(uint32_t i) {
          return Affine{noise(i) | 1, i};
        },
        Affine{1, 0}, Compose{});
  }
}

template <class Queue>
void automata_are_scanned(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    if (n > 1'100'000) continue;
    scan_and_compare(
        queue, n, n, [=] RUSTG_HD(uint32_t i) { return moves_of(noise(i)); }, no_moves(), Follow{});
  }
}

template <class Queue>
void chunks_are_scanned(Queue& queue) {
  // The state of an automaton before each item, found by composing what runs do.
  for (uint32_t n : test_sizes()) {
    for (uint32_t lane : {16u, 64u, 257u}) {
      Buffer<uint8_t> states = queue.template allocate<uint8_t>(n + 1);
      Buffer<Moves> total = queue.template allocate<Moves>(1);
      uint8_t* at = states.data();
      queue.scan_chunks(
          n, lane,
          [=] RUSTG_HD(Chunk chunk) {
            Moves all = moves_of(noise(chunk.begin));
            for (uint32_t i = chunk.begin + 1; i < chunk.end; ++i) all = Follow{}(all, moves_of(noise(i)));
            return all;
          },
          [=] RUSTG_HD(Chunk chunk, const Moves& before) {
            Moves all = before;
            for (uint32_t i = chunk.begin; i < chunk.end; ++i) {
              at[i] = uint8_t(all.to[0]);
              all = Follow{}(all, moves_of(noise(i)));
            }
            return all;
          },
          no_moves(), Follow{}, total.data());
      std::vector<uint8_t> got = queue.download(states.data(), n);
      uint32_t state = 0;
      for (uint32_t i = 0; i < n; ++i) {
        ASSERT_EQ(got[i], state) << i << " of " << n;
        state = moves_of(noise(i)).to[state];
      }
      ASSERT_EQ(queue.read(total.data()).to[0], state);
    }
  }
}

template <class Queue>
void segments_are_scanned(Queue& queue) {
  for (uint32_t n : test_sizes()) {
    for (uint32_t length : {1u, 5u, 100'000u}) {  // about
      Buffer<Affine> exclusive = queue.template allocate<Affine>(n), inclusive = queue.template allocate<Affine>(n);
      Affine *before = exclusive.data(), *upto = inclusive.data();
      auto head = [=] RUSTG_HD(uint32_t i) { return noise(i) % length == 0; };
      auto value = [=] RUSTG_HD(uint32_t i) { return Affine{i | 1, noise(i)}; };
      queue.segmented_exclusive_scan(
          n, value, head, [=] RUSTG_HD(uint32_t i, Affine x) { before[i] = x; }, Affine{1, 0}, Compose{});
      queue.segmented_inclusive_scan(
          n, value, head, [=] RUSTG_HD(uint32_t i, Affine x) { upto[i] = x; }, Affine{1, 0}, Compose{});
      std::vector<Affine> got_before = queue.download(before, n), got_upto = queue.download(upto, n);
      Affine state{1, 0};
      for (uint32_t i = 0; i < n; ++i) {
        if (head(i)) state = {1, 0};
        ASSERT_EQ(got_before[i], state) << i << " of " << n;
        state = Compose{}(state, value(i));
        ASSERT_EQ(got_upto[i], state) << i << " of " << n;
      }
    }
  }
}

template <class Queue>
void scans_read_their_length_on_the_device(Queue& queue) {
  Buffer<uint32_t> count = queue.template allocate<uint32_t>(1);
  for (uint32_t n : test_sizes()) {
    queue.upload(count.data(), &n, 1);
    scan_and_compare(
        queue, n, Count{count.data(), 4'000'000}, [=] RUSTG_HD(uint32_t i) { return noise(i); }, 0u, Sum{});
  }
}

template <class Queue>
void reductions_keep_order(Queue& queue) {
  Buffer<Affine> result = queue.template allocate<Affine>(1);
  Buffer<Moves> moves = queue.template allocate<Moves>(1);
  for (uint32_t n : test_sizes()) {
    queue.reduce(
        n,
        [=] RUSTG_HD(uint32_t i) {
          return Affine{noise(i) | 1, i};
        },
        Affine{1, 0}, Compose{}, result.data());
    queue.reduce(
        n, [=] RUSTG_HD(uint32_t i) { return moves_of(noise(i)); }, no_moves(), Follow{}, moves.data());
    Affine expected{1, 0};
    Moves expected_moves = no_moves();
    for (uint32_t i = 0; i < n; ++i) {
      expected = Compose{}(expected, Affine{noise(i) | 1, i});
      expected_moves = Follow{}(expected_moves, moves_of(noise(i)));
    }
    ASSERT_EQ(queue.read(result.data()), expected) << n;
    ASSERT_EQ(queue.read(moves.data()), expected_moves) << n;
  }
}

}  // namespace rustg::device
