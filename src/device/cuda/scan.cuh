// The scan under all scans: one pass over memory. Blocks of 256 threads take tiles in order by a ticket; a tile's threads each make one
// value of it, and the block finds what is before the tile by looking back over its predecessors' sums while these are still at work
// (Merrill and Garland, "Single-pass parallel prefix scan with decoupled look-back", 2016; CUB's states and block primitives). CUB's own
// look-back applies the operator to values it never loaded and drops the results; ours may index by what it is given, so it is not used.
// The length is read on the device. What a tile's threads do before and after is the Body's.
#pragma once
#include <cstdint>
#include <cub/agent/single_pass_scan_operators.cuh>
#include <cub/block/block_exchange.cuh>
#include <cub/block/block_scan.cuh>
#include <cuda/std/cstring>
#include <type_traits>

#include "device/types.h"

namespace rustg::device::cuda::detail {

constexpr uint32_t kThreads = 256;

// What travels between tiles: values of up to 8 bytes as integers, which go through memory with their state in one access.
template <class T>
struct Carried {
  static constexpr bool kPacked = !std::is_arithmetic_v<T> && sizeof(T) <= 8;
  using Type = std::conditional_t<kPacked, std::conditional_t<sizeof(T) <= 4, uint32_t, uint64_t>, T>;
  static __host__ __device__ Type pack(const T& value) {
    if constexpr (kPacked) {
      Type word = 0;
      memcpy(&word, &value, sizeof(T));
      return word;
    } else {
      return value;
    }
  }
  static __host__ __device__ T unpack(const Type& word) {
    if constexpr (kPacked) {
      T value;
      memcpy(&value, &word, sizeof(T));
      return value;
    } else {
      return word;
    }
  }
};

template <class T, class Op>
struct CarriedOp {
  using Type = typename Carried<T>::Type;
  Op op;
  __device__ Type operator()(const Type& a, const Type& b) const {
    return Carried<T>::pack(op(Carried<T>::unpack(a), Carried<T>::unpack(b)));
  }
};

template <class State>
__global__ void init_tiles(Count count, uint32_t tile, State state, uint32_t* ticket) {
  uint32_t n = count.get();
  state.InitializeStatus(n == 0 ? 0 : int((n - 1) / tile + 1));
  if (blockIdx.x == 0 && threadIdx.x == 0) *ticket = 0;
}

// What all tiles before `tile` sum up to, for the first warp of its block. Windows of 32 predecessors, the nearest one in lane 0, until one
// knows everything up to itself.
template <class Word, class Op, class State>
__device__ Word look_back(State& state, int tile, const Word& sum, const Word& identity, Op op) {
  constexpr uint32_t kAll = ~0u;
  const int lane = int(threadIdx.x % 32);
  if (lane == 0) state.SetPartial(tile, sum);
  Word before = identity;
  for (int last = tile - 1;; last -= 32) {
    typename State::StatusWord status;
    Word value = identity;
    state.WaitForValid(last - lane, status, value);
    uint32_t inclusive = __ballot_sync(kAll, status == typename State::StatusWord(cub::SCAN_TILE_INCLUSIVE));
    int used = inclusive == 0 ? 32 : __ffs(int(inclusive));
    if (lane >= used) value = identity;
#pragma unroll
    for (int step = 1; step < 32; step *= 2) {
      Word farther = cub::ShuffleDown<32>(value, step, 31, kAll);
      if (lane + step < 32) value = op(farther, value);
    }
    before = op(cub::ShuffleIndex<32>(value, 0, kAll), before);
    if (inclusive != 0) break;
  }
  if (lane == 0) state.SetInclusive(tile, op(before, sum));
  return before;
}

template <class T, class Op, class State, class Body>
__global__ void __launch_bounds__(kThreads)
    scan_tiles(Count count, uint32_t tile_items, Body body, typename Carried<T>::Type identity, Op op, T* total,
               State state, uint32_t* ticket) {
  using Word = typename Carried<T>::Type;
  using BlockScan =
      cub::BlockScan<Word, kThreads, sizeof(T) <= 8 ? cub::BLOCK_SCAN_WARP_SCANS : cub::BLOCK_SCAN_RAKING>;
  __shared__ typename BlockScan::TempStorage scan_storage;
  __shared__ cub::Uninitialized<Word> prefix_storage;
  __shared__ typename Body::Shared body_storage;
  __shared__ uint32_t shared_tile;

  uint32_t n = count.get();
  if (n == 0) {
    if (blockIdx.x == 0 && threadIdx.x == 0 && total != nullptr) *total = Carried<T>::unpack(identity);
    return;
  }
  uint32_t tiles = (n - 1) / tile_items + 1;
  for (;;) {
    __syncthreads();  // the tile before has been read, and its storage is free
    if (threadIdx.x == 0) shared_tile = atomicAdd(ticket, 1u);
    __syncthreads();
    uint32_t tile = shared_tile;
    if (tile >= tiles) return;
    uint32_t base = tile * tile_items, rest = n - base, items = rest < tile_items ? rest : tile_items;

    typename Body::Tile work;
    Word mine = Carried<T>::pack(body.summarize(work, body_storage, base, items));
    Word before, sum;
    BlockScan(scan_storage).ExclusiveScan(mine, before, identity, op, sum);
    if (tile == 0) {
      if (threadIdx.x == 0 && tiles > 1) state.SetInclusive(0, sum);
    } else {
      if (threadIdx.x < 32) {
        Word prefix = look_back(state, int(tile), sum, identity, op);
        if (threadIdx.x == 0) prefix_storage.Alias() = prefix;
      }
      __syncthreads();
      const Word prefix = prefix_storage.Alias();
      before = op(prefix, before);
      sum = op(prefix, sum);
    }
    if (tile == tiles - 1 && threadIdx.x == 0 && total != nullptr) *total = Carried<T>::unpack(sum);
    body.emit(work, body_storage, base, items, Carried<T>::unpack(before));
  }
}

struct NoOutput {};

// Items one by one. Neighbouring threads read neighbouring items; through shared memory each gets a run of its own.
template <bool kInclusive, class T, class In, class Out, class Op>
struct ScanItems {
  static constexpr int kItems = sizeof(T) >= 64 ? 1 : sizeof(T) <= 4 ? 16 : int(64 / sizeof(T));
  static constexpr uint32_t kTile = kThreads * kItems;
  using Exchange = cub::BlockExchange<T, kThreads, kItems>;
  using Shared = typename Exchange::TempStorage;
  struct Tile {
    T run[kItems];
  };
  In in;
  Out out;
  T identity;
  Op op;

  __device__ T summarize(Tile& tile, Shared& shared, uint32_t base, uint32_t items) const {
    if (items == kTile) {
#pragma unroll
      for (int k = 0; k < kItems; ++k) tile.run[k] = in(base + k * kThreads + threadIdx.x);
    } else {
#pragma unroll
      for (int k = 0; k < kItems; ++k) {
        uint32_t i = k * kThreads + threadIdx.x;
        tile.run[k] = i < items ? in(base + i) : identity;
      }
    }
    Exchange(shared).StripedToBlocked(tile.run);
    T sum = tile.run[0];
#pragma unroll
    for (int k = 1; k < kItems; ++k) sum = op(sum, tile.run[k]);
    return sum;
  }
  __device__ void emit(Tile& tile, Shared& shared, uint32_t base, uint32_t items, T before) const {
    if constexpr (!std::is_same_v<Out, NoOutput>) {
#pragma unroll
      for (int k = 0; k < kItems; ++k) {
        T upto = op(before, tile.run[k]);
        tile.run[k] = kInclusive ? upto : before;
        before = upto;
      }
      __syncthreads();  // all have read what the first exchange left
      Exchange(shared).BlockedToStriped(tile.run);
#pragma unroll
      for (int k = 0; k < kItems; ++k) {
        uint32_t i = k * kThreads + threadIdx.x;
        if (i < items) out(base + i, tile.run[k]);
      }
    }
  }
};

// A run of items for each thread, read twice: the second time from the cache.
template <class T, class Summarize, class Emit>
struct ScanChunks {
  struct Shared {};
  struct Tile {};
  Summarize summarize_chunk;
  Emit emit_chunk;
  T identity;
  uint32_t lane;

  __device__ Chunk chunk(uint32_t base, uint32_t items) const {
    uint32_t begin = threadIdx.x * lane, end = begin + lane;
    return {base + (begin < items ? begin : items), base + (end < items ? end : items)};
  }
  __device__ T summarize(Tile&, Shared&, uint32_t base, uint32_t items) const {
    Chunk mine = chunk(base, items);
    return mine.begin == mine.end ? identity : summarize_chunk(mine);
  }
  __device__ void emit(Tile&, Shared&, uint32_t base, uint32_t items, const T& before) const {
    Chunk mine = chunk(base, items);
    if (mine.begin != mine.end) emit_chunk(mine, before);
  }
};

// Warps take rows of 32 items, so positions within a warp come from ballots; only a warp's first lane brings a value to the scan.
template <class Keep, class Emit>
struct Compact {
  static constexpr int kRows = 16;
  static constexpr uint32_t kTile = kThreads * kRows;
  struct Shared {};
  struct Tile {
    uint32_t kept[kRows];  // by lane; the same in all lanes
  };
  Keep keep;
  Emit emit_item;

  static __device__ uint32_t first() { return threadIdx.x / 32 * 32 * kRows + threadIdx.x % 32; }
  __device__ uint32_t summarize(Tile& tile, Shared&, uint32_t base, uint32_t items) const {
    uint32_t sum = 0;
#pragma unroll
    for (int k = 0; k < kRows; ++k) {
      uint32_t i = first() + k * 32;
      tile.kept[k] = __ballot_sync(~0u, i < items && keep(base + i));
      sum += __popc(tile.kept[k]);
    }
    return threadIdx.x % 32 == 0 ? sum : 0;
  }
  __device__ void emit(Tile& tile, Shared&, uint32_t base, uint32_t, uint32_t before) const {
    uint32_t lane = threadIdx.x % 32, position = __shfl_sync(~0u, before, 0);
#pragma unroll
    for (int k = 0; k < kRows; ++k) {
      if (tile.kept[k] >> lane & 1)
        emit_item(base + first() + k * 32, position + __popc(tile.kept[k] & ((1u << lane) - 1)));
      position += __popc(tile.kept[k]);
    }
  }
};

}  // namespace rustg::device::cuda::detail
