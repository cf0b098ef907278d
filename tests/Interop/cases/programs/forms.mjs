// Seed 004.
import { next } from '../../lib/waiting.mjs';
import { same } from '../../lib/values.mjs';

export const program = 'forms';
export const versions = ['1.3.5', '4.8.4'];

async function open(t) {
  const socket = t.manager().socket('/test');
  same(await next(socket, 'my response'), [{ data: 'Connected' }]);
  return socket;
}

export const cases = {
  async 'greets, echoes and broadcasts'(t) {
    const [one, other] = [await open(t), await open(t)];

    const echo = next(one, 'my response');
    one.emit('my event', { data: 'only me: ü' });
    same(await echo, [{ data: 'only me: ü' }]);

    const heard = Promise.all([one, other].map(socket => next(socket, 'my response')));
    one.emit('my broadcast event', { data: 'all of us' });
    same(await heard, [[{ data: 'all of us' }], [{ data: 'all of us' }]]);
  },

  async 'the log tells who has left'(t, server) {
    const socket = await open(t);

    const left = server.logged(/Client \S+ disconnected: client namespace disconnect/);
    socket.disconnect();
    await left;
  },
};
