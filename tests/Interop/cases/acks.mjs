import { call, next } from '../lib/waiting.mjs';
import { same } from '../lib/values.mjs';

export const cases = {
  async 'ack from the server'(t) {
    const socket = await t.connect('/chat');

    same(await call(socket, 'echo', 'ü', { a: 1 }), ['ü', { a: 1 }]);
  },

  async 'ack without a value'(t) {
    const socket = await t.connect();

    same(await call(socket, 'nothing'), []);
  },

  async 'ack with binary'(t) {
    const socket = await t.connect('/chat');

    same(await call(socket, 'bytes of', '00ff7f'), [Buffer.from('00ff7f', 'hex')]);
  },

  async 'acks find their calls'(t) {
    const socket = await t.connect();
    const order = Array.from({ length: 50 }, (_, i) => i);

    same(await Promise.all(order.map(i => call(socket, 'echo', i))), order.map(i => [i]));
  },

  async 'ack from the client'(t) {
    const socket = await t.connect();
    socket.on('question', (value, answer) => answer({ heard: value }));

    same(await call(socket, 'ask me', ['what?', 'ä']), [{ heard: ['what?', 'ä'] }]);
  },

  async 'ack from the client in a namespace'(t) {
    const socket = await t.connect('/chat');
    socket.on('question', (value, answer) => answer(value + 1));

    same(await call(socket, 'ask me', 41), [42]);
  },

  async 'ack with binary from the client'(t) {
    const socket = await t.connect();
    socket.on('question', answer => answer(t.bytes('00ff7f')));

    same(await call(socket, 'ask me for bytes'), ['00ff7f']);
  },

  async 'a question with binary'(t) {
    const socket = await t.connect();
    socket.on('question', (value, answer) => answer(Buffer.from(value).toString('hex')));

    same(await call(socket, 'ask me about bytes', 'c0ffee'), ['c0ffee']);
  },

  async 'a client that does not answer is given up'(t) {
    const socket = await t.connect();
    const asked = next(socket, 'question');

    same(await call(socket, 'ask me briefly'), ['no answer']);
    await asked;
  },
};
