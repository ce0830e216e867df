// Call scripts: the same calls of WASI functions, made here and by record.mjs in node, with the answers compared. A line of cases/*.wasi is
//
//   # text                     a comment
//   host COMMAND ARGS...       something done on the host's side, in a fresh folder with sandbox/ (preopened), outside/ and stdin, stdout, stderr
//   NAME ARGS...               a call; `v = NAME ARGS...` keeps the first u32 it gives as $v
//   !NAME ARGS...              a call that node is not asked
//   #= ANSWER                  what node answered to the line before; written by record.mjs
//   #! ANSWER  REASON          what we answer instead, knowingly
//   #~ ANSWER ANSWER  REASON   node's answer, and what we answer instead wherever node answers so in this script
//   #- REASON                  node is not asked anything in this script; only #! lines in it
//
// Each argument stands for one parameter, or for two: a number or $v; "text" (pointer, length); ["a","b"] (ciovecs, count); {4,8} iovecs of
// these sizes (pointer, count); <N a buffer of N bytes (pointer, length), shown as text, as a directory listing (<Nr), or not at all (<Nx);
// @2 @4 @8 @F @S @P room for a u16, u32, u64, fdstat, filestat, prestat (@8x: not shown; @St: with times); @ab for strings;
// poll(clock ID NS FLAGS; read FD; write FD) (subscriptions, events, count).
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/wasi/beneath.h"
#include "runtime/wasi/bind.h"
#include "runtime/wasi/context.h"

namespace rustg::tests {

// How calls reach the implementation.
struct Route {
  const char* name;
  uint32_t payload;  // bytes; 0: directly
  runtime::wasi::Resolver resolver;
};

// A call by either route. The result is in args[0], unless the instance ends.
runtime::HostResult call_wasi(runtime::wasi::Context& context, runtime::wasi::Function function,
                              runtime::GuestMemory memory, uint64_t* args, uint32_t payload_bytes);

const char* errno_name(uint32_t number);

// A folder of its own for one script; removed in the end.
class World {
 public:
  explicit World(const Route& route);
  ~World();

  // Runs the script; returns the lines that were answered otherwise than written, each with both answers: empty if all is well.
  std::string run(const std::string& script);
  uint32_t lines_answered() const { return answered_; }

 private:
  std::optional<std::string> host(const std::vector<std::string>& words);
  std::string call(const std::vector<std::string>& words, const std::string& variable);

  Route route_;
  std::filesystem::path root_;
  runtime::wasi::UniqueFd stdio_[3];
  std::unique_ptr<runtime::wasi::Context> context_;
  std::vector<uint8_t> memory_;
  std::map<std::string, uint32_t> variables_;
  uint32_t answered_ = 0;
};

}  // namespace rustg::tests
