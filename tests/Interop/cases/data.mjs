import { only } from '../lib/context.mjs';
import { call, next } from '../lib/waiting.mjs';
import { ambiguous, beyondJson, json, numberTexts, pattern, same, texts } from '../lib/values.mjs';

// What the server made of a text, or is to make one from: an echo alone would not show two errors that cancel out.
const unitsOf = text => text.split('').map(unit => unit.charCodeAt(0));

async function travels(t, text) {
  const socket = await t.connect();

  same(await call(socket, 'units of', text), [unitsOf(text)], 'what the server read');
  same(await call(socket, 'text of', unitsOf(text)), [text], 'an ack');
  const told = next(socket, 'text');
  socket.emit('tell text of', unitsOf(text));
  same(await told, [text], 'an event');
  same(await call(socket, 'echo', text, { [text]: text }), [text, { [text]: text }], 'the raw echo');
}

const textCases = Object.fromEntries(Object.entries(texts).map(([kind, text]) => [`text: ${kind}`, t => travels(t, text)]));

export const cases = {
  ...textCases,

  // Over polling a 1.x client may mean another text by the same bytes.
  'text: like UTF-8 taken for Latin-1': only(t => t.client.engine === 4 || t.transport === 'websocket', t => travels(t, ambiguous)),

  async 'event names beyond ASCII'(t) {
    const socket = await t.connect();
    const answer = next(socket, 'größe/大小');
    socket.emit('größe/大小', 1);

    same(await answer, [2]);
  },

  async 'JSON there and back'(t) {
    const socket = await t.connect();

    for (const value of json) same(await call(socket, 'echo', value), [value]);
    const repeated = next(socket, 'repeated');
    socket.emit('repeat', json);
    same(await repeated, [json]);
  },

  async 'values that become JSON'(t) {
    const socket = await t.connect();

    for (const value of beyondJson) {
      const [read] = await call(socket, 'JSON of', value);
      same(JSON.parse(read), JSON.parse(JSON.stringify(value)));
    }
  },

  async 'numbers from the server'(t) {
    const socket = await t.connect();

    for (const text of numberTexts) same(await call(socket, 'value of', text), [JSON.parse(text)]);
  },

  // notepack.io, which the MessagePack parser is made of, sends whole numbers beyond 64 bits modulo 2 to the 64th.
  'a number beyond 64 bits': only(t => !t.client.parser, async t => {
    const socket = await t.connect();

    same(await call(socket, 'echo', 1e21), [1e21]);
  }),

  async 'a date to a date'(t) {
    const socket = await t.connect();

    same(await call(socket, 'day after', new Date(Date.UTC(2020, 1, 28, 23, 59, 59, 999))), ['2020-02-29T23:59:59.999Z']);
  },

  async 'several arguments'(t) {
    const socket = await t.connect();
    const repeated = next(socket, 'repeated');
    socket.emit('repeat', ...json);

    same(await repeated, json);
  },

  async 'no arguments'(t) {
    const socket = await t.connect();
    const repeated = next(socket, 'repeated');
    socket.emit('repeat');

    same(await repeated, []);
  },

  async 'typed arguments'(t) {
    const socket = await t.connect();
    const item = { name: 'Schlüssel', count: 2, tags: ['a', '中'] };

    same(await call(socket, 'typed', 'text', -7, 0.5, true, item), ['text -7 0.5 true', item]);
  },

  async 'binary to the server'(t) {
    const socket = await t.connect();
    const bytes = '00ff80c3a91e0aff';

    same(await call(socket, 'hex of', t.bytes(bytes)), [bytes]);
    same(await call(socket, 'hex of', t.bytes('')), ['']);
  },

  'binary in an ArrayBuffer and in an array': only(t => t.client.engine === 4 || t.client.parser !== undefined, async t => {
    const socket = await t.connect();
    const bytes = Uint8Array.of(0, 255, 128);

    same(await call(socket, 'hex of', bytes.buffer), ['00ff80']);
    same(await call(socket, 'hex of', bytes), ['00ff80']);
  }),

  async 'binary from the server'(t) {
    const socket = await t.connect();
    const told = next(socket, 'bytes');
    socket.emit('tell bytes of', '00ff80c3a91e0aff');

    same(await told, [Buffer.from('00ff80c3a91e0aff', 'hex')]);
  },

  async 'binary in an object from the server'(t) {
    const socket = await t.connect();
    const parcel = next(socket, 'parcel');
    socket.emit('tell parcel');

    const [one, two] = [Buffer.from('0102', 'hex'), Buffer.from('ff', 'hex')];
    same(await parcel, ['parcel', { label: 'für dich', body: one, parts: [one, two], inner: { body: two } }]);
  },

  async 'several attachments there and back'(t) {
    const socket = await t.connect();
    const args = [t.bytes('01'), { in: [t.bytes('0203'), { deeper: t.bytes('') }], text: 'ü' }, 'between', t.bytes('ff00')];
    const repeated = next(socket, 'repeated');
    socket.emit('repeat', ...args);

    same(await repeated, args);
    same(await call(socket, 'echo', ...args), args);
  },

  async 'binary and text keep their order'(t) {
    const socket = await t.connect('/chat');
    const seen = [];
    const all = Promise.all(Array.from({ length: 40 }, (_, i) => next(socket, `turn ${i}`).then(() => seen.push(i))));
    for (let i = 0; i < 40; i++) socket.emit('repeat as', `turn ${i}`, i % 2 ? t.bytes(pattern(i)) : 'text');

    await all;
    same(seen, Array.from({ length: 40 }, (_, i) => i));
  },

  async '200 KB of text'(t) {
    const socket = await t.connect();
    const text = 'Größe 中 😀 '.repeat(20_000);

    same(await call(socket, 'echo', text), [text]);
  },

  async '200 KB of binary'(t) {
    const socket = await t.connect();
    const bytes = pattern(200_000);

    same(await call(socket, 'hex of', t.bytes(bytes)), [bytes], 'what the server got');
    same(await call(socket, 'bytes of', bytes), [Buffer.from(bytes, 'hex')]);
  },
};
