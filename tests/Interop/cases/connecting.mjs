import { only } from '../lib/context.mjs';
import { call, next } from '../lib/waiting.mjs';
import { same } from '../lib/values.mjs';

const handshakes = t => t.ask('/handshakes', { run: t.run });

export const cases = {
  async 'connects to the default namespace'(t) {
    const socket = await t.connect();

    same(await call(socket, 'echo', 'hello'), ['hello']);
  },

  async 'connects to another namespace'(t) {
    const socket = await t.connect('/chat');

    const [me] = await call(socket, 'who am I');
    same(me.namespace, '/chat');
  },

  async 'several namespaces share one connection'(t) {
    const manager = t.manager();
    const sockets = await Promise.all(['/', '/chat', '/news'].map(namespace => t.connect(namespace, { manager })));

    const seen = await Promise.all(sockets.map(socket => call(socket, 'who am I')));
    same(seen.map(([me]) => me.namespace), ['/', '/chat', '/news']);
    same(await handshakes(t), 1);
  },

  async 'the transport is the one asked for'(t) {
    const manager = t.manager();
    const upgraded = t.transport === 'upgrade' ? next(manager.engine, 'upgrade') : null;
    const socket = await t.connect('/', { manager });
    await upgraded;

    const expected = t.transport === 'polling' ? 'polling' : 'websocket';
    const [me] = await call(socket, 'who am I');
    same([manager.engine.transport.name, me.transport.toLowerCase()], [expected, expected]);
    same(await handshakes(t), 1);
  },

  async 'the id is the same on both sides'(t) {
    const socket = await t.connect();

    const [me] = await call(socket, 'who am I');
    same(me.id, socket.id);
  },

  async 'the id in a namespace is the same on both sides'(t) {
    const socket = await t.connect('/chat');

    const [me] = await call(socket, 'who am I');
    // 1.x knows the id of its connection only, and the server builds the socket's from it.
    same(me.id, t.client.namespaceId ? socket.id : `/chat#${socket.id}`);
  },

  async 'the query of the connection is in the handshake'(t) {
    const socket = await t.connect('/', { manager: t.manager({ query: { token: 'a b+ü&=中' } }) });

    const [handshake] = await call(socket, 'handshake');
    same(handshake.query.token, 'a b+ü&=中');
  },

  'the query of a namespace is in the handshake': only(t => t.client.credentials === 'query', async t => {
    const socket = await t.connect('/chat', { query: `token=1&name=${encodeURIComponent('ü')}` });

    const [handshake] = await call(socket, 'handshake');
    same([handshake.query.token, handshake.query.name], ['1', 'ü']);
    same([handshake.auth.token, handshake.auth.name], ['1', 'ü']);
  }),

  'the auth payload is in the handshake': only(t => t.client.credentials === 'auth', async t => {
    const auth = { token: 'geheim ü', roles: ['a', 'b'], level: 3 };
    const socket = await t.connect('/chat', { auth });

    const [handshake] = await call(socket, 'handshake');
    same(handshake.auth, auth);
  }),

  async 'the greeting comes behind the connect'(t) {
    const socket = t.manager().socket('/greeting');
    const seen = [];
    socket.on('connect', () => seen.push('connect'));
    const greeting = next(socket, 'greeting');

    same(await greeting, ['hello']);
    same(seen, ['connect']);
  },

  async 'refusal comes with its data'(t) {
    const manager = t.manager();
    const other = await t.connect('/', { manager });
    const [refusal] = await next(manager.socket('/deny'), t.client.refused);

    const data = { code: 7, why: ['中', null] };
    // As their own servers: the data where there is some, else the message. The MessagePack parser 2 takes a text only.
    if (t.client.engine === 3) same(refusal, t.client.parser ? JSON.stringify(data) : data);
    else same([refusal.message, refusal.data], ['not allowed: ü', data]);
    same(await call(other, 'echo', 'still here'), ['still here']);
  },

  async 'an unknown namespace is refused'(t) {
    const manager = t.manager();
    const other = await t.connect('/', { manager });
    const [refusal] = await next(manager.socket('/unknown'), t.client.refused);

    same(refusal.message ?? refusal, 'Invalid namespace');
    same(await call(other, 'echo', 'still here'), ['still here']);
  },

  async 'heartbeats keep the connection'(t) {
    const manager = t.manager();
    const socket = await t.connect('/', { manager });
    await beats(manager.engine, t.client.engine === 3 ? 'pong' : 'ping', 3);

    same(await call(socket, 'echo', 'alive'), ['alive']);
    same(await handshakes(t), 1);
  },
};

async function beats(engine, type, count) {
  for (let seen = 0; seen < count;) {
    const [packet] = await next(engine, 'packet');
    if (packet.type === type) seen++;
  }
}
