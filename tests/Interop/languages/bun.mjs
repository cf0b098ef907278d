// The client 4.x and the client 2.x in Bun, whose own fetch and WebSocket they use. A line for each case: "ok name", or "not ok name: message",
// and "done" with their number.
import { closeManager, openManager, transports } from '../lib/clients.mjs';
import { call, collect, next } from '../lib/waiting.mjs';
import { same } from '../lib/values.mjs';

const url = process.argv[2];
const bytes = hex => Buffer.from(hex, 'hex');

const cases = {
  async 'text there and back'(socket) {
    for (const text of ['hello', 'grüß 中文', '😀👨‍👩‍👧', '"\\\n\u2028']) same(await call(socket, 'echo', text), [text]);
  },
  async 'binary both ways'(socket) {
    same(await call(socket, 'hex of', bytes('0102ff00')), ['0102ff00']);
    same(bytes((await call(socket, 'bytes of', '0102ff00')).map(value => Buffer.from(value).toString('hex'))[0]).length, 4);
    const told = next(socket, 'bytes');
    socket.emit('tell bytes of', '0102ff00');
    same(Buffer.from((await told)[0]).toString('hex'), '0102ff00');
  },
  async 'the server asks'(socket) {
    socket.on('question', (value, answer) => answer(`got ${value}`));
    same(await call(socket, 'ask me', 'it'), ['got it']);
  },
  async 'many messages in order'(socket) {
    const repeated = collect(socket, 'repeated', 200);
    for (let i = 0; i < 200; i++) socket.emit('repeat', i);
    same(await repeated, [...Array(200).keys()]);
  },
  async 'it outlives several heartbeats'(socket) {
    await new Promise(resolve => setTimeout(resolve, 3000));
    same(await call(socket, 'echo', 'alive'), ['alive']);
  },
};

async function run(version, transport, name, test) {
  const manager = openManager(version, transport, url, {});
  try {
    const socket = manager.socket('/', {});
    await next(socket, 'connect');
    await test(socket);
    console.log(`ok ${version} ${transport}: ${name}`);
  } catch (error) {
    console.log(`not ok ${version} ${transport}: ${name}: ${error.message.replaceAll('\n', ' ')}`);
  } finally {
    closeManager(manager);
  }
}

const all = await Promise.all(['4.8.4', '2.2.0'].flatMap(version => Object.keys(transports).flatMap(transport =>
  Object.entries(cases).map(([name, test]) => run(version, transport, name, test)))));
console.log(`done ${all.length}`);
process.exit();
