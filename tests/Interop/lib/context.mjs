// What one case gets: the client version and transport it runs with, and connections that end with it.
import { randomUUID } from 'node:crypto';
import { abilitiesOf, closeManager, openManager } from './clients.mjs';
import { next, within } from './waiting.mjs';

// Behind a load balancer: the addresses of the servers themselves.
const nodes = process.env.INTEROP_NODES?.split(' ') ?? [];

/** A case for those clients and transports only to which it applies; the others do not have it. */
export const only = (appliesTo, run) => Object.assign(t => run(t), { appliesTo });

export class Context {
  #managers = [];

  constructor(version, transport, url) {
    Object.assign(this, { version, transport, url, client: abilitiesOf(version), run: randomUUID() });
  }

  /** Whether each request can reach another server. */
  get isSpread() { return nodes.length > 0; }

  /** A new Engine.IO connection. The run in its query is how the server counts the handshakes of this case. */
  manager(options = {}) {
    const { url = this.url, query, ...rest } = options;
    const manager = openManager(this.version, this.transport, url, { ...rest, query: { run: this.run, ...query } });
    this.#managers.push(manager);
    return manager;
  }

  /** A connected socket, on a connection of its own unless a manager is given. */
  async connect(namespace = '/', { manager = this.manager(), ...options } = {}) {
    const socket = manager.socket(namespace, options);
    await next(socket, 'connect');
    return socket;
  }

  /** Asks the server beside the connection under test. Of several servers, each knows what has happened at itself. */
  async ask(path, query) {
    if (nodes.length === 0) return this.#ask(this.url, path, query);
    const answers = nodes.map(node => this.#ask(node, path, query));
    // A socket leaves one of the servers, and the others never answer.
    if (path === '/reason') return Promise.any(answers);
    const all = await Promise.all(answers);
    return path === '/handshakes' ? all.reduce((sum, count) => sum + count) : all[0];
  }

  async #ask(url, path, query) {
    const response = await within(`answer of ${path}`, fetch(`${url}${path}?${new URLSearchParams(query)}`));
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Binary that this client can send. */
  bytes(hex) {
    const buffer = Buffer.from(hex, 'hex');
    // 1.3.5 sends zeros for anything with a .buffer, which the Buffers of its time did not have: hide it.
    return this.version === '1.3.5' ? Object.defineProperty(buffer, 'buffer', { value: undefined }) : buffer;
  }

  close() { this.#managers.forEach(closeManager); }
}
