// Runs all cases with one client version, the transports side by side, and reports each to run.mjs.
import { Context } from './lib/context.mjs';
import { transports } from './lib/clients.mjs';
import { end, isWanted, report } from './lib/report.mjs';
import { cases as connecting } from './cases/connecting.mjs';
import { cases as data } from './cases/data.mjs';
import { cases as acks } from './cases/acks.mjs';
import { cases as rooms } from './cases/rooms.mjs';
import { cases as leaving } from './cases/leaving.mjs';
import { cases as order } from './cases/order.mjs';
import { cases as recovering } from './cases/recovering.mjs';
import { cases as retrying } from './cases/retrying.mjs';
import { name as restartName, restart } from './cases/reconnecting.mjs';

const [version, url, ...words] = process.argv.slice(2);
const all = Object.entries({ ...connecting, ...data, ...acks, ...rooms, ...leaving, ...order, ...recovering, ...retrying });

async function runAll(transport) {
  for (const [name, run] of all) {
    const t = new Context(version, transport, url);
    if ((run.appliesTo?.(t) ?? true) && isWanted(words, t, name)) await report(t, name, run);
  }
}

await Promise.all(Object.keys(transports).map(runAll));
const contexts = Object.keys(transports).map(transport => new Context(version, transport, url));
const restarting = contexts.filter(t => isWanted(words, t, restartName));
if (restarting.length > 0) await restart(restarting, report);
end();
