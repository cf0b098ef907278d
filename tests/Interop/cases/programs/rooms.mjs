// Seed 003.
import { call, next } from '../../lib/waiting.mjs';
import { same } from '../../lib/values.mjs';

export const program = 'rooms';
export const versions = ['3.1.3', '4.8.4'];

// Each case has users and rooms of its own: the program remembers them.
let count = 0;
const unique = () => ++count;

const as = (t, user) => t.manager({ query: { user } });

export const cases = {
  async 'a message comes back to all, and a word of the server behind it'(t) {
    const [one, other] = [await t.connect(), await t.connect()];

    const heard = Promise.all([one, other].flatMap(socket => [next(socket, 'message'), next(socket, 'ceshi')]));
    one.send('Hello: Öl 世界');
    same(await heard, [['Hello: Öl 世界'], ['测试'], ['Hello: Öl 世界'], ['测试']]);
  },

  async 'JSON of any shape comes back'(t) {
    const socket = await t.connect();

    for (const value of [{ hello: 'wörld', deep: [1, { a: null }] }, [], 42, 'text', true]) {
      const heard = next(socket, 'message');
      socket.emit('json', value);
      same(await heard, [value]);
    }
  },

  async 'who comes and goes is told to the room'(t) {
    const [ann, bob] = [await t.connect(), await t.connect()];
    const room = `tea ${unique()}`;
    const tell = async (socket, event, username, hears) => {
      const heard = next(hears, 'status');
      socket.emit(event, { username, room });
      return (await heard)[0];
    };

    same(await tell(ann, 'join', 'Ann', ann), 'Ann has entered the room.');
    same(await tell(bob, 'join', 'Bob', ann), 'Bob has entered the room.');
    same(await tell(bob, 'leave', 'Bob', ann), 'Bob has left the room.');
  },

  async 'nobody has a name in the anonymous namespace'(t) {
    const socket = await t.connect('/anonymous');

    const heard = next(socket, 'message');
    socket.emit('new message', 'guess who');
    same(await heard, [{ from: 'anonymous', body: 'guess who' }]);
  },

  async 'rooms and private talk are for users who are signed in'(t) {
    for (const namespace of ['/rooms', '/private']) {
      const [refusal] = await next(t.manager().socket(namespace), 'connect_error');
      same(refusal.message, 'unauthorized');
    }
  },

  async 'a room has members, lines and an owner who closes it'(t) {
    const [ann, owner] = [await t.connect('/rooms', { manager: as(t, 'ann') }), await t.connect('/rooms', { manager: as(t, 'owner') })];
    const room = unique();

    same(await call(ann, 'join', -1), [{ error: 'no such room' }]);
    same(await call(ann, 'join', room), [{ members: 1, recent: [] }]);
    const heard = next(ann, 'message');
    same(await call(ann, 'room message', room, 'anybody?'), []);
    same(await heard, [{ from: 'ann', body: 'anybody?' }]);

    const entered = next(ann, 'status');
    same(await call(owner, 'join', room), [{ members: 2, recent: [{ from: 'ann', body: 'anybody?' }] }]);
    same(await entered, ['owner has entered the room.']);

    same(await call(ann, 'close', room), [{ error: 'forbidden' }]);
    same(await call(owner, 'close', room), []);
    same(await call(ann, 'join', room), [{ error: 'no such room' }]);
  },

  async 'a private message comes to every tab, or waits for its user'(t) {
    const [ann, bob] = [`ann ${unique()}`, `bob ${unique()}`];
    const open = async user => {
      const socket = as(t, user).socket('/private');
      return [socket, (await next(socket, 'history'))[0]];
    };
    const [sender] = await open(ann);

    same(await call(sender, 'send', bob, 'are you there?'), [false]);
    const [tab, history] = await open(bob);
    same(history, [{ from: ann, body: 'are you there?' }]);
    const [second, rest] = await open(bob);
    same(rest, []);

    const heard = Promise.all([tab, second].map(socket => next(socket, 'message')));
    same(await call(sender, 'send', bob, 'welcome'), [true]);
    same(await heard, [[{ from: ann, body: 'welcome' }], [{ from: ann, body: 'welcome' }]]);
  },
};
