import { only } from '../lib/context.mjs';
import { call, next, within } from '../lib/waiting.mjs';
import { same } from '../lib/values.mjs';

// Older clients do not ask for their session.
const canRecover = t => t.version.startsWith('4.') && !t.isSpread;

export const cases = {
  'recovery: a client that has received nothing comes back to a quiet server': only(canRecover, async t => {
    const client = await open(t);
    const { id } = client.socket;

    await cut(client);

    same([client.socket.recovered, client.socket.id], [true, id]);
    same(await call(client.socket, 'who'), [[true, [], null]]);
  }),

  'recovery: rooms, data and each missed event, again and again': only(canRecover, async t => {
    const client = await open(t);
    const other = await open(t);
    const { id } = client.socket;
    await call(client.socket, 'join', t.run);
    await call(client.socket, 'remember', t.run);
    for (let i = 0; i < 3; i++) {
      await cut(client, async () => {
        for (const value of [{ i }, { bytes: t.bytes(`000${i}`) }]) await call(other.socket, 'send', t.run, id, value);
      });

      same([client.socket.recovered, client.socket.id], [true, id]);
      same(await call(client.socket, 'who'), [[true, [t.run], t.run]]);
      // In order behind what was missed.
      await call(other.socket, 'send', t.run, id, `live ${i}`);
      const expected = [{ i }, { bytes: t.bytes(`000${i}`) }, `live ${i}`].flatMap(value => ['all', 'room', 'socket'].map(to => [to, value]));
      same(await client.take(expected.length), expected);
    }
  }),

  'recovery: an event that the client has is not repeated': only(canRecover, async t => {
    const client = await open(t);
    await call(client.socket, 'send', t.run, client.socket.id, 'before');
    same((await client.take(2)).length, 2);

    await cut(client);
    await call(client.socket, 'send', t.run, client.socket.id, 'after');

    same(await client.take(2), [['all', 'after'], ['socket', 'after']]);
  }),

  'recovery: each namespace of a connection has its own session': only(canRecover, async t => {
    const manager = managerOf(t);
    const clients = [await open(t, '/', manager), await open(t, '/chat', manager)];
    const other = await open(t, '/chat');
    const ids = clients.map(client => client.socket.id);

    await cut(clients[0], () => call(other.socket, 'send', t.run, ids[1], 'missed'), clients);

    same(clients.map(client => [client.socket.recovered, client.socket.id]), ids.map(id => [true, id]));
    same(await clients[1].take(2), [['all', 'missed'], ['socket', 'missed']]);
  }),

  'recovery: who disconnects begins a new session': only(canRecover, async t => {
    const { socket } = await open(t);
    const { id } = socket;
    const connected = next(socket, 'connect');

    socket.disconnect().connect();
    await connected;

    same([socket.recovered, socket.id === id], [false, false]);
    same(await call(socket, 'who'), [[false, [], null]]);
  }),

  'recovery: older clients work as without it': only(t => !canRecover(t) && !t.isSpread, async t => {
    const client = await open(t);
    await call(client.socket, 'send', t.run, client.socket.id, 'first');
    same((await client.take(1))[0], ['all', 'first']);
    await cut(client);

    same(await call(client.socket, 'who'), [[false, [], null]]);
    await call(client.socket, 'send', t.run, client.socket.id, 'again');
    same((await client.take(2)).at(-1), ['all', 'again']);
  }),
};

const managerOf = t => t.manager({ path: t.client.parser ? '/recovering-msgpack' : '/recovering', reconnection: true, reconnectionDelay: 10 });

/** A client that keeps what it is told about this run. */
async function open(t, namespace = '/', manager = managerOf(t)) {
  const told = [];
  let arrived = () => {};
  const socket = manager.socket(namespace);
  socket.on('told', (run, to, value) => {
    if (run !== t.run) return;
    told.push([to, value]);
    arrived();
  });
  await next(socket, 'connect');
  return {
    socket,
    take: count => within(`${count} events`, new Promise(resolve => {
      arrived = () => {
        if (told.length < count) return;
        arrived = () => {};
        resolve(told.splice(0, count));
      };
      arrived();
    })),
  };
}

/** The connection breaks. The client does not come back before `meanwhile` is done. */
async function cut(client, meanwhile = () => {}, clients = [client]) {
  const { io } = client.socket;
  const connected = clients.map(({ socket }) => next(socket, 'connect'));
  const lost = next(client.socket, 'disconnect');
  io.reconnection(false);
  io.engine.close();
  await lost;
  await meanwhile();
  io.reconnection(true);
  clients.forEach(({ socket }) => socket.connect());
  await Promise.all(connected);
}
