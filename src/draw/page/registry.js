'use strict';
// A registry's page: some hundred thousand discs drawn by WebGL 2, names above them on a canvas.

// All there is to know, as registry_page.cpp wrote it.
async function read_data() {
  const sizes = JSON.parse($('sizes').textContent), text = atob($('data').textContent);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i !== packed.length; ++i) packed[i] = text.charCodeAt(i);
  $('data').remove();
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let at = 0;
  const [circles, names, versions, places, ranks, edges] = sizes.sections.map((size) => bytes.subarray(at, at += size));
  const reader = (section) => {
    let i = 0;
    return {
      two: () => section[i++] | section[i++] << 8,
      number: () => {
        let value = 0, shift = 0, byte;
        do { byte = section[i++]; value |= (byte & 127) << shift; shift += 7; } while (byte & 128);
        return value >>> 0;
      },
    };
  };
  const n = sizes.crates, span = 2 * sizes.radius / 65535;
  const out = {n, names: new TextDecoder().decode(names).split('\n'), versions: new TextDecoder().decode(versions).split('\n'),
    x: new Float32Array(n), y: new Float32Array(n), r: new Float32Array(n), dependents: new Uint32Array(n),
    offsets: new Uint32Array(n + 1), targets: new Uint32Array(sizes.edges), circle_of: new Uint32Array(n), circles: [], radius: sizes.radius};
  out.names.length = out.versions.length = n;
  for (let i = 0; i !== n; ++i) {
    out.x[i] = (places[2 * i] | places[2 * i + 1] << 8) * span;
    out.y[i] = (places[2 * (n + i)] | places[2 * (n + i) + 1] << 8) * span;
  }
  const c = reader(circles);
  for (let i = 0; i !== sizes.circles; ++i) {
    const circle = {x: c.two() * span, y: c.two() * span, r: c.two() * span, hue: c.two(), parent: c.number() - 1,
      first: c.number(), own: c.number(), count: c.number(), named_for: c.number(), inside: []};
    out.circles.push(circle);
    if (circle.parent >= 0) out.circles[circle.parent].inside.push(circle);
    out.circle_of.fill(i, circle.first, circle.first + circle.own);
  }
  const r = reader(ranks), e = reader(edges);
  out.ranked = Uint32Array.from({length: r.number()}, r.number);
  let edge = 0;
  for (let i = 0; i !== n; ++i) {
    for (let count = e.number(), rank = 0; count !== 0; --count) {
      rank += e.number();
      ++out.dependents[out.targets[edge++] = out.ranked[rank]];
    }
    out.offsets[i + 1] = edge;
  }
  for (let i = 0; i !== n; ++i) out.r[i] = (1 + out.dependents[i]) ** sizes.growth;
  // All crates, the most depended upon first.
  out.order = new Uint32Array(n);
  out.order.set(out.ranked);
  for (let i = 0, at = out.ranked.length; i !== n; ++i) if (!out.dependents[i]) out.order[at++] = i;
  // Who depends on each.
  out.back_offsets = new Uint32Array(n + 1);
  out.back = new Uint32Array(edge);
  for (let i = 0; i !== n; ++i) out.back_offsets[i + 1] = out.back_offsets[i] + out.dependents[i];
  const place = out.back_offsets.slice(0, n);
  for (let i = 0; i !== n; ++i) for (let j = out.offsets[i]; j !== out.offsets[i + 1]; ++j) out.back[place[out.targets[j]]++] = i;
  return out;
}

function hsl(hue, s, l) {
  const f = (n) => { const k = (n + hue / 30) % 12; return l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)); };
  return [f(0), f(8), f(4)];
}
const dark = matchMedia('(prefers-color-scheme: dark)');
const color_of = (hue, l = dark.matches ? 0.6 : 0.5) => hue >= 360 ? [l * 0.9, l * 0.95, l] : hsl(hue, 0.55, l);

// Circles and discs are squares whose corners are left out; lines lead from the one that is chosen.
class Painter {
  constructor(canvas, data) {
    this.canvas = canvas;
    this.data = data;
    const gl = this.gl = canvas.getContext('webgl2', {antialias: false, alpha: false});
    if (!gl) throw new Error('this page needs WebGL 2, which this browser does not have or does not allow');
    const program = (vertex, fragment) => {
      const p = gl.createProgram();
      for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
        const shader = gl.createShader(type);
        gl.shaderSource(shader, '#version 300 es\nprecision highp float;\n' + source);
        gl.compileShader(shader);
        if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
        gl.attachShader(p, shader);
      }
      gl.linkProgram(p);
      return {p, at: (name) => gl.getUniformLocation(p, name)};
    };
    this.round = program(`
      layout(location=0) in vec3 disc; layout(location=1) in vec4 color; layout(location=2) in float state;
      uniform vec3 view; uniform vec2 size; uniform float ring, lit, ratio; uniform vec3 hot[3];
      out vec2 at; out vec4 paint; out float radius;
      void main() {
        float r = disc.z * view.z, seen = max(r, 0.7);
        radius = seen + 1.0;
        at = vec2((gl_VertexID & 1) * 2 - 1, (gl_VertexID & 2) - 1) * radius;
        vec2 p = disc.xy * view.z + view.xy + at;
        paint = color;
        paint.a *= min(1.0, r * r / (seen * seen) + 0.12);
        if (ring < 0.5 && lit > 0.5) {
          if (state > 0.5) paint = vec4(hot[int(state) - 1], 1.0); else paint.a *= 0.25;
        }
        radius = seen;
        gl_Position = vec4(p / size * 2.0 - 1.0, 0.0, 1.0) * vec4(1, -1, 1, 1);
      }`, `
      in vec2 at; in vec4 paint; in float radius; uniform float ring, ratio; out vec4 result;
      void main() {
        float d = length(at), inside = clamp((radius - d) * ratio + 0.5, 0.0, 1.0);
        float alpha = paint.a;
        if (ring > 0.5) alpha = mix(alpha, min(1.0, alpha * 6.0), clamp((d - radius + 1.4) * ratio, 0.0, 1.0));
        result = vec4(paint.rgb, alpha * inside);
      }`);
    this.line = program(`
      layout(location=0) in vec2 point; uniform vec3 view; uniform vec2 size;
      void main() { gl_Position = vec4((point * view.z + view.xy) / size * 2.0 - 1.0, 0.0, 1.0) * vec4(1, -1, 1, 1); }`,
      'uniform vec4 color; out vec4 result; void main() { result = color; }');
    const {n, circles} = data;
    // Four corners each, the circles first. Of crates there are two lists: as they lie, and the largest first.
    const all = circles.length + n, shape = new Float32Array(all * 12), corners = new Uint32Array((all + n) * 6);
    const square = (place, i) => corners.set([4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 2, 4 * i + 1, 4 * i + 3], 6 * place);
    data.order.forEach((i, rank) => square(all + rank, circles.length + i));
    for (let i = 0, at = 0; i !== all; ++i) {
      const c = circles[i], j = i - circles.length, x = c ? c.x : data.x[j], y = c ? c.y : data.y[j], r = c ? c.r : data.r[j];
      for (let corner = 0; corner !== 4; ++corner) { shape[at++] = x; shape[at++] = y; shape[at++] = r; }
      square(i, i);
    }
    const buffer = (content, target = gl.ARRAY_BUFFER) => {
      const b = gl.createBuffer();
      gl.bindBuffer(target, b);
      gl.bufferData(target, content, gl.STATIC_DRAW);
      return b;
    };
    this.array = gl.createVertexArray();
    gl.bindVertexArray(this.array);
    buffer(corners, gl.ELEMENT_ARRAY_BUFFER);
    const attribute = (index, content, width, type, normal) => {
      const b = buffer(content);
      gl.enableVertexAttribArray(index);
      gl.vertexAttribPointer(index, width, type, normal, 0, 0);
      return b;
    };
    attribute(0, shape, 3, gl.FLOAT, false);
    this.colors = attribute(1, new Uint8Array(all * 16), 4, gl.UNSIGNED_BYTE, true);
    this.states = attribute(2, this.state = new Uint8Array(all * 4), 1, gl.UNSIGNED_BYTE, false);
    this.lines = [0, 1].map(() => {
      const array = gl.createVertexArray(), b = gl.createBuffer();
      gl.bindVertexArray(array);
      gl.bindBuffer(gl.ARRAY_BUFFER, b);
      gl.enableVertexAttribArray(0);
      gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
      return {array, b, count: 0};
    });
    gl.bindVertexArray(null);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    this.recolor();
  }
  recolor() {
    const {gl, data} = this, {circles, n} = data, colors = new Uint32Array((circles.length + n) * 4);
    const packed = ([r, g, b], a) => (a << 24 | Math.round(b * 255) << 16 | Math.round(g * 255) << 8 | Math.round(r * 255)) >>> 0;
    const style = getComputedStyle(document.documentElement);
    const parse = (name) => [1, 3, 5].map((i) => parseInt(style.getPropertyValue(name).trim().slice(i, i + 2), 16) / 255);
    this.ground = dark.matches ? [13 / 255, 17 / 255, 23 / 255] : [1, 1, 1];
    this.hot = ['--down', '--up', '--hot'].map(parse);
    circles.forEach((c, i) => {
      const color = color_of(c.hue), needed = packed(color, 190), other = packed(color, 120);
      colors.fill(packed(color, 20), 4 * i, 4 * i + 4);
      for (let j = c.first, at = 4 * (circles.length + j); j !== c.first + c.own; ++j)
        for (let corner = 0; corner !== 4; ++corner) colors[at++] = data.dependents[j] ? needed : other;
    });
    gl.bindBuffer(gl.ARRAY_BUFFER, this.colors);
    gl.bufferData(gl.ARRAY_BUFFER, colors, gl.STATIC_DRAW);
  }
  // chosen: a crate or -1; down, up: its neighbours.
  choose(chosen, down, up) {
    const {gl, data, state} = this, mark = (i, as) => state.fill(as, 4 * (data.circles.length + i), 4 * (data.circles.length + i) + 4);
    state.fill(0);
    for (const i of up) mark(i, 2);
    for (const i of down) mark(i, 1);
    if (chosen >= 0) mark(chosen, 3);
    this.chosen = chosen;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.states);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, state);
    [up, down].forEach((list, k) => {
      const points = new Float32Array(list.length * 4);
      list.forEach((i, j) => points.set([data.x[chosen], data.y[chosen], data.x[i], data.y[i]], 4 * j));
      gl.bindBuffer(gl.ARRAY_BUFFER, this.lines[k].b);
      gl.bufferData(gl.ARRAY_BUFFER, points, gl.STATIC_DRAW);
      this.lines[k].count = list.length;
    });
  }
  // roughly: without discs too small to tell apart.
  paint(view, roughly) {
    const {gl, canvas} = this, ratio = devicePixelRatio || 1, width = innerWidth, height = innerHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(...this.ground, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const lit = this.chosen >= 0;
    gl.useProgram(this.round.p);
    gl.uniform3f(this.round.at('view'), view.x, view.y, view.k);
    gl.uniform2f(this.round.at('size'), width, height);
    gl.uniform1f(this.round.at('lit'), lit ? 1 : 0);
    gl.uniform1f(this.round.at('ratio'), ratio);
    gl.uniform3fv(this.round.at('hot'), this.hot.flat());
    gl.bindVertexArray(this.array);
    const round = (first, count, ring) => {
      gl.uniform1f(this.round.at('ring'), ring);
      gl.drawElements(gl.TRIANGLES, 6 * count, gl.UNSIGNED_INT, 24 * first);
    };
    const {circles} = this.data;
    round(0, circles.length, 1);
    if (roughly) {
      const {r, order} = this.data;
      let low = 0, high = order.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (r[order[middle]] * view.k >= 0.75) low = middle + 1; else high = middle;
      }
      round(circles.length + order.length, low, 0);
    }
    // Only what is in sight: outermost circles' crates stand one after the other.
    let begin = -1;
    const outer = roughly ? [] : circles.filter((c) => c.parent < 0);
    outer.forEach((c, i) => {
      const r = c.r * view.k, x = c.x * view.k + view.x, y = c.y * view.k + view.y;
      const seen = x + r > 0 && x - r < width && y + r > 0 && y - r < height;
      if (seen && begin < 0) begin = c.first;
      const end = seen ? c.first + c.count : c.first;
      if (begin >= 0 && (!seen || i + 1 === outer.length)) {
        round(circles.length + begin, end - begin, 0);
        begin = -1;
      }
    });
    gl.useProgram(this.line.p);
    gl.uniform3f(this.line.at('view'), view.x, view.y, view.k);
    gl.uniform2f(this.line.at('size'), width, height);
    this.lines.forEach(({array, count}, k) => {
      if (!count || !lit) return;
      gl.uniform4f(this.line.at('color'), ...this.hot[1 - k], Math.max(0.012, Math.min(0.7, 3 / Math.sqrt(count))));
      gl.bindVertexArray(array);
      gl.drawArrays(gl.LINES, 0, 2 * count);
    });
  }
}

const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";
class Namer {
  constructor(canvas, data) {
    Object.assign(this, {canvas, data, pen: canvas.getContext('2d'), widths: new Map()});
  }
  width(text) {  // of a letter's size of 1
    let width = this.widths.get(text);
    if (width === undefined) {
      this.pen.font = `100px ${FONT}`;
      this.widths.set(text, width = this.pen.measureText(text).width / 100);
    }
    return width;
  }
  paint(view, marked, lit) {
    const {canvas, pen, data} = this, ratio = devicePixelRatio || 1;
    if (canvas.width !== Math.round(innerWidth * ratio) || canvas.height !== Math.round(innerHeight * ratio)) {
      canvas.width = Math.round(innerWidth * ratio);
      canvas.height = Math.round(innerHeight * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, innerWidth, innerHeight);
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--ink'), ground = style.getPropertyValue('--bg');
    const seen = (x, y, r) => x + r > 0 && x - r < innerWidth && y + r > 0 && y - r < innerHeight;
    this.shown = 0;
    const write = (text, x, y, font, halo, color = ink) => {
      pen.font = `${font}px ${FONT}`;
      if (halo) {
        pen.strokeStyle = ground;
        pen.lineWidth = 3;
        pen.strokeText(text, x, y);
      }
      pen.fillStyle = color;
      pen.fillText(text, x, y);
      ++this.shown;
    };
    const least = 7, small = 6;
    const visit = (circle) => {
      const r = circle.r * view.k, x = circle.x * view.k + view.x, y = circle.y * view.k + view.y;
      if (!seen(x, y, r) || r < small) return;
      // The most depended upon come first, and so do the largest discs.
      for (let i = circle.first; i !== circle.first + circle.own; ++i) {
        const size = data.r[i] * view.k;
        if (size < small) break;
        const cx = data.x[i] * view.k + view.x, cy = data.y[i] * view.k + view.y;
        if (!seen(cx, cy, size)) continue;
        const font = Math.min(1.8 * size / this.width(data.names[i]), 0.8 * size, 30);
        if (font < least) continue;
        pen.globalAlpha = lit && !lit[i] ? 0.25 : 1;
        write(data.names[i], cx, cy, font, false, lit && lit[i] ? ground : ink);
      }
      circle.inside.forEach(visit);
    };
    const outer = data.circles.filter((c) => c.parent < 0);
    outer.forEach(visit);
    for (const circle of outer) {  // above the crates
      const r = circle.r * view.k, x = circle.x * view.k + view.x, y = circle.y * view.k + view.y;
      if (r < 24 || r > Math.max(innerWidth, innerHeight) / 2 || !seen(x, y, r)) continue;
      const best = circle.named_for, text = circle.hue < 360 ? data.names[best] : circle.inside.length ? 'small groups' : 'on their own';
      if (circle.hue < 360 && 1.8 * data.r[best] * view.k / this.width(text) >= least) continue;
      pen.globalAlpha = lit ? 0.4 : 1;
      const font = Math.max(10, Math.min(16, r / 5));
      write(text, x, y - r + font * 0.7, font, true);
    }
    pen.globalAlpha = 1;
    for (const [i, color] of marked) {
      const size = data.r[i] * view.k, x = data.x[i] * view.k + view.x, y = data.y[i] * view.k + view.y;
      if (!seen(x, y, size + 60)) continue;
      pen.strokeStyle = color;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(x, y, Math.max(size, 2) + 2, 0, 2 * Math.PI);
      pen.stroke();
      if (1.8 * size / this.width(data.names[i]) < least || size < small) write(data.names[i], x, y - Math.max(size, 2) - 11, 13, true);
    }
  }
}

async function start() {
  const data = await read_data();
  const painter = new Painter($('discs'), data), namer = new Namer($('names'), data);
  const format = (n) => n.toLocaleString('en');
  let chosen = -1, pointed = -1, lit = null, waiting = false;
  // Where frames take long, what moves is drawn roughly, and finely once it rests.
  let last = 0, slow = 0, rest = 0;
  const draw = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame((now) => {
      waiting = false;
      const took = now - last;
      last = now;
      if (took < 500) slow = 0.7 * slow + 0.3 * took;
      const roughly = slow > 40;
      paint(roughly);
      clearTimeout(rest);
      if (roughly) rest = setTimeout(() => { last = 0; paint(false); }, 250);
    });
  };
  const paint = (roughly) => {
    painter.paint(view, roughly);
    const hot = getComputedStyle(document.documentElement).getPropertyValue('--hot');
    namer.paint(view, [...new Set([chosen, pointed])].filter((i) => i >= 0).map((i) => [i, hot]), lit);
  };
  const view = new View($('stage'), {
    width: 2 * data.radius, height: 2 * data.radius, most: 60, changed: draw,
    tapped: (e) => select(crate_at(e.clientX, e.clientY)),
    hovered: (e) => {
      const crate = crate_at(e.clientX, e.clientY);
      if (crate === pointed) return;
      pointed = crate;
      $('stage').title = crate < 0 ? '' : `${data.names[crate]} ${data.versions[crate]}\nneeded by ${format(data.dependents[crate])}`;
      $('stage').style.cursor = crate < 0 ? '' : 'pointer';
      draw();
    },
  });
  function crate_at(px, py) {
    const x = (px - view.x) / view.k, y = (py - view.y) / view.k, near = 3 / view.k;
    const inside = (circle) => (x - circle.x) ** 2 + (y - circle.y) ** 2 <= (circle.r + near) ** 2;
    let best = -1, least = near;
    const visit = (circle) => {
      if (!inside(circle)) return;
      for (let i = circle.first; i !== circle.first + circle.own; ++i) {
        const distance = Math.hypot(data.x[i] - x, data.y[i] - y) - data.r[i];
        if (distance < least) { least = distance; best = i; }
      }
      circle.inside.forEach(visit);
    };
    data.circles.forEach((c) => c.parent < 0 && visit(c));
    return best;
  }
  const neighbours = (offsets, list, i) => list.subarray(offsets[i], offsets[i + 1]);
  function reach(offsets, list, from) {
    const seen = new Uint8Array(data.n), queue = [from];
    seen[from] = 1;
    for (let i = 0; i < queue.length; ++i)
      for (const j of neighbours(offsets, list, queue[i])) if (!seen[j]) { seen[j] = 1; queue.push(j); }
    return queue.length - 1;
  }
  function select(crate, go = false, keep = false) {
    chosen = crate;
    if (crate < 0) {
      painter.choose(-1, [], []);
      lit = null;
      $('details').hidden = true;
      if (!keep) history.replaceState(null, '', location.pathname + location.search);
      return draw();
    }
    const down = neighbours(data.offsets, data.targets, crate), up = neighbours(data.back_offsets, data.back, crate);
    painter.choose(crate, down, up);
    lit = new Uint8Array(data.n);
    for (const list of [down, up, [crate]]) for (const i of list) lit[i] = 1;
    if (!keep) history.replaceState(null, '', '#' + data.names[crate]);
    const most = 100, list = (crates) => [...crates].sort((a, b) => data.dependents[b] - data.dependents[a]).slice(0, most)
        .map((i) => ({name: data.names[i], note: format(data.dependents[i]), item: i}));
    const more = (crates) => crates.length > most ? `and ${format(crates.length - most)} more` : '';
    const circle = data.circles[data.circle_of[crate]], outer = circle.parent < 0 ? circle : data.circles[circle.parent];
    show_details(data.names[crate], [data.versions[crate],
      outer.hue < 360 ? `in the community of ${data.names[outer.named_for]}, ${format(outer.count)} crates` : ''], [
      {title: `Needs ${format(down.length)} directly, ${format(reach(data.offsets, data.targets, crate))} in all`, kind: 'down', items: list(down), more: more(down)},
      {title: `Needed by ${format(up.length)} directly, ${format(reach(data.back_offsets, data.back, crate))} in all`, kind: 'up', items: list(up), more: more(up)},
    ], (i) => select(i, true), () => select(-1));
    if (go) {
      const wide = Math.max(data.r[crate] * 5, 12);
      view.show(data.x[crate] - wide, data.y[crate] - wide, 2 * wide, 2 * wide, view.most);
    }
    draw();
  }
  let lower = null;
  new Find((text) => {
    lower ??= Array.from(data.order, (i) => data.names[i].toLowerCase());
    return matching(lower, text, 40).map((rank) => data.order[rank])
        .map((i) => ({name: data.names[i], note: format(data.dependents[i]), item: i}));
  }, (i) => select(i, true));
  addEventListener('keydown', (e) => { if (e.key === 'Escape' && e.target.tagName !== 'INPUT') select(-1); });
  dark.addEventListener('change', () => { painter.recolor(); draw(); });
  $('discs').addEventListener('webglcontextlost', () => location.reload());
  view.fit(false);
  const follow = () => {
    const crate = data.names.indexOf(decodeURIComponent(location.hash.slice(1)));
    if (crate >= 0) select(crate, true, true);
  };
  if (location.hash) follow();
  addEventListener('hashchange', follow);
  // For tests, and for who wants to look around from the console.
  window.registry = {ready: performance.now(), data, view, namer, painter, select, crate_at, state: () => ({chosen, pointed})};
}
start().catch((error) => {
  $('details').hidden = false;
  $('details').textContent = String(error.message || error);
  console.error(error);
});
