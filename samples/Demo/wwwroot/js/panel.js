// The head of a page with its links, and the panel that shows the connection and switches client and transport.
import { canUse, choose, clients, readChoice, transports } from './choice.js';
import { byId, element } from './dom.js';

const pages = [
  ['numbers.html', 'Numbers'],
  ['progress.html', 'Progress'],
  ['echo.html', 'Echo'],
  ['rooms.html', 'Rooms'],
  ['classic.html', 'Classic'],
];

const rows = [
  ['state', 'State'],
  ['transport', 'Transport'],
  ['protocol', 'Protocol'],
  ['id', 'Socket id'],
];

export function buildHead() {
  const here = location.pathname.split('/').pop();
  const links = pages.map(([href, text]) =>
    element('li', {}, element('a', { href, 'aria-current': href === here ? 'page' : null }, text)));
  byId('top').append(
    element('a', { class: 'brand', href: './' }, 'SocketIOServer'),
    element('nav', { 'aria-label': 'Pages' }, element('ul', {}, ...links)));
}

export function buildPanel() {
  const { own, client, transport } = readChoice();
  const clientBox = select('client', clients.map(version =>
    [version, version === own ? `${version} (own)` : version, true]), client);
  const transportBox = select('transport', Object.keys(transports).map(name =>
    [name, name, canUse(client, name)]), transport);
  clientBox.addEventListener('change', () => choose(clientBox.value, transportBox.value));
  transportBox.addEventListener('change', () => choose(clientBox.value, transportBox.value));

  byId('connection').append(
    element('div', { class: 'title' },
      element('h2', {}, 'Connection'),
      element('button', { id: 'toggle', type: 'button', class: 'quiet' }, 'Disconnect')),
    element('dl', { class: 'status', 'aria-live': 'polite' }, ...rows.flatMap(([name, label]) =>
      [element('dt', {}, label), element('dd', { id: `status-${name}` }, '–')])),
    element('div', { class: 'switch' },
      element('label', {}, element('span', {}, 'Client'), clientBox),
      element('label', {}, element('span', {}, 'Transport'), transportBox)));
}

function select(name, options, chosen) {
  return element('select', { id: `choose-${name}`, name }, ...options.map(([value, label, usable]) =>
    element('option', { value, selected: value === chosen, disabled: !usable }, label)));
}

export function show(name, text) {
  byId(`status-${name}`).textContent = text;
}

// The word before the first blank (connected, connecting, disconnected, failed) also colours the dot.
export function showState(text) {
  show('state', text);
  document.body.dataset.state = text.split(/[ :]/)[0];
}
