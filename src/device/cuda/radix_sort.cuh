// cuda::Queue::radix_sort: CUB's onesweep agents (Adinets and Merrill, "Onesweep: A Faster Least Significant Digit Radix Sort for GPUs", 2022)
// in kernels of our own, since the length is known to the device alone.
#pragma once
#include <cub/agent/agent_radix_sort_histogram.cuh>
#include <cub/agent/agent_radix_sort_onesweep.cuh>
#include <cub/block/block_scan.cuh>

#include "device/cuda/queue.cuh"

namespace rustg::device::cuda {

namespace detail {

constexpr int kDigitBits = 8;
constexpr uint32_t kDigits = 1 << kDigitBits;

template <class Key>
using SweepPolicy =
    cub::AgentRadixSortOnesweepPolicy<384, 21, Key, 1, cub::RADIX_RANK_MATCH_EARLY_COUNTS_ANY,
                                      cub::BLOCK_SCAN_RAKING_MEMOIZE, cub::RADIX_SORT_STORE_DIRECT, kDigitBits>;
template <class Key>
using Sweep = cub::detail::radix_sort::AgentRadixSortOnesweep<SweepPolicy<Key>, false, Key, uint32_t, uint32_t, int>;
template <class Key>
using HistogramPolicy = cub::AgentRadixSortHistogramPolicy<128, 16, 1, Key, kDigitBits>;
template <class Key>
using Histogram = cub::detail::radix_sort::AgentRadixSortHistogram<HistogramPolicy<Key>, false, Key, uint32_t>;

// Sums of digits before each digit, one block a pass.
template <class Key>
__global__ void __launch_bounds__(kDigits) digit_begins(uint32_t* bins) {
  using BlockScan = cub::BlockScan<uint32_t, kDigits>;
  __shared__ typename BlockScan::TempStorage storage;
  uint32_t& bin = bins[blockIdx.x * kDigits + threadIdx.x];
  uint32_t before;
  BlockScan(storage).ExclusiveSum(bin, before);
  bin = before;
}

template <class Key>
__global__ void __launch_bounds__(128)
    digit_histogram(Count count, const Key* keys, uint32_t* bins, int begin_bit, int end_bit) {
  __shared__ typename Histogram<Key>::TempStorage storage;
  Histogram<Key> agent(storage, bins, keys, count.get(), begin_bit, end_bit);
  agent.Process();
}

template <class Key>
__global__ void __launch_bounds__(384)
    sweep(Count count, int* lookback, int* ticket, const uint32_t* bins, Key* keys_out, const Key* keys_in,
          uint32_t* values_out, const uint32_t* values_in, int bit, int bits) {
  __shared__ typename Sweep<Key>::TempStorage storage;
  uint32_t n = count.get();
  if (uint64_t(blockIdx.x) * Sweep<Key>::TILE_ITEMS >= n)
    return;  // so that exactly as many tickets are taken as there are tiles
  Sweep<Key> agent(storage, lookback, ticket, nullptr, bins, keys_out, keys_in, values_out, values_in, int(n), bit,
                   bits);
  agent.Process();
}

}  // namespace detail

template <class Key>
void Queue::radix_sort(Count count, Key* keys, uint32_t* values, int begin_bit, int end_bit, SortRoom<Key> room) {
  using detail::kDigits;
  constexpr uint32_t kTile = detail::Sweep<Key>::TILE_ITEMS;
  int passes = (end_bit - begin_bit + detail::kDigitBits - 1) / detail::kDigitBits;
  if (count.bound < 2 || passes <= 0) return;
  uint32_t tiles = detail::blocks_for(count.bound, kTile);
  Buffer<Key> other_keys;
  Buffer<uint32_t> other_values;
  if (room.keys == nullptr) {
    other_keys = allocate<Key>(count.bound);
    other_values = allocate<uint32_t>(count.bound);
    room = {other_keys.data(), other_values.data()};
  }
  // Bins and tickets of every pass, then every pass's tile states.
  uint32_t fixed = passes * (kDigits + 1);
  uint32_t* bins = static_cast<uint32_t*>(scratch((fixed + size_t(passes) * tiles * kDigits) * sizeof(uint32_t)));
  uint32_t* tickets = bins + passes * kDigits;
  uint32_t* lookback = bins + fixed;
  for_each(Count(fixed + uint32_t(passes) * tiles * kDigits), [=] __device__(uint32_t i) {
    uint32_t used = detail::blocks_for(count.get(), kTile) * kDigits;
    if (i < fixed || (i - fixed) % (tiles * kDigits) < used) bins[i] = 0;
  });
  static const uint32_t most = resident(reinterpret_cast<const void*>(&detail::digit_histogram<Key>), 128);
  cudaStream_t stream = static_cast<cudaStream_t>(stream_);
  detail::digit_histogram<<<std::min(most, detail::blocks_for(count.bound, 128 * 16)), 128, 0, stream>>>(
      count, keys, bins, begin_bit, end_bit);
  launched("radix_sort");
  detail::digit_begins<Key><<<passes, kDigits, 0, stream>>>(bins);
  launched("radix_sort");
  Key *from_keys = keys, *to_keys = room.keys;
  uint32_t *from_values = values, *to_values = room.values;
  for (int pass = 0; pass < passes; ++pass) {
    int bit = begin_bit + pass * detail::kDigitBits;
    detail::sweep<<<tiles, 384, 0, stream>>>(count, reinterpret_cast<int*>(lookback + size_t(pass) * tiles * kDigits),
                                             reinterpret_cast<int*>(tickets + pass), bins + pass * kDigits, to_keys,
                                             from_keys, to_values, from_values, bit,
                                             std::min(detail::kDigitBits, end_bit - bit));
    launched("radix_sort");
    std::swap(from_keys, to_keys);
    std::swap(from_values, to_values);
  }
  if (from_keys != keys) {
    for_each(count, [=] __device__(uint32_t i) {
      keys[i] = from_keys[i];
      values[i] = from_values[i];
    });
  }
}

}  // namespace rustg::device::cuda
