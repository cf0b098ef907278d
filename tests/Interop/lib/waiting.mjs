// Waiting for events, never for the clock; every wait ends with a clear error when nothing comes.

/** In ms: only a test that fails waits so long, however busy the machine is. */
export const patience = 30_000;

export function within(what, promise, ms = patience) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${ms} ms`)), ms);
  });
  const first = Promise.race([promise, late]).finally(() => clearTimeout(timer));
  // A case that fails before it awaits this has its error already; this one then concerns nobody.
  first.catch(() => {});
  return first;
}

/** The arguments of the next `event`. All five client versions have on(), and only some a promise of it. */
export function next(emitter, event, ms = patience) {
  return within(`event '${event}'`, new Promise(resolve => emitter.once(event, (...args) => resolve(args))), ms);
}

/** The first argument of the next `count` events. */
export function collect(socket, event, count) {
  const values = [];
  const all = new Promise(resolve => socket.on(event, value => {
    if (values.push(value) === count) resolve(values);
  }));
  return within(`${count} events '${event}'`, all);
}

/** Emits and gives all arguments of the acknowledgement. */
export function call(socket, event, ...args) {
  return within(`ack of '${event}'`, new Promise(resolve => socket.emit(event, ...args, (...answer) => resolve(answer))));
}

/** Passes if `event` stays away; the one thing that only the clock can show. */
export async function never(emitter, event, ms = 300) {
  let seen = false;
  emitter.on(event, () => { seen = true; });
  await new Promise(resolve => setTimeout(resolve, ms));
  if (seen) throw new Error(`event '${event}' must not come`);
}
