// Runs the programs of docs/clients.md, as they stand there, against the server of that page. Reports each to run.mjs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { end } from './lib/report.mjs';
import { ServerProcess } from './lib/server-process.mjs';
import { within } from './lib/waiting.mjs';

const words = process.argv.slice(2);
const here = path => fileURLToPath(new URL(path, import.meta.url));
const page = readFileSync(here('../../docs/clients.md'), 'utf8');
const expected = ['heard hello', 'the server took 5 characters'];

/** The page and the file that is run say the same. */
function checkPage(file) {
  const marked = page.split(`<!-- run: ${file} -->\n`)[1];
  const block = marked && /^(?:<!--.*-->\n)?```\w+\n([^]*?)```$/m.exec(marked);
  if (block?.[1] !== readFileSync(here(`guide/${file}`), 'utf8')) throw new Error(`docs/clients.md and tests/Interop/guide/${file} differ`);
}

async function run(command, args) {
  // Its input stays open: a program that waits for a key goes on until it is ended.
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, PYTHONUNBUFFERED: '1' } });
  const lines = [];
  const done = new Promise((resolve, reject) => {
    const read = line => {
      lines.push(line);
      if (expected.every(wanted => lines.includes(wanted))) resolve();
    };
    createInterface(child.stdout).on('line', read);
    createInterface(child.stderr).on('line', read);
    child.once('error', reject);
    child.once('close', code => reject(new Error(`ended with ${code}: ${lines.join('\n')}`)));
  });
  try {
    await within(`"${expected.join('" and "')}"`, done, 60_000);
  } finally {
    child.kill('SIGKILL');
  }
}

/** The file with the address of the server under test, beside the packages that it imports. */
async function runCopy(file, url, command, replace = text => text) {
  const folder = mkdtempSync(here('../../clients/guide-'));
  try {
    const copy = join(folder, file);
    writeFileSync(copy, replace(readFileSync(here(`guide/${file}`), 'utf8').replaceAll('http://localhost:5000', url)));
    await run(command, [copy]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function python() {
  const child = spawn(here('../../eng/need-python'), { stdio: ['ignore', 'pipe', 'inherit'] });
  let path = '';
  child.stdout.on('data', data => { path += data; });
  await once(child, 'close');
  return path.trim();
}

const programs = {
  'client.mjs': url => runCopy('client.mjs', url, process.execPath, text => text.replace('"socket.io-client"', '"socket.io-client-4"')),
  'client.py': async url => runCopy('client.py', url, await python()),
  'csharp/Program.cs': url => run('dotnet', [here('guide/csharp/bin/Release/net10.0/SocketIOServer.Interop.Guide.dll'), url]),
};

const wanted = Object.entries(programs).map(([file, program]) => ({ name: `docs/clients.md ${file}`, file, program }))
  .filter(({ name }) => words.every(word => name.includes(word)));
const server = wanted.length > 0 ? await ServerProcess.startProgram('guide') : null;
for (const { name, file, program } of wanted) {
  const result = { name, outcome: 'passed' };
  try {
    checkPage(file);
    await program(server.url);
  } catch (error) {
    Object.assign(result, { outcome: 'failed', message: error.message });
  }

  process.send(result);
}

await server?.stop();
end();
