import { call, collect, next, within } from '../lib/waiting.mjs';
import { duringUpgrade } from '../lib/slow-upgrade.mjs';
import { numbers, same } from '../lib/values.mjs';

const COUNT = 300;

export const cases = {
  async '300 messages to the server keep their order'(t) {
    const socket = await t.connect();
    for (const n of numbers(COUNT)) socket.emit('take', n);

    same(await call(socket, 'taken'), [numbers(COUNT)]);
  },

  async '300 messages from the server keep their order'(t) {
    const socket = await t.connect('/chat');
    const given = collect(socket, 'given', COUNT);
    socket.emit('give', 0, COUNT);

    same(await given, numbers(COUNT));
  },

  async '300 messages each way at once keep their order'(t) {
    const socket = await t.connect();
    const given = collect(socket, 'given', COUNT);
    socket.emit('give', 0, COUNT);
    for (const n of numbers(COUNT)) {
      socket.emit('take', n);
      // Lets the event loop turn now and then, so that many requests share the work and not one big one.
      if (n % 30 === 0) await call(socket, 'nothing');
    }

    same(await given, numbers(COUNT));
    same(await call(socket, 'taken'), [numbers(COUNT)]);
  },

  'messages in flight during the upgrade arrive once and in order': duringUpgrade((t, proxy) => sendBothWays(t, proxy.url)),

  'attachments in flight during the upgrade stay with their packet': duringUpgrade((t, proxy) =>
    sendBothWays(t, proxy.url, n => ({ n, bytes: t.bytes(n.toString(16).padStart(8, '0')) }))),
};

/** Both sides send on and on, from before the upgrade until after it. */
async function sendBothWays(t, url, wrap = n => n) {
  const manager = t.manager({ url });
  const upgraded = next(manager.engine, 'upgrade');
  const socket = await t.connect('/pump', { manager });

  const ticks = [];
  const mirrored = [];
  let ticksBefore;
  manager.engine.once('upgrade', () => { ticksBefore = ticks.length; });
  socket.on('tick', n => ticks.push(n));
  const allMirrored = new Promise(resolve => socket.on('mirrored', value => {
    mirrored.push(value);
    if (sent.length === mirrored.length && done) resolve();
  }));

  const sent = [];
  let done = false;
  const send = () => {
    sent.push(wrap(sent.length));
    socket.emit('mirror', sent.at(-1));
  };
  socket.emit('pump');
  const pump = setInterval(send, 1);
  await upgraded.finally(() => clearInterval(pump));
  const sentBefore = sent.length;
  for (let i = 0; i < 50; i++) send();
  done = true;
  send();

  await within('all mirrored messages', allMirrored);
  const [ticked] = await call(socket, 'stop pump');
  same(mirrored, sent, 'messages mirrored by the server');
  same(ticks, numbers(ticked), 'messages from the server');
  same([ticksBefore > 0, ticksBefore < ticked, sentBefore > 0], [true, true, true], 'sent before and after the upgrade');
}
