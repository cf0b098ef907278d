// What arduinoWebSockets sends, byte for byte: src/SocketIOclient.cpp and src/WebSocketsClient.cpp of github.com/Links2004/arduinoWebSockets.
// One connection for all: the poll that brings the session id, then the WebSocket. Older versions leave the probe out and ping on revision 4 too.
import { createHash } from 'node:crypto';
import { RawHttp } from '../lib/raw-http.mjs';
import { same } from '../lib/values.mjs';

const KEY = 'AQIDBAUGBwgJCgsMDQ4PEA==';
const ACCEPT = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

// WebSocketsClient::sendHeader, with the defaults of SocketIOclient::begin: url "/socket.io/?EIO=4", protocol "arduino", extra header Origin.
async function connect(url, eio, opening) {
  const raw = await RawHttp.open(url);
  const { host } = new URL(url);
  raw.write(`GET /socket.io/?EIO=${eio}&transport=polling HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive\r\nOrigin: file://\r\nUser-Agent: arduino-WebSocket-Client\r\n\r\n`);
  const { status, body } = await raw.answer();
  same(status, 200, 'the answer to the poll');
  const start = body.indexOf('"sid":"') + 7;
  const sid = body.slice(start, body.indexOf('"', start));

  raw.write(`GET /socket.io/?EIO=${eio}&transport=websocket&sid=${sid} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
    + `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: arduino\r\nOrigin: file://\r\nUser-Agent: arduino-WebSocket-Client\r\n\r\n`);
  const upgrade = await raw.answer();
  same(upgrade.status, 101, 'the answer to the upgrade');
  // The library looks for these lines, and a browser that offered a protocol for the last.
  for (const line of ['Connection: Upgrade', 'Upgrade: websocket', `Sec-WebSocket-Accept: ${ACCEPT}`, 'Sec-WebSocket-Protocol: arduino']) {
    same(upgrade.head.includes(`${line}\r\n`), true, line);
  }

  raw.frames(...opening);
  if (opening[0] === '2probe') same(await raw.frame(), '3probe');
  return raw;
}

// SocketIOclient::loop and handleCbEvent: it answers 2 by 3 and reads what begins with 4.
async function talk(raw, pings) {
  raw.frames('42["repeat","temperature",21.0]');
  same(await next(raw), '42["repeated","temperature",21.0]');
  if (pings) {
    raw.frames('2');
    same(await next(raw), '3');
  }

  raw.frames('427["text of",[65.0,66]]');
  same(await next(raw), '437["AB"]');
}

// The next frame but the heartbeats of the server, which the board answers.
async function next(raw) {
  for (let text = await raw.frame(); ; text = await raw.frame()) {
    if (text !== '2') return text;
    raw.frames('3');
  }
}

async function revision4(url, opening, pings) {
  const raw = await connect(url, 4, opening);
  raw.frames('40');
  const joined = await next(raw);
  same(/^40\{"sid":"[\w-]{20}"\}$/.test(joined), true, joined);
  await talk(raw, pings);
  raw.close();
}

async function revision3(url, opening) {
  // "/" is joined by itself, and the answer to the poll says so; the library reads nothing of it but the id.
  const raw = await connect(url, 3, opening);
  await talk(raw, true);
  raw.close();
}

export const cases = {
  'revision 4: 2probe and 5 at once': url => revision4(url, ['2probe', '5'], false),
  'revision 4: 5 without a probe, and pings': url => revision4(url, ['5'], true),
  'revision 3: 2probe and 5 at once': url => revision3(url, ['2probe', '5']),
  'revision 3: 5 without a probe': url => revision3(url, ['5']),
};
