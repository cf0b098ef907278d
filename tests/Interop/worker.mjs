// Runs all cases with one client version, the transports side by side, and reports each to run.mjs.
import { Context } from './lib/context.mjs';
import { transports } from './lib/clients.mjs';
import { within } from './lib/waiting.mjs';
import { cases as connecting } from './cases/connecting.mjs';
import { cases as data } from './cases/data.mjs';
import { cases as acks } from './cases/acks.mjs';
import { cases as rooms } from './cases/rooms.mjs';
import { cases as leaving } from './cases/leaving.mjs';
import { cases as order } from './cases/order.mjs';
import { name as restartName, restart } from './cases/reconnecting.mjs';

const LIMIT = 60_000;
const [version, url, ...words] = process.argv.slice(2);
const all = Object.entries({ ...connecting, ...data, ...acks, ...rooms, ...leaving, ...order });
const nameOf = (t, name) => `${t.version} ${t.transport}: ${name}`;
const isWanted = (t, name) => words.every(word => nameOf(t, name).includes(word));

const running = new Set();

async function report(t, name, run) {
  const result = { name: nameOf(t, name) };
  running.add(result.name);
  try {
    await within('end of the case', run(t), LIMIT);
    result.outcome = 'passed';
  } catch (error) {
    result.outcome = 'failed';
    result.message = error.message;
  } finally {
    t.close();
    running.delete(result.name);
  }
  process.send(result);
}

async function runAll(transport) {
  for (const [name, run] of all) {
    const t = new Context(version, transport, url);
    if ((run.appliesTo?.(t) ?? true) && isWanted(t, name)) await report(t, name, run);
  }
}

// A client throws some of its errors from a callback, where no case can catch them.
process.on('uncaughtException', error => {
  process.send({ name: `${version}: uncaught error`, outcome: 'failed', message: `${error.stack} during ${[...running].join(', ')}` });
});

await Promise.all(Object.keys(transports).map(runAll));
const contexts = Object.keys(transports).map(transport => new Context(version, transport, url));
const restarting = contexts.filter(t => isWanted(t, restartName));
if (restarting.length > 0) await restart(restarting, report);
// A client may leave timers behind; what is on its way to run.mjs is not lost by this order.
process.once('disconnect', () => process.exit());
process.disconnect();
