#include "runtime/cuda/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "runtime/cuda/mailbox.h"
#include "runtime/cuda/pool.h"
#include "runtime/cuda/ring.h"

namespace rustg::runtime::cuda {
namespace {

constexpr uint64_t kKiB = 1024, kMiB = 1024 * kKiB, kGiB = 1024 * kMiB;
// Frames for all lanes together, where the user does not say: deep recursion for few, room for many.
constexpr uint64_t kStackTotal = 8 * kGiB, kStackMin = 64 * kKiB, kStackMax = kMiB;
constexpr uint64_t kMailTotal = 64 * kMiB, kPayloadMin = 4608, kPayloadMax = 256 * kKiB;
constexpr uint64_t kSlackMax = 4 * kGiB, kSlackTotal = 32 * kGiB, kPoolTotal = 32 * kGiB;

uint64_t round_up(uint64_t n, uint64_t to) { return (n + to - 1) / to * to; }
uint64_t round_down(uint64_t n, uint64_t to) { return n / to * to; }

}  // namespace

Result<Plan> make_plan(const Needs& needs) {
  Plan plan;
  uint64_t wanted = std::min(needs.instances, needs.resident_warps * kWarp);
  plan.state_stride = round_up(needs.state_bytes, 128);
  if (needs.has_stack) {
    uint64_t chosen = std::clamp(kStackTotal / wanted, kStackMin, kStackMax);
    plan.stack_stride = round_up(needs.stack_bytes != 0 ? needs.stack_bytes : chosen, 128);
  }
  uint64_t fixed = plan.state_stride + plan.stack_stride + round_up(needs.start_bytes, kPoolUnit);
  plan.fit = needs.budget / fixed;
  if (plan.fit == 0)
    return Error{fmt::format("not enough memory on the GPU: an instance needs {} MiB, {} MiB are free; 0 fit",
                             fixed / kMiB + 1, needs.budget / kMiB)};
  uint64_t lanes = std::min(wanted, plan.fit);

  // Few instances are spread over many warps: lanes of one warp take turns wherever their paths differ.
  uint64_t width = std::bit_ceil((lanes + needs.resident_warps - 1) / needs.resident_warps);
  uint64_t blocks = (lanes + width - 1) / width;
  if (blocks * width > plan.fit) {
    blocks = plan.fit / width;
    if (blocks == 0) width = std::bit_floor(plan.fit), blocks = 1;
  }
  plan.lanes_per_warp = static_cast<uint32_t>(width);
  plan.blocks = static_cast<uint32_t>(blocks);
  plan.lanes = plan.blocks * plan.lanes_per_warp;

  uint64_t left = needs.budget - plan.lanes * fixed;
  uint64_t growth = needs.max_bytes - std::min(needs.max_bytes, needs.start_bytes);
  uint64_t slack_total = std::min(left / 2, kSlackTotal);
  plan.slack_bytes = round_down(std::min({growth, slack_total / plan.lanes, kSlackMax}), kPoolUnit);
  left -= plan.lanes * plan.slack_bytes;
  bool outgrow = plan.slack_bytes < growth || needs.tables_grow;
  if (outgrow) plan.pool_bytes = round_down(std::min({left, kPoolTotal, plan.lanes * 2 * kSlackMax}), kPoolUnit);

  plan.payload = static_cast<uint32_t>(round_down(std::clamp(kMailTotal / plan.lanes, kPayloadMin, kPayloadMax), 128));
  plan.ring_bytes = std::clamp(std::bit_ceil(uint64_t{plan.lanes} * kKiB), kMiB / 4, 32 * kMiB);
  return plan;
}

}  // namespace rustg::runtime::cuda
