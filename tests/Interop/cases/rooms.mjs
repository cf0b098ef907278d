import { call, within } from '../lib/waiting.mjs';
import { same } from '../lib/values.mjs';

const connectAll = (t, count) => Promise.all(Array.from({ length: count }, () => t.connect('/chat')));

/**
 * What each socket hears until each of them has told everybody "end". A word that wrongly reached a socket came before its sender's "end", so nobody has to wait
 * for silence. The sockets can be on several servers, which have no order among them. The run sorts out words of other cases that tell everybody at the same time.
 */
async function heard(t, sockets, tell) {
  const ends = sockets.map(socket => new Promise(resolve => {
    const words = [];
    let left = sockets.length;
    socket.on('told', (run, word) => {
      if (run !== t.run) return;
      if (word !== 'end') words.push(word);
      else if (--left === 0) resolve(words);
    });
  }));
  await tell();
  for (const socket of sockets) await call(socket, 'tell all', t.run, 'end');
  return within('the word "end" at each socket', Promise.all(ends));
}

export const cases = {
  async 'a room reaches its members only'(t) {
    const [a, b, c] = await connectAll(t, 3);
    await call(a, 'join', t.run);
    await call(b, 'join', t.run);

    const words = await heard(t, [a, b, c], () => call(c, 'tell room', t.run, t.run, 'zum Raum'));

    same(words, [['zum Raum'], ['zum Raum'], []]);
  },

  async 'a room tells the others'(t) {
    const [a, b, c] = await connectAll(t, 3);
    await call(a, 'join', t.run);
    await call(b, 'join', t.run);

    const words = await heard(t, [a, b, c], () => call(a, 'tell others in room', t.run, t.run, 'x'));

    same(words, [[], ['x'], []]);
  },

  async 'who leaves a room hears no more'(t) {
    const [a, b] = await connectAll(t, 2);
    await call(a, 'join', t.run);
    await call(b, 'join', t.run);

    const words = await heard(t, [a, b], async () => {
      await call(a, 'tell room', t.run, t.run, 'first');
      await call(a, 'leave', t.run);
      await call(b, 'tell room', t.run, t.run, 'second');
    });

    // Two servers have no order.
    same(t.isSpread ? words.map(said => said.sort()) : words, [['first'], ['first', 'second']]);
  },

  async 'broadcast to everybody'(t) {
    const sockets = await connectAll(t, 3);

    const words = await heard(t, sockets, () => call(sockets[1], 'tell all', t.run, { an: 'alle ü' }));

    same(words, [[{ an: 'alle ü' }], [{ an: 'alle ü' }], [{ an: 'alle ü' }]]);
  },

  async 'broadcast to everybody else'(t) {
    const sockets = await connectAll(t, 3);

    const words = await heard(t, sockets, () => call(sockets[1], 'tell others', t.run, 'x'));

    same(words, [['x'], [], ['x']]);
  },

  async 'broadcast with binary'(t) {
    const sockets = await connectAll(t, 2);

    const words = await heard(t, sockets, () => call(sockets[0], 'tell all', t.run, t.bytes('00ff')));

    same(words, [[Buffer.from('00ff', 'hex')], [Buffer.from('00ff', 'hex')]]);
  },

  async 'broadcast except a room'(t) {
    const [a, b, c] = await connectAll(t, 3);
    await call(b, 'join', t.run);

    const words = await heard(t, [a, b, c], () => call(a, 'tell all except', t.run, t.run, 'x'));

    same(words, [['x'], [], ['x']]);
  },

  async 'broadcast stays in its namespace'(t) {
    const manager = t.manager();
    const chat = await t.connect('/chat', { manager });
    const news = await t.connect('/news', { manager });

    const words = await heard(t, [chat], () => call(news, 'tell all', t.run, 'news only'));

    same(words, [[]]);
  },
};
