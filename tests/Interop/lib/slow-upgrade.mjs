// A TCP proxy that holds back what a WebSocket carries, so that an upgrade takes long enough to send during it.
import { once } from 'node:events';
import { createServer, connect } from 'node:net';

const DELAY = 40;

/** Passes chunks on unchanged and in order, each `ms` later. */
function pass(from, to, ms) {
  const later = act => (ms ? setTimeout(act, ms) : act());
  from.on('data', chunk => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => later(() => to.destroy()));
}

export async function slowUpgrade(serverUrl) {
  const { port, hostname } = new URL(serverUrl);
  const open = new Set();
  const proxy = createServer(client => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.once('error', () => client.destroy());
    client.once('data', head => {
      client.pause();
      const server = connect(Number(port), hostname);
      const ms = head.includes('transport=websocket') ? DELAY : 0;
      pass(client, server, ms);
      pass(server, client, ms);
      setTimeout(() => server.write(head), ms);
      client.resume();
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    close() {
      proxy.close();
      open.forEach(socket => socket.destroy());
    },
  };
}
