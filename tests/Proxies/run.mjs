// Real clients through every proxy of docs/proxies.md, configured as docs/proxies.md says: the blocks of that page are what runs here.
import { call, next, within } from '../Interop/lib/waiting.mjs';
import { same, pattern } from '../Interop/lib/values.mjs';
import { Context } from '../Interop/lib/context.mjs';
import { abilitiesOf, transports, versions } from '../Interop/lib/clients.mjs';
import { ServerProcess } from '../Interop/lib/server-process.mjs';
import { developmentServers, proxies, Proxy } from './proxy.mjs';

const count = { passed: 0, failed: 0 };

async function check(name, run) {
  try {
    await within('end of the case', run(), 60_000);
    count.passed++;
  } catch (error) {
    count.failed++;
    console.log(`FAILED ${name}: ${error.message}`);
  }
}

/** Text, binary and a body near MaxPayload, there and back; an upgrade on the way where there is one. */
async function talk(version, transport, url) {
  const t = new Context(version, transport, url);
  try {
    const manager = t.manager();
    const upgraded = transport === 'upgrade' ? next(manager, 'open').then(() => next(manager.engine, 'upgrade')) : null;
    // Where there is no connection there is no upgrade either, and the first error is the one to tell.
    upgraded?.catch(() => {});
    const socket = await t.connect('/', { manager });
    await upgraded;
    same(await call(socket, 'echo', 'für 大小', { deep: [1, null] }), ['für 大小', { deep: [1, null] }]);
    same(await call(socket, 'hex of', t.bytes(pattern(3000))), [pattern(3000)]);
    const long = 'x'.repeat(700_000);
    same(await call(socket, 'echo', long), [long]);
    same(manager.engine.transport.name, transport === 'polling' ? 'polling' : 'websocket', 'the transport');
  } finally {
    t.close();
  }
}

/** What a page does first, with the header that its browser sends. */
async function chat(transport, url) {
  const t = new Context('4.8.4', transport, url);
  try {
    same(await call(await t.connect('/', { manager: t.manager({ extraHeaders: { origin: url } }) }), 'chat message', 'hello'), [5]);
  } finally {
    t.close();
  }
}

/** Many requests of one session, and every one finds it. */
async function stay(url, options) {
  const t = new Context('4.8.4', 'polling', url);
  try {
    const socket = await t.connect('/', { manager: t.manager(options) });
    for (let i = 0; i < 20; i++) same(await call(socket, 'echo', i), [i]);
  } finally {
    t.close();
  }
}

const servers = await Promise.all([ServerProcess.start(), ServerProcess.start()]);
const [one, two] = servers.map(server => server.port);
for (const kind of proxies) {
  const [single, several] = await Promise.all([Proxy.start(kind, [one, one]), Proxy.start(kind, [one, two])]);
  try {
    // Another parser has a path of its own, and is nothing to a proxy.
    const plain = versions.filter(version => !abilitiesOf(version).parser);
    const matrix = plain.flatMap(version => Object.keys(transports).map(transport => [version, transport]));
    await Promise.all(matrix.map(([version, transport]) =>
      check(`${version} ${transport} through ${kind}`, () => talk(version, transport, single.url))));
    // A browser keeps the proxy's cookie by itself, this client where it is told to.
    await Promise.all(Array.from({ length: 6 }, (_, i) =>
      check(`session ${i} stays on its server behind ${kind}`, () => stay(several.url, { withCredentials: true }))));
  } finally {
    await Promise.all([single.stop(), several.stop()]);
  }
}

// A page of the development server has an origin of its own, and the program allows no other by CORS.
const developed = await ServerProcess.startProgram('guide', '--environment', 'Development');
for (const kind of developmentServers) {
  const proxy = await Proxy.start(kind, [developed.port]);
  await Promise.all(Object.keys(transports).map(transport =>
    check(`4.8.4 ${transport} through ${kind}`, () => chat(transport, proxy.url))));
  await proxy.stop();
}

servers.push(developed);
await Promise.all(servers.map(server => server.stop()));
const complaints = servers.flatMap(server => server.complaints);
await check('server log', async () => same(complaints, []));
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 ? 1 : 0);
