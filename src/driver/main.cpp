// rustg, and gpu-run.
#include <cstdio>

#include "driver/check.h"
#include "driver/devices.h"
#include "driver/graph.h"
#include "driver/inspect.h"
#include "driver/options.h"
#include "driver/parse.h"
#include "driver/report.h"
#include "driver/run.h"

int main(int argc, char** argv) {
  using namespace rustg::driver;
  auto command = parse_command_line(argc, argv);
  if (!command) return report_error(command.error().message, kExitUsage);
  switch (command->kind) {
    case Command::Kind::run: return run(command->run);
    case Command::Kind::check: return check(command->check);
    case Command::Kind::parse: return parse(command->parse);
    case Command::Kind::graph: return graph(command->graph);
    case Command::Kind::devices: return list_devices();
    case Command::Kind::inspect: return inspect(command->inspect);
    case Command::Kind::print: std::fputs(command->text.c_str(), stdout); return 0;
  }
}
