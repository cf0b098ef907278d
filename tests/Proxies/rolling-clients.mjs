// A part of the clients of rolling.mjs, in a process of its own.
import { createRequire } from 'node:module';
import { transports } from '../Interop/lib/clients.mjs';

const require = createRequire(new URL('../../clients/package.json', import.meta.url));
const { io } = require('socket.io-client-4');
const [url, from, size] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

// As tests/ProtocolHost/Numbers.cs.
const isFor = (number, room) => number % 3 === 0 || `r${number % 5}` === room;

function nextFor(number, room) {
  while (!isFor(number, room)) number++;
  return number;
}

class Client {
  faults = [];
  received = 0;
  returns = 0;
  recovered = 0;
  #next = {};

  constructor(index) {
    const kind = Object.keys(transports)[index % 3];
    this.room = `r${index % 5}`;
    this.name = `${kind} ${index}`;
    this.socket = io(url, { ...transports[kind], forceNew: true, autoConnect: false, auth: { room: this.room } });
    this.socket.on('connect', () => this.#onConnect());
    this.socket.on('n', (key, number) => this.#onNumber(key, number));
  }

  async connect() {
    const connected = new Promise(resolve => this.socket.once('connect', resolve));
    this.socket.on('connect_error', error => { this.error = error.message; if (process.env.VERBOSE) console.log(this.name, error.message, error.description?.message ?? error.description); });
    this.socket.connect();
    await connected;
  }

  #onConnect() {
    if (this.id === undefined) {
      this.id = this.socket.id;
      return;
    }

    this.returns++;
    if (this.socket.recovered && this.socket.id === this.id) this.recovered++;
    else this.faults.push(`return ${this.returns} at ${new Date().toISOString()} was not recovered`);
    this.id = this.socket.id;
  }

  #onNumber(key, number) {
    this.received++;
    const expected = this.#next[key] ?? nextFor(0, this.room);
    if (number !== expected && this.faults.length < 10) this.faults.push(`${key}: ${number} in place of ${expected} at ${new Date().toISOString()}`);
    this.#next[key] = nextFor(number + 1, this.room);
  }

  hasAll(emitted) { return Object.entries(emitted).every(([key, count]) => (this.#next[key] ?? nextFor(0, this.room)) >= count); }

  missing(emitted) { return Object.entries(emitted).filter(([key, count]) => (this.#next[key] ?? nextFor(0, this.room)) < count).map(([key]) => `${key} ends at ${this.#next[key]} of ${emitted[key]}`); }
}

const clients = Array.from({ length: size }, (_, i) => new Client(from + i));

const methods = {
  connect: () => Promise.all(clients.map(client => client.connect())),
  async report(emitted, patience) {
    const end = Date.now() + patience;
    while (Date.now() < end && !clients.every(client => client.hasAll(emitted))) await new Promise(resolve => setTimeout(resolve, 50));
    return clients.map(client => ({
      name: client.name, faults: [...client.faults, ...client.missing(emitted)], received: client.received, returns: client.returns, recovered: client.recovered,
    }));
  },
};

process.on('message', async ({ id, method, args }) => process.send({ id, result: await methods[method](...args) ?? null }));
process.on('disconnect', () => process.exit());
