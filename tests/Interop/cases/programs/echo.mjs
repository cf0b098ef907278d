// Seed 002.
import { next } from '../../lib/waiting.mjs';
import { same } from '../../lib/values.mjs';

export const program = 'echo';
export const versions = ['2.2.0', '4.8.4'];

async function ask(socket, event, data) {
  const answer = next(socket, 'my_response');
  socket.emit(event, { data });
  return (await answer)[0];
}

export const cases = {
  async 'each client has its own count'(t) {
    const [one, other] = [await t.connect('/test'), await t.connect('/test')];

    same(await ask(one, 'my_event', 'Öl 世界'), { data: 'Öl 世界', count: 1 });
    same(await ask(one, 'my_event', 'again'), { data: 'again', count: 2 });
    same(await ask(other, 'my_event', 'me too'), { data: 'me too', count: 1 });
  },

  async 'a broadcast comes to all, the sender too'(t) {
    const [one, other] = [await t.connect('/test'), await t.connect('/test')];

    const heard = next(other, 'my_response');
    same(await ask(one, 'my_broadcast_event', 'to all'), { data: 'to all', count: 1 });
    same(await heard, [{ data: 'to all', count: 1 }]);
  },

  async 'the server hangs up when its farewell is acknowledged, not before'(t) {
    const [one, other] = [await t.connect('/test'), await t.connect('/test')];

    const farewell = next(one, 'my_response');
    one.emit('disconnect_request');
    const [message, acknowledge] = await farewell;
    same(message, { data: 'Disconnected!', count: 1 });
    await ask(other, 'my_event', 'meanwhile');
    same(one.connected, true, 'still connected');

    const gone = next(one, 'disconnect');
    acknowledge();
    same((await gone)[0], 'io server disconnect');
  },
};
