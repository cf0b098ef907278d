// The list of tests and its runner: so many at a time, each with a time limit, a line per failure.

import { patience, within } from '../../Interop/lib/waiting.mjs';

const tests = [];
const count = { passed: 0, failed: 0 };

export function test(name, run, browser = 'Chromium') {
  tests.push({ name, run, browser });
}

export function report(name, error) {
  count[error ? 'failed' : 'passed']++;
  if (error) console.log(`FAILED ${name}: ${error.message ?? error}`);
}

/** Runs the tests whose name contains every word. */
export async function runAll(words, width, context) {
  const queue = tests.filter(({ name }) => words.every(word => name.includes(word)));
  await Promise.all(Array.from({ length: width }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await runOne(next, context);
  }));
  return count;
}

async function runOne({ name, run, browser }, context) {
  const started = performance.now();
  const room = context.openRoom(browser);
  try {
    await within('end of the test', run(room, name), 4 * patience);
    // A page's own error spoils a test that otherwise saw what it wanted.
    if (room.errors.length > 0) throw new Error(`error on a page: ${room.errors.join(' | ')}`);
    report(name);
  } catch (error) {
    const { errors } = room;
    report(name, `${error.message.split('\n').slice(0, 3).join(' ')}${errors.length ? ` (on the page: ${errors.join(' | ')})` : ''}`);
    for (const text of await room.texts()) console.log(`  on a page: ${text}`);
  } finally {
    await room.close();
    if (process.env.TIMES) console.log(`${((performance.now() - started) / 1000).toFixed(1)} s  ${name}`);
  }
}
