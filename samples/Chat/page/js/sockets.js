// The chat's namespaces, all on one connection, and what the page knows of it.

const path = new URL('socket.io', document.baseURI).pathname;

/** An answer that says no; its message is the server's code. */
export class Refusal extends Error {}

export const connect = (namespace, auth) => window.io(namespace, { path, auth });

/** The server's answer to an event. Throws a Refusal, or another error when the connection is cut before there was an answer. */
export async function ask(socket, name, ...args) {
  if (!socket.connected) throw new Error('offline');
  const answer = await socket.timeout(20_000).emitWithAck(name, ...args);
  if (answer?.error) throw new Refusal(answer.error);
  return answer;
}

export const codeOf = error => error instanceof Refusal ? error.message : 'offline';

/** Letters for a client id. randomUUID would want HTTPS. */
export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
