// Seed 000 as its page has it. Flask's server never lets such a client in: the loop is inside its connect.
import { next } from '../../lib/waiting.mjs';
import { same } from '../../lib/values.mjs';

export const program = 'own numbers';
export const versions = ['1.5.1', '3.1.3', '4.8.4'];

export const cases = {
  async 'a loop inside connect lets its client in, and stops when it leaves'(t, server) {
    const socket = await t.connect('/test_conn');

    for (const _ of ['first draw', 'second draw']) {
      const drawn = next(socket, 'server_response');
      await t.ask('/advance', { seconds: 5 });
      const [{ data }] = await drawn;
      same(Number.isInteger(data) && data >= 1 && data <= 100, true, `a number, ${data}`);
    }
    const ended = server.logged(/The loop of \S+ ends/);
    socket.disconnect();
    await ended;
  },
};
