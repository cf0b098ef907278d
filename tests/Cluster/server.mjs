// A server of Node in a cluster with servers of ours: node server.mjs <port of Redis> <classic | static | dynamic | dynamic-private | streams-1 | streams-4>.
// It says its own port, then does what each line of its input says, {"id":1,"call":[["to","a"],["emit","news",1]]}, and says what came of it.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { Emitter } from '@socket.io/redis-emitter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';

const [port, mode] = process.argv.slice(2);
const url = `redis://127.0.0.1:${port}`;
const publisher = createClient({ url });
const subscriber = createClient({ url });
await Promise.all([publisher.connect(), subscriber.connect()]);

const http = createServer();
const adapter = () => {
  if (mode === 'classic') return createAdapter(publisher, subscriber);
  if (mode.startsWith('streams-')) return createStreamsAdapter(publisher, { streamCount: Number(mode.slice('streams-'.length)) });
  return createShardedAdapter(publisher, subscriber, { subscriptionMode: mode });
};
const io = new Server(http, { adapter: adapter() });
const emitter = new Emitter(publisher);
const told = [];
io.on('tell', (...args) => told.push(args));
io.on('sum', (a, b, answer) => answer(a + b));

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

// Bytes travel as {"$hex":"0102"} between the test and this program.
const revive = (_, value) => (typeof value?.$hex === 'string' ? Buffer.from(value.$hex, 'hex') : value);

const short = (value) => {
  if (Array.isArray(value)) return value.map(short);
  if (value?.handshake) return { id: value.id, rooms: [...value.rooms], data: value.data, address: value.handshake.address };
  return ['object', 'function'].includes(typeof value) ? null : value;
};

async function run(call) {
  const others = { emitter, told: () => told.flat() };
  let at = call[0][0] in others ? others : io;
  for (const [name, ...args] of call) at = typeof at[name] === 'function' ? await at[name](...args) : at[name];
  return short(at);
}

http.listen(0, '127.0.0.1', () => say({ port: http.address().port }));
const input = createInterface({ input: process.stdin });
input.on('line', async (line) => {
  const { id, call } = JSON.parse(line, revive);
  try {
    say({ id, result: (await run(call)) ?? null });
  } catch (error) {
    say({ id, error: String(error?.stack ?? error) });
  }
});
// The test has ended, or has died.
input.on('close', () => process.exit(0));
