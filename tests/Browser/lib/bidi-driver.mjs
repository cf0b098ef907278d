// WebDriver BiDi: commands, answers and events as JSON over one WebSocket.
import { EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../clients/package.json', import.meta.url));

/** Matches answers to commands by number; what happens on pages meanwhile is an event by its method's name. */
export class BidiDriver extends EventEmitter {
  #socket;
  #waiting = new Map();
  #count = 0;

  static async connect(url) {
    const { WebSocket } = require('ws');
    const driver = new BidiDriver();
    driver.#socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 0 });
    driver.#socket.on('message', data => driver.#read(JSON.parse(data)));
    driver.#socket.on('close', () => driver.#fail(new Error('the browser closed the connection')));
    await once(driver.#socket, 'open');
    return driver;
  }

  get isOpen() { return this.#socket.readyState === 1; }

  send(method, params) {
    const id = ++this.#count;
    if (!this.isOpen) return Promise.reject(new Error('the browser is gone'));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #read(message) {
    if (message.type === 'event') return this.emit(message.method, message.params);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'error') waiting?.reject(new Error(`${message.error}: ${message.message}`));
    else waiting?.resolve(message.result);
  }

  #fail(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
