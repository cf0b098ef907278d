// The chat's namespaces, all on one connection. The client sends an event until it is acked, over however many connections that takes, and one after the
// other in each namespace. So what is asked is answered, and nothing here handles a cut.

const path = new URL('socket.io', document.baseURI).pathname;
const spread = 1000;

/** An answer that says no; its message is the server's code. */
export class Refusal extends Error {}

/** The credentials say whether this page was connected before: after a restart of the server nobody is told that it "has entered". */
export function connect(namespace, auth) {
  let again = false;
  const socket = window.io(namespace, { path, auth: send => send({ ...auth, again }), retries: Infinity, ackTimeout: 20_000 });
  socket.on('connect', () => { again = true; });
  return socket;
}

/** The server's answer to an event. Throws a Refusal. */
export async function ask(socket, name, ...args) {
  const answer = await socket.emitWithAck(name, ...args);
  if (answer?.error) throw new Refusal(answer.error);
  return answer;
}

/** The same for what a user wants done now and not later: without a connection it is refused at once. */
export const askNow = (socket, ...event) => socket.connected ? ask(socket, ...event) : Promise.reject(new Refusal('offline'));

/**
 * Calls what asks for the state: when a session begins, and when the server has lost events (`isDoubtful`), which it tells all pages at once, and more than
 * one node can tell. A session that the server has recovered has missed nothing.
 */
export function onAnew(socket, load) {
  socket.on('connect', () => { if (!socket.recovered) load(false); });
  let waiting;
  socket.on('missed', () => {
    clearTimeout(waiting);
    waiting = setTimeout(load, Math.random() * spread, true);
  });
}

/**
 * Asks for the state, and hears what the server tells of it by name. What is told while the answer is awaited is heard behind it, for the answer may be the
 * older of the two.
 */
export function follow(socket, load, handlers) {
  let held = null;
  for (const [name, handle] of Object.entries(handlers)) {
    socket.on(name, (...args) => held ? held.push(() => handle(...args)) : handle(...args));
  }
  onAnew(socket, async () => {
    const own = held = [];
    try {
      await load();
    } finally {
      // Otherwise a later session has begun, and its answer counts.
      if (held === own) {
        held = null;
        for (const hear of own) hear();
      }
    }
  });
}

/** Letters for a key. randomUUID would want HTTPS. */
export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
