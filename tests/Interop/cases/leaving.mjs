import { call, never, next, within } from '../lib/waiting.mjs';
import { duringUpgrade } from '../lib/slow-upgrade.mjs';
import { same } from '../lib/values.mjs';

const reconnecting = t => t.manager({ reconnection: true });

/** The reason the server gave for the end of a socket; it answers as soon as it knows. */
async function reasonOf(t, socket, act) {
  const [me] = await call(socket, 'who am I');
  await act();
  return t.ask('/reason', { id: me.id });
}

function isOneOf(actual, expected) {
  if (!expected.includes(actual)) throw new Error(`'${actual}' is not one of ${expected.join(', ')}`);
}

export const cases = {
  async 'the client disconnects'(t) {
    const socket = await t.connect();
    const left = next(socket, 'disconnect');

    const reason = await reasonOf(t, socket, () => socket.disconnect());

    // The client closes its connection right behind the packet, so the server may see either first.
    isOneOf(reason, ['client namespace disconnect', 'transport close']);
    same((await left)[0], 'io client disconnect');
  },

  async 'the client leaves one namespace of two'(t) {
    const manager = t.manager();
    const home = await t.connect('/', { manager });
    const chat = await t.connect('/chat', { manager });

    const reason = await reasonOf(t, chat, () => chat.disconnect());

    same(reason, 'client namespace disconnect');
    same(await call(home, 'echo', 'still here'), ['still here']);
  },

  async 'the client comes back to a namespace'(t) {
    const manager = t.manager();
    const home = await t.connect('/', { manager });
    const chat = await t.connect('/chat', { manager });
    await reasonOf(t, chat, () => chat.disconnect());
    const back = next(chat, 'connect');
    chat.connect();
    await back;

    same(await call(chat, 'echo', 'again'), ['again']);
    same(await call(home, 'echo', 'still here'), ['still here']);
  },

  async 'the client closes the connection'(t) {
    const manager = t.manager();
    const socket = await t.connect('/', { manager });

    const reason = await reasonOf(t, socket, () => manager.engine.close());

    same(reason, 'transport close');
  },

  async 'the server disconnects a socket'(t) {
    const manager = reconnecting(t);
    const socket = await t.connect('/', { manager });
    const left = next(socket, 'disconnect');

    const reason = await reasonOf(t, socket, () => socket.emit('kick', false));

    same(reason, 'server namespace disconnect');
    same((await left)[0], 'io server disconnect');
    await never(socket, 'connect');
  },

  async 'the server disconnects one namespace of two'(t) {
    const manager = reconnecting(t);
    const home = await t.connect('/', { manager });
    const chat = await t.connect('/chat', { manager });
    const left = next(chat, 'disconnect');
    chat.emit('kick', false);

    same((await left)[0], 'io server disconnect');
    same(await call(home, 'echo', 'still here'), ['still here']);
    await never(chat, 'connect');
  },

  async 'the server closes the connection'(t) {
    const manager = reconnecting(t);
    const home = await t.connect('/', { manager });
    const chat = await t.connect('/chat', { manager });
    const left = [next(home, 'disconnect'), next(chat, 'disconnect')];
    chat.emit('kick', true);

    const reasons = (await Promise.all(left)).map(([reason]) => reason);
    same(reasons, ['io server disconnect', 'io server disconnect']);
    await never(home, 'connect');
  },

  async 'what was emitted before a disconnect arrives'(t) {
    const socket = await t.connect('/', { manager: reconnecting(t) });
    const words = [];
    socket.on('last words', word => words.push(word));
    const left = next(socket, 'disconnect');
    socket.emit('say and kick', ['one', 'zwölf', 'three']);

    await left;
    same(words, ['one', 'zwölf', 'three']);
  },

  'the server closes the connection before it is asked to upgrade': duringUpgrade((t, proxy) =>
    closedByServer(t, proxy, () => within('accepted upgrade', proxy.probing))),

  'the server closes the connection while the client ends its poll': duringUpgrade((t, proxy) =>
    closedByServer(t, proxy, manager => next(manager.engine, 'upgrading'))),

  'the server closes the connection while the client changes over': duringUpgrade((t, proxy) =>
    closedByServer(t, proxy, () => within('end of the probe', proxy.changing))),

  'a close during the upgrade resets no connection': duringUpgrade(async (t, proxy) => {
    const manager = t.manager({ url: proxy.url });
    await t.connect('/', { manager });
    const probe = await within('accepted upgrade', proxy.probing);
    manager.engine.close();

    // The Node clients of 1.x take a reset for an error that nobody handles any more, which ends their process.
    const [isReset] = await next(probe, 'close');
    same(isReset, false, 'whether the probe was reset');
  }),
};

// Whichever transport carries them, the disconnect packets come first: without them the client would come back.
async function closedByServer(t, proxy, moment) {
  const manager = t.manager({ url: proxy.url, reconnection: true });
  const now = moment(manager);
  const [home, chat] = await Promise.all(['/', '/chat'].map(namespace => t.connect(namespace, { manager })));
  const left = [home, chat].map(socket => next(socket, 'disconnect'));
  await now;
  await t.ask('/kick', { id: home.id });

  const reasons = (await Promise.all(left)).map(([reason]) => reason);
  same(reasons, ['io server disconnect', 'io server disconnect']);
  await never(home, 'connect');
}
