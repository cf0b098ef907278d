// The client versions, what each can do, and how to open one over a given transport.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../clients/package.json', import.meta.url));

// engine: the Engine.IO revision. refused: the event of a refused namespace.
// namespaceId: the id of a socket in a namespace other than / is known to the client.
// credentials: what can travel with one namespace.
// parser: where it is not the client's own; the server that speaks it has a path of its own.
const abilities = {
  '1.3.5': { module: 'socket.io-client-1.3', engine: 3, refused: 'error', namespaceId: false, credentials: 'none' },
  '1.5.1': { module: 'socket.io-client-1.5', engine: 3, refused: 'error', namespaceId: false, credentials: 'query' },
  '2.2.0': { module: 'socket.io-client-2', engine: 3, refused: 'error', namespaceId: true, credentials: 'query' },
  '3.1.3': { module: 'socket.io-client-3', engine: 4, refused: 'connect_error', namespaceId: true, credentials: 'auth' },
  '4.8.4': { module: 'socket.io-client-4', engine: 4, refused: 'connect_error', namespaceId: true, credentials: 'auth' },
};

const messagePack = version => ({ ...abilities[version], parser: `socket.io-msgpack-parser-${version[0] === '2' ? 2 : 3}`, path: '/msgpack' });

for (const version of ['2.2.0', '3.1.3', '4.8.4']) abilities[`${version} msgpack`] = messagePack(version);

export const versions = Object.keys(abilities);

export const transports = {
  polling: { transports: ['polling'], upgrade: false },
  websocket: { transports: ['websocket'] },
  upgrade: { transports: ['polling', 'websocket'] },
};

export const abilitiesOf = version => abilities[version];

export function openManager(version, transport, url, options) {
  const { module, parser, path } = abilities[version];
  const { Manager } = require(module);
  return new Manager(url, {
    ...(parser && { parser: require(parser), path }),
    ...transports[transport],
    reconnection: false,
    reconnectionDelay: 20,
    reconnectionDelayMax: 100,
    timeout: 10_000,
    ...options,
  });
}

/** Ends the connection whatever state it is in; disconnect() would depend on which namespaces are connected. */
export function closeManager(manager) {
  manager.reconnection(false);
  manager.skipReconnect = true;
  manager.engine?.close();
}
