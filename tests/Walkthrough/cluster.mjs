// ./demo --cluster as somebody uses it: pages through HAProxy in Chromium, a chat between nodes, a node that is killed, and what is left after its end.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Room, startChromium, Windows } from '../Browser/lib/browser.mjs';
import { ChatPage } from '../Browser/lib/chat-page.mjs';
import { DemoPage, expectText } from '../Browser/lib/demo-page.mjs';
import { faintTexts, seriousFindings } from '../Browser/lib/look.mjs';
import { endWithThisRun, folders } from '../Browser/lib/servers.mjs';
import { freePort } from '../Interop/lib/free-port.mjs';
import { within } from '../Interop/lib/waiting.mjs';
import { folder } from './steps.mjs';

const patience = 120_000;
const count = { passed: 0, failed: 0 };

/** The program as it runs, with what it says of its processes. */
class Cluster {
  lines = [];
  #listeners = [];

  static async start(url) {
    const cluster = new Cluster();
    cluster.url = url;
    const before = scratch();
    // A group of its own, as a terminal gives it one.
    cluster.child = endWithThisRun(spawn('./demo', ['--cluster', '--urls', url], { cwd: folder('.'), stdio: ['ignore', 'pipe', 'pipe'], detached: true }));
    for (const stream of [cluster.child.stdout, cluster.child.stderr]) createInterface(stream).on('line', line => {
      cluster.lines.push(line);
      for (const listener of cluster.#listeners) listener();
    });
    cluster.ended = once(cluster.child, 'close').then(([code]) => code);
    return { cluster, before };
  }

  async line(pattern) {
    const find = () => this.lines.map(line => pattern.exec(line)).find(Boolean);
    return find() ?? await within(`the line ${pattern}`, new Promise((resolve, reject) => {
      this.#listeners.push(() => find() && resolve(find()));
      this.ended.then(code => reject(new Error(`it ended with ${code}: ${this.lines.join('\n')}`)));
    }), patience);
  }

  /** The processes by their names, each the latest of its name. */
  get processes() {
    return new Map(this.lines.map(line => /^ +(\S+) at \S+, process (\d+)$/.exec(line)).filter(Boolean).map(([, name, id]) => [name, Number(id)]));
  }
}

const scratch = () => readdirSync(tmpdir()).filter(name => name.startsWith('socketio-demo-'));
const isAlive = id => existsSync(`/proc/${id}`);

async function check(name, run) {
  try {
    await within(`end of "${name}"`, run(), patience);
    count.passed++;
  } catch (error) {
    count.failed++;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}

/** Nothing is left of what it started. */
async function leavesNothing({ cluster, before }) {
  const url = new URL(cluster.url);
  assert.deepEqual([...cluster.processes].filter(([, id]) => isAlive(id)), []);
  assert.deepEqual(scratch().filter(name => !before.includes(name)), []);
  const server = createServer().listen(Number(url.port), '127.0.0.1');
  await once(server, 'listening');
  server.close();
}

const servedBy = page => page.locator('#node:not([hidden])').textContent().then(text => text.replace('Served by ', ''));

/** Somebody whom another node serves than these. */
async function elsewhere(others, open) {
  for (let i = 0; i < 20; i++) {
    const visitor = await open();
    if (!others.includes(await servedBy(visitor.page))) return visitor;
  }
  throw new Error(`all are served by ${others}`);
}

async function picture(page, name) {
  mkdirSync(folders.shots, { recursive: true });
  await page.screenshot({ path: join(folders.shots, `cluster-${name}.png`) });
  assert.deepEqual(await page.evaluate(faintTexts), []);
  assert.deepEqual(await seriousFindings(page), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} fits the screen`);
}

const started = performance.now();
const chromium = await startChromium();
const room = new Room(new Windows(chromium));
const url = `http://localhost:${await freePort()}`;
const first = await Cluster.start(url);
const { cluster } = first;
await cluster.line(/^The demo is at/);

await check('every page names the node that serves it', async () => {
  const names = new Set();
  for (const [name, choice] of [['numbers', {}], ['progress', {}], ['echo', { client: '4', transport: 'polling' }], ['rooms', { transport: 'websocket' }], ['classic', { transport: 'jsonp' }]]) {
    const page = await room.visitor({ reducedMotion: 'reduce' });
    await DemoPage.open(page, cluster, name, choice);
    names.add(await servedBy(page));
    if (name === 'numbers') await page.locator('#bars .bar').first().waitFor();
    if (choice.transport !== 'jsonp') await picture(page, name);   // the client's own form has no labels
  }
  const index = await room.visitor();
  await index.goto(url);
  names.add(await servedBy(index));
  assert.ok([...names].every(name => /^web-[123]$/.test(name)), [...names].join());
  assert.ok(names.size > 1, `only ${[...names]} serves`);
  const phone = await room.visitor({ viewport: { width: 390, height: 844 } });
  await DemoPage.open(phone, cluster, 'echo', { lang: 'zh' });
  await phone.locator('#node:not([hidden])').waitFor();
  await picture(phone, 'phone');
});

await check('a broadcast reaches pages of other nodes', async () => {
  const sender = await room.visitor();
  const page = await DemoPage.open(sender, cluster, 'classic');
  const node = await servedBy(sender);
  const other = await elsewhere([node], async () => {
    const page = await room.visitor();
    return { page, demo: await DemoPage.open(page, cluster, 'classic') };
  });
  await page.find('#broadcast button').click();
  await other.demo.sees('Received: Hello, 大家好');
});

await check('a chat between nodes, one of which is killed', async () => {
  const ada = await ChatPage.register(room, cluster, 'Ada');
  const adasNode = await servedBy(ada.page);
  const bob = await elsewhere([adasNode], () => ChatPage.register(room, cluster, 'Bob'));
  const bobsNode = await servedBy(bob.page);
  await ada.createRoom('tea 茶');
  await bob.joinRoom('tea 茶');
  await ada.notices(`${bob.name} has entered the room.`);
  for (const page of [ada.page, bob.page]) await expectText(page, '#subtitle', `2 online · by ${ada.name}`);
  await ada.say('from one node');
  await bob.hears('from one node');
  await bob.say('from the other');
  await ada.hears('from the other');
  await picture(ada.page, 'chat');

  process.kill(cluster.processes.get(bobsNode), 'SIGKILL');
  await cluster.line(new RegExp(`^${bobsNode} has ended`));
  await bob.page.waitForFunction(old => !document.querySelector('#node').textContent.endsWith(old), bobsNode);
  await bob.connected();
  await bob.say('and back again');
  await ada.hears('and back again');
  await ada.say('welcome');
  await bob.hears('welcome');
  await picture(bob.page, 'chat-moved');
  await bob.page.setViewportSize({ width: 390, height: 844 });
  await picture(bob.page, 'chat-phone');
  assert.notEqual(await servedBy(bob.page), bobsNode);
  // He was away for less than a reload takes, and has not left.
  assert.deepEqual(await ada.page.locator('.notice').allTextContents(), [`${bob.name} has entered the room.`]);

  await ada.openUser(bob.name);
  await ada.say('just us');
  await expectText(ada.page, '.message .mark', 'Delivered');
  await cluster.line(new RegExp(`^ +${bobsNode} at .*process (?!${cluster.processes.get(bobsNode)}$)\\d+$`));
});

await check('a second one at the same address says so and changes nothing', async () => {
  const second = await Cluster.start(url);
  assert.equal(await within('the end of the second one', second.cluster.ended, patience), 1);
  assert.match(second.cluster.lines.at(-1), /address already in use\. Choose another address/);
  assert.equal((await fetch(`${url}/node`)).status, 200);
});

assert.deepEqual(room.errors, []);
await room.close();
await check('Ctrl+C ends all of them', async () => {
  process.kill(-cluster.child.pid, 'SIGINT');
  assert.equal(await cluster.ended, 0);
  await leavesNothing(first);
});

await check('when an engine dies, all of them end', async () => {
  const again = await Cluster.start(url);
  await again.cluster.line(/^The demo is at/);
  process.kill(again.cluster.processes.get('redis-server'), 'SIGKILL');
  assert.equal(await again.cluster.ended, 1);
  assert.ok(again.cluster.lines.some(line => line.startsWith('redis-server has ended (SIGKILL)')));
  await leavesNothing(again);
});

await chromium.close();
console.log(`in ${((performance.now() - started) / 1000).toFixed(0)} s`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 ? 1 : 0);
