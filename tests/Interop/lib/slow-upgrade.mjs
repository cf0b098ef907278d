// A TCP proxy that holds back what a WebSocket carries, so that an upgrade takes long enough to do something during it.
import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import { only } from './context.mjs';

// Polls that take a detour over another server need more time to deliver something meanwhile.
const DELAY = process.env.INTEROP_NODES ? 200 : 40;

/** Passes chunks on unchanged and in order, each `ms` later. */
function pass(from, to, ms) {
  const later = act => (ms ? setTimeout(act, ms) : act());
  from.on('data', chunk => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => later(() => to.destroy()));
}

/** A case with a proxy in front of the server; for the one transport that upgrades. */
export const duringUpgrade = act => only(t => t.transport === 'upgrade', async t => {
  const proxy = await start(t.url);
  try {
    await act(t, proxy);
  } finally {
    proxy.close();
  }
});

async function start(serverUrl) {
  const { port, hostname } = new URL(serverUrl);
  const open = new Set();
  const proxy = createServer(client => {
    open.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => open.delete(client));
    client.once('data', head => {
      const server = connect(Number(port), hostname);
      const isSlow = head.includes('transport=websocket');
      pass(client, server, isSlow ? DELAY : 0);
      pass(server, client, isSlow ? DELAY : 0);
      setTimeout(() => server.write(head), isSlow ? DELAY : 0);
      if (isSlow) proxy.emit('upgrading', server, client);
    });
  });
  const upgrading = once(proxy, 'upgrading');
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const probing = upgrading.then(async ([server]) => {
    await once(server, 'data');
    return server;
  });
  const changing = upgrading.then(async ([, client]) => {
    for (const _ of ['probe', 'upgrade']) await once(client, 'data');
  });
  // A case waits for one of them at most. A client that ends its socket with a reset would make the other an unhandled error.
  for (const moment of [probing, changing]) moment.catch(() => {});
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    /** The proxy's own connection to the server, as soon as the server has accepted an upgrade. */
    probing,
    /** The client has sent its last packet of the upgrade, the server has yet to get it. Nobody polls any more. */
    changing,
    close() {
      proxy.close();
      open.forEach(socket => socket.destroy());
    },
  };
}
