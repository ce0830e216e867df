// Items, their fields and parameters, generics and bounds.
#include "rustc_parity/ast_printer.h"

namespace rustg::parity {

std::string print_ast(const Parsed& parsed, uint32_t file) { return Printer(parsed, file).run(); }

void Printer::item(uint32_t node, Place place) {
  NodeKind k = kind_of(node);
  const char* name = "?";
  switch (k) {
    case NodeKind::use_item: name = "Use"; break;
    case NodeKind::fn_item: name = "Fn"; break;
    case NodeKind::extern_crate: name = "ExternCrate"; break;
    case NodeKind::extern_block: name = "ForeignMod"; break;
    case NodeKind::static_item: name = "Static"; break;
    case NodeKind::const_item: name = "Const"; break;
    case NodeKind::const_block_item: name = "ConstBlock"; break;
    case NodeKind::mod_item: name = "Mod"; break;
    case NodeKind::type_item: name = place == Place::assoc ? "Type" : "TyAlias"; break;
    case NodeKind::enum_item: name = "Enum"; break;
    case NodeKind::struct_item: name = "Struct"; break;
    case NodeKind::union_item: name = "Union"; break;
    case NodeKind::trait_item: name = "Trait"; break;
    case NodeKind::trait_alias: name = "TraitAlias"; break;
    case NodeKind::impl_item: name = "Impl"; break;
    case NodeKind::macro_rules:
    case NodeKind::macro_item: name = "MacroDef"; break;
    case NodeKind::macro_call: name = "MacCall"; break;
    case NodeKind::delegation: name = "Delegation"; break;
    default: break;
  }
  uint32_t end = last(node);
  if ((k == NodeKind::macro_call || k == NodeKind::macro_rules) && !is(end, Token::close_brace)) ++end;
  open_at(fmt::format("Item::{}", name), begin_of(first(node)), end_of(end), [&] { item_parts(node, place); });
}

void Printer::item_list(uint32_t node, Place place) {
  some(node, [&](uint32_t n) {
    ItemList list(tree, n);
    attributes(list.attributes());
    nodes(list.items(), [&](uint32_t i) { item(i, place); });
  });
}

void Printer::item_parts(uint32_t node, Place place) {
  switch (kind_of(node)) {
    case NodeKind::use_item: {
      UseItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), use_tree(v.tree());
      break;
    }
    case NodeKind::fn_item: {
      FnItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), generics(v.generics()), params(v.params()), ret(v.ret());
      where_clause(v.where_clause());
      nodes(v.contracts(), [&](uint32_t n) { expression(Contract(tree, n).condition()); });
      some(v.body(), [&](uint32_t n) { block(n); });
      break;
    }
    case NodeKind::extern_crate: {
      ExternCrate v(tree, node);
      attributes(v.attributes()), visibility(v.visibility());
      break;
    }
    case NodeKind::extern_block: {
      ExternBlock v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), item_list(v.list(), Place::foreign);
      break;
    }
    case NodeKind::static_item: {
      StaticItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), type(v.type());
      some(v.value(), [&](uint32_t n) { expression(n); });
      break;
    }
    case NodeKind::const_item: {
      ConstItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), generics(v.generics()), type(v.type());
      where_clause(v.where_before());
      some(v.value(), [&](uint32_t n) { expression(n); });
      where_clause(v.where_clause());
      break;
    }
    case NodeKind::const_block_item: {
      ConstBlockItem v(tree, node);
      attributes(v.attributes()), block(v.body());
      break;
    }
    case NodeKind::mod_item: {
      ModItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), item_list(v.list(), Place::module);
      break;
    }
    case NodeKind::type_item: {
      TypeItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), generics(v.generics()), bounds(v.bounds());
      where_clause(v.where_before());
      some(v.type(), [&](uint32_t n) { type(n); });
      where_clause(v.where_clause());
      break;
    }
    case NodeKind::enum_item: {
      EnumItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), generics(v.generics()), where_clause(v.where_clause());
      nodes(Variants(tree, v.variants()).variants(), [&](uint32_t n) {
        open("Variant", n, [&] {
          Variant variant(tree, n);
          attributes(variant.attributes()), visibility(variant.visibility()), fields(variant.fields());
          some(variant.discriminant(), [&](uint32_t d) { expression(Discriminant(tree, d).value()); });
        });
      });
      break;
    }
    case NodeKind::struct_item: {
      StructItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), generics(v.generics()), where_clause(v.where_before());
      fields(v.fields()), where_clause(v.where_clause());
      break;
    }
    case NodeKind::union_item: {
      UnionItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), generics(v.generics()), where_clause(v.where_before());
      fields(v.fields());
      break;
    }
    case NodeKind::trait_item: {
      TraitItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), generics(v.generics()), bounds(v.bounds());
      where_clause(v.where_clause()), item_list(v.list(), Place::assoc);
      break;
    }
    case NodeKind::trait_alias: {
      TraitAlias v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), generics(v.generics()), bounds(v.bounds());
      where_clause(v.where_clause());
      break;
    }
    case NodeKind::impl_item: {
      ImplItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), generics(v.generics());
      some(v.of_trait(), [&](uint32_t n) { path(n); });
      type(v.type()), where_clause(v.where_clause()), item_list(v.list(), Place::assoc);
      break;
    }
    case NodeKind::macro_rules: {
      MacroRules v(tree, node);
      attributes(v.attributes()), visibility(v.visibility());
      break;
    }
    case NodeKind::macro_item: {
      MacroItem v(tree, node);
      attributes(v.attributes()), visibility(v.visibility());
      break;
    }
    case NodeKind::macro_call: {
      MacroCall v(tree, node);
      attributes(v.attributes()), visibility(v.visibility()), path(v.path());
      break;
    }
    default: break;
  }
  (void)place;
}

void Printer::use_tree(uint32_t node) {
  switch (kind_of(node)) {
    case NodeKind::use_rename: return path(UseRename(tree, node).path());
    case NodeKind::use_glob: return some(UseGlob(tree, node).path(), [&](uint32_t n) { path(n); });
    case NodeKind::use_group: {
      UseGroup v(tree, node);
      some(v.path(), [&](uint32_t n) { path(n); });
      return nodes(v.trees(), [&](uint32_t n) { use_tree(n); });
    }
    default: return path(node);
  }
}

void Printer::fields(uint32_t node) {
  if (node == kNoNode) return;
  if (kind_of(node) == NodeKind::record_fields) {
    return nodes(RecordFields(tree, node).fields(), [&](uint32_t n) {
      open("FieldDef", n, [&] {
        Field v(tree, n);
        attributes(v.attributes()), visibility(v.visibility()), type(v.type());
        some(v.value(), [&](uint32_t d) { expression(d); });
      });
    });
  }
  nodes(TupleFields(tree, node).fields(), [&](uint32_t n) {
    open("FieldDef", n, [&] {
      TupleField v(tree, n);
      attributes(v.attributes()), visibility(v.visibility()), type(v.type());
    });
  });
}

void Printer::params(uint32_t node) {
  elements(Params(tree, node).elements(), [&](uint32_t n, const Waiting& waiting) { param(n, waiting); });
}
void Printer::param(uint32_t node, const Waiting& waiting) {
  // Attributes are in its extent, but not in that of self.
  uint32_t begin = begin_of(first(node));
  for (uint32_t n : waiting) begin = std::min(begin, begin_of(tree.tokens[n]));
  if (kind_of(node) == NodeKind::param || kind_of(node) == NodeKind::variadic)
    for (uint32_t n = tree.first(node); n < node; ++n) begin = std::min(begin, begin_of(tree.tokens[n]));
  switch (kind_of(node)) {
    case NodeKind::param:
      return open_at("Param", begin, end_of(last(node)), [&] {
        Param v(tree, node);
        attributes(waiting), attributes(v.attributes()), pattern(v.pattern()), type(v.type());
      });
    case NodeKind::self_param: return self_param(node);
    default:
      open_at("Param", begin, end_of(last(node)), [&] {
        attributes(waiting);
        if (kind_of(node) == NodeKind::variadic) attributes(Variadic(tree, node).attributes());
        leaf("Pat::Missing", node);
        type(node);
      });
  }
}
// Of `self: T` the parameter is `self` alone.
void Printer::self_param(uint32_t node) {
  SelfParam v(tree, node);
  uint32_t begin = begin_of(first(node)), end = end_of(v.token());
  open_at("Param", begin, end, [&] {
    attributes(v.attributes());
    line("Pat::Ident", begin, end);
    if (v.type() != kNoNode) return type(v.type());
    auto implicit = [&] { line("Ty::ImplicitSelf", begin_of(v.token()), end); };
    if (v.flags() & kRef)
      open_at(v.flags() & kPin ? "Ty::PinnedRef" : "Ty::Ref", begin, end, implicit);
    else
      implicit();
  });
}

void Printer::generics(uint32_t node) {
  if (node == kNoNode) return;
  elements(GenericParams(tree, node).params(), [&](uint32_t n, const Waiting&) {
    switch (kind_of(n)) {
      case NodeKind::lifetime_param: {
        LifetimeParam v(tree, n);
        return attributes(v.attributes()), bounds(v.bounds());
      }
      case NodeKind::type_param: {
        TypeParam v(tree, n);
        attributes(v.attributes()), bounds(v.bounds());
        return some(v.value(), [&](uint32_t t) { type(t); });
      }
      default: {
        ConstParam v(tree, n);
        attributes(v.attributes()), type(v.type());
        some(v.value(), [&](uint32_t c) { constant(c); });
      }
    }
  });
}
void Printer::where_clause(uint32_t node) {
  if (node == kNoNode) return;
  nodes(WhereClause(tree, node).predicates(), [&](uint32_t n) {
    WherePredicate v(tree, n);
    bool region = kind_of(v.subject()) == NodeKind::lifetime;
    bool equal = is(v.token(), Token::eq);
    open(region  ? "WherePredicate::RegionPredicate"
         : equal ? "WherePredicate::EqPredicate"
                 : "WherePredicate::BoundPredicate",
         n, [&] {
           attributes(v.attributes());
           some(v.binder(), [&](uint32_t b) { generics(ForBinder(tree, b).generics()); });
           if (!region) type(v.subject());
           nodes(v.bounds(), [&](uint32_t b) { equal ? type(b) : bound(b); });
         });
  });
}
void Printer::bounds(uint32_t node) {
  some(node, [&](uint32_t n) { nodes(Bounds(tree, n).bounds(), [&](uint32_t b) { bound(b); }); });
}
// A trait bound with its parentheses; lifetimes are not printed.
void Printer::bound(uint32_t node) {
  uint32_t inner = node;
  while (true) {
    if (kind_of(inner) == NodeKind::paren_bound)
      inner = ParenBound(tree, inner).bound();
    else if (kind_of(inner) == NodeKind::paren_type)
      inner = ParenType(tree, inner).type();
    else
      break;
  }
  if (kind_of(inner) == NodeKind::lifetime) return;
  if (kind_of(inner) == NodeKind::captures) {
    return nodes(GenericArgs(tree, Captures(tree, inner).arguments()).arguments(), [&](uint32_t n) {
      if (kind_of(n) != NodeKind::lifetime) path(n);
    });
  }
  open("PolyTraitRef", node, [&] {
    if (kind_of(inner) == NodeKind::bound) {
      BoundNode v(tree, inner);
      some(v.binder(), [&](uint32_t n) { generics(ForBinder(tree, n).generics()); });
      path(v.path());
    } else {
      path(inner);
    }
  });
}

}  // namespace rustg::parity
