// Several servers without sticky sessions. All cases of tests/Interop run behind HAProxy, which gives each request to the next of three servers. Then the rules
// of docs/proxies.md with which a proxy sends each request to the server that has the session.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Context } from '../Interop/lib/context.mjs';
import { transports, versions } from '../Interop/lib/clients.mjs';
import { freePort } from '../Interop/lib/free-port.mjs';
import { ServerProcess } from '../Interop/lib/server-process.mjs';
import { same } from '../Interop/lib/values.mjs';
import { call, next, within } from '../Interop/lib/waiting.mjs';
import { Proxy } from './proxy.mjs';

const words = process.argv.slice(2);
const count = { passed: 0, failed: 0 };

function take({ name, outcome, message }) {
  count[outcome]++;
  if (outcome === 'failed') console.log(`FAILED ${name}: ${message}`);
}

async function check(name, run) {
  if (!words.every(word => name.includes(word))) return;
  try {
    await within('end of the case', run(), 60_000);
    take({ name, outcome: 'passed' });
  } catch (error) {
    take({ name, outcome: 'failed', message: error.message });
  }
}

async function startRedis() {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  await within('redis-server', (async () => {
    while (!await answers(port)) await new Promise(resolve => setTimeout(resolve, 20));
  })(), 20_000);
  return { address: `127.0.0.1:${port}`, stop: () => child.kill('SIGTERM') };
}

const answers = port => new Promise(resolve => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.once('error', () => resolve(false));
});

const startServers = (redis, ...args) => Promise.all(args.map(async own => ServerProcess.start(await freePort(), '--cluster', redis, ...own)));

async function runCases(version, url, nodes) {
  const child = fork(fileURLToPath(new URL('../Interop/worker.mjs', import.meta.url)), [version, url, ...words], {
    execArgv: ['--no-deprecation'], env: { ...process.env, INTEROP_NODES: nodes.map(node => node.url).join(' ') },
  });
  child.on('message', take);
  const limit = setTimeout(() => child.kill('SIGKILL'), 300_000);
  const [code, signal] = await once(child, 'exit');
  clearTimeout(limit);
  if (code !== 0) take({ name: `worker of ${version}`, outcome: 'failed', message: `it ended with ${signal ?? code}` });
}

/** What a script element and a form of a page with JSONP do, for clients 1.x and 2.x. */
async function jsonp(url) {
  const send = (query, body) => within('answer', new Promise((resolve, reject) => {
    const message = request(`${url}/socket.io/?EIO=3&transport=polling&j=0${query}`, {
      method: body ? 'POST' : 'GET', headers: { Referer: `${url}/`, ...(body && { 'Content-Type': 'application/x-www-form-urlencoded' }) },
    }, async response => {
      let text = '';
      for await (const part of response.setEncoding('utf8')) text += part;
      resolve(text);
    });
    message.on('error', reject);
    message.end(body && `d=${encodeURIComponent(body)}`);
  }));
  const unwrap = text => JSON.parse(/^___eio\[0\]\((".*")\);$/s.exec(text)[1]);
  const sid = `&sid=${/"sid":"([^"]+)"/.exec(unwrap(await send('')))[1]}`;
  for (let i = 0; i < 12; i++) {
    same(await send(sid, `${`42${i}["echo","für ${i}"]`.length}:42${i}["echo","für ${i}"]`), 'ok');
    let received = '';
    while (!received.includes(`43${i}["f`)) received += unwrap(await send(sid));
  }
}

/** Many requests of one session, and every one finds it, without a cookie. */
async function stay(transport, url) {
  const t = new Context('4.8.4', transport, url);
  try {
    const manager = t.manager();
    const upgraded = transport === 'upgrade' ? next(manager, 'open').then(() => next(manager.engine, 'upgrade')) : null;
    upgraded?.catch(() => {});
    const socket = await t.connect('/', { manager });
    await upgraded;
    for (let i = 0; i < 20; i++) same(await call(socket, 'echo', i), [i]);
  } finally {
    t.close();
  }
}

const redis = await startRedis();
const secret = ['--secret', 'the three servers share it'];
const servers = await startServers(redis.address, secret, secret, secret);
const inTurns = await Proxy.start('haproxy in turns', servers.map(server => server.port));
await Promise.all(versions.map(version => runCases(version, inTurns.url, servers)));
for (let i = 0; i < 3; i++) await check(`JSONP in turns, ${i}`, () => jsonp(inTurns.url));
await inTurns.stop();

// Nothing is forwarded here: these servers have no secret.
const named = await startServers(redis.address, ['--node', 'web1'], ['--node', 'web2']);
for (const kind of ['haproxy by session', 'nginx by session']) {
  const proxy = await Proxy.start(kind, named.map(server => server.port));
  await Promise.all(Object.keys(transports).flatMap(transport => [0, 1, 2].map(i =>
    check(`${transport} ${i} finds its server through ${kind}`, () => stay(transport, proxy.url)))));
  await proxy.stop();
}

await Promise.all([...servers, ...named].map(server => server.stop()));
redis.stop();
await check('server log', async () => same([...servers, ...named].flatMap(server => server.complaints), []));
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 || count.passed === 0 ? 1 : 0);
