// What the Swift client 15 sends, byte for byte: Source/SocketIO/Engine of github.com/socketio/socket.io-client-swift, tag v15.2.0. It names no
// revision, says b64=1, counts UTF-16 units in POSTs, and says "noop" in a last POST before it upgrades. Its WebSocket (Starscream) has an Origin with the
// scheme of its URL.
import { RawHttp } from '../lib/raw-http.mjs';
import { same } from '../lib/values.mjs';

const AGENT = 'Host: 127.0.0.1\r\nAccept: */*\r\nAccept-Language: en-us\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\nUser-Agent: Chat/1 CFNetwork/1240.0.4 Darwin/20.6.0\r\n';

const payload = (...packets) => packets.map(packet => `${packet.length}:${packet}`).join('');

class Swift {
  static async open(url) {
    const swift = new Swift();
    swift.url = url;
    // URLSession has one connection for the poll and another for posts.
    swift.polling = await RawHttp.open(url);
    swift.posting = await RawHttp.open(url);
    swift.query = 'transport=polling&b64=1';
    const open = await swift.poll();
    swift.sid = /"sid":"([^"]+)"/.exec(open)[1];
    swift.query += `&sid=${swift.sid}`;
    // "/" is joined by itself in revision 3.
    if (!open.includes('2:40')) same(await swift.poll(), '2:40');
    return swift;
  }

  async poll() {
    this.polling.write(`GET /socket.io/?${this.query} HTTP/1.1\r\n${AGENT}\r\n`);
    const { status, body } = await this.polling.answer();
    same(status, 200, body);
    return body;
  }

  async post(...packets) {
    const body = payload(...packets);
    this.posting.write(`POST /socket.io/?${this.query} HTTP/1.1\r\n${AGENT}Content-Type: text/plain; charset=UTF-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    same((await this.posting.answer()).body, 'ok');
  }

  async upgrade(query) {
    const socket = await RawHttp.open(this.url);
    socket.write(`GET /socket.io/?${query} HTTP/1.1\r\n${AGENT}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nOrigin: ws://127.0.0.1\r\n\r\n`
      .replace('Connection: keep-alive\r\n', ''));
    same((await socket.answer()).status, 101);
    return socket;
  }

  close() {
    this.polling.close();
    this.posting.close();
  }
}

export const cases = {
  async polling(url) {
    const swift = await Swift.open(url);
    await swift.post('420["echo","grüß 中文 😀",1]');
    same(await swift.poll(), payload('430["gr\\u00fc\\u00df \\u4e2d\\u6587 \\ud83d\\ude00",1]'));
    await swift.post('451-1["hex of",{"_placeholder":true,"num":0}]', 'b4AQL/AA==');
    same(await swift.poll(), payload('431["0102ff00"]'));
    await swift.post('422["bytes of","0102ff00"]');
    same(await swift.poll(), payload('461-2[{"_placeholder":true,"num":0}]', 'b4AQL/AA=='));
    await swift.post('2');
    same(await swift.poll(), '1:3');
    swift.close();
  },

  async upgrade(url) {
    const swift = await Swift.open(url);
    const waiting = swift.poll();
    const socket = await swift.upgrade(`transport=websocket&sid=${swift.sid}`);
    socket.frames('2probe');
    same(await socket.frame(), '3probe');
    await swift.post('6');
    same(await waiting, '1:6');
    socket.frames('5', '420["echo","grüß 😀"]');
    same(await socket.frame(), '430["grüß 😀"]');
    socket.frames('451-1["hex of",{"_placeholder":true,"num":0}]', Buffer.from([4, 1, 2, 255, 0]));
    same(await socket.frame(), '431["0102ff00"]');
    socket.frames('422["bytes of","0102ff00"]');
    same(await socket.frame(), '461-2[{"_placeholder":true,"num":0}]');
    same([...await socket.frame()], [4, 1, 2, 255, 0]);
    socket.frames('2');
    same(await socket.frame(), '3');
    socket.close();
    swift.close();
  },

  async 'WebSocket from the start'(url) {
    const swift = new Swift();
    swift.url = url;
    const socket = await swift.upgrade('transport=websocket');
    same((await socket.frame()).startsWith('0{"sid":"'), true);
    same(await socket.frame(), '40');
    socket.frames('40/chat');
    same(await socket.frame(), '40/chat,');
    socket.frames('42/chat,0["echo",true]');
    same(await socket.frame(), '43/chat,0[true]');
    socket.close();
  },
};
