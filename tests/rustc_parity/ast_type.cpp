// Types, paths and patterns.
#include "rustc_parity/ast_printer.h"

namespace rustg::parity {

void Printer::ret(uint32_t node) {
  some(node, [&](uint32_t n) { type(Ret(tree, n).type()); });
}

void Printer::type(uint32_t node) {
  switch (kind_of(node)) {
    case NodeKind::tuple_type:
      return open("Ty::Tup", node, [&] { nodes(TupleType(tree, node).types(), [&](uint32_t n) { type(n); }); });
    case NodeKind::paren_type: return open("Ty::Paren", node, [&] { type(ParenType(tree, node).type()); });
    case NodeKind::never_type: return leaf("Ty::Never", node);
    case NodeKind::infer_type: return leaf("Ty::Infer", node);
    case NodeKind::variadic: return leaf("Ty::CVarArgs", node);
    case NodeKind::pointer_type: return open("Ty::Ptr", node, [&] { type(PointerType(tree, node).type()); });
    case NodeKind::ref_type:
      return open(tree.flags[node] & kPin ? "Ty::PinnedRef" : "Ty::Ref", node,
                  [&] { type(RefType(tree, node).type()); });
    case NodeKind::array_type:
      return open("Ty::Array", node, [&] {
        type(ArrayType(tree, node).type());
        expression(ArrayType(tree, node).length());
      });
    case NodeKind::slice_type: return open("Ty::Slice", node, [&] { type(SliceType(tree, node).type()); });
    case NodeKind::fn_type:
      return open("Ty::FnPtr", node, [&] {
        FnType v(tree, node);
        some(v.binder(), [&](uint32_t n) { generics(ForBinder(tree, n).generics()); });
        params(v.params()), ret(v.ret());
      });
    case NodeKind::impl_type:
      return open("Ty::ImplTrait", node, [&] { nodes(ImplType(tree, node).bounds(), [&](uint32_t n) { bound(n); }); });
    case NodeKind::dyn_type:
      return open("Ty::TraitObject", node, [&] { nodes(DynType(tree, node).bounds(), [&](uint32_t n) { bound(n); }); });
    case NodeKind::object_type:
      return open("Ty::TraitObject", node,
                  [&] { nodes(ObjectType(tree, node).bounds(), [&](uint32_t n) { bound(n); }); });
    case NodeKind::bound:
    case NodeKind::paren_bound: return open("Ty::TraitObject", node, [&] { bound(node); });
    case NodeKind::unsafe_binder:
      return open("Ty::UnsafeBinder", node, [&] {
        UnsafeBinder v(tree, node);
        generics(v.generics()), type(v.type());
      });
    case NodeKind::macro_call: return open("Ty::MacCall", node, [&] { path(MacroCall(tree, node).path()); });
    case NodeKind::rest: return leaf("Ty::Dummy", node);
    default: return open("Ty::Path", node, [&] { qualified_path(node); });
  }
}

// The type of <T as P>::a stands beside the path, not in it.
void Printer::qualified_path(uint32_t node) {
  uint32_t prefix = node;
  while (kind_of(prefix) == NodeKind::path) prefix = PathNode(tree, prefix).prefix();
  if (kind_of(prefix) == NodeKind::qualified_self) type(QualifiedSelf(tree, prefix).type());
  path(node);
}
void Printer::path(uint32_t node) {
  open("Path", node, [&] { segments(node); });
}
void Printer::segments(uint32_t node) {
  switch (kind_of(node)) {
    case NodeKind::path: segments(PathNode(tree, node).prefix()); return segments(PathNode(tree, node).segment());
    case NodeKind::qualified_self: return some(QualifiedSelf(tree, node).of_trait(), [&](uint32_t n) { segments(n); });
    case NodeKind::generic: return generic_arguments(node);
    default: return;
  }
}
void Printer::generic_arguments(uint32_t generic) {
  Generic v(tree, generic);
  if (kind_of(v.arguments()) == NodeKind::paren_args) {
    ParenArgs args(tree, v.arguments());
    for (uint32_t n : args.types())
      if (kind_of(n) == NodeKind::rest) return;  // (..)
    return open("ParenthesizedArgs", generic, [&] {
      nodes(args.types(), [&](uint32_t n) { type(n); });
      ret(v.ret());
    });
  }
  open("AngleBracketedArgs", v.arguments(), [&] {
    nodes(GenericArgs(tree, v.arguments()).arguments(), [&](uint32_t n) {
      switch (kind_of(n)) {
        case NodeKind::lifetime: return;
        case NodeKind::literal:
        case NodeKind::block:
        case NodeKind::const_block: return constant(n);
        case NodeKind::assoc_type: {
          AssocType a(tree, n);
          bool equal = is(a.token(), Token::eq);
          return open(equal ? "AssocItemConstraint::Equality" : "AssocItemConstraint::Bound", n, [&] {
            segments(a.name());
            nodes(a.values(), [&](uint32_t value) {
              NodeKind k = kind_of(value);
              if (!equal) return bound(value);
              if (k == NodeKind::literal || k == NodeKind::block || k == NodeKind::const_block) return constant(value);
              type(value);
            });
          });
        }
        default: return type(n);
      }
    });
  });
}
void Printer::constant(uint32_t node) { expression(node); }

void Printer::pattern(uint32_t node) {
  auto list = [&](const Nodes& all) { elements(all, [&](uint32_t n, const Waiting&) { pattern(n); }); };
  switch (kind_of(node)) {
    case NodeKind::binding:
      return open("Pat::Ident", node, [&] { some(Binding(tree, node).pattern(), [&](uint32_t n) { pattern(n); }); });
    case NodeKind::wild: return leaf("Pat::Wild", node);
    case NodeKind::rest: return leaf("Pat::Rest", node);
    case NodeKind::never_pattern: return leaf("Pat::Never", node);
    case NodeKind::literal:
    case NodeKind::const_block: return open("Pat::Expr", node, [&] { expression(node); });
    case NodeKind::range_pattern:
      return open("Pat::Range", node, [&] {
        some(RangePattern(tree, node).from(), [&](uint32_t n) { expression(n); });
        some(RangePattern(tree, node).to(), [&](uint32_t n) { expression(n); });
      });
    case NodeKind::ref_pattern: return open("Pat::Ref", node, [&] { pattern(RefPattern(tree, node).pattern()); });
    case NodeKind::box_pattern: return open("Pat::Box", node, [&] { pattern(BoxPattern(tree, node).pattern()); });
    case NodeKind::paren_pattern: return open("Pat::Paren", node, [&] { pattern(ParenPattern(tree, node).pattern()); });
    case NodeKind::tuple_pattern: return open("Pat::Tuple", node, [&] { list(TuplePattern(tree, node).elements()); });
    case NodeKind::slice_pattern: return open("Pat::Slice", node, [&] { list(SlicePattern(tree, node).elements()); });
    case NodeKind::tuple_struct:
      return open("Pat::TupleStruct", node, [&] {
        qualified_path(TupleStruct(tree, node).path());
        list(TupleStruct(tree, node).elements());
      });
    case NodeKind::struct_pattern:
      return open("Pat::Struct", node, [&] {
        StructPattern v(tree, node);
        qualified_path(v.path());
        nodes(v.fields(), [&](uint32_t n) {
          if (kind_of(n) == NodeKind::rest) return;
          open("PatField", n, [&] {
            FieldPattern f(tree, n);
            attributes(f.attributes());
            if (f.pattern() != kNoNode) return pattern(f.pattern());
            if (is(first(n), Token::kw_box)) {
              return open("Pat::Box", n, [&] { line("Pat::Ident", begin_of(first(n) + 1), end_of(f.token())); });
            }
            leaf("Pat::Ident", n);
          });
        });
      });
    case NodeKind::or_pattern: return open("Pat::Or", node, [&] { list(OrPattern(tree, node).patterns()); });
    case NodeKind::guard_pattern:
      return open("Pat::Guard", node, [&] {
        pattern(GuardPattern(tree, node).pattern());
        expression(GuardPattern(tree, node).condition());
      });
    case NodeKind::macro_call: return open("Pat::MacCall", node, [&] { path(MacroCall(tree, node).path()); });
    default: return open("Pat::Path", node, [&] { qualified_path(node); });
  }
}

}  // namespace rustg::parity
