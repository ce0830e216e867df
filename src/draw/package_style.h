// How packages and their links look, in light and in dark. Classes: km kn kb kd are boxes of members, of dependencies, of what is only needed to build or
// for tests; e is a link, t one that follows from others; b, d: to build, for tests; o: only on some platforms; v a version, x one of several;
// h, l: title and other text.
#pragma once

namespace rustg::draw {

constexpr const char* kPackageStyle = R"(
svg{--bg:#fff;--ink:#1f2328;--soft:#656d76;--line:#9aa4b0;--faint:#e3e7ec;
--m:#2563c9;--mf:#2563c9;--mi:#fff;--n:#b6c2d1;--nf:#f3f6fa;--b:#d08a2c;--bf:#fdf3e2;--d:#3a9a6b;--df:#e6f5ec;--x:#c2255c}
@media(prefers-color-scheme:dark){svg{--bg:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#5b6673;--faint:#21282f;
--m:#5b9bff;--mf:#1f4f9e;--mi:#fff;--n:#465261;--nf:#1b222b;--b:#b57a2a;--bf:#33270f;--d:#3f9a6c;--df:#12301f;--x:#ff7eb6}}
.bg{fill:var(--bg)}text{fill:var(--ink)}.h{font-size:20px}.l,.v{fill:var(--soft)}.v{font-size:10px}.x{fill:var(--x);font-weight:bold}
path{fill:none;stroke:var(--line);stroke-width:1.1}.b{stroke:var(--b)}.d{stroke:var(--d)}.t{stroke:var(--faint);stroke-width:.8}
path.o{stroke-dasharray:5 3}rect{stroke-width:1.1}.o>rect{stroke-dasharray:4 2.5}
.km>rect{fill:var(--mf);stroke:var(--m)}.km>text,.km>.v{fill:var(--mi)}
.kn>rect{fill:var(--nf);stroke:var(--n)}.kb>rect{fill:var(--bf);stroke:var(--b)}.kd>rect{fill:var(--df);stroke:var(--d)})";

}  // namespace rustg::draw
