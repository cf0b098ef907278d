// The chat's namespaces, all on one connection, and what the page knows of it.

const path = new URL('socket.io', document.baseURI).pathname;

/** An answer that says no; its message is the server's code. */
export class Refusal extends Error {}

/** There was no answer: the connection is cut, or the server took too long. */
export class Cut extends Error {}

/** The credentials say whether this page was connected before: after a restart of the server nobody is told that it "has entered". */
export function connect(namespace, auth) {
  let again = false;
  const socket = window.io(namespace, { path, auth: send => send({ ...auth, again }) });
  socket.on('connect', () => { again = true; });
  return socket;
}

/** The server's answer to an event. Throws a Refusal or a Cut. */
export async function ask(socket, name, ...args) {
  if (!socket.connected) throw new Cut('offline');
  const answer = await socket.timeout(20_000).emitWithAck(name, ...args).catch(error => { throw new Cut(error.message); });
  if (answer?.error) throw new Refusal(answer.error);
  return answer;
}

/** Of what is asked again with the next connection: that this one is cut before the answer is no error. */
export const unlessCut = asked => asked.catch(error => { if (!(error instanceof Cut)) throw error; });

/**
 * Asks for the state with each connection, and hears what the server tells of it by name. What is told while the answer is awaited is heard behind it,
 * for the answer may be the older of the two.
 */
export function follow(socket, load, handlers) {
  let held = null;
  for (const [name, handle] of Object.entries(handlers)) {
    socket.on(name, (...args) => held ? held.push(() => handle(...args)) : handle(...args));
  }
  socket.on('connect', async () => {
    const own = held = [];
    try {
      await unlessCut(load());
    } finally {
      if (held === own) held = null;
      for (const hear of own) hear();
    }
  });
}

export const codeOf = error => error instanceof Refusal ? error.message : 'offline';

/** Letters for a client id. randomUUID would want HTTPS. */
export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
