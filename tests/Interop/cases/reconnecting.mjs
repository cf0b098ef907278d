import { ServerProcess } from '../lib/server-process.mjs';
import { call, next } from '../lib/waiting.mjs';
import { same } from '../lib/values.mjs';

// The waits begin before the server stops and starts, so that no event is missed; on a busy machine both take long.
const START = 40_000;

export const name = 'comes back by itself when the server is started again';

/** The transports share one restart of a server of their own: starting is the slow part. */
export async function restart(contexts, report) {
  const server = await ServerProcess.start();
  let again = null;
  try {
    const clients = contexts.map(t => ({ t, ...connect(t, server.url) }));
    await Promise.allSettled(clients.map(client => client.connected));

    const lost = clients.map(client => client.lost());
    await server.stop();
    await Promise.allSettled(lost);

    const back = clients.map(client => client.back());
    again = await ServerProcess.start(server.port);
    await Promise.all(clients.map(({ t, connected }, i) => report(t, name, async () => {
      for (const step of [connected, lost[i], back[i]]) await step;
    })));
  } finally {
    await server.stop();
    await again?.stop();
  }
}

function connect(t, url) {
  const manager = t.manager({ url, reconnection: true });
  const sockets = ['/', '/chat'].map(namespace => manager.socket(namespace));
  const greet = word => Promise.all(sockets.map(async socket => same(await call(socket, 'echo', word), [word])));
  const all = (event, ms) => Promise.all(sockets.map(socket => next(socket, event, ms)));

  return {
    connected: all('connect').then(() => greet('first')),
    async lost() {
      // Anything else than a lost transport would tell the client to stay away.
      for (const [reason] of await all('disconnect', START)) same(reason.startsWith('transport '), true, reason);
    },
    async back() {
      await all('connect', START);
      await greet('second');
    },
  };
}
