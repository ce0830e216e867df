// Names of Rust's symbols as people know them: `_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE` is `core::fmt::Write::write_fmt`.
// Both of rustc's schemes: the legacy one and v0 (https://rust-lang.github.io/rfcs/2603-rust-symbol-name-mangling-v0.html). Hashes and the
// types of integer constants are left out, as in `{:#}` of the rustc-demangle crate.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rustg {

// A name of neither scheme, or a malformed one, comes back as it is.
std::string demangle(std::string_view symbol);

namespace detail {
// Without the prefix (`_R`), up to the end of the symbol or its vendor suffix.
std::optional<std::string> demangle_v0(std::string_view mangled);
void append_utf8(std::string& out, uint32_t character);
}  // namespace detail

}  // namespace rustg
