// A cable between a browser and a server that a test can cut, or make swallow all that the server says.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Cable {
  #server;
  #pairs = new Set();
  #isCut = false;
  #isMute = false;

  static async lay(target) {
    const cable = new Cable();
    const { hostname, port } = new URL(target);
    cable.#server = createServer(near => cable.#join(near, connect(port, hostname))).listen(0, '127.0.0.1');
    await once(cable.#server, 'listening');
    cable.url = `http://127.0.0.1:${cable.#server.address().port}`;
    return cable;
  }

  /** From now on the server hears the browser, and the browser nothing. */
  mute() { this.#isMute = true; }

  cut() {
    this.#isCut = true;
    for (const pair of this.#pairs) pair.forEach(socket => socket.destroy());
  }

  mend() { this.#isCut = this.#isMute = false; }

  close() {
    this.cut();
    this.#server.close();
  }

  #join(near, far) {
    const pair = [near, far];
    this.#pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        pair.forEach(other => other.destroy());
        this.#pairs.delete(pair);
      });
    }
    if (this.#isCut) return near.destroy();
    near.pipe(far);
    far.on('data', data => { if (!this.#isMute) near.write(data); });
  }
}
