// For servers that do not take port 0, or do not say which port they got.
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of loopback that nothing listens to at this moment. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
