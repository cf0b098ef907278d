// Runs the server program against the real clients. `node run.mjs [word...]` runs only the cases whose name,
// such as "1.5.1 polling: ack with binary", contains every word.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { versions } from './lib/clients.mjs';
import { ServerProcess } from './lib/server-process.mjs';

const words = process.argv.slice(2);
const count = { passed: 0, failed: 0 };

function take({ name, outcome, message }) {
  count[outcome]++;
  if (outcome === 'failed') console.log(`FAILED ${name}: ${message}`);
}

async function runWorker(script, ...args) {
  // 1.x warns of `new Buffer` at each start.
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [...args, ...words], { execArgv: ['--no-deprecation'] });
  child.on('message', take);
  const limit = setTimeout(() => child.kill('SIGKILL'), 300_000);
  const [code, signal] = await once(child, 'exit');
  clearTimeout(limit);
  if (code !== 0) take({ name: [script, ...args].join(' '), outcome: 'failed', message: `the worker ended with ${signal ?? code}` });
}

const server = await ServerProcess.start();
try {
  const matrix = versions.map(version => runWorker('worker.mjs', version, server.url));
  // These are of our server alone.
  const programs = process.env.INTEROP_SERVER ? [] : [runWorker('programs.mjs'), runWorker('guide.mjs')];
  await Promise.all([...matrix, ...programs, runWorker('languages.mjs', server.url)]);
  await server.stop();
} catch (error) {
  take({ name: 'server', outcome: 'failed', message: error.stack });
}

// Nothing in the matrix is a fault of the server, so it has nothing to complain about.
if (server.complaints.length > 0) take({ name: 'server log', outcome: 'failed', message: server.complaints.join('\n') });
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 || count.passed === 0 ? 1 : 0);
