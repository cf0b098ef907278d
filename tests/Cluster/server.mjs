// A server of Node in a cluster with servers of ours: node server.mjs <redis://… | postgres://…> <classic | static | dynamic | dynamic-private | streams-1 | streams-4 | recovery | postgres>.
// recovery: one stream, and connectionStateRecovery. It says its own port, then does what each line of its input says, {"id":1,"call":[["to","a"],["emit","news",1]]}, and says what came of it.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Server } from 'socket.io';

const [url, mode] = process.argv.slice(2);

const connect = {
  async redis() {
    const { createAdapter, createShardedAdapter } = await import('@socket.io/redis-adapter');
    const { Emitter } = await import('@socket.io/redis-emitter');
    const { createAdapter: createStreamsAdapter } = await import('@socket.io/redis-streams-adapter');
    const { createClient } = await import('redis');
    const publisher = createClient({ url });
    const subscriber = createClient({ url });
    await Promise.all([publisher.connect(), subscriber.connect()]);
    const adapter = () => {
      if (mode === 'classic') return createAdapter(publisher, subscriber);
      if (mode === 'recovery') return createStreamsAdapter(publisher);
      if (mode.startsWith('streams-')) return createStreamsAdapter(publisher, { streamCount: Number(mode.slice('streams-'.length)) });
      return createShardedAdapter(publisher, subscriber, { subscriptionMode: mode });
    };
    return { adapter: adapter(), emitter: new Emitter(publisher) };
  },
  async postgres() {
    const { createAdapter } = await import('@socket.io/postgres-adapter');
    const { Emitter } = await import('@socket.io/postgres-emitter');
    const { default: pg } = await import('pg');
    // One to listen and one to publish: with more of them, messages of Node overtake each other.
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    pool.on('error', () => {});
    await pool.query('SELECT 1');
    return { adapter: createAdapter(pool, { errorHandler: (error) => failed.push(error.message) }), emitter: new Emitter(pool) };
  },
};

const failed = [];
const { adapter, emitter } = await connect[new URL(url).protocol.slice(0, -1)]();
const http = createServer();
const io = new Server(http, { adapter, ...(mode === 'recovery' && { connectionStateRecovery: {} }) });
const told = [];
// A client joins a room as it does at a server of ours.
io.on('connection', (socket) => socket.on('join', (room, answer) => answer(socket.join(room))));
io.on('tell', (...args) => told.push(args));
io.on('sum', (a, b, answer) => answer(a + b));
const toldInChat = [];
const chat = io.of('/chat');
chat.on('tell', (...args) => toldInChat.push(...args));
chat.on('sum', (a, b, answer) => answer(100 * (a + b)));
io.of(/^\/any/);

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

// Bytes travel as {"$hex":"0102"} between the test and this program.
const revive = (_, value) => (typeof value?.$hex === 'string' ? Buffer.from(value.$hex, 'hex') : value);

const short = (value) => {
  if (Array.isArray(value)) return value.map(short);
  if (value?.handshake) return { id: value.id, rooms: [...value.rooms], data: value.data, address: value.handshake.address };
  return ['object', 'function'].includes(typeof value) ? null : value;
};

// Numbered events for a room, one every few milliseconds. The odd ones have bytes.
async function numbers(room, emitter, count, pause) {
  for (let i = 0; i < count; i++) {
    io.to(room).emit('n', emitter, i, ...(i % 2 ? [Buffer.from([i & 255])] : []));
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}

async function run(call) {
  const setData = (id, data) => Object.assign(io.sockets.sockets.get(id).data, data);
  const others = { emitter, numbers, setData, told: () => told.flat(), toldInChat: () => toldInChat, failed: () => failed.splice(0) };
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
