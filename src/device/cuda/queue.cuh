// cuda::Queue's operations as kernels; for the .cu files that instantiate passes.
#pragma once
#include <cuda_runtime.h>

#include <algorithm>
#include <type_traits>

#include "device/cuda/queue.h"
#include "device/cuda/scan.cuh"

namespace rustg::device::cuda {

namespace detail {

// A grid of resident blocks strides over the items, so that a bound far above the value costs nothing.
template <class F>
__global__ void __launch_bounds__(256) for_each(Count count, F f) {
  uint32_t n = count.get();
  for (uint64_t i = blockIdx.x * 256u + threadIdx.x; i < n; i += gridDim.x * 256u) f(uint32_t(i));
}

template <class F>
__global__ void __launch_bounds__(256) for_each_chunk(Count count, uint32_t lane, F f) {
  uint32_t n = count.get();
  uint64_t stride = uint64_t(gridDim.x) * 256 * lane;
  for (uint64_t begin = (blockIdx.x * 256ull + threadIdx.x) * lane; begin < n; begin += stride) {
    uint32_t rest = n - uint32_t(begin);
    f(Chunk{uint32_t(begin), uint32_t(begin) + (rest < lane ? rest : lane)});
  }
}

inline __host__ __device__ uint32_t blocks_for(uint32_t items, uint32_t block) {
  return items == 0 ? 0 : (items - 1) / block + 1;
}

}  // namespace detail

template <class F>
void Queue::for_each(Count count, F f, uint32_t) {
  if (count.bound == 0) return;
  static const uint32_t most = resident(reinterpret_cast<const void*>(&detail::for_each<F>), kBlock);
  uint32_t grid = std::min(most, detail::blocks_for(count.bound, kBlock));
  detail::for_each<<<grid, kBlock, 0, static_cast<cudaStream_t>(stream_)>>>(count, f);
  launched("for_each");
}

template <class F>
void Queue::for_each_chunk(Count count, uint32_t lane, F f) {
  if (count.bound == 0) return;
  static const uint32_t most = resident(reinterpret_cast<const void*>(&detail::for_each_chunk<F>), kBlock);
  uint32_t grid = std::min(most, detail::blocks_for(detail::blocks_for(count.bound, lane), kBlock));
  detail::for_each_chunk<<<grid, kBlock, 0, static_cast<cudaStream_t>(stream_)>>>(count, lane, f);
  launched("for_each_chunk");
}

// Bodies are in scan.cuh. All scans take two launches: clear the tiles' states, scan.
template <class T, class Op, class Body>
void Queue::scan_tiles(Count count, uint32_t tile, Body body, T identity, Op op, T* total) {
  using Carried = detail::Carried<T>;
  using Wrapped = detail::CarriedOp<T, Op>;
  using State = cub::ScanTileState<typename Carried::Type>;
  uint32_t tiles = std::max(1u, detail::blocks_for(count.bound, tile));
  size_t state_bytes = 0;
  State::AllocationSize(int(tiles), state_bytes);
  state_bytes = (state_bytes + 255) / 256 * 256;
  uint8_t* memory = static_cast<uint8_t*>(scratch(state_bytes + 256));
  uint32_t* ticket = reinterpret_cast<uint32_t*>(memory + state_bytes);
  State state;
  state.Init(int(tiles), memory, state_bytes);
  auto* kernel = &detail::scan_tiles<T, Wrapped, State, Body>;
  static const uint32_t most = resident(reinterpret_cast<const void*>(kernel), kBlock);
  cudaStream_t stream = static_cast<cudaStream_t>(stream_);
  detail::init_tiles<<<detail::blocks_for(tiles, kBlock), kBlock, 0, stream>>>(count, tile, state, ticket);
  launched("scan");
  kernel<<<std::min(most, tiles), kBlock, 0, stream>>>(count, tile, body, Carried::pack(identity), Wrapped{op}, total,
                                                       state, ticket);
  launched("scan");
}

template <class In, class Out, class T, class Op>
void Queue::exclusive_scan(Count count, In in, Out out, T identity, Op op, T* total) {
  using Body = detail::ScanItems<false, T, In, Out, Op>;
  scan_tiles(count, Body::kTile, Body{in, out, identity, op}, identity, op, total);
}

template <class In, class Out, class T, class Op>
void Queue::inclusive_scan(Count count, In in, Out out, T identity, Op op, T* total) {
  using Body = detail::ScanItems<true, T, In, Out, Op>;
  scan_tiles(count, Body::kTile, Body{in, out, identity, op}, identity, op, total);
}

template <class In, class T, class Op>
void Queue::reduce(Count count, In in, T identity, Op op, T* result) {
  using Body = detail::ScanItems<true, T, In, detail::NoOutput, Op>;
  scan_tiles(count, Body::kTile, Body{in, {}, identity, op}, identity, op, result);
}

template <class Summarize, class Emit, class T, class Op>
void Queue::scan_chunks(Count count, uint32_t lane, Summarize summarize, Emit emit, T identity, Op op, T* total) {
  using Body = detail::ScanChunks<T, Summarize, Emit>;
  scan_tiles(count, kBlock * lane, Body{summarize, emit, identity, lane}, identity, op, total);
}

template <class Keep, class Emit>
void Queue::compact(Count count, Keep keep, Emit emit, uint32_t* total) {
  using Body = detail::Compact<Keep, Emit>;
  scan_tiles(count, Body::kTile, Body{keep, emit}, 0u, Sum{}, total);
}

}  // namespace rustg::device::cuda

#include "device/cuda/radix_sort.cuh"
#include "device/cuda/run_tasks.cuh"
#include "device/cuda/run_machines.cuh"
