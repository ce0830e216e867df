#include "driver/parse.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "driver/diagnoser.h"
#include "driver/parse_dump.h"
#include "driver/report.h"
#include "driver/show.h"
#include "driver/trouble.h"
#include "lex/lex.h"
#include "parse/parse.h"

namespace rustg::driver {
namespace {

template <class Queue>
ParsedFile parse_on(Queue& queue, const source::Sources& sources, const source::SourceMap& map) {
  lex::Tokens<Queue> tokens(queue);
  parse::Tree<Queue> tree(queue);
  lex::lex(queue, sources, tokens);
  parse::parse(queue, sources, tokens, tree);
  uint32_t count = queue.read(tokens.ref().count);
  return {map, queue.download(tokens.ref().kinds, count), parse::download(queue, 1, tokens, tree),
          queue.download(tree.match(), count)};
}

ParsedFile parse_on_device(device::cuda::Queue* cuda, const source::SourceMap& map) {
#if defined(RUSTG_HAS_CUDA)
  if (cuda != nullptr) {
    source::DeviceSources<device::cuda::Queue> sources(*cuda, map.host());
    return parse_on(*cuda, sources.ref(), map);
  }
#endif
  (void)cuda;
  device::cpu::Queue queue;
  return parse_on(queue, map.host(), map);
}

}  // namespace

int parse(const ParseOptions& options) {
  source::SourceMap map(lex::known_words());
  source::Reporter reporter(map, render_options(options.format, options.color));
  auto say = [&](const source::Diagnostic& diagnostic) { std::fputs(reporter.report(diagnostic).c_str(), stderr); };
  auto finish = [&] {
    std::fputs(reporter.finish().c_str(), stderr);
    return reporter.errors() != 0 ? kExitError : 0;
  };

  // A pipe is read to its end, as is stdin.
  bool is_stdin = options.file == "-";
  std::string text;
  if (int error = read_whole(is_stdin ? "/dev/stdin" : options.file, text); error != 0) {
    say(unreadable(options.file, error).diagnostic(map));
    return finish();
  }
  std::string name = is_stdin ? "<anon>" : options.file;
  auto added = map.add(name, text, options.edition.value_or(0));
  if (!added) {
    Trouble trouble = unreadable(options.file, {0, added.error().message, added.error().offset}, text);
    say(trouble.diagnostic(map));
    return finish();
  }

  std::unique_ptr<device::cuda::Queue> cuda;
  if (options.device.kind == PassDevice::Kind::cuda) {
    auto opened = device::cuda::Queue::open(options.device.ordinal);
    if (!opened) return report_error("--device cuda: " + opened.error().message);
    cuda = std::move(*opened);
  }
  try {
    dump(parse_on_device(cuda.get(), map), options.dump, stdout);
  } catch (const device::Failure& failure) {
    return report_error(fmt::format("couldn't parse `{}`: {}", options.file, failure.what()));
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout))
    return report_error(fmt::format("couldn't write to stdout: {} (os error {})", std::strerror(errno), errno));
  Diagnoser diagnoser;
  for (const source::Diagnostic& diagnostic : diagnoser.diagnose(map, 0)) say(diagnostic);
  return finish();
}

}  // namespace rustg::driver
