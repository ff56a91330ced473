/**
 * The script of a page. It runs in the reader's browser, so it is text here. It makes no markup of strings: all
 * contents of frames go into text nodes.
 */
export const PAGE_SCRIPT = String.raw`'use strict';
(() => {
const one = (selector, within = document) => within.querySelector(selector);
const many = (selector, within = document) => [...within.querySelectorAll(selector)];
function make(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

let unpacked;
function frames() {
  unpacked ??= (async () => {
    const bytes = fromBase64(one('#frames').textContent);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return JSON.parse(await new Response(stream).text());
  })();
  return unpacked;
}
function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function fieldItem([name, value, start, end, note], first) {
  const shown = make('span', {}, value);
  if (note !== undefined) shown.append(make('i', {}, note));
  const item = make('li', { tabindex: first ? '0' : '-1', 'data-start': start, 'data-end': end }, make('b', {}, name), shown);
  return item;
}
function layersOf(frame) {
  const box = make('div', { class: 'layers' });
  let first = true;
  for (const [layer, start, end, fields] of frame.layers) {
    const heading = make('h4', {}, layer, make('small', {}, 'bytes ' + start + ' to ' + (end - 1)));
    const list = make('ul', { 'aria-label': 'fields of ' + layer });
    for (const field of fields) {
      list.append(fieldItem(field, first));
      first = false;
    }
    box.append(make('div', { class: 'layer' }, heading, list));
  }
  return box;
}
function hexOf(frame) {
  const bytes = fromBase64(frame.bytes);
  const hex = make('pre', { class: 'hex', 'aria-label': 'bytes', tabindex: '0' });
  for (let row = 0; row < bytes.length; row += 16) {
    hex.append(make('span', { class: 'at' }, row.toString(16).padStart(4, '0') + '  '));
    let text = '';
    for (let at = row; at < row + 16; at += 1) {
      const gap = at % 16 === 7 ? '  ' : ' ';
      if (at >= bytes.length) { hex.append('  ' + gap); continue; }
      const byte = bytes[at];
      hex.append(make('span', { class: 'b', 'data-at': at }, byte.toString(16).padStart(2, '0')), gap);
      text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·';
    }
    hex.append(make('span', { class: 'at' }, ' ' + text), '\n');
  }
  if (bytes.length < frame.captured) hex.append('first ' + bytes.length + ' of ' + frame.captured + ' bytes\n');
  return hex;
}
function light(panel, start, end) {
  for (const byte of many('.b', panel)) {
    const at = Number(byte.dataset.at);
    byte.classList.toggle('lit', at >= start && at < end);
  }
  for (const item of many('li', panel)) item.classList.toggle('lit', Number(item.dataset.start) === start && Number(item.dataset.end) === end);
}
function panelOf(frame) {
  const close = make('button', { type: 'button', class: 'close', 'aria-label': 'close' }, '✕');
  const size = frame.length + ' bytes on the wire';
  const panel = make('div', { class: 'opened', role: 'group', 'aria-label': 'the frame, layer by layer' },
    make('header', {}, make('p', { class: 'whole' }, frame.line), close),
    make('p', { class: 'seen' }, [size, ...frame.seen].join('; ')),
    hexOf(frame), layersOf(frame));
  const lightItem = (target) => {
    const item = target.closest('li');
    if (item) light(panel, Number(item.dataset.start), Number(item.dataset.end));
  };
  const lightByte = (target) => {
    const byte = target.closest('.b');
    if (!byte) return;
    const at = Number(byte.dataset.at);
    const holding = many('li', panel).filter((item) => at >= Number(item.dataset.start) && at < Number(item.dataset.end));
    const length = (item) => Number(item.dataset.end) - Number(item.dataset.start);
    const least = holding.sort((a, b) => length(a) - length(b))[0];
    if (least) light(panel, Number(least.dataset.start), Number(least.dataset.end));
  };
  panel.addEventListener('mouseover', ({ target }) => { lightItem(target); lightByte(target); });
  panel.addEventListener('focusin', ({ target }) => lightItem(target));
  close.addEventListener('click', () => shut(panel));
  return panel;
}

async function open(button) {
  const item = button.closest('li');
  const there = one(':scope>.opened', item);
  if (there) return shut(there);
  const frame = (await frames())[button.dataset.frame];
  if (!frame || one(':scope>.opened', item)) return;
  item.append(panelOf(frame));
  button.setAttribute('aria-expanded', 'true');
}
function shut(panel) {
  const button = one(':scope>button', panel.closest('.row'));
  panel.remove();
  button.setAttribute('aria-expanded', 'false');
  button.focus();
}

const seen = (element) => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
function stops(ladder) {
  return many('button[data-frame],.folded>details>summary', ladder).filter(seen);
}
function goTo(list, from, key) {
  const at = list.indexOf(from);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[key];
  const target = list[Math.max(0, Math.min(list.length - 1, next))];
  if (!target) return;
  for (const other of list) other.tabIndex = -1;
  target.tabIndex = 0;
  target.focus();
}
const KEYS = ['ArrowDown', 'ArrowUp', 'Home', 'End'];
document.addEventListener('keydown', (event) => {
  const { target, key } = event;
  if (!(target instanceof Element) || event.altKey || event.ctrlKey || event.metaKey) return;
  const panel = target.closest('.opened');
  if (key === 'Escape') {
    const shown = panel ?? one('.opened', target.closest('.row') ?? make('div'));
    if (shown) { shut(shown); event.preventDefault(); }
    return;
  }
  if (!KEYS.includes(key)) return;
  const field = target.closest('.opened li');
  if (field) { event.preventDefault(); goTo(many('li', panel), field, key); return; }
  const ladder = target.closest('.ladder');
  const stop = target.closest('button[data-frame],.folded>details>summary');
  if (ladder && stop) { event.preventDefault(); goTo(stops(ladder), stop, key); }
});
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element && target.closest('button[data-frame]');
  if (button) void open(button);
});

for (const ladder of many('.ladder')) {
  for (const stop of many('.folded>details>summary', ladder)) stop.tabIndex = -1;
  const first = one('button[data-frame],.folded>details>summary', ladder);
  if (first) first.tabIndex = 0;
}
function reveal() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener('hashchange', reveal);
document.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('a[href^="#"]')) setTimeout(reveal);
});
reveal();

for (const list of many('.steps')) {
  const all = make('button', { type: 'button', class: 'tool' }, 'Open all');
  const head = make('div', { class: 'steps-head' });
  one('h2', list).replaceWith(head);
  head.append(make('h2', {}, 'Steps'), all);
  all.addEventListener('click', () => {
    const steps = many('.step', list);
    const open = steps.some((step) => !step.open);
    for (const step of steps) step.open = open;
    all.textContent = open ? 'Close all' : 'Open all';
  });
}
let closed = [];
addEventListener('beforeprint', () => {
  closed = many('details:not([open])');
  for (const one of closed) one.open = true;
});
addEventListener('afterprint', () => {
  for (const one of closed) one.open = false;
});
})();`;
