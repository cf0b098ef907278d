// ./demo --cluster: Redis, PostgreSQL, three nodes of the demo and HAProxy, all on loopback. Ctrl+C ends all of them and leaves nothing behind.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.mjs';
import { startHaproxy, startPostgres, startRedis } from './engines.mjs';

const restartAfter = 10_000;

const demo = fileURLToPath(new URL('../../Demo', import.meta.url));
const [postgresPrograms, ...args] = process.argv.slice(2);
const [, address] = /^--urls[= ](\S+)$/.exec(args.join(' ')) ?? [];
if (args.length > 0 && !address) {
  console.error('Usage: ./demo --cluster [--urls http://localhost:5000]');
  process.exit(2);
}
const url = new URL(address ?? 'http://localhost:5000');
const front = { hostname: url.hostname, port: Number(url.port || 80) };

const folder = mkdtempSync(join(tmpdir(), 'socketio-demo-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const secret = () => randomBytes(24).toString('hex');

let isEnding = false;
const started = [];   // in the order of their end, the last one first
const wantedEnd = new Promise(resolve => { for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(null)); });

const problem = await Promise.race([wantedEnd, run().catch(error => error)]);
await end();
if (problem) console.error(problem.message);
process.exit(problem ? 1 : 0);

/** Completes when something ends that the others need. */
async function run() {
  if (!await isFree(front)) throw new Error(`${url.origin}: address already in use. Choose another address: ./demo --cluster --urls http://localhost:8080`);
  const [redisPort, postgresPort, ...ports] = await freePorts(5);
  const [redisPassword, postgresPassword, nodeSecret] = [secret(), secret(), secret()];
  const engines = await Promise.all([startRedis(redisPort, redisPassword), startPostgres(postgresPrograms, folder, postgresPort, postgresPassword)].map(keep));
  for (const [i, at] of [redisPort, postgresPort].entries()) console.log(`      ${engines[i].name} at 127.0.0.1:${at}, process ${engines[i].pid}`);

  const settings = {
    Cluster__Redis: `127.0.0.1:${redisPort},password=${redisPassword}`,
    Cluster__Secret: nodeSecret,
    Chat__Postgres: `Host=127.0.0.1;Port=${postgresPort};Database=postgres;Username=chat;Password=${postgresPassword};Maximum Pool Size=20`,
    ASPNETCORE_FORWARDEDHEADERS_ENABLED: 'true',   // the nodes listen on loopback alone
  };
  const nodes = ports.map((port, i) => ({ name: `web-${i + 1}`, port }));
  await Promise.all(nodes.map(node => startNode(node, settings)));
  for (const node of nodes) watch(node, settings);

  engines.push(await keep(startHaproxy(front, nodes)));
  console.log(`      haproxy at ${url.origin}, process ${engines[2].pid}`);
  console.log(`The demo is at ${url.origin}, on three nodes behind HAProxy. Each page names the node that serves it. Press Ctrl+C to stop all of them.`);
  return Promise.race(engines.map(async engine => new Error(`${engine.name} has ended (${await engine.end}), so the demo ends:\n  ${engine.lines.slice(-5).join('\n  ')}`)));
}

async function keep(starting) {
  const child = await starting;
  started.push(child);
  return child;
}

async function startNode(node, settings) {
  const address = `http://127.0.0.1:${node.port}`;
  node.child = new Child(node.name, ['dotnet', 'bin/Release/net10.0/Demo.dll', '--urls', address], {
    cwd: demo, env: { ...settings, Cluster__Node: node.name, Cluster__Address: address },
  });
  started.push(node.child);
  await node.child.line(/The demo is at/);
  console.log(`      ${node.name} at ${address}, process ${node.child.pid}`);
}

/** A node that ends is started again after a while, so that one can see its clients move to the others. */
async function watch(node, settings) {
  for (;;) {
    const how = await node.child.end;
    if (isEnding) return;
    console.log(`${node.name} has ended (${how}). Its clients connect to the other nodes. It starts again in ${restartAfter / 1000} seconds.`);
    await new Promise(resolve => setTimeout(resolve, restartAfter));
    if (isEnding) return;
    await startNode(node, settings).catch(error => isEnding || console.error(error.message));
  }
}

async function end() {
  isEnding = true;
  // First HAProxy, then the nodes, then what they need. PostgreSQL waits for nobody with SIGINT.
  for (const name of ['haproxy', 'web', 'postgres', 'redis'])
    await Promise.all(started.filter(child => child.name.startsWith(name)).map(child => child.stop(name === 'postgres' ? 'SIGINT' : 'SIGTERM')));
}

function isFree({ hostname, port }) {
  return new Promise(resolve => {
    const server = createServer().once('error', () => resolve(false)).listen(port, hostname === 'localhost' ? '127.0.0.1' : hostname, () => server.close(() => resolve(true)));
  });
}

async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map(server => server.address().port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}
