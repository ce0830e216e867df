// A host call as a lane makes it: answered on the device where that can be done, otherwise carried to the host by mailbox.
#pragma once
#include "runtime/cuda/wasi_device.h"
#include "runtime/wasi/marshal.h"

namespace rustg::runtime::cuda {

// How an instance ends when a wait for the host was called off: as the host said, or as a failure of the host.
RUSTG_HD inline uint32_t called_off(const Lane& lane) {
  uint32_t trap = load_acquire(&lane.launch->control->abort);
  if (trap != 0) return trap;
  bool late = lane.deadline != 0 && now_ns() > lane.deadline;
  return static_cast<uint32_t>(late ? ir::Trap::timeout : ir::Trap::host);
}

// Try to answer here; true if done, with the errno in `error` or a trap in `trap`.
RUSTG_HD inline bool answer_here(abi::Instance& instance, Lane& lane, wasi::Function function, uint64_t* args,
                                 uint32_t& error, uint32_t& trap) {
  using wasi::Function;
  const Launch& launch = *lane.launch;
  switch (function) {
    case Function::args_sizes_get: error = strings_sizes(instance.memory0, launch.args, args); return true;
    case Function::args_get: error = strings_get(instance.memory0, launch.args, args); return true;
    case Function::environ_sizes_get:
    case Function::environ_get: {
      wasi::Strings list = launch.environment;
      list.instance = instance.index;
      error = function == Function::environ_get ? strings_get(instance.memory0, list, args)
                                                : strings_sizes(instance.memory0, list, args);
      return true;
    }
    case Function::clock_res_get: error = clock_call(instance, lane, args, true); return true;
    case Function::clock_time_get: error = clock_call(instance, lane, args, false); return true;
    case Function::random_get: error = random_bytes(instance, lane, args); return true;
    case Function::sched_yield: error = kSuccess; return true;
    case Function::proc_exit:
      instance.outcome.exit_code = static_cast<uint32_t>(args[0]);
      trap = static_cast<uint32_t>(ir::Trap::exit);
      return true;
    case Function::fd_write: {
      uint32_t fd = static_cast<uint32_t>(args[0]);
      if (fd > 2 || (lane.direct >> fd & 1) == 0) return false;
      if (!print(instance, lane, args, error)) trap = called_off(lane);
      return true;
    }
    case Function::fd_prestat_get:
      if (launch.closed_world == 0 || static_cast<uint32_t>(args[0]) < 3) return false;
      error = errno_of(wasi::Errno::badf);
      return true;
    case Function::poll_oneoff: {
      bool ended = false;
      if (!sleep_here(instance, lane, args, error, ended)) return false;
      if (ended) trap = called_off(lane);
      return true;
    }
    case Function::fd_renumber:
    case Function::fd_close:
    case Function::fd_fdstat_set_flags:
      // The descriptor may mean something else afterwards: from here on the host decides.
      for (uint32_t i = 0; i < 2; i++) {
        if (args[i] <= 2 && (i == 0 || function == Function::fd_renumber))
          lane.direct &= ~(1u << static_cast<uint32_t>(args[i]));
      }
      return false;
    default: return false;
  }
}

// Returns an ir::Trap; results are in args from args[0].
RUSTG_HD inline uint32_t host_call(abi::Instance& instance, uint32_t function, uint64_t* args) {
  Lane& lane = lane_of(instance);
  const Launch& launch = *lane.launch;
  const Mailboxes& mail = launch.mail;
  Mailbox& box = mail.box(lane.number);
  uint8_t kind = launch.wasi[function];
  if (kind != kNotWasi) {
    uint32_t error = kSuccess, trap = 0;
    if (answer_here(instance, lane, static_cast<wasi::Function>(kind), args, error, trap)) {
      args[0] = error;
      return trap;
    }
  }
  GuestMemory memory{instance.memory0.base, instance.memory0.size};
  GuestMemory payload{mail.buffer(lane.number), mail.payload};
  wasi::Call call;
  do {
    if (kind != kNotWasi) {
      wasi::Errno refused = wasi::pack(static_cast<wasi::Function>(kind), args, memory, payload, {}, call);
      if (refused != wasi::Errno::success) {
        args[0] = errno_of(refused);
        return 0;
      }
    } else {
      for (uint32_t i = 0; i < kHostSlots; i++) call.args[i] = i < launch.host_params[function] ? args[i] : 0;
    }
    box.function = function;
    box.instance = instance.index;
    box.printed = lane.printed;
    box.payload = call.extent;
    for (uint32_t i = 0; i < kHostSlots; i++) box.args[i] = call.args[i];
    if (!mailbox_call(mail, lane.number, lane.sequence)) return called_off(lane);
    uint32_t trap = box.trap;
    call.args[0] = box.result;
    if (trap != 0) {
      instance.outcome.exit_code = box.exit_code;
      return trap;
    }
    if (kind == kNotWasi) {
      args[0] = call.args[0];
      return 0;
    }
  } while (wasi::unpack(static_cast<wasi::Function>(kind), args, memory, payload, call));
  return 0;
}

}  // namespace rustg::runtime::cuda
