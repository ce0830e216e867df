#include "graph/index_line.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <random>

#include "graph/feature_map.h"
#include "graph/platform.h"

namespace rustg::graph {
namespace {

namespace json = simdjson::ondemand;

// Lines for a later cargo than ours have a larger `v`.
constexpr uint64_t kSchema = 2;
static_assert(LineReader::kPadding >= simdjson::SIMDJSON_PADDING);

std::string_view trimmed(std::string_view raw) {
  while (!raw.empty() && (raw.back() == ' ' || raw.back() == '\t' || raw.back() == '\n' || raw.back() == '\r'))
    raw.remove_suffix(1);
  return raw;
}

std::optional<uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return uint8_t(c - '0');
  if (c >= 'a' && c <= 'f') return uint8_t(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return uint8_t(c - 'A' + 10);
  return {};
}

// "1.70", as 21 bits each; numbers beyond are cut to the largest. None: not a rust-version.
std::optional<uint64_t> pack_rust_version(std::string_view text) {
  uint64_t major, minor = 0, patch = 0;
  if (auto v = parse_version(text)) {
    if (!v->pre.empty() || !v->build.empty()) return {};
    major = v->major, minor = v->minor, patch = v->patch;
  } else {
    auto req = parse_requirement(text);
    if (!req || req->comparators.size() != 1 || text.starts_with('^')) return {};
    const Comparator& c = req->comparators[0];
    if (c.op != Op::caret || !c.pre.empty()) return {};
    major = c.major, minor = c.minor.value_or(0), patch = c.patch.value_or(0);
  }
  constexpr uint64_t kMost = (1 << 21) - 1;
  return std::min(major, kMost) << 42 | std::min(minor, kMost) << 21 | std::min(patch, kMost);
}

}  // namespace

const char* name_of(Rejected reason) {
  static const char* const kNames[kRejections] = {
      "not JSON", "a field is missing or wrong", "bad version", "bad dependency", "bad features", "newer schema",
      "repeated"};
  return kNames[uint32_t(reason)];
}

struct LineReader::State {
  Part& part;
  json::parser parser, inner, features_parser;
  // Digests are seeded so that an index cannot be written in which two things have the same one.
  uint64_t seed = std::random_device{}() | uint64_t(std::random_device{}()) << 32;
  DigestMap dependencies, lists, features;       // from raw JSON to numbers of the part's
  std::vector<uint8_t> requirements, platforms;  // by string: 0 not looked at, 1 fine, 2 wrong
  struct Seen {
    XXH128_hash_t digest;
    uint64_t name;  // its share in list_names
    uint32_t id;
  };
  std::vector<Seen> current, previous;  // dependencies of the last lists that were read
  std::vector<uint64_t> list_names;     // by list: the names and which are optional, summed
  std::vector<uint32_t> words, ids;
  uint64_t edges = 0;
  std::optional<Rejection> rejection;

  explicit State(Part& p) : part(p) {}

  bool fail(Rejected reason, std::string message) {
    if (!rejection) rejection = Rejection{reason, std::move(message)};
    return false;
  }
  bool fail_json(simdjson::error_code error) {
    switch (error) {
      case simdjson::INCORRECT_TYPE:
      case simdjson::NUMBER_OUT_OF_RANGE: return fail(Rejected::field, "a value has the wrong type");
      default: return fail(Rejected::json, fmt::format("not JSON: {}", simdjson::error_message(error)));
    }
  }
  bool fail_type(std::string_view key, const char* expected) {
    return fail(Rejected::field, fmt::format("`{}` is not {}", key, expected));
  }

  // Whether it is null; what only begins like it is not JSON.
  bool read_null(json::value value, bool& null) {
    return !value.is_null().get(null) || fail(Rejected::json, "not JSON: null is misspelt");
  }

  // A value that is not used is still to be JSON.
  bool check(json::value value, uint32_t depth = 0) {
    json::json_type type;
    if (auto e = value.type().get(type)) return fail_json(e);
    if (depth > 512) return fail(Rejected::json, "not JSON: nested too deep");
    switch (type) {
      case json::json_type::array:
        for (auto item : value.get_array()) {
          json::value v;
          if (auto e = item.get(v)) return fail_json(e);
          if (!check(v, depth + 1)) return false;
        }
        return true;
      case json::json_type::object:
        for (auto item : value.get_object()) {
          json::value v;
          std::string_view key;
          json::field field;
          if (auto e = std::move(item).get(field)) return fail_json(e);
          if (auto e = field.unescaped_key().get(key)) return fail_json(e);
          v = field.value();
          if (!check(v, depth + 1)) return false;
        }
        return true;
      case json::json_type::number: {
        json::number n;
        if (auto e = value.get_number().get(n)) return fail_json(e);
        return true;
      }
      case json::json_type::string: {
        std::string_view s;
        if (auto e = value.get_string().get(s)) return fail_json(e);
        return true;
      }
      case json::json_type::boolean: {
        bool b;
        if (auto e = value.get_bool().get(b)) return fail_json(e);
        return true;
      }
      case json::json_type::null: {
        bool null;
        return read_null(value, null);
      }
    }
    return true;
  }

  bool read_string(std::string_view key, json::value value, std::string_view& out) {
    auto e = value.get_string().get(out);
    if (e == simdjson::INCORRECT_TYPE) return fail_type(key, "a string");
    return e ? fail_json(e) : true;
  }
  // Null: `there` is false.
  bool read_optional_string(std::string_view key, json::value value, std::string_view& out, bool& there) {
    bool null;
    if (!read_null(value, null)) return false;
    there = !null;
    return null || read_string(key, value, out);
  }
  bool read_bool(std::string_view key, json::value value, bool& out) {
    auto e = value.get_bool().get(out);
    if (e == simdjson::INCORRECT_TYPE) return fail_type(key, "true or false");
    return e ? fail_json(e) : true;
  }
  // An object or array as it is written.
  bool read_raw(std::string_view key, json::value value, json::json_type type, std::string_view& out) {
    json::json_type found;
    if (auto e = value.type().get(found)) return fail_json(e);
    if (found != type) return fail_type(key, type == json::json_type::array ? "an array" : "an object");
    simdjson::error_code e;
    if (type == json::json_type::array) {
      json::array array;
      e = value.get_array().get(array);
      if (!e) e = array.raw_json().get(out);
    } else {
      json::object object;
      e = value.get_object().get(object);
      if (!e) e = object.raw_json().get(out);
    }
    if (e) return fail_json(e);
    out = trimmed(out);
    return true;
  }

  uint8_t& state_of(std::vector<uint8_t>& states, uint32_t string) {
    if (states.size() <= string) states.resize(part.strings.size() + 1024);
    return states[string];
  }

  bool read_dependency(json::object object, uint32_t& out) {
    std::string_view text;
    std::string name, package, req;
    uint32_t platform = 0, flags = 0;
    bool has_name = false, has_req = false, has_package = false, has_target = false, there;
    words.clear();
    for (auto item : object) {
      json::field field;
      std::string_view key;
      if (auto e = std::move(item).get(field)) return fail_json(e);
      if (auto e = field.unescaped_key().get(key)) return fail_json(e);
      json::value value = field.value();
      if (key == "name") {
        if (!read_string(key, value, text)) return false;
        name = text, has_name = true;
      } else if (key == "req") {
        if (!read_string(key, value, text)) return false;
        req = text, has_req = true;
      } else if (key == "kind") {
        if (!read_optional_string(key, value, text, there)) return false;
        if (there)
          flags |= uint32_t(text == "dev"     ? DependencyKind::dev
                            : text == "build" ? DependencyKind::build
                                              : DependencyKind::normal);
      } else if (key == "optional") {
        bool is;
        if (!read_bool(key, value, is)) return false;
        if (is) flags |= Dependency::kOptional;
      } else if (key == "default_features") {
        bool is;
        if (!read_bool(key, value, is)) return false;
        if (!is) flags |= Dependency::kNoDefaultFeatures;
      } else if (key == "features") {
        json::array array;
        auto e = value.get_array().get(array);
        if (e == simdjson::INCORRECT_TYPE) return fail_type(key, "an array");
        if (e) return fail_json(e);
        for (auto feature : array) {
          json::value v;
          if (auto error = feature.get(v)) return fail_json(error);
          if (!read_string("features", v, text)) return false;
          if (!text.empty()) words.push_back(part.strings.intern(text));  // empty ones were published once
        }
      } else if (key == "target") {
        if (!read_optional_string(key, value, text, there)) return false;
        has_target = there;
        if (there) platform = part.strings.intern(text);
      } else if (key == "package") {
        if (!read_optional_string(key, value, text, there)) return false;
        if (there) package = text, has_package = true;
      } else if (key == "registry") {
        if (!read_optional_string(key, value, text, there)) return false;
        if (there && text != "https://github.com/rust-lang/crates.io-index") flags |= Dependency::kOtherRegistry;
      } else if (!check(value)) {
        return false;
      }
    }
    if (!has_name) return fail(Rejected::field, "a dependency has no `name`");
    if (!has_req) return fail(Rejected::field, fmt::format("the dependency `{}` has no `req`", name));
    const uint32_t requirement = part.strings.intern(req);
    uint8_t& known = state_of(requirements, requirement);
    if (known == 0) known = parse_requirement(req) ? 1 : 2;
    if (known == 2)
      return fail(Rejected::requirement,
                  fmt::format("failed to parse the version requirement `{}` for dependency `{}`: {}", req, name,
                              parse_requirement(req).error().message));
    if (has_target) {
      uint8_t& fine = state_of(platforms, platform);
      if (fine == 0) fine = is_platform(part.strings[platform]) ? 1 : 2;
      if (fine == 2)
        return fail(Rejected::requirement,
                    fmt::format("failed to parse `{}` as a cfg expression or target of dependency `{}`",
                                part.strings[platform], name));
    }
    if ((flags & Dependency::kOptional) && DependencyKind(flags & Dependency::kKind) == DependencyKind::dev)
      return fail(Rejected::features, fmt::format("dev-dependencies are not allowed to be optional: `{}`", name));
    const uint32_t in_manifest = part.strings.intern(name);
    const uint32_t list = part.feature_lists.intern(words);
    const uint32_t record[Part::kDependencyWords] = {
        has_package ? part.strings.intern(package) : in_manifest, in_manifest, requirement, list, platform, flags};
    out = part.dependencies.intern(record);
    return true;
  }

  bool read_list(std::string_view raw, uint32_t& out) {
    const XXH128_hash_t digest = XXH3_128bits_withSeed(raw.data(), raw.size(), seed);
    size_t slot;
    out = lists.find(digest, slot);
    if (out != kNone) return true;
    json::document document;
    if (auto e = inner.iterate(raw.data(), raw.size(), raw.size() + kPadding).get(document)) return fail_json(e);
    json::array array;
    if (auto e = document.get_array().get(array)) return fail_json(e);
    // A version mostly has what the one before it has, at about the same place.
    std::swap(previous, current);
    current.clear();
    ids.clear();
    uint64_t names = 0;
    size_t expected = 0;
    for (auto item : array) {
      json::object object;
      auto e = item.get_object().get(object);
      if (e == simdjson::INCORRECT_TYPE) return fail(Rejected::field, "a dependency is not an object");
      if (e) return fail_json(e);
      std::string_view text;
      if (auto error = object.raw_json().get(text)) return fail_json(error);
      text = trimmed(text);
      const XXH128_hash_t one = XXH3_128bits_withSeed(text.data(), text.size(), seed);
      const auto is_at = [&](size_t i) { return i < previous.size() && XXH128_isEqual(previous[i].digest, one); };
      if (is_at(expected) || is_at(++expected) || (expected >= 2 && is_at(expected -= 2))) {
        current.push_back(previous[expected++]);
      } else {
        expected = current.size() + 1;
        Seen seen{one, 0, 0};
        size_t place;
        seen.id = dependencies.find(one, place);
        if (seen.id == kNone) {
          bool empty;
          if (auto error = object.reset().get(empty)) return fail_json(error);
          if (!read_dependency(object, seen.id)) return false;
          dependencies.insert(one, place, seen.id);
        }
        const auto record = part.dependencies[seen.id];
        const uint32_t key[2] = {record[1], record[5] & Dependency::kOptional};
        seen.name = XXH3_64bits_withSeed(key, sizeof key, seed);
        current.push_back(seen);
      }
      ids.push_back(current.back().id);
      names += current.back().name;
    }
    out = part.dependency_lists.intern(ids);
    lists.insert(digest, slot, out);
    if (list_names.size() <= out) list_names.resize(part.dependency_lists.size());
    list_names[out] = names;
    return true;
  }

  bool add_features(std::string_view raw, std::vector<NamedFeature>& out) {
    if (raw.empty()) return true;
    json::document document;
    if (auto e = features_parser.iterate(raw.data(), raw.size(), raw.size() + kPadding).get(document))
      return fail_json(e);
    json::object object;
    if (auto e = document.get_object().get(object)) return fail_json(e);
    for (auto item : object) {
      json::field field;
      std::string_view text;
      if (auto e = std::move(item).get(field)) return fail_json(e);
      if (auto e = field.unescaped_key().get(text)) return fail_json(e);
      // The parser's own copies of strings go with the next document.
      out.push_back({keep(text), {}});
      json::array array;
      auto e = field.value().get_array().get(array);
      if (e == simdjson::INCORRECT_TYPE) return fail_type(out.back().name, "an array of features");
      if (e) return fail_json(e);
      for (auto value : array) {
        json::value v;
        if (auto error = value.get(v)) return fail_json(error);
        if (!read_string(out.back().name, v, text)) return false;
        out.back().values.push_back(keep(text));
      }
    }
    return true;
  }
  std::string_view keep(std::string_view text) {
    kept.push_back(std::make_unique<std::string>(text));
    return *kept.back();
  }
  std::vector<std::unique_ptr<std::string>> kept;

  bool read_features(std::string_view raw, std::string_view raw2, uint32_t list, uint32_t& out) {
    const XXH128_hash_t one = XXH3_128bits_withSeed(raw.data(), raw.size(), seed);
    const XXH128_hash_t two = XXH3_128bits_withSeed(raw2.data(), raw2.size(), seed);
    const uint64_t all[] = {one.low64, one.high64, two.low64, two.high64, list_names[list]};
    const XXH128_hash_t digest = XXH3_128bits_withSeed(all, sizeof all, seed);
    size_t slot;
    out = features.find(digest, slot);
    if (out != kNone) return true;
    std::vector<NamedFeature> named;
    kept.clear();
    if (!add_features(raw, named) || !add_features(raw2, named)) return false;
    std::vector<NamedDependency> names;
    for (uint32_t id : part.dependency_lists[list]) {
      const auto record = part.dependencies[id];
      names.push_back({keep(part.strings[record[1]]), (record[5] & Dependency::kOptional) != 0});
    }
    auto map = build_feature_map(std::move(named), names);
    if (!map) return fail(Rejected::features, map.error().message);
    words.assign(1, uint32_t(map->entries.size()));
    for (const FeatureMap::Entry& e : map->entries) {
      words.push_back(part.strings.intern(e.name));
      words.push_back(uint32_t(e.values.size()));
      for (const FeatureMap::Value& v : e.values) {
        words.push_back(part.strings.intern(v.name));
        const bool slash =
            v.kind == FeatureValue::dependency_feature || v.kind == FeatureValue::weak_dependency_feature;
        words.push_back(slash ? part.strings.intern(v.feature) : v.place);
        words.push_back(v.kind);
      }
    }
    out = part.feature_tables.intern(words);
    features.insert(digest, slot, out);
    return true;
  }

  bool read_version(std::string_view text, uint32_t& out) {
    out = part.version_texts.intern(text);
    if (out < part.versions_semver.size()) return true;
    auto v = parse_version(text);
    // A wrong one keeps its number, so that it is not parsed again.
    part.pre.push_back(v ? part.strings.intern(v->pre) : kNone);
    part.build.push_back(v ? part.strings.intern(v->build) : kNone);
    part.versions_semver.push_back(v ? *v : Version{});
    return true;
  }

  bool read_line(std::string_view line, uint64_t sequence) {
    json::document document;
    if (auto e = parser.iterate(line.data(), line.size(), line.size() + kPadding).get(document)) return fail_json(e);
    json::object object;
    auto error = document.get_object().get(object);
    if (error == simdjson::INCORRECT_TYPE) return fail(Rejected::json, "not a JSON object");
    if (error) return fail_json(error);
    std::string_view vers, links, rust, checksum, deps, features, features2;
    bool has_name = false, has_vers = false, has_links = false, has_rust = false, has_checksum = false;
    bool has_deps = false, yanked = false;
    uint64_t schema = 1;
    uint32_t crate = 0;
    for (auto item : object) {
      json::field field;
      std::string_view key;
      if (auto e = std::move(item).get(field)) return fail_json(e);
      if (auto e = field.unescaped_key().get(key)) return fail_json(e);
      json::value value = field.value();
      bool good = true, null;
      if (key == "name") {
        std::string_view name;
        if ((good = read_string(key, value, name))) crate = crate_named(name), has_name = true;
      } else if (key == "vers") {
        good = has_vers = read_string(key, value, vers);
      } else if (key == "deps") {
        good = has_deps = read_raw(key, value, json::json_type::array, deps);
      } else if (key == "features") {
        good = read_raw(key, value, json::json_type::object, features);
      } else if (key == "features2") {
        good = read_null(value, null) && (null || read_raw(key, value, json::json_type::object, features2));
      } else if (key == "yanked") {
        good = read_null(value, null) && (null || read_bool(key, value, yanked));
      } else if (key == "links") {
        good = read_optional_string(key, value, links, has_links);
      } else if (key == "rust_version") {
        good = read_optional_string(key, value, rust, has_rust);
      } else if (key == "cksum") {
        good = read_optional_string(key, value, checksum, has_checksum);
      } else if (key == "v") {
        good = read_null(value, null);
        if (good && !null) {
          auto e = value.get_uint64().get(schema);
          good = !e || (e == simdjson::INCORRECT_TYPE ? fail_type(key, "a number") : fail_json(e));
        }
      } else {
        good = check(value);
      }
      if (!good) return false;
    }
    if (!document.current_location().error()) return fail(Rejected::json, "not JSON: there is more behind the object");
    if (!has_name) return fail(Rejected::field, "`name` is missing");
    if (!has_vers) return fail(Rejected::field, "`vers` is missing");
    if (schema > kSchema) return fail(Rejected::schema, fmt::format("version {} of the index's schema", schema));
    if (!has_deps) return fail(Rejected::field, "`deps` is missing");
    Part::PartVersion v{};
    v.crate = crate;
    v.sequence = sequence;
    v.flags = yanked ? Registry::kYanked : 0;
    v.checksum = kNone;
    read_version(vers, v.semver);
    if (part.pre[v.semver] == kNone)
      return fail(Rejected::version, fmt::format("version `{}`: {}", vers, parse_version(vers).error().message));
    if (has_rust) {
      auto packed = pack_rust_version(rust);
      if (!packed)
        return fail(Rejected::version, fmt::format("rust_version `{}`: expected a version like \"1.32\"", rust));
      v.rust = *packed;
    }
    if (has_links) v.links = part.strings.intern(links);
    if (has_checksum && !checksum.empty()) {
      Part::Checksum bytes;
      if (checksum.size() != 64) return fail_type("cksum", "a SHA-256 in hexadecimal");
      for (size_t i = 0; i != 32; ++i) {
        auto high = hex_digit(checksum[2 * i]), low = hex_digit(checksum[2 * i + 1]);
        if (!high || !low) return fail_type("cksum", "a SHA-256 in hexadecimal");
        bytes.bytes[i] = uint8_t(*high << 4 | *low);
      }
      v.checksum = uint32_t(part.checksums.size());
      part.checksums.push_back(bytes);
    }
    if (!read_list(deps, v.dependencies) || !read_features(features, features2, v.dependencies, v.features))
      return false;
    part.versions.push_back(v);
    edges += part.dependency_lists[v.dependencies].size();
    return true;
  }

  // The number of a crate's name, and its line counted: lines of a crate come one after another.
  uint32_t crate_named(std::string_view name) {
    if (last_crate == kNone || part.strings[last_crate] != name) last_crate = part.strings.intern(name);
    line_crate = last_crate;
    return last_crate;
  }
  uint32_t last_crate = kNone, line_crate = kNone;
};

LineReader::LineReader(Part& part) : state_(std::make_unique<State>(part)) {}
LineReader::~LineReader() = default;
uint64_t LineReader::edges() const { return state_->edges; }

std::optional<Rejection> LineReader::read(std::string_view line, uint64_t sequence) {
  State& s = *state_;
  line = trimmed(line);
  if (line.empty()) return {};
  s.rejection.reset();
  s.line_crate = kNone;
  s.read_line(line, sequence);
  if (s.line_crate != kNone) {
    auto& lines = s.part.crate_lines;
    if (lines.empty() || lines.back().crate != s.line_crate) lines.push_back({s.line_crate, {0, 0}});
    const CrateHash hash = hash_of_line(line);
    lines.back().hash.low += hash.low;
    lines.back().hash.high += hash.high;
  }
  return std::move(s.rejection);
}

CrateHash hash_of_line(std::string_view line) {
  line = trimmed(line);
  const XXH128_hash_t hash = XXH3_128bits(line.data(), line.size());
  return {hash.low64, hash.high64};
}

std::optional<std::string_view> LineReader::name(std::string_view line) {
  // As indices are written.
  constexpr std::string_view kFront = "{\"name\":\"";
  line = trimmed(line);
  if (line.starts_with(kFront)) {
    const size_t end = line.find_first_of("\"\\", kFront.size());
    if (end != line.npos && line[end] == '"') return line.substr(kFront.size(), end - kFront.size());
  }
  json::document document;
  if (state_->parser.iterate(line.data(), line.size(), line.size() + kPadding).get(document)) return {};
  std::string_view name;
  if (document["name"].get_string().get(name)) return {};
  return name;
}

}  // namespace rustg::graph
