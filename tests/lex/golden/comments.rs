#!/usr/bin/env shebang
//! inner
/// outer
//// plain
/** block outer */ /*! block inner */ /*** plain */ /**/ /***/ /* /* nested */ " ' */ x
/// doc " ' /*
y // "
z/**/w//
//> inner_line_doc `//! inner`
//> outer_line_doc `/// outer`
//> outer_block_doc `/** block outer */`
//> inner_block_doc `/*! block inner */`
//> ident #1000 `x`
//> outer_line_doc `/// doc " ' /*`
//> ident #1001 `y`
//> ident #1002 `z`
//> ident #1003 `w`
//> eof ``
