'use strict';
// A workspace's page: the drawing is an SVG that is moved about; pointing at a package shows what it needs and what needs it.

const {boxes, links} = JSON.parse($('data').textContent);  // boxes: [[name, version, features], …]; links: [from, to, kind, platforms]
const svg = document.querySelector('#stage svg'), scene = $('graph');
const box_elements = boxes.map((_, i) => $('b' + i));
const link_elements = [...scene.querySelectorAll(':scope > path')];
const out = boxes.map(() => []), into = boxes.map(() => []);
links.forEach(([from, to], e) => { out[from].push(e); into[to].push(e); });

const label = (box) => boxes[box].map(([name]) => name).join(' ⇄ ');
const view = new View($('stage'), {
  width: +svg.dataset.width, height: +svg.dataset.height,
  changed: () => scene.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.k})`),
  tapped: (e) => select(box_at(e)),
  hovered: (e) => { if (chosen < 0) highlight(box_at(e)); },
});
// The pointer is the stage's while it is down, so what is below it is asked for.
function box_at(e) {
  const box = document.elementFromPoint(e.clientX, e.clientY)?.closest('g[id^=b]');
  return box && scene.contains(box) ? +box.id.slice(1) : -1;
}

// Everything that `edges` lead to, `end` (0 or 1) being where they end.
function reach(from, edges, end) {
  const seen = new Set([from]);
  for (const box of seen) for (const e of edges[box]) seen.add(links[e][end]);
  return seen;
}

let lit = -1, chosen = -1;
function highlight(box) {
  if (box === lit) return;
  lit = box;
  svg.classList.toggle('lit', box >= 0);
  for (const element of scene.querySelectorAll('.up,.down,.own')) element.classList.remove('up', 'down', 'own');
  if (box < 0) return;
  const down = reach(box, out, 1), up = reach(box, into, 0);
  for (const b of down) box_elements[b].classList.add('down');
  for (const b of up) box_elements[b].classList.add('up');
  box_elements[box].classList.add('own');
  links.forEach(([from, to], e) => {
    if (link_elements[e].classList.contains('t') && from !== box && to !== box) return;
    if (down.has(from)) link_elements[e].classList.add('down');
    if (up.has(to)) link_elements[e].classList.add('up');
  });
}

function select(box, go = false) {
  chosen = box;
  highlight(box);
  if (box < 0) { $('details').hidden = true; return; }
  if (go) {
    const r = box_elements[box].querySelector('rect'), n = (name) => +r.getAttribute(name);
    view.show(n('x') - 250, n('y') - 150, n('width') + 500, n('height') + 300, 1.5);
  }
  const kinds = ['', 'build', 'dev'];
  const item = (e, end) => ({
    name: label(links[e][end]), item: links[e][end],
    note: [kinds[links[e][2]], links[e][3] ? 'some platforms' : '', boxes[links[e][end]].length === 1 ? boxes[links[e][end]][0][1] : '']
        .filter(Boolean).join(' · '),
  });
  const by_name = (a, b) => a.name < b.name ? -1 : 1;
  const lines = boxes[box].flatMap(([name, version, features]) =>
      [boxes[box].length > 1 ? `${name} ${version}` : version, features ? `features: ${features}` : '']);
  const others = boxes.flatMap((b, i) => i === box ? [] : b.filter(([name]) => boxes[box].some(([own]) => own === name)).map((p) => p[1]));
  if (others.length) lines.push(`also there: ${others.join(', ')}`);
  const all = (n) => n === 1 ? '1 in all' : `${n} in all`;
  show_details(label(box), lines, [
    {title: `Needs ${out[box].length} directly, ${all(reach(box, out, 1).size - 1)}`, kind: 'down', items: out[box].map((e) => item(e, 1)).sort(by_name)},
    {title: `Needed by ${into[box].length} directly, ${all(reach(box, into, 0).size - 1)}`, kind: 'up', items: into[box].map((e) => item(e, 0)).sort(by_name)},
  ], (b) => select(b, true), () => select(-1));
}

const names = [], places = [];
boxes.forEach((b, i) => b.forEach(([name, version]) => { names.push(name.toLowerCase()); places.push([i, name, version]); }));
new Find((text) => matching(names, text, 40).map((i) => ({name: places[i][1], note: places[i][2], item: places[i][0]})),
         (box) => select(box, true));
addEventListener('keydown', (e) => { if (e.key === 'Escape' && e.target.tagName !== 'INPUT') select(-1); });
// Tooltips would stand in the way of what pointing shows.
for (const title of scene.querySelectorAll('title')) title.remove();
view.fit(false);
