// The log of a page: what came in, what went out, what happened to the connection.
import { byId, element } from './dom.js';

const mostLines = 200;
const signs = { in: '←', out: '→', note: '·' };

export function log(text, kind = 'in') {
  const list = byId('log');
  const now = new Date();
  list.append(element('li', { class: kind },
    element('time', { datetime: now.toISOString() }, now.toTimeString().slice(0, 8)),
    element('span', { class: 'sign', 'aria-hidden': 'true' }, signs[kind]),
    element('span', { class: 'text' }, text)));
  while (list.children.length > mostLines) list.firstElementChild.remove();
  list.scrollTop = list.scrollHeight;
}
