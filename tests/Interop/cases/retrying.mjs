import { only } from '../lib/context.mjs';
import { call, next, within } from '../lib/waiting.mjs';
import { numbers, same } from '../lib/values.mjs';

// `retries` is of 4.6.
const canRetry = t => t.version.startsWith('4.') && !t.isSpread;
const isPlain = t => !t.client.parser && !t.isSpread;

const cuts = [
  ['after it was handled, before its ack', 'after'],
  ['while it is handled', 'while'],
];

const ways = [
  ['with a session', t => ({ path: recovering(t) })],
  ['signed in, with a session', t => ({ path: recovering(t), query: { user: t.run } })],
  ['signed in, without sessions', t => ({ path: '/retrying', query: { user: t.run } }), isPlain],
];

export const cases = Object.fromEntries(ways.flatMap(([way, optionsOf, appliesTo = () => true]) => [
  ...cuts.map(([what, cut]) => [`retries ${way}: an event that is cut ${what} is handled once and acked`, only(t => canRetry(t) && appliesTo(t), async t => {
    const socket = await open(t, optionsOf(t));
    const acked = [];
    // Each third one is cut. The client sends one after the other.
    const all = numbers(9).map(async n => acked.push(await send(t, socket, n, n % 3 === 1 ? cut : '')));
    await within('all acks', Promise.all(all));

    same(acked, numbers(9), 'the acks');
    same(await t.ask('/handled', { name: t.run }), numbers(9), 'what was handled');
  })]),

  [`retries ${way}: cuts at random places`, only(t => canRetry(t) && appliesTo(t), async t => {
    const socket = await open(t, optionsOf(t));
    const acked = [];
    const all = Promise.all(numbers(60).map(async n => acked.push(await send(t, socket, n, ''))));
    await cutUntil(t, all, 12);

    same(acked, numbers(60), 'the acks');
    same(await t.ask('/handled', { name: t.run }), numbers(60), 'what was handled');
  })],
]));

cases['durable: what waits for a user arrives in order, whatever is cut, until it is acked'] = only(t => !t.isSpread, async t => {
  const other = await t.connect('/', { manager: t.manager({ path: recovering(t) }) });
  await call(other, 'keep', t.run, 0, 10);
  const socket = t.manager({ path: recovering(t), query: { user: t.run, client: t.run }, reconnection: true, reconnectionDelay: 10 }).socket('/');
  const first = [];
  let last = -1;
  let told;
  const all = new Promise(resolve => { told = () => first.length === 60 && resolve(); });
  socket.on('connect', () => { last = -1; });
  socket.on('kept', (n, ack) => {
    // On one connection each comes once and in order, and what was not acked comes on the next one.
    if (n <= last) first.push(`${n} after ${last}`);
    last = n;
    if (!first.includes(n)) first.push(n);
    ack();
    told();
  });
  await next(socket, 'connect');
  const keeping = (async () => {
    for (let i = 10; i < 60; i += 10) await call(other, 'keep', t.run, i, 10);
  })();
  await cutUntil(t, Promise.all([all, keeping]), 8);

  same(first, numbers(60), 'what came first');
});

const recovering = t => t.client.parser ? '/recovering-msgpack' : '/recovering';

async function open(t, { query, ...options }) {
  const manager = t.manager({ ...options, query: { ...query, client: t.run }, reconnection: true, reconnectionDelay: 10 });
  const socket = manager.socket('/', { retries: 50, ackTimeout: 5000 });
  await next(socket, 'connect');
  return socket;
}

const send = (t, socket, n, cut) => new Promise((resolve, reject) => {
  socket.emit('step', t.run, n, cut, `${t.run} ${n}`, (error, answer) => error ? reject(error) : resolve(answer));
});

/** The server cuts the client's connections, up to `count` times, at moments that nothing else depends on. */
async function cutUntil(t, done, count) {
  const cutting = (async () => {
    for (let i = 0; i < count; i++) {
      await new Promise(resolve => setTimeout(resolve, Math.random() * 60));
      await t.ask('/cut', { name: t.run });
    }
  })();
  await within('everything', Promise.all([done, cutting]), 50_000);
}
