// A deploy of three servers behind HAProxy without sticky sessions: each gets SIGTERM and is started anew, while numbered events go to all clients and to rooms.
// Every client must get each number once and in order, and its session back each time. Sizes: node rolling.mjs [clients] [numbers] [rate of a server] [rounds]
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../Interop/lib/free-port.mjs';
import { within } from '../Interop/lib/waiting.mjs';
import { rollingConf } from './proxy.mjs';

const [clients = 30, numbers = 2000, rate = 40, rounds = 1] = process.argv.slice(2).map(Number);
const patience = 60_000;
const ClientsOfWorker = 75;
const program = fileURLToPath(new URL('../ProtocolHost/bin/Release/net10.0/ProtocolHost.dll', import.meta.url));
const children = new Set();
process.once('exit', () => { for (const child of children) child.kill('SIGKILL'); });
const count = { passed: 0, failed: 0 };
const begin = Date.now();
const say = text => console.log(`${((Date.now() - begin) / 1000).toFixed(1)} s  ${text}`);

function check(name, isRight, message) {
  count[isRight ? 'passed' : 'failed']++;
  if (!isRight) console.log(`FAILED ${name}: ${message}`);
}

function start(command, args, options) {
  const child = spawn(command, args, { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }, ...options });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

const answers = port => new Promise(resolve => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.once('error', () => resolve(false));
});

async function untilAnswers(port) {
  while (!await answers(port)) await new Promise(resolve => setTimeout(resolve, 20));
}

/** One server, of which a new process takes the place of the last one. Each process has a key of its own. */
class Server {
  static #emitted = {};

  /** Why clients were not recovered, and how often. */
  static reasons = {};

  #child;
  #lives = 0;
  complaints = [];

  constructor(name, port, redis) { Object.assign(this, { name, port, redis }); }

  /** The numbers of each process that has ended, or was told to end. */
  static get emitted() { return Server.#emitted; }

  async start() {
    this.key = `${this.name}.${this.#lives++}`;
    this.#child = start('dotnet', [program, '--host', 'socket', '--cluster', this.redis, '--node', this.name, '--secret', 'the three servers share it', '--recovery', 'true',
      '--numbers', this.key, '--rate', `${rate}`, '--ping-interval', '5000', '--Logging:LogLevel:SocketIOServer', 'Debug', '--urls', `http://127.0.0.1:${this.port}`], { stdio: ['pipe', 'pipe', 'pipe'] });
    const key = this.key;
    const listening = new Promise((resolve, reject) => {
      createInterface(this.#child.stdout).on('line', line => {
        if (line.startsWith('listening')) resolve();
        else if (line.startsWith('emitted ')) Server.#emitted[key] = Number(line.slice(8));
        else this.#note(line, key);
      });
      createInterface(this.#child.stderr).on('line', line => this.#note(line, key));
      this.#child.once('exit', code => reject(new Error(`${key} ended with ${code}: ${this.complaints.join('\n')}`)));
    });
    listening.catch(() => {});
    await within(`start of ${key}`, listening, patience);
  }

  // The check of a server that stops is unhealthy, and a refused handshake comes again: both are meant.
  #note(line, key) {
    if (/^\S/.test(line)) this.isComplaint = !/^fail: Microsoft.Extensions.Diagnostics.HealthChecks|^warn: SocketIOServer\[8\]|^(info|dbug):/.test(line);
    const reason = /begins a new one: (\w+)/.exec(line)?.[1];
    if (reason) Server.reasons[reason] = (Server.reasons[reason] ?? 0) + 1;
    if (this.isComplaint) this.complaints.push(`${key}: ${line}`);
  }

  async stop() {
    const ended = once(this.#child, 'exit');
    const from = Date.now();
    this.#child.kill('SIGTERM');
    const [code] = await within(`end of ${this.key}`, ended, patience);
    check(`end of ${this.key}`, code === 0, `it ended with ${code}`);
    return Date.now() - from;
  }

  post(path) { return fetch(`http://127.0.0.1:${this.port}/${path}`, { method: 'POST' }); }
}

class Worker {
  #child;
  #calls = new Map();

  constructor(url, from, size) {
    this.#child = fork(fileURLToPath(new URL('rolling-clients.mjs', import.meta.url)), [url, `${from}`, `${size}`]);
    children.add(this.#child);
    this.#child.on('message', ({ id, result }) => this.#calls.get(id)(result));
  }

  call(method, ...args) {
    const id = this.#calls.size;
    const answer = new Promise(resolve => this.#calls.set(id, resolve));
    this.#child.send({ id, method, args });
    return within(method, answer, patience + 10_000);
  }

  stop() { children.delete(this.#child); this.#child.kill('SIGKILL'); }
}

const folder = mkdtempSync(join(tmpdir(), 'rolling-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const [redisPort, proxyPort, ...ports] = await Promise.all(Array.from({ length: 5 }, freePort));
const redis = start('redis-server', ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
await within('redis-server', untilAnswers(redisPort));
const servers = ports.map((port, i) => new Server(`web${i + 1}`, port, `127.0.0.1:${redisPort}`));
await Promise.all(servers.map(server => server.start()));
writeFileSync(join(folder, 'haproxy.cfg'), rollingConf(proxyPort, ports));
const haproxy = start('haproxy', ['-db', '-q', '-f', join(folder, 'haproxy.cfg')], { stdio: ['ignore', 'inherit', 'inherit'] });
await within('haproxy', untilAnswers(proxyPort));

const workers = [];
for (let from = 0; from < clients; from += ClientsOfWorker) workers.push(new Worker(`http://127.0.0.1:${proxyPort}`, from, Math.min(ClientsOfWorker, clients - from)));
await Promise.all(workers.map(worker => worker.call('connect')));
say(`${clients} clients are connected`);
await Promise.all(servers.map(server => server.post('begin')));
const began = Date.now();
let away = 0;

for (let round = 0; round < rounds; round++) {
  for (const server of servers) {
    const took = await server.stop();
    const ended = Date.now();
    await server.start();
    await server.post('begin');
    away += Date.now() - ended;
    say(`${server.name} is there again; its stop took ${(took / 1000).toFixed(1)} s`);
    // A deploy goes on when the new server is ready.
    await new Promise(resolve => setTimeout(resolve, 2000));
  }
}

// At least so many numbers, however fast the deploy was.
const left = (numbers / rate * 1000 + away) / 3 - (Date.now() - began) + 3000;
if (left > 0) await new Promise(resolve => setTimeout(resolve, left));
await Promise.all(servers.map(server => server.post('end')));
const emitted = Server.emitted;
const total = Object.values(emitted).reduce((sum, one) => sum + one, 0);
say(`${total} numbers by ${Object.keys(emitted).length} processes`);
const reports = (await Promise.all(workers.map(worker => worker.call('report', emitted, patience)))).flat();
for (const { name, faults } of reports) check(name, faults.length === 0, faults.join('; '));
const sum = key => reports.reduce((all, report) => all + report[key], 0);
say(`${sum('received')} events received, ${sum('returns')} returns, ${sum('recovered')} of them recovered, ${reports.filter(report => report.returns === 0).length} clients were never cut`);
if (Object.keys(Server.reasons).length > 0) say(`not recovered: ${JSON.stringify(Server.reasons)}`);
check('numbers', total >= numbers, `${total} numbers instead of ${numbers}`);
check('cuts', sum('returns') >= clients, `only ${sum('returns')} returns`);
check('logs', servers.every(server => server.complaints.length === 0), servers.flatMap(server => server.complaints).slice(0, 40).join('\n'));
workers.forEach(worker => worker.stop());
await Promise.all(servers.map(server => server.stop()));
for (const child of [haproxy, redis]) child.kill('SIGTERM');
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 ? 1 : 0);
