// The panel that shows the connection, and switches the client and the transport.
import { canUse, choose, clients, readChoice, transports } from './choice.js';
import { byId, element } from './dom.js';
import { t } from './language.js';
import { isDesk } from './screen.js';

const rows = [
  ['transport', 'Transport'],
  ['protocol', 'Protocol'],
  ['id', 'Socket id'],
];

export function buildPanel() {
  const { own, client, transport } = readChoice();
  const clientBox = select('client', clients.map(version =>
    [version, version === own ? t("{0} (this page's)", version) : version, true]), client);
  const transportBox = select('transport', Object.keys(transports).map(name =>
    [name, name === 'upgrade' ? t('polling, then websocket') : name, canUse(client, name)]), transport);
  clientBox.addEventListener('change', () => choose(clientBox.value, transportBox.value));
  transportBox.addEventListener('change', () => choose(clientBox.value, transportBox.value));

  byId('connection').append(
    element('div', { class: 'title' },
      element('div', {},
        element('h2', {}, t('Connection')),
        element('p', { id: 'status-state', role: 'status' })),
      element('button', { id: 'toggle', type: 'button', class: 'quiet' })),
    element('details', { open: isDesk },
      element('summary', {}, t('Client and transport')),
      element('dl', { class: 'status' }, ...rows.flatMap(([name, label]) =>
        [element('dt', {}, t(label)), element('dd', { id: `status-${name}`, translate: 'no' }, '–')])),
      element('div', { class: 'switch' },
        element('label', {}, element('span', {}, t('Client')), clientBox),
        element('label', {}, element('span', {}, t('Transport')), transportBox))));
}

function select(name, options, chosen) {
  return element('select', { id: `choose-${name}`, name, translate: 'no' }, ...options.map(([value, label, usable]) =>
    element('option', { value, selected: value === chosen, disabled: !usable }, label)));
}

export function show(name, text) {
  byId(`status-${name}`).textContent = text;
}

const states = {
  connecting: 'connecting',
  connected: 'connected',
  reconnecting: 'reconnecting',
  disconnected: 'disconnected',
  failed: 'failed: the client bundle is missing, start with ./demo',
};

export const currentState = () => document.body.dataset.state;

/** The word of the state; its colour is the style sheet's. */
export function showState(state) {
  if (state !== 'connected') for (const [name] of rows) show(name, '–');
  show('state', t(states[state]));
  document.body.dataset.state = state;
  byId('toggle').textContent = t(state === 'disconnected' ? 'Connect' : 'Disconnect');
  byId('toggle').hidden = state === 'failed';
}
