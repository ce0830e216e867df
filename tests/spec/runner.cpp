#include "spec/runner.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "spec/value.h"
#include "spec/world.h"

namespace rustg::spec {

namespace {

using Command = simdjson::dom::element;
using Stage = Instantiation::Stage;

// The spec's words for each trap; a test names a beginning of one of them, or adds a detail to it.
std::vector<std::string_view> spec_messages(ir::Trap trap) {
  switch (trap) {
    case ir::Trap::unreachable: return {"unreachable"};
    case ir::Trap::table_out_of_bounds: return {"out of bounds table access", "undefined element"};
    default: return {ir::message(trap)};
  }
}
bool trap_matches(ir::Trap trap, std::string_view text) {
  if (trap == ir::Trap::none) return false;
  for (std::string_view message : spec_messages(trap))
    if (message.starts_with(text) || text.starts_with(message)) return true;
  return false;
}

std::string_view string_of(Command c, std::string_view key) {
  std::string_view value;
  return c[key].get(value) == simdjson::SUCCESS ? value : std::string_view();
}

// The outcome of an action, or why it could not be performed.
struct Action {
  ir::Trap trap = ir::Trap::none;
  std::vector<uint64_t> results;
};

class FileRunner {
 public:
  FileRunner(std::filesystem::path folder, const SpecEngineFactory& factory, const std::optional<ir::Options>& passes)
      : folder_(std::move(folder)), factory_(factory), passes_(passes) {}

  FileResult run(simdjson::dom::array commands, Part part) {
    for (Command c : commands)
      if (string_of(c, "type") == "register") shared_ = make_world();
    uint32_t module = 0;
    for (Command c : commands) {
      module += string_of(c, "type") == "module";
      if (module % part.count == part.index) command(c);
    }
    return std::move(result_);
  }

 private:
  void command(Command c);
  void module(Command c);
  void register_module(Command c);
  void assert_return(Command c);
  void assert_trap(Command c);
  void assert_refused(Command c, Stage least, Stage most);

  Result<std::vector<uint8_t>> read(Command c) const;
  std::shared_ptr<World> make_world() const { return std::make_shared<World>(factory_, passes_); }
  std::shared_ptr<World> world() const { return shared_ ? shared_ : make_world(); }
  Result<std::shared_ptr<ModuleInstance>> find(std::string_view name) const;
  Result<Action> perform(Command action) const;

  void pass() { ++result_.passed; }
  void fail(std::string message) { result_.failures.push_back({line_, std::move(message)}); }

  std::filesystem::path folder_;
  const SpecEngineFactory& factory_;
  const std::optional<ir::Options>& passes_;
  std::shared_ptr<World> shared_;
  std::shared_ptr<ModuleInstance> current_;  // null after a module that failed
  std::map<std::string, std::shared_ptr<ModuleInstance>, std::less<>> named_;
  FileResult result_;
  uint32_t line_ = 0;
};

void FileRunner::command(Command c) {
  uint64_t line = 0;
  if (c["line"].get(line) == simdjson::SUCCESS) line_ = static_cast<uint32_t>(line);
  const std::string_view type = string_of(c, "type");
  if (string_of(c, "module_type") == "text") {
    ++result_.skipped_text;
  } else if (type == "assert_invalid" && string_of(c, "text") == "multiple tables") {
    ++result_.skipped_outdated;
  } else if (type == "module") {
    module(c);
  } else if (type == "register") {
    register_module(c);
  } else if (type == "assert_return" || type == "action") {
    assert_return(c);
  } else if (type == "assert_trap" || type == "assert_exhaustion") {
    assert_trap(c);
  } else if (type == "assert_malformed" || type == "assert_invalid") {
    assert_refused(c, Stage::malformed, Stage::invalid);
  } else if (type == "assert_unlinkable") {
    assert_refused(c, Stage::unlinkable, Stage::unlinkable);
  } else if (type == "assert_uninstantiable") {
    assert_refused(c, Stage::trapped, Stage::trapped);
  } else {
    fail(fmt::format("unknown command \"{}\"", type));
  }
}

Result<std::vector<uint8_t>> FileRunner::read(Command c) const {
  const auto path = folder_ / std::string(string_of(c, "filename"));
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{"cannot read " + path.string()};
  return std::vector<uint8_t>(std::istreambuf_iterator<char>(file), {});
}

void FileRunner::module(Command c) {
  current_ = nullptr;
  auto bytes = read(c);
  if (!bytes) return fail(bytes.error().message);
  Instantiation made = instantiate(std::move(*bytes), world());
  if (made.stage != Stage::instantiated) return fail("the module does not instantiate: " + made.message);
  ++result_.modules;
  current_ = made.instance;
  if (const auto name = string_of(c, "name"); !name.empty()) named_[std::string(name)] = current_;
}

void FileRunner::register_module(Command c) {
  auto instance = find(string_of(c, "name"));
  if (!instance) return fail(instance.error().message);
  shared_->linker.define(string_of(c, "as"), (*instance)->module, (*instance)->linked);
}

Result<std::shared_ptr<ModuleInstance>> FileRunner::find(std::string_view name) const {
  if (name.empty()) {
    if (!current_) return Error{"there is no module"};
    return current_;
  }
  const auto found = named_.find(name);
  if (found == named_.end()) return Error{fmt::format("there is no module {}", name)};
  return found->second;
}

Result<Action> FileRunner::perform(Command action) const {
  RUSTG_LET(instance, find(string_of(action, "module")));
  SpecEngine& engine = *instance->world->engine;
  const std::string_view field = string_of(action, "field");
  const wasm::Export* item = instance->module.find_export(field);
  if (item == nullptr) return Error{fmt::format("no export \"{}\"", field)};
  if (string_of(action, "type") == "get") {
    if (item->kind != wasm::ExternKind::global) return Error{fmt::format("\"{}\" is no global", field)};
    return Action{ir::Trap::none, {engine.global(instance->linked.globals[item->index])}};
  }
  if (item->kind != wasm::ExternKind::function) return Error{fmt::format("\"{}\" is no function", field)};
  std::vector<uint64_t> args;
  simdjson::dom::array values;
  if (action["args"].get(values) == simdjson::SUCCESS)
    for (Command value : values) {
      RUSTG_LET(parsed, parse_value(string_of(value, "type"), string_of(value, "value")));
      args.push_back(parsed.bits);
    }
  const wasm::FuncType& type = instance->module.type_of(item->index);
  if (args.size() != type.params.size()) return Error{"wrong number of arguments"};
  Action done{ir::Trap::none, std::vector<uint64_t>(type.results.size())};
  done.trap = static_cast<ir::Trap>(engine.call(instance->linked.functions[item->index], args, done.results).trap);
  return done;
}

void FileRunner::assert_return(Command c) {
  auto done = perform(c["action"]);
  if (!done) return fail(done.error().message);
  if (done->trap != ir::Trap::none) return fail(fmt::format("it trapped: {}", ir::message(done->trap)));
  if (string_of(c, "type") == "action") return pass();
  size_t i = 0;
  for (Command value : c["expected"].get_array()) {
    auto expected = parse_value(string_of(value, "type"), string_of(value, "value"));
    if (!expected) return fail(expected.error().message);
    if (i >= done->results.size()) return fail("it gave too few results");
    if (!matches(*expected, done->results[i]))
      return fail(fmt::format("{}: result {} is {}, expected {}", string_of(c["action"], "field"), i,
                              describe_slot(*expected, done->results[i]), describe(*expected)));
    ++i;
  }
  if (i != done->results.size()) return fail("it gave too many results");
  pass();
}

void FileRunner::assert_trap(Command c) {
  auto done = perform(c["action"]);
  if (!done) return fail(done.error().message);
  const auto text = string_of(c, "text");
  if (trap_matches(done->trap, text)) return pass();
  fail(fmt::format("{}: {}, expected the trap \"{}\"", string_of(c["action"], "field"),
                   done->trap == ir::Trap::none ? "it returned" : ir::message(done->trap), text));
}

// The module must come to one of these stages and no further.
void FileRunner::assert_refused(Command c, Stage least, Stage most) {
  auto bytes = read(c);
  if (!bytes) return fail(bytes.error().message);
  const Instantiation made = instantiate(std::move(*bytes), world());
  const auto text = string_of(c, "text");
  bool matched = made.stage >= least && made.stage <= most;
  if (most == Stage::unlinkable) matched = matched && std::string_view(made.message).starts_with(text);
  if (most == Stage::trapped) matched = matched && trap_matches(made.trap, text);
  if (matched) return pass();
  fail(fmt::format("{}, expected {} \"{}\"",
                   made.stage == Stage::instantiated ? "the module was accepted" : "it was refused: " + made.message,
                   string_of(c, "type"), text));
}

}  // namespace

namespace {

// The commands live as long as the parser.
Result<simdjson::dom::array> commands_of(simdjson::dom::parser& parser, const std::string& json_path) {
  simdjson::dom::element document;
  if (const auto error = parser.load(json_path).get(document))
    return Error{fmt::format("{}: {}", json_path, simdjson::error_message(error))};
  simdjson::dom::array commands;
  if (document["commands"].get(commands)) return Error{json_path + ": it has no commands"};
  return commands;
}

}  // namespace

Result<uint32_t> count_parts(const std::string& json_path) {
  simdjson::dom::parser parser;
  RUSTG_LET(commands, commands_of(parser, json_path));
  uint32_t modules = 0;
  for (Command c : commands) {
    if (!string_of(c, "name").empty() || string_of(c, "type") == "register") return 1u;
    modules += string_of(c, "type") == "module";
  }
  return std::max(modules, 1u);
}

Result<FileResult> run_file(const std::string& json_path, const SpecEngineFactory& factory,
                            const std::optional<ir::Options>& passes, Part part) {
  simdjson::dom::parser parser;
  RUSTG_LET(commands, commands_of(parser, json_path));
  return FileRunner(std::filesystem::path(json_path).parent_path(), factory, passes).run(commands, part);
}

}  // namespace rustg::spec
