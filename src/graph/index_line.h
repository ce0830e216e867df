// One line of a crates.io index: the JSON of one version, into a Part.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/part.h"

namespace rustg::graph {

// Why a line is left out. Cargo does the same with all but bad JSON, of which it says more.
enum class Rejected : uint8_t {
  json,         // not JSON, or not an object
  field,        // a field is missing or of another type
  version,      // the version or the rust-version cannot be read
  requirement,  // a dependency's requirement or platform cannot be read
  features,     // the features do not fit together
  schema,       // it is for later cargos (v > 2)
  repeated,     // the version was there before
};
constexpr uint32_t kRejections = 7;
const char* name_of(Rejected reason);

struct Rejection {
  Rejected reason;
  std::string message;
};

// One line's share in its crate's hash, which is the sum.
CrateHash hash_of_line(std::string_view line);

class LineReader {
 public:
  // Bytes behind a line that can be read, whatever they hold.
  static constexpr size_t kPadding = 64;

  explicit LineReader(Part& part);
  ~LineReader();
  // `sequence` orders lines. An empty line is nothing.
  std::optional<Rejection> read(std::string_view line, uint64_t sequence);
  // The crate that a line is of, without the rest of it; none if it does not say.
  std::optional<std::string_view> name(std::string_view line);

  uint64_t edges() const;  // of the versions that were taken

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rustg::graph
