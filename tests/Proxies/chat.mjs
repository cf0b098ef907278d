// The chat while its servers die and stop: 1,000 numbered messages to a room, and 100 to a user who is away. First on three nodes behind HAProxy, with one PostgreSQL and one
// Redis: one node is killed, another one gets SIGTERM, and both are started again. Then on one node with SQLite, which is killed and started again.
// Every reader must have every message once and in the order of its sender, and exactly the messages that are stored must have been acked.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Child } from '../../samples/Cluster/local/child.mjs';
import { startHaproxy, startPostgres, startRedis } from '../../samples/Cluster/local/engines.mjs';
import { freePort } from '../Interop/lib/free-port.mjs';
import { within } from '../Interop/lib/waiting.mjs';
import { history, Person, Reader } from './chat-people.mjs';

const patience = 60_000;
const writers = 5;
const each = 200;
const eachPrivate = 20;
const every = 20;   // ms between two messages of a writer: the nodes come back while messages are sent
const path = relative => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'chat-nodes-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const count = { passed: 0, failed: 0 };
const begin = Date.now();
const say = text => console.log(`${((Date.now() - begin) / 1000).toFixed(1)} s  ${text}`);

function check(name, faults) {
  count[faults.length === 0 ? 'passed' : 'failed']++;
  if (faults.length > 0) console.log(`FAILED ${name}: ${faults.slice(0, 5).join('; ')}`);
}

/** One process after another at the same address. */
class Node {
  complaints = [];

  constructor(name, port, settings) { Object.assign(this, { name, port, settings }); }

  async start() {
    const address = `http://127.0.0.1:${this.port}`;
    this.child = new Child(this.name, ['dotnet', 'bin/Release/net10.0/Demo.dll', '--urls', address], {
      cwd: path('samples/Demo'), env: { ...this.settings, Cluster__Node: this.name, Cluster__Address: address },
    });
    await within(`start of ${this.name}`, this.child.line(/The demo is at/), patience);
    return this;
  }

  async stop(signal) {
    await this.child.stop(signal, patience);
    // What fails because others die is told as a warning. An error is a fault of the program.
    this.complaints.push(...this.child.lines.filter((line, i) => /^(fail|crit):/.test(this.child.lines[i - 1] ?? '')));
  }

  async restart(signal) {
    const from = Date.now();
    await this.stop(signal);
    const took = Date.now() - from;
    await this.start();
    say(`${this.name} is there again after ${signal}; its end took ${(took / 1000).toFixed(1)} s`);
  }
}

const limits = { Chat__Burst: '100000', Chat__EventsPerSecond: '100000', Chat__RegistrationsPerMinute: '1000', ASPNETCORE_FORWARDEDHEADERS_ENABLED: 'true' };

/** Users write while `disturb`, one function for each third of the messages, does something to the nodes. */
async function talk(where, url, disturb) {
  const people = await Promise.all(Array.from({ length: writers + 5 }, (_, i) => Person.register(url, i < writers ? `writer${i}` : `reader${i}`)));
  const away = await Person.register(url, 'away');
  const authors = people.slice(0, writers);
  const inRooms = await Promise.all(authors.map(person => person.connect('/rooms')));
  const delivered = authors.map(() => new Set());
  const inPrivate = await Promise.all(authors.map((person, i) => person.connect('/private', { on: { delivered: (user, ids) => ids.forEach(id => delivered[i].add(id)) } })));
  const room = (await inRooms[0].emitWithAck('create', `nodes of ${where}`, 'the-key-of-the-room')).id;
  await Promise.all(inRooms.map(socket => socket.emitWithAck('join', room)));
  const readers = await Promise.all(people.slice(writers).map((person, i) => Reader.enter(person, room, i % 2 === 0 ? { transports: ['websocket'] } : {})));

  let acks = 0;
  const disturbing = [];
  const onAck = () => {
    acks++;
    if (disturb.length > 0 && acks > disturbing.length * 300 + 200) disturbing.push(disturb.shift()());
  };
  const [roomIds, privateIds] = await within('all acks', Promise.all([
    Promise.all(authors.map((person, i) => person.write(inRooms[i], room, each, every, onAck))),
    Promise.all(authors.map((person, i) => person.write(inPrivate[i], away.id, eachPrivate, every * each / eachPrivate, () => {}))),
  ]), 3 * patience);
  await Promise.all(disturbing);
  const ids = roomIds.flat();

  // A reader may have to hear first that a node has died.
  const end = Date.now() + patience;
  while (Date.now() < end && !readers.every(reader => reader.hasAll(ids))) await pause(50);
  const stored = await history(inRooms[0], room);
  check(`${where}: the acks are those of what is stored`, differences(ids, stored.map(message => message.id)));
  check(`${where}: nothing is stored twice`, doubles(stored.map(message => message.text)));
  check(`${where}: each writer's messages are stored in order`, roomIds.flatMap((own, i) => own.filter((id, n) => n > 0 && id <= own[n - 1]).map(id => `${authors[i].name}: ${id}`)));
  for (const reader of readers) check(`${where}: ${reader.name} has each message once`, [...reader.faults, ...differences(ids, [...reader.messages.keys()])]);

  const waiting = [];
  const device = await away.connect('/private', { on: { messages: (messages, ack) => { waiting.push(...messages); ack(true); } } });
  const untilDelivered = Date.now() + patience;
  while (Date.now() < untilDelivered && !privateIds.every((own, i) => own.every(id => delivered[i].has(id)))) await pause(50);
  await device.emitWithAck('conversations');   // behind a message too many
  check(`${where}: who was away gets each message once`, [...differences(privateIds.flat(), waiting.map(message => message.id)), ...doubles(waiting.map(message => message.text))]);
  check(`${where}: the writers know that they were delivered`, privateIds.flatMap((own, i) => differences(own, [...delivered[i]])));
  const more = [];
  const later = await away.connect('/private', { on: { messages: messages => more.push(...messages.map(message => message.text)) } });
  await later.emitWithAck('conversations');
  check(`${where}: what was delivered does not come again`, more);

  const sockets = [...people, away].flatMap(person => person.sockets);
  const sum = key => sockets.reduce((all, socket) => all + socket.counts[key], 0);
  say(`${where}: ${sum('recovered')} sessions recovered, ${sum('begun') - sockets.length} begun anew, ${sum('missed')} times told to load, ${readers.reduce((all, reader) => all + reader.live, 0)} messages heard live`);
  for (const person of [...people, away]) person.leave();
  return { recovered: sum('recovered'), anew: sum('begun') - sockets.length };
}

const doubles = all => all.filter((one, i) => all.indexOf(one) !== i).map(one => `"${one}" twice`);

function differences(expected, actual) {
  const [wanted, got] = [new Set(expected), new Set(actual)];
  return [...[...wanted].filter(id => !got.has(id)).map(id => `${id} is missing`), ...[...got].filter(id => !wanted.has(id)).map(id => `${id} is too much`), ...doubles(expected)];
}

async function onThreeNodes() {
  const [redisPort, postgresPort, frontPort, ...ports] = await Promise.all(Array.from({ length: 6 }, freePort));
  const secret = randomBytes(16).toString('hex');
  const engines = await Promise.all([
    startRedis(redisPort, secret),
    startPostgres(execFileSync(path('eng/need-postgres')).toString().trim(), folder, postgresPort, secret),
  ]);
  const settings = {
    ...limits, Cluster__Redis: `127.0.0.1:${redisPort},password=${secret}`, Cluster__Secret: secret,
    Chat__Postgres: `Host=127.0.0.1;Port=${postgresPort};Database=postgres;Username=chat;Password=${secret};Maximum Pool Size=20`,
  };
  const nodes = await Promise.all(ports.map((port, i) => new Node(`web-${i + 1}`, port, settings).start()));
  engines.unshift(await startHaproxy({ hostname: '127.0.0.1', port: frontPort }, nodes));
  say('three nodes are there');
  const returns = await talk('three nodes', `http://127.0.0.1:${frontPort}`, [() => nodes[0].restart('SIGKILL'), () => nodes[1].restart('SIGTERM')]);
  check('three nodes: sessions moved from the node that stopped', returns.recovered > 0 ? [] : ['none was recovered']);
  check('three nodes: sessions ended with the node that was killed', returns.anew > 0 ? [] : ['none has begun anew']);
  await Promise.all(nodes.map(node => node.stop('SIGTERM')));
  check('three nodes: no error is logged', nodes.flatMap(node => node.complaints));
  for (const engine of engines) await engine.stop('SIGINT');
}

async function onOneNode() {
  const data = join(folder, 'sqlite');
  mkdirSync(data);
  const node = await new Node('one', await freePort(), { ...limits, Chat__Folder: data }).start();
  const returns = await talk('one node', `http://127.0.0.1:${node.port}`, [() => node.restart('SIGKILL'), () => node.restart('SIGTERM')]);
  check('one node: sessions ended with it', returns.anew > 0 ? [] : ['none has begun anew']);
  await node.stop('SIGTERM');
  check('one node: no error is logged', node.complaints);
}

await onThreeNodes();
await onOneNode();
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 ? 1 : 0);
