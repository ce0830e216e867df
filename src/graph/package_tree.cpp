#include "graph/package_tree.h"

#include <algorithm>

namespace rustg::graph {

namespace {

TreeEdgeKind edge_kind(DependencyKind kind) {
  return kind == DependencyKind::normal  ? TreeEdgeKind::normal
         : kind == DependencyKind::build ? TreeEdgeKind::build
                                         : TreeEdgeKind::dev;
}

}  // namespace

bool PackageTree::before(uint32_t a, uint32_t b) const {
  const TreeNode &x = nodes_[a], &y = nodes_[b];
  if (x.is_feature != y.is_feature) return y.is_feature;
  if (x.of != y.of) return x.of < y.of;
  const Names& names = *packages_->names;
  if (x.is_feature) return names.string(x.name) < names.string(y.name);
  auto less = [&](StringId s, StringId t) { return names.string(s) < names.string(t); };
  if (x.features != y.features)
    return std::lexicographical_compare(x.features.begin(), x.features.end(), y.features.begin(), y.features.end(),
                                        less);
  return x.platform < y.platform;
}

uint32_t PackageTree::add_node(TreeNode node) {
  const uint32_t index = size();
  index_.emplace(node, index);
  nodes_.push_back(std::move(node));
  edges_.emplace_back();
  return index;
}

void PackageTree::add_edge(uint32_t from, Edge edge) {
  auto& list = edges_[from];
  if (std::find(list.begin(), list.end(), edge) == list.end()) list.push_back(edge);
}

const Feature* PackageTree::find(uint32_t package, StringId feature) const {
  uint32_t count;
  const Feature* features = packages_->universe().features_of(packages_->packages[package].version, count);
  const uint32_t place = find_feature(features, count, feature);
  return place == kNone ? nullptr : features + place;
}

void PackageTree::add(uint32_t package, const FeatureRequest& request) {
  for (uint32_t requested : platforms_->requested()) {
    uint32_t node = add_package(package, packages_->packages[package].facts.proc_macro, requested);
    if (rules_.has(TreeEdgeKind::feature)) add_request(node, request);
  }
}

uint32_t PackageTree::add_package(uint32_t package, bool for_host, uint32_t requested) {
  const ResolvedPackage& from = packages_->packages[package];
  const std::set<StringId>& on = features_->features(package, for_host);
  TreeNode node{false, package, {on.begin(), on.end()}, for_host ? Platforms::kHost : requested, 0};
  std::sort(node.features.begin(), node.features.end(),
            [&](StringId a, StringId b) { return packages_->names->string(a) < packages_->names->string(b); });
  if (auto found = index_.find(node); found != index_.end()) return found->second;
  const uint32_t platform = node.platform, index = add_node(std::move(node));
  for (const ResolvedPackage::Group& group : from.groups) {
    const bool macro = packages_->packages[group.to].facts.proc_macro;
    std::vector<const Dependency*> shown;
    for (uint32_t id : group.dependencies) {
      const Dependency& d = packages_->dependency(id);
      // What a build-dependency is for is the host.
      const uint32_t built_for = d.kind() == DependencyKind::build ? Platforms::kHost : platform;
      if (!rules_.all_targets && !platforms_->active(d, built_for)) continue;
      if (!rules_.has(edge_kind(d.kind()))) continue;
      if (rules_.no_proc_macro && macro) continue;
      if (d.optional() && !features_->uses(package, for_host, d.name)) continue;
      shown.push_back(&d);
    }
    std::stable_sort(shown.begin(), shown.end(), [&](const Dependency* a, const Dependency* b) {
      const TreeEdgeKind x = edge_kind(a->kind()), y = edge_kind(b->kind());
      // Cargo's order of kinds is another one here: normal, dev, build.
      auto place = [](TreeEdgeKind kind) {
        return kind == TreeEdgeKind::normal ? 0 : kind == TreeEdgeKind::dev ? 1 : 2;
      };
      return std::pair(place(x), packages_->names->string(a->name)) <
             std::pair(place(y), packages_->names->string(b->name));
    });
    for (const Dependency* d : shown) {
      const bool host = for_host || d->kind() == DependencyKind::build || macro;
      const Edge edge{edge_kind(d->kind()), add_package(group.to, host, requested)};
      if (!rules_.has(TreeEdgeKind::feature)) {
        add_edge(index, edge);
        continue;
      }
      by_name_[{index, d->name}].insert({edge.to, d->optional()});
      bool new_one;
      const Slice list = packages_->universe().feature_list(d->features);
      if (d->default_features()) add_feature(packages_->universe().default_feature, index, edge, new_one);
      for (uint32_t i = 0; i != list.size; ++i) add_feature(list.data[i], index, edge, new_one);
      if (!d->default_features() && list.size == 0) add_edge(index, edge);
    }
  }
  return index;
}

uint32_t PackageTree::add_feature(StringId name, uint32_t from, Edge to, bool& new_one) {
  TreeNode node{true, to.to, {}, 0, name};
  auto found = index_.find(node);
  new_one = found == index_.end();
  const uint32_t index = new_one ? add_node(std::move(node)) : found->second;
  if (from != kNone) add_edge(from, {to.kind, index});
  add_edge(index, {TreeEdgeKind::feature, to.to});
  return index;
}

void PackageTree::add_request(uint32_t node, const FeatureRequest& request) {
  const Universe& u = packages_->universe();
  const uint32_t package = nodes_[node].of;
  bool new_one;
  auto ask = [&](StringId feature, uint32_t of) {
    asked_for_.insert(add_feature(feature, kNone, {TreeEdgeKind::feature, of}, new_one));
  };
  if (request.all) {
    uint32_t count;
    const Feature* features = u.features_of(packages_->packages[package].version, count);
    for (uint32_t f = 0; f != count; ++f) ask(features[f].name, node);
  }
  if (request.defaults) ask(u.default_feature, node);
  for (const FeatureValue& value : request.features) {
    if (value.kind == FeatureValue::feature) {
      ask(value.name, node);
      continue;
    }
    auto leads_to = by_name_.find({node, value.name});
    if (leads_to == by_name_.end()) continue;  // d?/f whose d is not used
    for (auto [to, optional] : std::set(leads_to->second)) {
      if (optional) ask(value.name, node);
      ask(value.other, to);
    }
  }
}

void PackageTree::finish() {
  if (!rules_.has(TreeEdgeKind::feature)) return;
  const uint32_t count = size();
  for (uint32_t i = 0; i != count; ++i)
    if (nodes_[i].is_feature) add_values(nodes_[i].name, i, nodes_[i].of);
}

// What a feature turns on, as edges from its node.
void PackageTree::add_values(StringId feature, uint32_t from, uint32_t package_node) {
  const uint32_t package = nodes_[package_node].of;
  const Feature* found = find(package, feature);
  if (found == nullptr) return;
  const FeatureValue* values =
      packages_->universe().values_of(packages_->packages[package].version) + found->first_value;
  bool new_one;
  for (uint32_t i = 0; i != found->values; ++i) {
    const FeatureValue& value = values[i];
    if (value.kind == FeatureValue::dependency) continue;  // the dependency's own edge shows it
    if (value.kind == FeatureValue::feature) {
      const uint32_t to = add_feature(value.name, from, {TreeEdgeKind::feature, package_node}, new_one);
      if (new_one) add_values(value.name, to, package_node);
      continue;
    }
    auto leads_to = by_name_.find({package_node, value.name});
    if (leads_to == by_name_.end()) continue;
    for (auto [to, optional] : std::set(leads_to->second)) {
      if (optional && value.kind == FeatureValue::dependency_feature)
        add_feature(value.name, from, {TreeEdgeKind::feature, package_node}, new_one);
      const uint32_t of = add_feature(value.other, from, {TreeEdgeKind::feature, to}, new_one);
      if (new_one) add_values(value.other, of, to);
    }
  }
}

std::vector<uint32_t> PackageTree::edges(uint32_t from, TreeEdgeKind kind) const {
  std::vector<uint32_t> out;
  for (const Edge& e : edges_[from])
    if (e.kind == kind) out.push_back(e.to);
  std::sort(out.begin(), out.end(), [&](uint32_t a, uint32_t b) { return before(a, b); });
  return out;
}

bool PackageTree::has_edges(uint32_t from) const { return !edges_[from].empty(); }

std::vector<uint32_t> PackageTree::nodes_of(const std::vector<uint32_t>& packages) const {
  std::vector<uint32_t> out;
  for (uint32_t i = 0; i != size(); ++i)
    if (!nodes_[i].is_feature && std::find(packages.begin(), packages.end(), nodes_[i].of) != packages.end())
      out.push_back(i);
  std::sort(out.begin(), out.end(), [&](uint32_t a, uint32_t b) { return before(a, b); });
  return out;
}

void PackageTree::keep_reachable(const std::vector<uint32_t>& roots) {
  std::vector<uint32_t> place(size(), kNone), list;
  auto visit = [&](uint32_t node) {
    if (place[node] != kNone) return;
    place[node] = uint32_t(list.size());
    list.push_back(node);
  };
  for (uint32_t root : roots) visit(root);
  for (size_t i = 0; i != list.size(); ++i)
    for (const Edge& e : edges_[list[i]]) visit(e.to);
  std::vector<TreeNode> nodes;
  std::vector<std::vector<Edge>> edges;
  index_.clear();
  for (uint32_t from : list) {
    index_.emplace(nodes_[from], uint32_t(nodes.size()));
    nodes.push_back(std::move(nodes_[from]));
    for (Edge& e : edges_[from]) e.to = place[e.to];
    edges.push_back(std::move(edges_[from]));
  }
  nodes_ = std::move(nodes);
  edges_ = std::move(edges);
}

void PackageTree::invert() {
  std::vector<std::vector<Edge>> inverted(size());
  for (uint32_t from = 0; from != size(); ++from)
    for (const Edge& e : edges_[from]) inverted[e.to].push_back({e.kind, from});
  edges_ = std::move(inverted);
}

std::vector<uint32_t> PackageTree::duplicates() const {
  std::map<std::string_view, std::vector<uint32_t>> by_name;
  for (uint32_t i = 0; i != size(); ++i) by_name[packages_->packages[nodes_[i].of].name].push_back(i);
  std::vector<uint32_t> out;
  for (const auto& [name, nodes] : by_name) {
    // One that is built for host and target alike is no duplicate.
    const TreeNode& first = nodes_[nodes[0]];
    const bool several = std::any_of(nodes.begin(), nodes.end(), [&](uint32_t n) {
      return nodes_[n].of != first.of || nodes_[n].features != first.features;
    });
    if (several) out.insert(out.end(), nodes.begin(), nodes.end());
  }
  std::sort(out.begin(), out.end(), [&](uint32_t a, uint32_t b) { return before(a, b); });
  return out;
}

}  // namespace rustg::graph
