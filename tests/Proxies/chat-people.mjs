// Users of the chat as its page is one: they send until there is an ack, and load what is stored when a session begins and when the server has lost events.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

const require = createRequire(new URL('../../clients/package.json', import.meta.url));
const { io } = require('socket.io-client-4');

/** A new account; gives its cookies. */
async function register(url, name) {
  const session = await fetch(`${url}/chat/session`);
  const cookies = [...session.headers.getSetCookie()];
  const { token } = await session.json();
  const answer = await fetch(`${url}/chat/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', RequestVerificationToken: token, Cookie: headerOf(cookies) },
    body: JSON.stringify({ name, password: 'correct horse' }),
  });
  if (!answer.ok) throw new Error(`${name} has no account: ${answer.status} ${await answer.text()}`);
  cookies.push(...answer.headers.getSetCookie());
  return headerOf(cookies);
}

const headerOf = cookies => cookies.map(cookie => cookie.split(';')[0]).join('; ');

export class Person {
  sockets = [];

  static async register(url, name) {
    const person = new Person();
    Object.assign(person, { url, name, cookie: await register(url, name) });
    const answer = await fetch(`${url}/chat/session`, { headers: { Cookie: person.cookie } });
    person.id = (await answer.json()).user.id;
    return person;
  }

  /** A device in a namespace. `begin` runs with each session that is not recovered, and when the server has lost events. */
  async connect(namespace, { options = {}, begin = () => {}, on = {} } = {}) {
    const socket = io(`${this.url}${namespace}`, {
      path: '/chat/socket.io', extraHeaders: { Cookie: this.cookie }, forceNew: true, autoConnect: false,
      reconnectionDelay: 100, reconnectionDelayMax: 500, retries: Infinity, ackTimeout: 5000, ...options,
    });
    socket.counts = { recovered: 0, begun: 0, missed: 0 };
    socket.on('connect', () => {
      socket.counts[socket.recovered ? 'recovered' : 'begun']++;
      if (!socket.recovered) begin(socket);
    });
    socket.on('missed', () => { socket.counts.missed++; begin(socket); });
    for (const [name, handler] of Object.entries(on)) socket.on(name, handler);
    const connected = new Promise(resolve => socket.once('connect', resolve));
    socket.connect();
    this.sockets.push(socket);
    await connected;
    return socket;
  }

  /** Writes numbered messages; gives the ids of the acks in the order of the numbers. */
  async write(socket, address, count, every, onAck) {
    const ids = [];
    for (let number = 0; number < count; number++) {
      const answer = await socket.emitWithAck('message', address, { text: `${this.name} ${number}` }, randomUUID());
      if (answer.error) throw new Error(`${this.name} ${number} was refused: ${answer.error}`);
      ids.push(answer.id);
      onAck();
      await pause(every);
    }
    return ids;
  }

  leave() { for (const socket of this.sockets) socket.disconnect(); }
}

/** All that is stored, the oldest first. */
export async function history(socket, address) {
  const all = [];
  for (let page = { more: true }; page.more;) {
    page = await socket.emitWithAck('history', address, all[0]?.id ?? null);
    if (page.error) return all;   // not joined yet
    all.unshift(...page.messages.reverse());
  }
  return all;
}

/** Somebody who reads a room: each message comes once, as an event or in what is loaded. */
export class Reader {
  faults = [];
  messages = new Map();
  live = 0;
  #held = null;
  #loaded = new Set();   // came in what was loaded, so the event may still be on its way
  #last = {};

  static async enter(person, room, options) {
    const reader = new Reader();
    reader.name = person.name;
    reader.socket = await person.connect('/rooms', {
      options,
      begin: socket => reader.#load(socket, room),
      on: { message: message => reader.#held ? reader.#held.push(message) : reader.#hear(message) },
    });
    await reader.socket.emitWithAck('join', room);
    return reader;
  }

  hasAll(ids) { return ids.every(id => this.messages.has(id)); }

  async #load(socket, room) {
    const own = this.#held = [];
    const stored = await history(socket, room);
    if (this.#held !== own) return;
    for (const message of stored) {
      if (this.messages.has(message.id)) continue;
      this.messages.set(message.id, message);
      this.#loaded.add(message.id);
    }
    this.#held = null;
    for (const message of own) this.#hear(message);
  }

  #hear(message) {
    const [writer, number] = message.text.split(' ');
    if (this.messages.has(message.id) && !this.#loaded.delete(message.id)) this.faults.push(`"${message.text}" came twice`);
    if (Number(number) <= (this.#last[writer] ?? -1)) this.faults.push(`"${message.text}" came after ${this.#last[writer]}`);
    this.#last[writer] = Number(number);
    this.messages.set(message.id, message);
    this.live++;
  }
}
