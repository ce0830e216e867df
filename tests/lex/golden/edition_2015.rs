// edition: 2015
async await dyn try gen r#async
//> ident #48 `async`
//> ident #49 `await`
//> ident #50 `dyn`
//> ident #51 `try`
//> ident #52 `gen`
//> ident raw #48 `r#async`
//> eof ``
