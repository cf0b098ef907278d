// Three servers over Redis streams, of which one after another is killed (kill -9) or told to stop (SIGTERM) and started anew, while clients cut their connections
// and come back to any server. Each server emits numbered events to all clients and to rooms. A client that is told that it was recovered must have each event once;
// one that begins a new session begins to count anew. Sizes: node killing.mjs [clients] [turns] [rate of a server] [seconds between turns]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { transports } from '../Interop/lib/clients.mjs';
import { freePort } from '../Interop/lib/free-port.mjs';
import { within } from '../Interop/lib/waiting.mjs';

const require = createRequire(new URL('../../clients/package.json', import.meta.url));
const { io } = require('socket.io-client-4');
const [clientCount = 100, turns = 6, rate = 20, pause = 5] = process.argv.slice(2).map(Number);
const program = fileURLToPath(new URL('../ProtocolHost/bin/Release/net10.0/ProtocolHost.dll', import.meta.url));
const patience = 90_000;
const children = new Set();
process.once('exit', () => { for (const child of children) child.kill('SIGKILL'); });
const begin = Date.now();
const say = text => console.log(`${((Date.now() - begin) / 1000).toFixed(1)} s  ${text}`);
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

// As tests/ProtocolHost/Numbers.cs.
const isFor = (number, room) => number % 3 === 0 || `r${number % 5}` === room;

function nextFor(number, room) {
  while (!isFor(number, room)) number++;
  return number;
}

function start(command, args, options) {
  const child = spawn(command, args, options);
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** One server, of which a new process takes the place of the last one. Each process has a key of its own. */
class Server {
  /** Why clients were not recovered, and how often. */
  static reasons = {};
  static begunAt = {};
  static complaints = [];
  #child;
  #lives = 0;

  constructor(name, port, redis) { Object.assign(this, { name, port, redis }); }

  async start() {
    const key = this.key = `${this.name}.${this.#lives++}`;
    this.#child = start('dotnet', [program, '--host', 'socket', '--cluster', this.redis, '--streams', '1000000', '--node', this.name, '--recovery', 'true', '--numbers', key, '--rate', `${rate}`,
      '--ping-interval', '5000', '--Logging:LogLevel:SocketIOServer', 'Debug', '--urls', `http://127.0.0.1:${this.port}`], { stdio: ['pipe', 'pipe', 'pipe'] });
    const listening = new Promise((resolve, reject) => {
      createInterface(this.#child.stdout).on('line', line => line.startsWith('listening') ? resolve() : this.#note(line, key));
      createInterface(this.#child.stderr).on('line', line => this.#note(line, key));
      this.#child.once('exit', code => reject(new Error(`${key} ended with ${code}: ${Server.complaints.join('\n')}`)));
    });
    listening.catch(() => {});
    await within(`start of ${key}`, listening, patience);
    Server.begunAt[key] = Date.now();
    await fetch(`http://127.0.0.1:${this.port}/begin`, { method: 'POST' });
  }

  #note(line, key) {
    if (process.env.VERBOSE) console.log(key, line);
    const reason = /begins a new one: (\w+)/.exec(line)?.[1];
    if (reason) Server.reasons[reason] = (Server.reasons[reason] ?? 0) + 1;
    if (/^\S/.test(line)) this.isComplaint = /^(warn|fail|crit): SocketIOServer/.test(line) && !/\[8\]$/.test(line);
    if (this.isComplaint) Server.complaints.push(`${key}: ${line}`);
  }

  async end(signal) {
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await within(`end of ${this.key}`, ended, patience);
  }

  stopNumbers() { return fetch(`http://127.0.0.1:${this.port}/end`, { method: 'POST' }); }
}

class Client {
  static servers = [];
  faults = [];
  count = { received: 0, returns: 0, recovered: 0, gaps: 0, doubles: 0 };

  // By key: what comes next, since the session began.
  #next = {};

  constructor(index) {
    const kind = Object.keys(transports)[index % 3];
    this.room = `r${index % 5}`;
    this.name = `${kind} ${index}`;
    this.socket = io(this.#anyServer(), { ...transports[kind], forceNew: true, autoConnect: false, auth: { room: this.room }, reconnectionDelay: 100, reconnectionDelayMax: 1000 });
    this.socket.io.on('reconnect_attempt', () => { this.socket.io.uri = this.#anyServer(); });
    this.socket.on('connect', () => this.#onConnect());
    this.socket.on('n', (key, number) => this.#onNumber(key, number));
  }

  connect() {
    const connected = new Promise(resolve => this.socket.once('connect', resolve));
    this.socket.connect();
    return connected;
  }

  /** The connection breaks, for the server at any time. */
  cut() {
    const { engine } = this.socket.io;
    // One that is upgrading closes while it handles packets; the client then passes on some of them only after its return, and asks for them again.
    if (!this.socket.connected || engine.upgrading) return;
    const transport = engine.transport;
    if (transport.ws?.terminate) transport.ws.terminate();
    else engine.close();
  }

  /** What is not here though the stream has it, since the client came into its room. */
  missing(last) {
    const late = [];
    for (const [key, rooms] of this.begunAt === undefined ? [] : Object.entries(last)) {
      if (this.#next[key] === undefined && !(Server.begunAt[key] > this.begunAt)) continue;
      if (rooms[this.room] !== undefined && !(this.#next[key] > rooms[this.room])) late.push(`${key} ends before ${this.#next[key]}, not behind ${rooms[this.room]}`);
    }

    return late;
  }

  #anyServer() { return `http://127.0.0.1:${Client.servers[Math.floor(Math.random() * Client.servers.length)].port}`; }

  #onConnect() {
    const isFirst = this.id === undefined;
    const isRecovered = this.socket.recovered && this.socket.id === this.id;
    this.id = this.socket.id;
    if (!isFirst) this.count.returns++;
    if (isRecovered) this.count.recovered++;
    else [this.begunAt, this.#next] = [undefined, {}];
  }

  #onNumber(key, number) {
    this.count.received++;
    // The server puts the client into its room when it is connected; until the first event of the room, nothing is certain.
    if (this.begunAt === undefined && number % 3 === 0) return;
    this.begunAt ??= Date.now();
    const expected = this.#next[key] ?? (Server.begunAt[key] > this.begunAt ? nextFor(0, this.room) : number);
    if (number !== expected) {
      this.count[number < expected ? 'doubles' : 'gaps']++;
      if (this.faults.length < 5) this.faults.push(`${key}: ${number} in place of ${expected} at ${new Date().toISOString()}`);
    }

    this.#next[key] = nextFor(number + 1, this.room);
  }
}

/** By key and room: the last number that the stream has. */
function lastInStream(port) {
  const last = {};
  const text = execFileSync('redis-cli', ['-p', `${port}`, '--raw', 'XRANGE', 'socket.io', '-', '+'], { maxBuffer: 1 << 30 }).toString();
  for (const line of text.split('\n')) {
    if (!line.startsWith('{"packet"')) continue;
    const [name, key, number] = JSON.parse(line).packet.data;
    if (name !== 'n') continue;
    for (let room = 0; room < 5; room++) {
      if (isFor(number, `r${room}`)) (last[key] ??= {})[`r${room}`] = Math.max(number, last[key][`r${room}`] ?? -1);
    }
  }

  return last;
}

async function untilAnswers(port) {
  const answers = () => new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
  while (!await answers()) await sleep(20);
}

const [redisPort, ...ports] = await Promise.all(Array.from({ length: 4 }, freePort));
const redis = start('redis-server', ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
await within('redis-server', untilAnswers(redisPort));
const servers = Client.servers = ports.map((port, i) => new Server(`web${i + 1}`, port, `127.0.0.1:${redisPort}`));
await Promise.all(servers.map(server => server.start()));
const clients = Array.from({ length: clientCount }, (_, i) => new Client(i));
await within('clients', Promise.all(clients.map(client => client.connect())), patience);
say(`${clientCount} clients are connected`);
// Each client breaks its connection every four seconds or so.
const cutting = setInterval(() => { for (const client of clients) if (Math.random() < 1 / 40) client.cut(); }, 100);
for (let turn = 0; turn < turns; turn++) {
  await sleep(1000 * pause);
  const server = servers[turn % 3];
  const signal = turn % 2 === 0 ? 'SIGKILL' : 'SIGTERM';
  const key = server.key;
  await server.end(signal);
  await server.start();
  say(`${key} got ${signal}, and ${server.key} is there`);
}

await sleep(1000 * pause);
clearInterval(cutting);
await Promise.all(servers.map(server => server.stopNumbers()));
await within('connections', (async () => { while (!clients.every(client => client.socket.connected)) await sleep(50); })(), patience);
// What was written last is on its way to clients.
let last = lastInStream(redisPort);
for (const end = Date.now() + patience; Date.now() < end && clients.some(client => client.missing(last).length > 0); last = lastInStream(redisPort)) await sleep(500);
const sum = key => clients.reduce((all, client) => all + client.count[key], 0);
const late = clients.flatMap(client => client.missing(last).map(text => `${client.name}: ${text}`));
say(`${sum('received')} events received of ${Object.keys(last).length} processes, ${sum('returns')} returns: ${sum('recovered')} recovered, ${sum('returns') - sum('recovered')} refused ${JSON.stringify(Server.reasons)}`);
say(`of those that were recovered: ${sum('gaps')} gaps, ${sum('doubles')} doubles, ${late.length} with an end missing`);
for (const fault of clients.flatMap(client => client.faults.map(text => `${client.name} ${client.id}: ${text}`)).concat(late).slice(0, 20)) console.log(fault);
for (const line of [...new Set(Server.complaints)].slice(0, 30)) console.log(line);
for (const client of clients) client.socket.disconnect();
for (const server of servers) await server.end('SIGTERM');
redis.kill('SIGTERM');
process.exit(sum('gaps') + sum('doubles') + late.length > 0 ? 1 : 0);
