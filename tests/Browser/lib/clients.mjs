// The client versions by the names of their bundles, and what can be asked of them.

export const clients = ['1.3.5', '1.5.1', '2.2.0', '3.1.3', '4'];

// The bundles that speak MessagePack and nothing else; the server that does has a path of its own.
export const packedClients = ['3.1.3.msgpack', '4.msgpack'];

export const engineOf = client => (client < '3' ? 3 : 4);

// 4.3 removed JSONP.
export const modesOf = client => ['xhr', 'xhr without binary', 'jsonp', 'websocket', 'upgrade'].filter(mode => mode !== 'jsonp' || !client.startsWith('4'));

export const transportsOf = client => ['polling', 'websocket', 'upgrade', 'jsonp'].filter(transport => transport !== 'jsonp' || client !== '4');
