// README, quick start, tutorial and template, done word for word with the packages of eng/pack and looked at in Chromium. `./test packages` runs this.
// `node run.mjs [word...]` runs only the walks whose name contains every word.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { startChromium } from '../Browser/lib/browser.mjs';
import { patience } from '../Interop/lib/waiting.mjs';
import { commandOf, folder, stepsOf } from './steps.mjs';
import { Reader } from './reader.mjs';
import { Window } from './window.mjs';

const { io } = createRequire(new URL('../../clients/package.json', import.meta.url))('socket.io-client-4');

const walks = {
  'the README\'s first program': async (reader, open) => {
    for (const step of stepsOf('README.md').filter(step => step.heading === 'A first program')) await reader.do(step);
    await talk(await open(), await open());
  },

  'quick start and tutorial': async (reader, open) => {
    const quick = stepsOf('docs/quick-start.md');
    for (const step of quick.filter(step => step.heading === 'A project')) await reader.do(step);
    const first = await open();
    const second = await open();
    await first.shows('Somebody has come.');
    await talk(first, second);
    await second.close();
    await first.shows('Somebody has left: transport close', 'Somebody has left: client namespace disconnect');

    for (const step of quick.filter(step => step.heading === 'One file')) await reader.do(step);
    const sender = await open();
    await talk(sender, await open());
    await until(() => sender.logs.includes('the server received 9 characters'), 'the ack in the console');
    assert.ok(!reader.lines.some(line => line.includes('sid=')), 'the log has no session id');

    await reader.stop();
    reader.enter('../Chat');
    await tutorial(reader, open);
  },

  'the demo': async (reader, open) => {
    reader.enter(folder('.'));
    await reader.run('./demo');
    for (const step of [1, 2, 3, 4]) assert.ok(reader.lines.some(line => line.startsWith(`[${step}/4] `)), `step ${step} is told`);
    await until(() => reader.lines.at(-1).includes(`The demo is at ${reader.url}.`), 'the address as the last line');
    await (await open()).heading('One server, every Socket.IO client');
    await assert.rejects(reader.run(`exec dotnet samples/Demo/bin/Release/net10.0/Demo.dll --urls ${reader.url}`), /address already in use\. Choose another address: \.\/demo --urls/);
  },

  'template': template([]),
  'template with tests': template(['--tests']),
  'template with a sign-in': template(['--auth']),
  'template with a sign-in and tests': template(['--auth', '--tests']),
};

async function tutorial(reader, open) {
  const steps = stepsOf('docs/tutorial.md');
  const begin = async heading => {
    for (const step of steps.filter(step => step.heading.startsWith(heading))) await reader.do(step);
    await reader.run(commandOf('docs/tutorial.md', 'dotnet run'));
  };
  const refused = 'Choose a name of 1 to 30 characters.';

  await begin('1.');
  let [ann, bob, nobody] = [await open('Ann'), await open('Bob'), await open('')];
  await nobody.shows(refused);
  await ann.send('hello, 世界');
  for (const window of [ann, bob]) await window.shows('Ann: hello, 世界');

  await begin('2.');
  nobody = await open('');
  await nobody.shows(refused);
  ann = await open('Ann');
  await ann.shows('You are in garden. Members: 1');
  bob = await open('Bob');
  await ann.shows('Bob has entered.');
  const carl = await open('Carl', '/?room=kitchen');
  await carl.shows('You are in kitchen. Members: 1');
  await bob.send('nice roses');
  for (const window of [ann, bob]) await window.shows('Bob: nice roses');
  await carl.send('tea?');
  await carl.shows('Carl: tea?');
  assert.ok(!(await ann.texts()).includes('Carl: tea?'), 'the garden does not hear the kitchen');
  assert.ok(!(await carl.texts()).includes('Bob: nice roses'), 'the kitchen does not hear the garden');
  await bob.close();
  await ann.shows('Bob has left.');

  await begin('3.');
  nobody = await open('');
  await nobody.shows(refused);
  ann = await open('Ann');
  await ann.shows('You are in garden. Members: 1');
  await ann.send('first');
  await ann.shows('Ann: first');
  await ann.reconnect();
  await ann.shows('Ann: first');
  assert.equal((await ann.texts()).filter(text => text === 'Ann: first').length, 1, 'a reconnect does not repeat the history');
  bob = await open('Bob');
  await bob.shows('Ann: first');
  await ann.shows('Bob has entered.');
  const dan = await open('Dan');
  await ann.shows('Dan has entered.');
  await dan.close();
  await ann.shows('Dan has left.');
  await (await open('Eve', '/?room=attic')).shows('There is no such room.');
  await reader.run(commandOf('docs/tutorial.md', 'curl').replaceAll('http://localhost:5000', reader.url));
  for (const window of [ann, bob]) await window.shows('closing soon');
  await reader.stop();

  for (const step of steps.filter(step => step.heading.startsWith('4.'))) await reader.do(step);
  assert.match(reader.output, /Passed!.*Passed: +1,/);
  for (const step of stepsOf('docs/testing.md')) await reader.do(step);
  await reader.run('dotnet test');
  assert.match(reader.output, /Passed!.*Passed: +2,/);

  // Published as docs/going-live.md says, the program has its client's script.
  const [part] = stepsOf('docs/going-live.md');
  reader.enter('../Chat');
  reader.write('Chat.csproj', reader.read('Chat.csproj').replace('</Project>', `${part.text}</Project>`));
  await reader.run('dotnet publish -o ../published');
  reader.enter('../published');
  await reader.run(`dotnet Chat.dll --urls http://localhost:5000`);
  ann = await open('Ann');
  await ann.connected();
}

function template(options) {
  return async (reader, open) => {
    await reader.run(`dotnet new socketio -o Chat ${options.join(' ')}`);
    reader.enter('Chat');
    if (options.includes('--tests')) {
      await reader.run('dotnet test');
      assert.match(reader.output, options.includes('--auth') ? /Passed!.*Passed: +3,/ : /Passed!.*Passed: +2,/);
    }
    await reader.run(options.includes('--tests') ? 'dotnet run --project Chat' : 'dotnet run');
    const [ann, bob] = [await open(), await open()];
    if (options.includes('--auth')) {
      await assert.rejects(connect(reader.url), /unauthorized/);
      await ann.signIn('Ann', 'wrong');
      await ann.says('The name or the password is wrong.');
      await ann.signIn('Ann', 'secret');
      await ann.says('Connected.');
      await bob.signIn('Bob', 'secret');
    }
    for (const window of [ann, bob]) await window.says('Connected.');
    await ann.send('hello, 世界', '#text');
    const from = options.includes('--auth') ? /^Ann: hello, 世界$/ : /^visitor \S{4}: hello, 世界$/;
    for (const window of [ann, bob]) await window.shows(from);
  };
}

async function until(condition, what) {
  for (const late = performance.now() + patience; !condition(); await new Promise(resolve => setTimeout(resolve, 50))) {
    if (performance.now() > late) throw new Error(`not ${what}`);
  }
}

/** A client that is not the page. */
function connect(url) {
  const socket = io(url, { reconnection: false });
  return new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject)).finally(() => socket.close());
}

async function talk(first, second) {
  await first.send('hello, 世界');
  for (const window of [first, second]) await window.shows('hello, 世界');
}

/** What the README says about packages that are not published, except eng/pack itself, which has run: install, undo, and install again. */
async function install() {
  const reader = new Reader('install');
  reader.enter(folder('.'));
  const [step, undo, ...others] = stepsOf('README.md').filter(step => step.heading === 'Install');
  assert.deepEqual([step.name, undo.name, others.length], ['shell', 'undo', 0]);
  const [pack, ...lines] = step.text.trim().split('\n');
  assert.equal(pack, 'eng/pack');
  const install = async () => { for (const line of lines) await reader.run(line); };
  await install();
  for (const line of undo.text.trim().split('\n')) await reader.run(line);
  await install();
}

/** The template's script is the client that the tests use. */
function compareScript() {
  const [own, tested] = ['templates/socketio/app/wwwroot/lib/socket.io.min.js', 'clients/node_modules/socket.io-client-4/dist/socket.io.min.js'].map(path => readFileSync(folder(path), 'utf8'));
  assert.equal(own, tested, 'templates/socketio/app/wwwroot/lib/socket.io.min.js is not the client of clients/package.json: copy it');
}

const words = process.argv.slice(2);
const wanted = Object.entries(walks).filter(([name]) => words.every(word => name.includes(word)));
let [passed, failed] = [0, 0];
const chromium = await startChromium();
await install();
for (const [name, walk] of [['the template has the tested script', compareScript], ...wanted]) {
  const started = performance.now();
  const reader = new Reader(name.replace(/\W+/g, '-'));
  const windows = [];
  try {
    await walk(reader, async (visitor, path = '/') => {
      const window = await Window.open(chromium, reader.url + path, visitor);
      windows.push(window);
      return window;
    });
    const errors = windows.flatMap(window => window.errors);
    assert.deepEqual(errors, [], 'no page has an error');
    passed++;
    console.log(`passed ${name}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error.message}`);
    for (const window of windows) console.log(`  on a page: ${await window.texts().then(texts => texts.join(' | '), () => 'closed')}`);
  } finally {
    for (const window of windows) await window.close();
    await reader.stop().catch(error => { failed++; console.log(`FAILED ${name}: ${error.message}`); });
  }
}
await chromium.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
