// Runs the server program against the real clients. `node run.mjs [word...]` runs only the cases whose name,
// such as "1.5.1 polling: ack with binary", contains every word.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { versions } from './lib/clients.mjs';
import { ServerProcess } from './lib/server-process.mjs';

const words = process.argv.slice(2);
const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
const count = { passed: 0, failed: 0 };

function take({ name, outcome, message }) {
  count[outcome]++;
  if (outcome === 'failed') console.log(`FAILED ${name}: ${message}`);
}

async function runVersion(version, url) {
  // 1.x warns of `new Buffer` at each start.
  const child = fork(worker, [version, url, ...words], { execArgv: ['--no-deprecation'] });
  child.on('message', take);
  const limit = setTimeout(() => child.kill('SIGKILL'), 300_000);
  const [code, signal] = await once(child, 'exit');
  clearTimeout(limit);
  if (code !== 0) take({ name: version, outcome: 'failed', message: `the worker ended with ${signal ?? code}` });
}

const server = await ServerProcess.start();
try {
  await Promise.all(versions.map(version => runVersion(version, server.url)));
  await server.stop();
} catch (error) {
  take({ name: 'server', outcome: 'failed', message: error.stack });
}

// Nothing in the matrix is a fault of the server, so it has nothing to complain about.
if (server.complaints.length > 0) take({ name: 'server log', outcome: 'failed', message: server.complaints.join('\n') });
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 || count.passed === 0 ? 1 : 0);
