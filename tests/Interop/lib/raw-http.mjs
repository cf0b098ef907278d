// A TCP connection as a small client uses it: what is written goes out byte for byte, what comes is read as HTTP and then as WebSocket frames.
import { once } from 'node:events';
import { connect } from 'node:net';
import { within } from './waiting.mjs';

const MASK = Buffer.from([0x11, 0x22, 0x33, 0x44]);

export class RawHttp {
  #socket;
  #bytes = Buffer.alloc(0);
  #isEnded = false;

  static async open(url) {
    const { port, hostname } = new URL(url);
    const raw = new RawHttp();
    raw.#socket = connect(Number(port), hostname);
    raw.#socket.on('data', chunk => { raw.#bytes = Buffer.concat([raw.#bytes, chunk]); });
    raw.#socket.on('error', () => {});
    raw.#socket.on('close', () => { raw.#isEnded = true; });
    await once(raw.#socket, 'connect');
    return raw;
  }

  get host() { return `${this.#socket.remoteAddress}:${this.#socket.remotePort}`; }

  write(data) { this.#socket.write(data); }

  close() { this.#socket.destroy(); }

  /** The next answer: status, head and body. */
  async answer() {
    const head = (await this.#take(bytes => bytes.indexOf('\r\n\r\n') + 4, 3)).toString('latin1');
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body = length === 0 ? '' : (await this.#take(() => length)).toString();
    return { status: Number(head.split(' ')[1]), head, body };
  }

  /** Text frames as a client sends them, all in one segment. */
  frames(...texts) {
    this.write(Buffer.concat(texts.map(text => frame(Buffer.from(text), typeof text === 'string' ? 1 : 2))));
  }

  /** The next frame: its text, or its bytes where it is binary; "closed" at a close frame. */
  async frame() {
    const [first, second] = await this.#take(() => 2);
    const length = second === 126 ? (await this.#take(() => 2)).readUInt16BE() : second;
    const data = length === 0 ? Buffer.alloc(0) : await this.#take(() => length);
    if ((first & 15) === 8) return `closed ${data.readUInt16BE()}`;
    return (first & 15) === 1 ? data.toString() : data;
  }

  async #take(lengthOf, none = 0) {
    return within('bytes from the server', (async () => {
      while (true) {
        const length = lengthOf(this.#bytes);
        if (length > none && this.#bytes.length >= length) {
          const taken = this.#bytes.subarray(0, length);
          this.#bytes = this.#bytes.subarray(length);
          return taken;
        }

        if (this.#isEnded) throw new Error('the server ended the connection');
        await Promise.race([once(this.#socket, 'data'), once(this.#socket, 'close')]);
      }
    })());
  }
}

function frame(data, opcode) {
  const length = data.length < 126 ? Buffer.from([0x80 | data.length]) : Buffer.from([0xfe, data.length >> 8, data.length & 255]);
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, MASK, data.map((byte, i) => byte ^ MASK[i % 4])]);
}
