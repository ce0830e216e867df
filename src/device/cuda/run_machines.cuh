// cuda::Queue::run_machines. A block holds some hundred machines in its shared memory and knows, for each state, which of them are in it: a row of
// bits, and their number. A warp that is free takes up to 32 machines of the state that most are in, steps each on a lane of its own, and gives them
// back to the rows of their new states; as long as all go the same way it keeps them. So a warp runs one state at a time, whatever the machines
// have to do, and only 32 machines of a block's need to be alike. Places for machines that are done take new tasks from the queue.
#pragma once
#include "device/cuda/queue.cuh"
#include "device/machines.h"

namespace rustg::device::cuda {

namespace detail {

constexpr uint32_t kMachineThreads = 512;
constexpr uint32_t kRowWords = 32;   // of bits, one for each machine of a block
constexpr uint32_t kMostWords = 26;  // of which so many are used: more machines take longer to their ends, and win nothing
// A warp whose machines are all in one state goes on with them if it has so many, or if fewer than so many others wait: else there may be more to join.
constexpr uint32_t kNearlyFull = 20;
constexpr int kFewWait = 256;
constexpr uint32_t kAll = ~0u;

// What a block's warps share.
template <class Machine>
struct MachineBlock {
  static constexpr uint32_t kWords = sizeof(typename Machine::Context) / sizeof(uint32_t);
  static constexpr uint32_t kFree = Machine::kStates;  // the row of places that are free
  static constexpr uint32_t kRows = kFree + 1;

  uint32_t* contexts;  // word k of machine m: [k * at_once + m]
  uint32_t* rows;      // kRowWords a row: bit m says that machine m waits in that state
  int* waiting;        // of each row: its bits that nobody has a claim to
  uint16_t* drawn;     // of each warp: the machines that its lanes will step
  int* runnable;       // machines that wait in a state
  uint32_t* drawing;   // a warp is looking for tasks
  uint32_t* draw_at;   // when to look for tasks again
  uint32_t* over;      // all is done
  uint32_t at_once;

  static constexpr uint32_t bytes(uint32_t at_once) {
    return 4 * (kWords * at_once + kRowWords * kRows + kRows + 4) + kMachineThreads * sizeof(uint16_t);
  }
  __device__ MachineBlock(uint32_t* memory, uint32_t at_once) : at_once(at_once) {
    contexts = memory;
    rows = contexts + kWords * at_once;
    waiting = reinterpret_cast<int*>(rows + kRowWords * kRows);
    runnable = waiting + kRows;
    drawing = reinterpret_cast<uint32_t*>(runnable + 1);
    draw_at = drawing + 1;
    over = draw_at + 1;
    drawn = reinterpret_cast<uint16_t*>(over + 1) + threadIdx.x / 32 * 32;
  }
  __device__ void clear() const {
    for (uint32_t i = threadIdx.x; i < kRowWords * kRows; i += blockDim.x)
      rows[i] = i / kRowWords == kFree && i % kRowWords < at_once / 32 ? kAll : 0;
    for (uint32_t i = threadIdx.x; i < kRows; i += blockDim.x) waiting[i] = i == kFree ? int(at_once) : 0;
    if (threadIdx.x == 0) *runnable = 0, *drawing = 0, *draw_at = uint32_t(clock()), *over = 0;
    __syncthreads();
  }

  __device__ void load(uint32_t machine, uint32_t (&words)[kWords]) const {
#pragma unroll
    for (uint32_t k = 0; k < kWords; ++k) words[k] = contexts[k * at_once + machine];
  }
  __device__ void store(uint32_t machine, const uint32_t (&words)[kWords]) const {
#pragma unroll
    for (uint32_t k = 0; k < kWords; ++k) contexts[k * at_once + machine] = words[k];
  }

  __device__ int count_of(uint32_t row) const { return int(atomic_load(reinterpret_cast<const uint32_t*>(&waiting[row]))); }
  __device__ int all_waiting() const { return int(atomic_load(reinterpret_cast<const uint32_t*>(runnable))); }

  // The whole warp: lay claim to at most 32 bits of a row. How many there were.
  __device__ uint32_t claim(uint32_t row) const {
    int n = 0;
    if (threadIdx.x % 32 == 0) {
      const int seen = count_of(row);
      n = seen > 32 ? 32 : seen;
      if (n > 0 && atomicSub(&waiting[row], n) < n) {  // another warp was first
        atomicAdd(&waiting[row], n);
        n = 0;
      }
    }
    n = __shfl_sync(kAll, n, 0);
    return n < 0 ? 0 : uint32_t(n);
  }

  // The whole warp: take `n` bits that it has a claim to. Each lane below n gets the number of one.
  __device__ uint32_t take(uint32_t row, uint32_t n) const {
    const uint32_t lane = threadIdx.x % 32;
    uint32_t* word = rows + row * kRowWords + lane;
    for (uint32_t got = 0; got != n;) {
      uint32_t mine = atomic_load(word);
      const uint32_t have = __popc(mine), before = got + prefix(have);
      if (before >= n) mine = 0;
      for (uint32_t surplus = before + have; mine != 0 && surplus > n; --surplus) mine &= mine - 1;
      const uint32_t wanted = mine;
      if (wanted != 0) mine &= atomicAnd(word, ~wanted);
      // Where several warps take from one row, some bits may be gone.
      const bool lost = __any_sync(kAll, mine != wanted);
      uint32_t at = before, behind = before + have;
      if (lost) {
        at = got + prefix(__popc(mine));
        behind = at + __popc(mine);
      }
      behind = __shfl_sync(kAll, behind, 31);
      got = behind < n ? behind : n;
      for (; mine != 0; mine &= mine - 1) drawn[at++] = uint16_t(lane * 32 + __ffs(mine) - 1);
    }
    __syncwarp();
    const uint32_t machine = lane < n ? drawn[lane] : 0;
    __syncwarp();
    __threadfence_block();  // before what is read of them
    return machine;
  }

  // The lanes of `mask`, which are all that call: each puts its machine, which it has written, into a row.
  __device__ void give(uint32_t mask, uint32_t row, uint32_t machine) const {
    __threadfence_block();
    atomicOr(&rows[row * kRowWords + machine / 32], 1u << machine % 32);
    __threadfence_block();
    const uint32_t same = __match_any_sync(mask, row);
    __syncwarp(mask);
    if (threadIdx.x % 32 == uint32_t(__ffs(same)) - 1) atomicAdd(&waiting[row], __popc(same));
  }

  // The whole warp: the row, kFree aside, in which most machines wait, up to 32; rows that have as many are tried by different warps in a different
  // order. In the upper bits their number.
  __device__ uint32_t fullest() const {
    const uint32_t lane = threadIdx.x % 32, first = threadIdx.x / 32 * 13;
    uint32_t best = 0;
#pragma unroll
    for (uint32_t i = 0; i < (kFree + 31) / 32; ++i) {
      const uint32_t row = i * 32 + lane;
      int count = row < kFree ? count_of(row) : 0;
      count = count > 32 ? 32 : count;
      if (count > 0) best = max(best, uint32_t(count) << 8 | ((row - first) & 255));
    }
    best = largest(best);
    return (best & ~255u) | ((best + first) & 255);
  }

 private:
  __device__ static uint32_t prefix(uint32_t n) {  // the sum over the lanes before this one
    const uint32_t lane = threadIdx.x % 32;
    uint32_t sum = n;
    for (uint32_t d = 1; d < 32; d *= 2) {
      const uint32_t before = __shfl_up_sync(kAll, sum, d);
      if (lane >= d) sum += before;
    }
    return sum - n;
  }
  __device__ static uint32_t largest(uint32_t n) {
#if __CUDA_ARCH__ >= 800
    return __reduce_max_sync(kAll, n);
#else
    for (uint32_t d = 16; d != 0; d /= 2) {
      const uint32_t other = __shfl_xor_sync(kAll, n, d);
      n = n < other ? other : n;
    }
    return n;
#endif
  }
};

// Up to `most` tasks that nobody has, for one lane to ask. A block takes no more than its share of what there is.
template <class Task>
__device__ uint32_t draw_tasks(const WorkQueueRef<Task>& queue, uint32_t most, uint32_t& first, bool& over) {
  // In this order: finished before the places that it is compared with.
  const uint32_t finished = atomic_load_acquire(&queue.state->finished);
  uint32_t claimed = atomic_load(&queue.state->claimed);
  const uint32_t places = queue.places();
  over = finished == places;
  while (claimed < places) {
    const uint32_t share = (places - claimed) / gridDim.x;
    const uint32_t n = share < 1 ? 1 : share > most ? most : share;
    const uint32_t seen = atomic_cas(&queue.state->claimed, claimed, claimed + n);
    if (seen == claimed) {
      first = claimed;
      return n;
    }
    claimed = seen;
  }
  return 0;
}

template <class Machine>
__global__ void __launch_bounds__(kMachineThreads, 1)
    run_machines(WorkQueueRef<typename Machine::Task> queue, Machine machine, uint8_t* scratch, uint32_t at_once) {
  using Block = MachineBlock<Machine>;
  using Context = typename Machine::Context;
  extern __shared__ uint32_t shared_memory[];
  const Block block(shared_memory, at_once);
  block.clear();
  const Push<typename Machine::Task> push{queue};
  const uint32_t lane = threadIdx.x % 32;
  constexpr uint32_t kPause = 1000;  // clocks between two looks for tasks that find none
  for (uint32_t pause = 32;;) {
    if (__any_sync(kAll, atomic_load(block.over) != 0)) return;
    const uint32_t best = __any_sync(kAll, block.all_waiting() > 0) ? block.fullest() : 0, count = best >> 8;
    uint32_t state = best & 255, n = 0, first = 0;
    bool draws = false;
    const int free = __shfl_sync(kAll, block.count_of(Block::kFree), 0);
    if (free > 0 && (count < 8 || free >= 32)) {
      bool mine = false;
      if (lane == 0)
        mine = int32_t(uint32_t(clock()) - atomic_load(block.draw_at)) >= 0 && atomicExch(block.drawing, 1) == 0;
      draws = __shfl_sync(kAll, mine, 0);
    }
    uint32_t id = 0;
    if (draws) {
      n = block.claim(Block::kFree);
      uint32_t tasks = 0;
      bool over = false;
      if (lane == 0) {
        if (n != 0) tasks = draw_tasks(queue, n, first, over);
        if (over) atomicExch(block.over, 1);
        if (tasks == 0) *block.draw_at = uint32_t(clock()) + kPause;
        if (tasks < n) atomicAdd(&block.waiting[Block::kFree], n - tasks);
        __threadfence_block();
        atomicExch(block.drawing, 0);
      }
      n = __shfl_sync(kAll, tasks, 0);
      first = __shfl_sync(kAll, first, 0);
      state = Block::kFree;
    }
    if (n == 0 && count != 0) n = block.claim(state = best & 255), draws = false;
    if (n == 0) {
      __nanosleep(pause);
      if (pause < 512) pause *= 2;
      continue;
    }
    pause = 32;
    id = block.take(draws ? Block::kFree : state, n);
    const bool mine = lane < n;
    union {
      Context context;
      uint32_t words[Block::kWords];
    } now;
    bool running = mine;
    uint8_t* const own = scratch + (size_t(blockIdx.x) * at_once + id) * Machine::kScratch;
    uint32_t next = Block::kFree;
    if (draws) {
      if (mine) {
        while (atomic_load_acquire(&queue.ready[first + lane]) == 0) {
        }
        const typename Machine::Task task = queue.tasks[first + lane];
        running = machine.begin(task, push, own, now.context);
        if (running) next = machine.state(now.context);
      }
    } else {
      if (lane == 0) atomicSub(block.runnable, int(n));
      if (mine) block.load(id, now.words);
      for (;;) {
        if (mine) {
          running = machine.step(state, now.context, push, own);
          next = running ? machine.state(now.context) : Block::kFree;
        }
        __syncwarp();
        const uint32_t common = __shfl_sync(kAll, next, 0);
        if (common == Block::kFree || !__all_sync(kAll, (!mine || next == common) && (n >= kNearlyFull || block.all_waiting() < kFewWait))) break;
        state = common;
      }
    }
    const uint32_t mask = __ballot_sync(kAll, mine), done = __ballot_sync(kAll, mine && !running);
    if (mine) {
      if (running) block.store(id, now.words);
      block.give(mask, next, id);
    }
    if (lane == 0 && __popc(mask & ~done) != 0) atomicAdd(block.runnable, __popc(mask & ~done));
    if (done != 0) {
      __threadfence();  // what the tasks pushed is seen before their end
      __syncwarp();
      if (lane == 0) atomic_add(&queue.state->finished, uint32_t(__popc(done)));
    }
  }
}

}  // namespace detail

template <class Machine>
uint32_t Queue::machines_at_once(uint32_t capacity) const {
  using Block = detail::MachineBlock<Machine>;
  const uint32_t most = shared_bytes_ < Block::bytes(0) ? 0 : (shared_bytes_ - Block::bytes(0)) / (4 * Block::kWords) / 32;
  const uint32_t blocks = uint32_t(multiprocessors_);
  const uint32_t wanted = (detail::blocks_for(capacity, blocks) + 31) / 32;
  return blocks * 32 * std::max(1u, std::min({most, wanted, detail::kMostWords}));
}

template <class Machine, class Seed>
void Queue::run_machines(Machines<Machine>& machines, Count seeds, Seed seed, Machine machine) {
  using Block = detail::MachineBlock<Machine>;
  const auto queue = machines.tasks().ref();
  place_seeds(queue, seeds, seed);
  const auto kernel = &detail::run_machines<Machine>;
  const uint32_t blocks = uint32_t(multiprocessors_), at_once = machines.at_once() / blocks;
  allow_shared(reinterpret_cast<const void*>(kernel), Block::bytes(at_once));
  kernel<<<blocks, detail::kMachineThreads, Block::bytes(at_once), static_cast<cudaStream_t>(stream_)>>>(queue, machine, machines.scratch(),
                                                                                                         at_once);
  launched("run_machines");
}

}  // namespace rustg::device::cuda
