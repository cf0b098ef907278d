// Which client and which transport this page runs on: ?client=1.3.5&transport=polling, or the page's own client.

export const clients = ['1.3.5', '1.5.1', '2.2.0', '3.1.3', '4'];

// By the names of the address and the switch: what the client is told.
export const transports = {
  upgrade: { transports: ['polling', 'websocket'] },
  websocket: { transports: ['websocket'] },
  polling: { transports: ['polling'] },
  jsonp: { transports: ['polling'], forceJSONP: true },
};

// Client 4 can no longer do JSONP (removed in 4.3).
export const canUse = (client, transport) => transport !== 'jsonp' || client !== '4';

export function readChoice() {
  const query = new URLSearchParams(location.search);
  const own = document.body.dataset.client;
  const client = clients.includes(query.get('client')) ? query.get('client') : own;
  const asked = Object.hasOwn(transports, query.get('transport')) ? query.get('transport') : 'upgrade';
  return { own, client, transport: canUse(client, asked) ? asked : 'polling' };
}

// Another client means another script, so the page starts anew.
export function choose(client, transport) {
  const query = new URLSearchParams(location.search);
  query.set('client', client);
  query.set('transport', canUse(client, transport) ? transport : 'polling');
  location.search = query;
}
