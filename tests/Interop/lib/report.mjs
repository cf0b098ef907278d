// Runs a case in a worker process and tells run.mjs how it went.
import { within } from './waiting.mjs';

const LIMIT = 60_000;
const running = new Set();

const nameOf = (t, name) => `${t.version} ${t.transport}: ${name}`;
export const isWanted = (words, t, name) => words.every(word => nameOf(t, name).includes(word));

export async function report(t, name, run) {
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

/** A client may leave timers behind; what is on its way to run.mjs is not lost by this order. */
export function end() {
  process.once('disconnect', () => process.exit());
  process.disconnect();
}

// A client throws some of its errors from a callback, where no case can catch them.
process.on('uncaughtException', error => {
  process.send({ name: 'uncaught error', outcome: 'failed', message: `${error.stack} during ${[...running].join(', ')}` });
});
