// Options, login, errors, all events, limits, filters, an admin. With clients that have an auth payload.
import { call, next } from '../../lib/waiting.mjs';
import { numbers, same } from '../../lib/values.mjs';

export const program = 'guarded';
export const versions = ['3.1.3', '4.8.4'];

/** What the library logs of a handler that throws. */
export const complaints = /^fail: SocketIOServer/;

const enter = t => t.connect('/', { auth: { token: 'secret' } });

export const cases = {
  async 'who has no login is refused, and told not to try again'(t) {
    const [refusal] = await next(t.manager().socket('/'), 'connect_error');

    same([refusal.message, refusal.data], ['unauthorized', { retry: false }]);
  },

  async 'an event passes OnAny and the filter'(t, server) {
    const socket = await enter(t);

    const seen = Promise.all([server.logged(/echo with 1/), server.logged(/echo took 00:/)]);
    same(await call(socket, 'echo', 'hello'), ['hello']);
    await seen;
  },

  async 'OnError is told what a handler throws, and the socket lives'(t, server) {
    const socket = await enter(t);

    const told = server.logged(/explode failed: on purpose/);
    socket.emit('explode');
    await told;
    same(await call(socket, 'echo', 'still here'), ['still here']);
  },

  // Ten more a second are allowed; a machine so slow that all are has other troubles.
  async 'too many events are not handled'(t) {
    const socket = await enter(t);

    const answers = await Promise.all(numbers(500).map(number => call(socket, 'echo', `${number}`)));
    same(answers.slice(0, 20), numbers(20).map(number => [`${number}`]));
    same(answers.some(([answer]) => answer.error === 'rate limited'), true, 'one of the others is refused');
  },

  async 'an admin can end a connection, and only an admin'(t) {
    const victim = await enter(t);
    const [refusal] = await next(t.manager({ query: { user: 'ann' } }).socket('/admin'), 'connect_error');
    same(refusal.message, 'unauthorized');
    const admin = await t.connect('/admin', { manager: t.manager({ query: { user: 'admin' } }) });

    const gone = next(victim, 'disconnect');
    same(await call(admin, 'kick', victim.id), [true]);
    await gone;
  },
};
