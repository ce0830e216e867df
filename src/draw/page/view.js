'use strict';
// What both pages share: a view that is dragged and zoomed, a field that finds, and the panel beside.

const $ = (id) => document.getElementById(id);

// A point (x, y) of the drawing is seen at (x * k + this.x, y * k + this.y).
class View {
  constructor(stage, {width, height, least = 0.02, most = 8, changed, tapped, hovered}) {
    Object.assign(this, {stage, width, height, least, most, changed, tapped, hovered, x: 0, y: 0, k: 1});
    this.margins = {left: 20, top: 76, right: 20, bottom: 56};
    this.fitted = true;
    const pointers = new Map();
    let moved = 0, spread = 0;
    stage.addEventListener('pointerdown', (e) => {
      if (e.button !== 0) return;
      this.stop();
      pointers.set(e.pointerId, [e.clientX, e.clientY]);
      stage.setPointerCapture(e.pointerId);
      if (pointers.size === 1) moved = 0;
      spread = 0;
    });
    stage.addEventListener('pointermove', (e) => {
      const from = pointers.get(e.pointerId);
      if (!from) return void (e.pointerType === 'mouse' && this.hovered?.(e));
      const [dx, dy] = [e.clientX - from[0], e.clientY - from[1]];
      pointers.set(e.pointerId, [e.clientX, e.clientY]);
      moved += Math.abs(dx) + Math.abs(dy);
      if (moved > 4) stage.classList.add('dragging');
      this.set(this.x + dx / pointers.size, this.y + dy / pointers.size, this.k);
      if (pointers.size === 2) {
        const [a, b] = [...pointers.values()], now = Math.hypot(a[0] - b[0], a[1] - b[1]);
        if (spread) this.zoom(now / spread, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
        spread = now;
      }
    });
    const up = (e) => {
      if (!pointers.delete(e.pointerId)) return;
      spread = 0;
      stage.classList.remove('dragging');
      if (e.type === 'pointerup' && moved <= 4 && pointers.size === 0) this.tapped?.(e);
    };
    stage.addEventListener('pointerup', up);
    stage.addEventListener('pointercancel', up);
    stage.addEventListener('wheel', (e) => {
      e.preventDefault();
      this.stop();
      const lines = e.deltaMode === 1 ? 30 : 1;
      this.zoom(Math.exp(-Math.max(-200, Math.min(200, e.deltaY * lines)) / (e.ctrlKey ? 120 : 400)), e.clientX, e.clientY);
    }, {passive: false});
    addEventListener('resize', () => this.fitted ? this.fit(false) : this.changed());
    addEventListener('keydown', (e) => {
      if (e.target.tagName === 'INPUT' || e.ctrlKey || e.metaKey || e.altKey) return;
      const step = 80, middle = [innerWidth / 2, innerHeight / 2];
      const act = {
        ArrowLeft: () => this.set(this.x + step, this.y, this.k), ArrowRight: () => this.set(this.x - step, this.y, this.k),
        ArrowUp: () => this.set(this.x, this.y + step, this.k), ArrowDown: () => this.set(this.x, this.y - step, this.k),
        '+': () => this.zoom(1.3, ...middle), '=': () => this.zoom(1.3, ...middle), '-': () => this.zoom(1 / 1.3, ...middle),
        0: () => this.fit(true),
      }[e.key];
      if (act) { e.preventDefault(); this.stop(); act(); }
    });
    $('zoom').addEventListener('click', (e) => {
      const by = {in: 1.5, out: 1 / 1.5}[e.target.dataset.to];
      by ? this.zoom(by, innerWidth / 2, innerHeight / 2) : this.fit(true);
    });
  }
  set(x, y, k) {
    // Something of the drawing stays in sight.
    const keep = 60;
    this.x = Math.max(keep - this.width * k, Math.min(innerWidth - keep, x));
    this.y = Math.max(keep - this.height * k, Math.min(innerHeight - keep, y));
    this.k = k;
    this.fitted = false;
    this.changed();
  }
  zoom(by, x, y) {
    const k = Math.max(this.least, Math.min(this.most, this.k * by));
    this.set(x - (x - this.x) * k / this.k, y - (y - this.y) * k / this.k, k);
  }
  stop() { cancelAnimationFrame(this.flight); }
  // So that the rectangle is seen whole, and no larger than `most`.
  show(left, top, width, height, most, smoothly = true) {
    const m = this.margins, w = innerWidth - m.left - m.right, h = innerHeight - m.top - m.bottom;
    const k = Math.max(this.least, Math.min(most, w / width, h / height));
    this.fly(m.left + (w - width * k) / 2 - left * k, m.top + (h - height * k) / 2 - top * k, k, smoothly);
  }
  fit(smoothly) {
    this.least = Math.min(this.least, innerWidth / this.width / 2, innerHeight / this.height / 2);
    this.show(0, 0, this.width, this.height, this.most, smoothly);
    this.fitted = true;
  }
  fly(x, y, k, smoothly) {
    this.stop();
    if (!smoothly || matchMedia('(prefers-reduced-motion: reduce)').matches) return this.set(x, y, k);
    const from = [this.x, this.y, this.k], begun = performance.now(), lasts = 450;
    // What is in the middle of the window moves straight, its size by equal factors.
    const cx = innerWidth / 2, cy = innerHeight / 2;
    const a = [(cx - from[0]) / from[2], (cy - from[1]) / from[2]], b = [(cx - x) / k, (cy - y) / k];
    const step = (now) => {
      const t = Math.min(1, Math.max(0, (now - begun) / lasts)), s = t * t * (3 - 2 * t);
      const scale = from[2] * (k / from[2]) ** s;
      const d = Math.abs(k / from[2] - 1) < 1e-3 ? s : (1 / from[2] - 1 / scale) / (1 / from[2] - 1 / k);
      this.set(cx - (a[0] + (b[0] - a[0]) * d) * scale, cy - (a[1] + (b[1] - a[1]) * d) * scale, scale);
      if (t < 1) this.flight = requestAnimationFrame(step);
    };
    this.flight = requestAnimationFrame(step);
  }
}

// The field that finds: search(text) gives [{name, note, item}], best first; choose(item) is told which.
class Find {
  constructor(search, choose) {
    const input = $('query'), list = $('hits');
    let hits = [], at = 0;
    const mark = () => [...list.children].forEach((li, i) => {
      li.setAttribute('aria-selected', i === at);
      if (i === at) li.scrollIntoView({block: 'nearest'});
    });
    const update = () => {
      hits = input.value.trim() ? search(input.value.trim().toLowerCase()) : [];
      at = 0;
      list.replaceChildren(...hits.map((hit) => {
        const li = document.createElement('li'), note = document.createElement('span');
        li.append(hit.name, note);
        note.textContent = hit.note;
        return li;
      }));
      if (!hits.length && input.value.trim()) list.append(Object.assign(document.createElement('li'), {textContent: 'nothing of that name'}));
      mark();
    };
    const take = (i) => {
      if (!hits[i]) return;
      const item = hits[i].item;
      list.replaceChildren();
      hits = [];
      input.blur();
      choose(item);
    };
    input.addEventListener('input', update);
    input.addEventListener('focus', update);
    input.addEventListener('keydown', (e) => {
      if (e.key === 'ArrowDown') at = Math.min(hits.length - 1, at + 1);
      else if (e.key === 'ArrowUp') at = Math.max(0, at - 1);
      else if (e.key === 'Enter') return take(at);
      else if (e.key === 'Escape') { input.value = ''; update(); input.blur(); return; }
      else return;
      e.preventDefault();
      mark();
    });
    list.addEventListener('pointerdown', (e) => {
      e.preventDefault();
      take([...list.children].indexOf(e.target.closest('li')));
    });
    $('stage').addEventListener('pointerdown', () => { list.replaceChildren(); input.blur(); });
    addEventListener('keydown', (e) => {
      if (e.key === '/' && e.target !== input) { e.preventDefault(); input.focus(); input.select(); }
    });
  }
}

// Hits for names: equal, then those that begin so, then those that have it inside; within each as `names` has them.
function matching(names, text, most) {
  const found = [[], [], []];
  for (let i = 0; i !== names.length && found[0].length + found[1].length < most; ++i) {
    const at = names[i].indexOf(text);
    if (at < 0) continue;
    const rank = at > 0 ? 2 : names[i].length === text.length ? 0 : 1;
    if (found[rank].length < most) found[rank].push(i);
  }
  return found.flat().slice(0, most);
}

// The panel: a heading, lines of text, and lists [{title, kind, items: [{name, note, item}], more}].
function show_details(heading, lines, lists, choose, close) {
  const panel = $('details'), add = (tag, text, to = panel) => {
    const element = document.createElement(tag);
    element.textContent = text;
    to.append(element);
    return element;
  };
  panel.replaceChildren();
  panel.hidden = false;
  panel.scrollTop = 0;
  const button = add('button', '×');
  button.title = 'Close (Esc)';
  button.addEventListener('click', close);
  add('h2', heading);
  for (const line of lines) if (line) add('p', line);
  for (const {title, kind, items, more} of lists) {
    add('h3', title).className = kind;
    const list = add('ul', '');
    for (const {name, note, item} of items) {
      const li = add('li', name, list);
      add('span', note, li);
      li.addEventListener('click', () => choose(item));
    }
    if (more) add('p', more);
  }
}
