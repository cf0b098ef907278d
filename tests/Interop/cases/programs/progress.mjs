// Seed 001. The clock stands until the case moves it, so what comes before that has not waited for the handler's end.
import { call, next } from '../../lib/waiting.mjs';
import { same } from '../../lib/values.mjs';

export const program = 'progress';
export const versions = ['1.3.5', '2.2.0', '4.8.4'];

export const cases = {
  async 'the first message comes while the handler works'(t) {
    const socket = await t.connect('/testnamespace');

    const first = next(socket, 'response');
    socket.emit('request_for_response', { param: 'a' });
    same(await first, [{ code: '200', msg: 'start to process...' }]);

    const second = next(socket, 'response');
    await t.ask('/advance', { seconds: 5 });
    same(await second, [{ code: '200', msg: 'processed' }]);
  },

  async 'a job tells each step, and its end by the ack'(t) {
    const socket = await t.connect('/testnamespace');

    const done = call(socket, 'run_job', { param: 'sorting' });
    for (const step of [1, 2, 3]) {
      const told = next(socket, 'progress');
      await t.ask('/advance', { seconds: 1 });
      same(await told, [`sorting: ${step} of 3`]);
    }
    same(await done, [{ done: true }]);
  },
};
