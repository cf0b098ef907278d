// Seed 000.
import { next } from '../../lib/waiting.mjs';
import { same } from '../../lib/values.mjs';

export const program = 'numbers';
export const versions = ['1.5.1', '4.8.4'];

export const cases = {
  async 'all get the same ten numbers every five seconds'(t) {
    const sockets = [await t.connect('/test_conn'), await t.connect('/test_conn')];

    for (const _ of ['first draw', 'second draw']) {
      const drawn = Promise.all(sockets.map(socket => next(socket, 'server_response')));
      await t.ask('/advance', { seconds: 5 });
      const [[first], [second]] = await drawn;
      same(first.data.map(number => Number.isInteger(number) && number >= 1 && number <= 100), Array(10).fill(true), 'ten numbers');
      same(second, first, 'what the other one got');
    }
  },
};
