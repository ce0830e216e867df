// Cargo's dependency resolution of one set of roots, step by step as cargo's resolver does it (src/resolver/mod.rs of cargo 1.96), in bounded
// memory, without recursion or a heap: a work item on a GPU lane, or one call on the CPU. The order in which dependencies are looked at and candidates are
// tried is cargo's, so the first solution found is cargo's.
//
// Going back: cargo keeps a copy of its whole state for every choice it may come back to. Here a trail tells what each choice changed, and is
// undone from its end.
#pragma once
#include "graph/universe.h"

namespace rustg::graph {

struct Activation {
  uint64_t place;  // Universe::place_of(version)
  VersionId version;
  uint32_t bits : 31;          // its features that are on: words of the workspace
  uint32_t default_is_on : 1;  // or there is none
};
// A dependency that waits to be looked at.
struct Waiting {
  uint32_t dependency, candidates;
  uint32_t first_extra, extras;  // features that the parent's features ask for beside its own list
};
struct Frame {
  uint32_t parent;  // activation
  uint32_t next, end;
};
// A dependency for which a candidate was activated. All of them, in order, are also the edges of the resolution.
struct Choice {
  VersionId version : 31;
  uint32_t has_another : 1;
  uint32_t frame;  // that was popped
  uint32_t child;  // activation
  uint32_t dependency;
};
// The state before a choice that changed more than the age, and what it changed.
struct Trail {
  uint32_t choice;
  uint32_t activations, links, bits, waiting, extras, frames, log;
  // Activation whose features grew, its bits before being in the log; kNone: none.
  uint32_t changed : 31, default_was_on : 1;
};
// From one activation to another, by a dependency. Repeated where features made cargo look at it again.
struct Edge {
  uint32_t parent, child, dependency;
};
struct Wanted {  // of a version's features: dependency `name`, with feature `feature` unless that is kNone
  StringId name, feature;
};

// A dependency cannot be had while all of some versions are active: found out once, asked before every activation. Cargo's conflict_cache.rs.
struct Nogood {
  uint32_t dependency, first, size, next;  // next: of the same hash of `dependency`
};
struct NogoodVersion {
  VersionId version;
  uint32_t nogood, next;  // next: of the same hash of `version`
};

// Memory of one resolution. Arrays and how many fit.
struct Workspace {
  Activation* activations;
  uint32_t activation_capacity;
  uint32_t* ages;  // of activations
  uint32_t*
      left;  // activations that a resolution before has left in the table; kNone: the table's content is not known
  uint32_t* table;      // of activations by place; kNone: free
  uint32_t table_size;  // a power of two, above activation_capacity
  uint32_t* links;      // activations with links
  uint32_t* bits;
  uint32_t bit_capacity;
  Waiting* waiting;
  uint32_t waiting_capacity;
  StringId* extras;
  uint32_t extra_capacity;
  Frame* frames;
  uint64_t* heap;  // candidates << 32 | frame
  uint32_t frame_capacity;
  Choice* choices;
  uint32_t choice_capacity;
  Trail* trail;
  uint32_t trail_capacity;
  uint32_t* log;
  uint32_t log_capacity;
  Wanted* wanted;
  uint32_t wanted_capacity;
  VersionId* conflicts;  // what stands in the way of the dependency looked at
  uint32_t conflict_capacity;
  // Nogoods; with none the resolver forgets, which is right but may take long.
  Nogood* nogoods;
  uint32_t nogood_capacity;
  NogoodVersion* nogood_versions;
  uint32_t nogood_version_capacity;
  uint32_t *nogood_heads, *nogood_version_heads;  // kHeads each
  uint32_t* waiting_counts;                       // kHeads: how many dependencies of a hash wait
  static constexpr uint32_t kHeads = 8192;
  uint32_t* stack;  // features whose values are to be looked at, and their bits
  uint32_t stack_capacity;
};

enum class Outcome : uint8_t {
  resolved,
  conflict,         // no choice is left: Resolver::failure() tells where it ended
  feature_cycle,    // a feature that names itself
  missing_feature,  // of a root
  too_small,        // the workspace; try again with a larger one
  too_long          // more steps than allowed
};

struct Failure {
  uint32_t parent = kNone;      // activation, or a root's number while there is none
  uint32_t dependency = kNone;  // that nothing could be chosen for
  uint32_t frame = kNone;       // that it waited in
  StringId feature = kNone;     // of missing_feature, feature_cycle
};

class Resolver {
 public:
  RUSTG_HD Resolver(const Universe& universe, const Workspace& workspace, uint64_t steps)
      : u(universe), w(workspace), steps_(steps) {}

  // The members of a workspace: everything on, dev-dependencies too, as a lock file wants it.
  RUSTG_HD Outcome resolve_members(const VersionId* members, uint32_t count) {
    members_ = members;
    member_count_ = count;
    return resolve();
  }
  // One version as if a package depended on it alone, with its default features.
  RUSTG_HD Outcome resolve_version(VersionId version) {
    only_ = version;
    return resolve();
  }

  // After a conflict, on the host: go on to where the failure that was foreseen can be seen, as cargo does for its message's sake.
  void explain();

  // Of the end state.
  RUSTG_HD uint32_t activations() const { return activations_; }
  RUSTG_HD uint32_t edges() const { return choices_; }
  RUSTG_HD Edge edge(uint32_t i) const {
    const Choice& choice = w.choices[i];
    return {w.frames[choice.frame].parent, choice.child, choice.dependency};
  }
  RUSTG_HD const Failure& failure() const { return failure_; }
  RUSTG_HD uint64_t steps_left() const { return steps_; }
  RUSTG_HD uint32_t returns() const { return returns_; }  // times that it went back
  // The activation of this very version; kNone if it is not active.
  RUSTG_HD uint32_t active(VersionId version) const {
    uint32_t a = occupant(version);
    return a != kNone && w.activations[a].version == version ? a : kNone;
  }
  // The activation that stands in this version's way, or is it.
  RUSTG_HD uint32_t occupant(VersionId version) const { return w.table[slot_of(u.place_of(version))]; }
  RUSTG_HD uint32_t holder_of(StringId links) const {
    for (uint32_t i = 0; i != links_; ++i)
      if (u.links_of(w.activations[w.links[i]].version) == links) return w.links[i];
    return kNone;
  }

 private:
  enum class Activated : uint8_t { yes, conflict, known_to_fail, stop };

  RUSTG_HD Outcome resolve() {
    clear();
    const Outcome outcome = search();
    *w.left = activations_;
    return outcome;
  }
  RUSTG_HD Outcome search() {
    if (!activate_roots()) return stopped_;
    first_age_ = age_;
    for (uint32_t frame; pop(frame);) {
      VersionId behind = kNone;
      for (bool back = false; !choose(frame, behind); back = true) {
        if (stopped_ != Outcome::resolved) return stopped_;
        const uint32_t parent = w.frames[frame].parent, dependency = waiting_of(frame).dependency;
        // A conflict that stays as long as what it is made of is active cannot be solved by a later choice.
        uint32_t conflict_age = w.ages[parent];
        for (uint32_t i = 0; i != conflicts_; ++i)
          if (uint32_t a = active(w.conflicts[i]); a != kNone && w.ages[a] > conflict_age) conflict_age = w.ages[a];
        if (!back) learn(dependency);
        uint32_t target = choices_;
        while (target != 0 &&
               !(w.choices[target - 1].has_another && (back || !complete_ || first_age_ + target - 1 < conflict_age)))
          --target;
        if (target == 0) {
          failure_.parent = parent;
          failure_.dependency = dependency;
          failure_.frame = frame;
          return Outcome::conflict;
        }
        ++returns_;
        frame = go_back(frame, target - 1);
        behind = w.choices[choices_].version;
      }
    }
    return Outcome::resolved;
  }
  RUSTG_HD const Waiting& waiting_of(uint32_t frame) const { return w.waiting[w.frames[frame].next - 1]; }

  // To where the choice `target` was to be made, from where `frame` has been popped. The frame that it is made for.
  RUSTG_HD uint32_t go_back(uint32_t frame, uint32_t target) {
    while (choices_ != target) {
      put_back(frame);
      const Choice& choice = w.choices[--choices_];
      if (trails_ != 0 && w.trail[trails_ - 1].choice == choices_) undo(w.trail[--trails_]);
      frame = choice.frame;
    }
    age_ = first_age_ + choices_;
    return frame;
  }
  RUSTG_HD void undo(const Trail& trail) {
    if (frames_ != trail.frames) {
      const Frame& frame = w.frames[trail.frames];
      for (uint32_t i = frame.next; i != frame.end; ++i) count_waiting(i, ~0u);
      drop(find(trail.frames));
    }
    if (activations_ != trail.activations) {
      w.table[slot_of(w.activations[trail.activations].place)] = kNone;
    } else if (trail.changed != kNoActivation) {
      uint32_t words = log_ - trail.log;
      Activation& changed = w.activations[trail.changed];
      for (uint32_t i = 0; i != words; ++i) w.bits[changed.bits + i] = w.log[trail.log + i];
      changed.default_is_on = trail.default_was_on;
    }
    activations_ = trail.activations;
    links_ = trail.links;
    bits_ = trail.bits;
    waiting_ = trail.waiting;
    extras_ = trail.extras;
    frames_ = trail.frames;
    log_ = trail.log;
  }

  // Take the first candidate behind `behind` that can be activated. False: there is none (or stopped_); w.conflicts are then what stands in the way.
  RUSTG_HD bool choose(uint32_t frame, VersionId behind) {
    if (steps_ == 0) return stop(Outcome::too_long);
    --steps_;
    const Waiting waiting = waiting_of(frame);
    VersionId candidate, another;
    if (behind == kNone && obvious(waiting.dependency, candidate, another)) {
      switch (take(candidate, another, frame, waiting)) {
        case Activated::yes: return true;
        case Activated::stop: return false;
        case Activated::conflict:
        case Activated::known_to_fail: break;  // the search below says by what, too
      }
    }
    conflicts_ = 0;
    complete_ = true;
    Candidates candidates(u, u.dependency(waiting.dependency));
    if (behind != kNone)
      while (candidates.take() != behind) {
      }
    candidate = possible(candidates);
    while (candidate != kNone) {
      another = possible(candidates);
      switch (take(candidate, another, frame, waiting)) {
        case Activated::yes: return true;
        case Activated::stop: return false;
        case Activated::conflict: conflicts_with(w.activations[w.frames[frame].parent].version); break;
        case Activated::known_to_fail:
          if (steps_ != 0) --steps_;  // it took as long as a dependency that is looked at
          break;
      }
      candidate = another;
    }
    return false;
  }
  // The first candidate, and whether there is another, where that is known without looking at each of them.
  RUSTG_HD bool obvious(uint32_t dependency, VersionId& candidate, VersionId& another) const {
    if (u.prepared.dependencies == nullptr || dependency >= u.registry.dependency_count) return false;
    const PreparedDependency& d = u.prepared.dependencies[dependency];
    if (!(d.flags & PreparedDependency::kOnePlace)) return false;
    const uint32_t there = w.table[slot_of(d.place)];
    if (there == kNone) {
      candidate = d.newest;
      another = d.candidates > 1 ? d.first : kNone;
      return true;
    }
    candidate = w.activations[there].version;
    another = kNone;
    return candidate == d.newest ||
           (candidate >= d.first && candidate < d.last && u.is_candidate(dependency, candidate));
  }
  // Activate a candidate, and write down what was chosen.
  RUSTG_HD Activated take(VersionId candidate, VersionId another, uint32_t frame, const Waiting& waiting) {
    Trail trail = {choices_, activations_, links_, bits_, waiting_, extras_, frames_, log_, kNoActivation, 0};
    changed_ = kNoActivation;
    uint32_t child;
    Activated result = activate_dependency(candidate, w.frames[frame].parent, waiting, child);
    if (result != Activated::yes) return result;
    trail.changed = changed_;
    trail.default_was_on = default_was_on_ ? 1 : 0;
    if (nogoods_ != 0 && known_to_fail(trail.waiting, candidate)) {
      undo(trail);
      --age_;
      return Activated::known_to_fail;
    }
    if (choices_ == w.choice_capacity) return stop(Outcome::too_small), Activated::stop;
    if (activations_ != trail.activations || changed_ != kNoActivation) {
      if (trails_ == w.trail_capacity) return stop(Outcome::too_small), Activated::stop;
      w.trail[trails_++] = trail;
    }
    w.choices[choices_++] = {candidate, another != kNone ? 1u : 0u, frame, child, waiting.dependency};
    return Activated::yes;
  }
  RUSTG_HD VersionId possible(Candidates& candidates) {
    for (VersionId version; (version = candidates.take()) != kNone;) {
      uint32_t there = occupant(version), in_the_way = kNone;
      if (there != kNone && w.activations[there].version != version) {
        in_the_way = there;
      } else if (StringId links = u.links_of(version); links != 0) {
        uint32_t holder = holder_of(links);
        if (holder != kNone && w.activations[holder].version != version) in_the_way = holder;
      }
      if (in_the_way == kNone) return version;
      conflicts_with(w.activations[in_the_way].version);
    }
    return kNone;
  }
  RUSTG_HD void conflicts_with(VersionId version) {
    for (uint32_t i = 0; i != conflicts_; ++i)
      if (w.conflicts[i] == version) return;
    if (conflicts_ == w.conflict_capacity)
      complete_ = false;
    else
      w.conflicts[conflicts_++] = version;
  }

  // Nogoods.
  RUSTG_HD void learn(uint32_t dependency) {
    if (!complete_ || nogoods_ == w.nogood_capacity || nogood_versions_ + conflicts_ > w.nogood_version_capacity)
      return;
    uint32_t& head = w.nogood_heads[dependency % Workspace::kHeads];
    w.nogoods[nogoods_] = {dependency, nogood_versions_, conflicts_, head};
    head = nogoods_;
    for (uint32_t i = 0; i != conflicts_; ++i) {
      uint32_t& same = w.nogood_version_heads[w.conflicts[i] % Workspace::kHeads];
      w.nogood_versions[nogood_versions_] = {w.conflicts[i], nogoods_, same};
      same = nogood_versions_++;
    }
    ++nogoods_;
  }
  RUSTG_HD void count_waiting(uint32_t i, uint32_t by) {
    if (w.nogood_capacity != 0) w.waiting_counts[w.waiting[i].dependency % Workspace::kHeads] += by;
  }
  RUSTG_HD bool holds(const Nogood& nogood) const {
    for (uint32_t i = 0; i != nogood.size; ++i)
      if (active(w.nogood_versions[nogood.first + i].version) == kNone) return false;
    return true;
  }
  RUSTG_HD void blame(const Nogood& nogood, VersionId but) {
    for (uint32_t i = 0; i != nogood.size; ++i)
      if (VersionId version = w.nogood_versions[nogood.first + i].version; version != but) conflicts_with(version);
  }
  RUSTG_HD bool is_known(uint32_t dependency) const {
    for (uint32_t n = w.nogood_heads[dependency % Workspace::kHeads]; n != kNone; n = w.nogoods[n].next)
      if (w.nogoods[n].dependency == dependency && holds(w.nogoods[n])) return true;
    return false;
  }
  // The candidate, just activated, wants something that cannot be had, or takes from something that waits what it needs.
  RUSTG_HD bool known_to_fail(uint32_t first_waiting, VersionId candidate) {
    for (uint32_t i = first_waiting; i != waiting_; ++i) {
      const uint32_t dependency = w.waiting[i].dependency;
      for (uint32_t n = w.nogood_heads[dependency % Workspace::kHeads]; n != kNone; n = w.nogoods[n].next)
        if (w.nogoods[n].dependency == dependency && holds(w.nogoods[n])) {
          blame(w.nogoods[n], candidate);
          return true;
        }
    }
    for (uint32_t i = w.nogood_version_heads[candidate % Workspace::kHeads]; i != kNone;
         i = w.nogood_versions[i].next) {
      if (w.nogood_versions[i].version != candidate) continue;
      const Nogood& nogood = w.nogoods[w.nogood_versions[i].nogood];
      if (w.waiting_counts[nogood.dependency % Workspace::kHeads] == 0 || !holds(nogood)) continue;
      for (uint32_t h = 0; h != heap_; ++h) {
        const Frame& frame = w.frames[uint32_t(w.heap[h])];
        for (uint32_t k = frame.next; k != frame.end; ++k)
          if (w.waiting[k].dependency == nogood.dependency) {
            blame(nogood, candidate);
            conflicts_with(w.activations[frame.parent].version);
            return true;
          }
      }
    }
    return false;
  }

  // What the parent wants of the candidate: features of two lists, and whether its default feature.
  struct Request {
    Slice listed, extra;
    bool default_features;
    bool everything;  // a member: all features, dev-dependencies
  };

  RUSTG_HD bool activate_roots() {
    uint32_t root;
    if (only_ != kNone)
      return activate(only_, kNone, {{nullptr, 0}, {nullptr, 0}, true, false}, root) == Activated::yes;
    for (uint32_t i = 0; i != member_count_; ++i)
      if (activate(members_[i], kNone, {{nullptr, 0}, {nullptr, 0}, true, true}, root) != Activated::yes) {
        if (stopped_ == Outcome::resolved) stopped_ = Outcome::missing_feature;
        return false;
      }
    return true;
  }
  RUSTG_HD Activated activate_dependency(VersionId version, uint32_t parent, const Waiting& waiting, uint32_t& child) {
    const Slice extra = {w.extras + waiting.first_extra, waiting.extras};
    if (u.prepared.dependencies != nullptr && waiting.dependency < u.registry.dependency_count) {
      const PreparedDependency& d = u.prepared.dependencies[waiting.dependency];
      return activate(version, parent,
                      {{u.registry.feature_list_names + d.first_feature, d.features},
                       extra,
                       (d.flags & PreparedDependency::kDefaultFeatures) != 0,
                       false},
                      child);
    }
    const Dependency& dependency = u.dependency(waiting.dependency);
    return activate(version, parent, {u.feature_list(dependency.features), extra, dependency.default_features(), false},
                    child);
  }

  // there: its activation.
  RUSTG_HD Activated activate(VersionId version, uint32_t parent, const Request& request, uint32_t& there) {
    const uint64_t place = u.place_of(version);
    const uint32_t slot = slot_of(place);
    there = w.table[slot];
    if (there != kNone && w.activations[there].version != version) there = kNone;
    const bool was_active = there != kNone;
    if (was_active && !request.everything && request.listed.size == 0 && request.extra.size == 0 &&
        (!request.default_features || w.activations[there].default_is_on)) {
      ++age_;
      return Activated::yes;
    }
    uint32_t feature_count, default_place;
    const Feature* features = u.features_of(version, feature_count, default_place);
    if (was_active && !request.everything &&
        has(w.bits + w.activations[there].bits, features, feature_count, default_place, request)) {
      ++age_;
      return Activated::yes;
    }
    // Everything that can go wrong comes before the first change.
    const uint32_t words = (feature_count + 31) / 32;
    if (words > w.stack_capacity) return stop(Outcome::too_small), Activated::stop;
    uint32_t* on = w.stack;
    for (uint32_t i = 0; i != words; ++i) on[i] = 0;
    wanted_ = 0;
    Activated result =
        close(version, features, feature_count, default_place, request, on, w.stack + words, w.stack_capacity - words);
    if (result != Activated::yes) {
      if (result == Activated::conflict && parent == kNone) stop(Outcome::missing_feature);
      return result;
    }
    ++age_;
    if (!was_active) {
      there = activations_;
      if (activations_ == w.activation_capacity || bits_ + words > w.bit_capacity)
        return stop(Outcome::too_small), Activated::stop;
      w.table[slot] = activations_;
      w.ages[activations_] = age_;
      w.activations[activations_++] = {place, version, bits_, 0};
      for (uint32_t i = 0; i != words; ++i) w.bits[bits_ + i] = 0;
      bits_ += words;
      if (u.links_of(version) != 0) w.links[links_++] = there;
    }
    uint32_t* bits = w.bits + w.activations[there].bits;
    default_was_on_ = w.activations[there].default_is_on;
    if (was_active) {
      if (log_ + words > w.log_capacity) return stop(Outcome::too_small), Activated::stop;
      for (uint32_t i = 0; i != words; ++i) w.log[log_ + i] = bits[i];
      log_ += words;
      changed_ = there;
    }
    for (uint32_t i = 0; i != words; ++i) bits[i] |= on[i];
    w.activations[there].default_is_on =
        default_place == kNone || (bits[default_place / 32] >> default_place % 32 & 1) ? 1 : 0;
    return push_frame(version, there, request.everything) ? Activated::yes : Activated::stop;
  }

  // All that is asked for is on already.
  RUSTG_HD bool has(const uint32_t* bits, const Feature* features, uint32_t count, uint32_t default_place,
                    const Request& request) const {
    for (const Slice& list : {request.listed, request.extra})
      for (uint32_t i = 0; i != list.size; ++i) {
        uint32_t f = find_feature(features, count, list.data[i]);
        if (f == kNone || !(bits[f / 32] >> f % 32 & 1)) return false;
      }
    return !request.default_features || default_place == kNone || (bits[default_place / 32] >> default_place % 32 & 1);
  }

  // The features that the request turns on, into `on`, and what they want of dependencies, into w.wanted.
  RUSTG_HD Activated close(VersionId version, const Feature* features, uint32_t count, uint32_t default_place,
                           const Request& request, uint32_t* on, uint32_t* stack, uint32_t capacity) {
    const FeatureValue* values = u.values_of(version);
    uint32_t depth = 0;
    auto require = [&](uint32_t f) {
      if (on[f / 32] >> f % 32 & 1) return true;
      on[f / 32] |= 1u << f % 32;
      if (depth == capacity) return stop(Outcome::too_small);
      stack[depth++] = f;
      return true;
    };
    if (request.everything)
      for (uint32_t f = 0; f != count; ++f)
        if (!require(f)) return Activated::stop;
    for (const Slice& list : {request.listed, request.extra})
      for (uint32_t i = 0; i != list.size; ++i) {
        uint32_t f = find_feature(features, count, list.data[i]);
        if (f == kNone) {
          failure_.feature = list.data[i];
          return Activated::conflict;
        }
        if (!require(f)) return Activated::stop;
      }
    if (request.default_features && default_place != kNone && !require(default_place)) return Activated::stop;
    while (depth != 0) {
      const uint32_t feature = stack[--depth];
      for (uint32_t i = 0; i != features[feature].values; ++i) {
        const FeatureValue& value = values[features[feature].first_value + i];
        if (value.kind == FeatureValue::feature) {
          if (value.other == feature) {
            failure_.feature = value.name;
            return stop(Outcome::feature_cycle), Activated::stop;
          }
          if (value.other == kNone) {
            failure_.feature = value.name;
            return Activated::conflict;
          }
          if (!require(value.other)) return Activated::stop;
          continue;
        }
        if (value.kind == FeatureValue::dependency_feature && is_optional(version, value.name)) {
          uint32_t f = find_feature(features, count, value.name);
          if (f != kNone && !require(f)) return Activated::stop;
        }
        if (wanted_ == w.wanted_capacity) return stop(Outcome::too_small), Activated::stop;
        w.wanted[wanted_++] = {value.name, value.kind == FeatureValue::dependency ? kNone : value.other};
      }
    }
    return Activated::yes;
  }
  RUSTG_HD bool is_optional(VersionId version, StringId name) const {
    if (u.prepared.lists != nullptr && !u.is_local(version)) {
      const uint32_t* list = u.prepared.lists + u.prepared.versions[version].list;
      for (uint32_t i = list[0]; i != list[1]; ++i)
        if (u.prepared.names[i] == name && u.prepared.entries[i].optional) return true;
      return false;
    }
    Slice list = u.dependencies_of(version);
    for (uint32_t i = 0; i != list.size; ++i) {
      const Dependency& d = u.dependency(list.data[i]);
      if (d.name == name && d.optional()) return true;
    }
    return false;
  }

  // The dependencies of a version that its features, in w.wanted, leave; those with the fewest candidates first.
  RUSTG_HD bool push_frame(VersionId version, uint32_t activation, bool everything) {
    const uint32_t first = waiting_;
    if (u.prepared.lists != nullptr && !everything && !u.is_local(version)) {
      if (!wait_prepared(u.prepared.versions[version].list)) return false;
    } else if (!wait(u.dependencies_of(version), everything)) {
      return false;
    }
    if (first == waiting_) return true;
    if (frames_ == w.frame_capacity) return stop(Outcome::too_small);
    for (uint32_t i = first; i != waiting_; ++i) count_waiting(i, 1);
    w.frames[frames_] = {activation, first, waiting_};
    uint64_t key = uint64_t(w.waiting[first].candidates) << 32 | frames_++;
    rise(heap_++, key);
    return true;
  }
  RUSTG_HD bool wait(const Slice& list, bool everything) {
    const uint32_t first = waiting_;
    for (uint32_t i = 0; i != list.size; ++i) {
      const Dependency& dependency = u.dependency(list.data[i]);
      if (dependency.kind() == DependencyKind::dev && !everything) continue;
      const uint32_t first_extra = extras_;
      bool wanted = !dependency.optional();
      if (!find_extras(dependency.name, wanted)) return false;
      if (!wanted) continue;
      if (waiting_ == w.waiting_capacity) return stop(Outcome::too_small);
      const Waiting item{list.data[i], count_candidates(u, list.data[i]), first_extra, extras_ - first_extra};
      uint32_t at = waiting_++;  // insertion keeps the order of equal ones, as cargo's sort does
      for (; at != first && w.waiting[at - 1].candidates > item.candidates; --at) w.waiting[at] = w.waiting[at - 1];
      w.waiting[at] = item;
    }
    return true;
  }
  RUSTG_HD bool wait_prepared(uint32_t list) {
    uint64_t names = 0;  // a bit for each name wanted: most dependencies are not among them
    for (uint32_t k = 0; k != wanted_; ++k) names |= 1ull << w.wanted[k].name % 64;
    const uint32_t* range = u.prepared.lists + list;
    for (uint32_t i = range[0], end = range[1]; i != end; ++i) {
      const PreparedEntry entry = u.prepared.entries[i];
      const uint32_t first_extra = extras_;
      bool wanted = !entry.optional;
      if (names != 0) {
        const StringId name = u.prepared.names[i];
        if ((names >> name % 64 & 1) && !find_extras(name, wanted)) return false;
      }
      if (!wanted) continue;
      if (waiting_ == w.waiting_capacity) return stop(Outcome::too_small);
      w.waiting[waiting_++] = {entry.dependency, entry.candidates, first_extra, extras_ - first_extra};
    }
    return true;
  }
  // What w.wanted wants of the dependency of this name.
  RUSTG_HD bool find_extras(StringId name, bool& wanted) {
    for (uint32_t k = 0; k != wanted_; ++k) {
      if (w.wanted[k].name != name) continue;
      wanted = true;
      if (w.wanted[k].feature == kNone) continue;
      if (extras_ == w.extra_capacity) return stop(Outcome::too_small);
      w.extras[extras_++] = w.wanted[k].feature;
    }
    return true;
  }
  // The frame whose next dependency has the fewest candidates, the oldest of equal ones; its `next` has moved on.
  RUSTG_HD bool pop(uint32_t& frame) {
    if (heap_ == 0) return false;
    frame = uint32_t(w.heap[0]);
    Frame& f = w.frames[frame];
    count_waiting(f.next, ~0u);
    if (++f.next == f.end)
      drop(0);
    else
      sink(0, uint64_t(w.waiting[f.next].candidates) << 32 | frame);
    return true;
  }
  // Undo a pop.
  RUSTG_HD void put_back(uint32_t frame) {
    Frame& f = w.frames[frame];
    uint32_t at = f.next == f.end ? heap_++ : find(frame);
    count_waiting(--f.next, 1);
    rise(at, uint64_t(w.waiting[f.next].candidates) << 32 | frame);
  }
  RUSTG_HD uint32_t find(uint32_t frame) const {
    uint32_t at = 0;
    while (uint32_t(w.heap[at]) != frame) ++at;
    return at;
  }
  // Put a key where `at` is, or above.
  RUSTG_HD uint32_t rise(uint32_t at, uint64_t key) {
    for (; at != 0 && w.heap[(at - 1) / 2] > key; at = (at - 1) / 2) w.heap[at] = w.heap[(at - 1) / 2];
    w.heap[at] = key;
    return at;
  }
  RUSTG_HD void drop(uint32_t at) {
    uint64_t key = w.heap[--heap_];
    if (at == heap_) return;
    sink(rise(at, key), key);
  }
  // Put a key where `at` is, or below.
  RUSTG_HD void sink(uint32_t at, uint64_t key) {
    for (;;) {
      uint32_t child = 2 * at + 1;
      if (child >= heap_) break;
      if (child + 1 < heap_ && w.heap[child + 1] < w.heap[child]) ++child;
      if (w.heap[child] >= key) break;
      w.heap[at] = w.heap[child];
      at = child;
    }
    w.heap[at] = key;
  }

  RUSTG_HD void clear() {
    if (*w.left == kNone)
      for (uint32_t i = 0; i != w.table_size; ++i) w.table[i] = kNone;
    else  // from the last put there: what was put there later may lie behind it
      for (uint32_t i = *w.left; i != 0; --i) {
        uint32_t at = place_in_table(w.activations[i - 1].place);
        while (w.table[at] != i - 1) at = (at + 1) & (w.table_size - 1);
        w.table[at] = kNone;
      }
    *w.left = kNone;
    if (w.nogood_capacity != 0)
      for (uint32_t i = 0; i != Workspace::kHeads; ++i) {
        w.nogood_heads[i] = w.nogood_version_heads[i] = kNone;
        w.waiting_counts[i] = 0;
      }
  }
  RUSTG_HD bool stop(Outcome outcome) {
    stopped_ = outcome;
    return false;
  }
  RUSTG_HD uint32_t place_in_table(uint64_t place) const {
    return ((uint32_t(place >> 32) * 0x9e3779b1u ^ uint32_t(place) * 0x85ebca6bu) >> 7) & (w.table_size - 1);
  }
  // Where a place is in the table, or would be.
  RUSTG_HD uint32_t slot_of(uint64_t place) const {
    for (uint32_t at = place_in_table(place);; at = (at + 1) & (w.table_size - 1))
      if (w.table[at] == kNone || w.activations[w.table[at]].place == place) return at;
  }

  static constexpr uint32_t kNoActivation = kNone >> 1;

  const Universe& u;
  const Workspace& w;
  uint64_t steps_;
  const VersionId* members_ = nullptr;
  uint32_t member_count_ = 0;
  VersionId only_ = kNone;
  uint32_t activations_ = 0, links_ = 0, bits_ = 0, waiting_ = 0, extras_ = 0, frames_ = 0, heap_ = 0;
  uint32_t wanted_ = 0, choices_ = 0, trails_ = 0, log_ = 0, returns_ = 0, conflicts_ = 0, nogoods_ = 0,
           nogood_versions_ = 0;
  uint32_t age_ = 0, first_age_ = 0;  // first_age_: before the first choice; every choice makes it one more
  uint32_t changed_ = kNoActivation;  // activation whose features the last request made more
  bool default_was_on_ = false;       // of that activation
  bool complete_ = true;              // w.conflicts are all there are
  Outcome stopped_ = Outcome::resolved;
  Failure failure_;
};

}  // namespace rustg::graph
