// Runs in the browser: one client version over one transport, and everything that must travel.
'use strict';

const modes = {
  'xhr': { transports: ['polling'] },
  'xhr without binary': { transports: ['polling'], forceBase64: true },
  'jsonp': { transports: ['polling'], forceJSONP: true },
  'websocket': { transports: ['websocket'] },
  'upgrade': { transports: ['polling', 'websocket'] },
};

// Each breaks another wrong way of counting or escaping: two, three and four bytes of UTF-8, pairs and joined signs,
// the line ends that JavaScript adds to JSON, and separators of the protocols themselves.
const texts = {
  'text': 'hello',
  'umlauts': 'Grüße, ÄÖÜ ß é',
  'Chinese': '中文 测试',
  'emoji': '😀 👩‍👩‍👧 e\u0301',
  'line ends': 'a\u2028b\u2029c\r\nd\\ne',
  'escapes': '"quoted" \\ / <script>&</script>\u0000\u0007',
  'separators': '4:b64\u001e6:4["x"]\u00ff2-/chat,',
};

const json = [null, true, -1, 1.5, '', [], {}, { 'key ü': [1, { deep: [{ deeper: null }] }], name: '中' }];
const hex = '00ff80c3a91e0aff';

function within(what, ms, start) {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`no ${what} within ${ms} ms`)), ms);
    const settle = end => value => { clearTimeout(timer); end(value); };
    start(settle(done), settle(failed));
  });
}

const next = (emitter, event) => within(`event "${event}"`, 10000, done => emitter.once(event, done));
const call = (socket, event, value) => within(`ack of "${event}"`, 10000, done => socket.emit(event, value, done));
const unitsOf = text => text.split('').map(unit => unit.charCodeAt(0));
const bytesOf = text => Uint8Array.from(text.match(/../g), pair => parseInt(pair, 16)).buffer;
const hexOf = bytes => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('');

function same(actual, expected, what) {
  const [seen, wanted] = [actual, expected].map(value => JSON.stringify(value));
  if (seen !== wanted) throw new Error(`${what}: got ${seen}, expected ${wanted}`);
}

function sameBytes(actual, what) {
  if (!(actual instanceof ArrayBuffer)) throw new Error(`${what}: not an ArrayBuffer but ${Object.prototype.toString.call(actual)}`);
  same(hexOf(actual), hex, what);
}

function open(server, mode, namespace = '/', more = {}) {
  return window.io.connect(server + namespace, { ...modes[mode], reconnection: false, timeout: 10000, forceNew: true, ...more });
}

function connected(socket) {
  return within('connection', 10000, (done, failed) => {
    socket.on('connect', done);
    for (const event of ['connect_error', 'connect_timeout', 'error']) socket.on(event, error => failed(new Error(`${event}: ${error?.message ?? error}`)));
  });
}

async function textTravels(socket, text) {
  same(await call(socket, 'units of', text), unitsOf(text), 'to the server');
  same(await call(socket, 'text of', unitsOf(text)), text, 'from the server, in an ack');
  const told = next(socket, 'text');
  socket.emit('tell text of', unitsOf(text));
  same(await told, text, 'from the server, in an event');
  same(await call(socket, 'echo', { [text]: text }), { [text]: text }, 'there and back, and as a key');
}

async function askedBack(socket, value) {
  socket.once('question', (asked, answer) => answer({ heard: asked }));
  same(await call(socket, 'ask me', value), { heard: value }, 'answer');
}

// Traffic both ways while the transport changes: each number once, in order.
async function upgradeKeepsOrder(socket) {
  const engine = socket.io.engine;
  const seen = [];
  let sent = 0, after = 0;
  await within('end of the traffic across the upgrade', 10000, (done, failed) => {
    engine.on('upgradeError', failed);
    socket.on('repeated', value => {
      seen.push(value);
      if (after === 20 && seen.length >= sent) done();
    });
    (function more() {
      if (engine.transport.name === 'websocket') after++;
      socket.emit('repeat', sent++);
      if (after < 20) setTimeout(more, 1);
    })();
  });
  same(seen, Array.from({ length: sent }, (_, i) => i), 'numbers');
}

const checks = {
  ...Object.fromEntries(Object.entries(texts).map(([kind, text]) => [`${kind}, both ways`, socket => textTravels(socket, text)])),
  'JSON, there and back': async socket => {
    for (const value of json) same(await call(socket, 'echo', value), value, 'value');
  },
  'binary to the server': async socket => same((await call(socket, 'hex of', bytesOf(hex))).toLowerCase(), hex, 'bytes'),
  'binary from the server, in an ack': async socket => sameBytes(await call(socket, 'bytes of', hex), 'ack'),
  'binary from the server, in an event': async socket => {
    const told = next(socket, 'bytes');
    socket.emit('tell bytes of', hex);
    const { label, body } = await told;
    same(label, 'für dich', 'text beside it');
    sameBytes(body, 'event');
  },
  'ack from the client': socket => askedBack(socket, ['what?', 'ä中😀']),
  'binary ack from the client': async socket => {
    socket.once('question', (asked, answer) => answer(bytesOf(hexOf(asked) + '7f')));
    same((await within('ack', 10000, done => socket.emit('ask me for bytes', done))).toLowerCase(), '00ff7f', 'bytes');
  },
};

/** Gives [name, error or null] for each check. */
window.runMatrix = async function (server, mode, more) {
  const results = [];
  const attempt = async (name, run) => {
    try {
      await run();
      results.push([name, null]);
      return true;
    } catch (error) {
      results.push([name, error.message]);
      return false;
    }
  };

  const socket = open(server, mode, '/', more);
  if (!await attempt('connects', () => connected(socket))) return results;
  if (mode === 'upgrade') await attempt('the upgrade keeps order', () => upgradeKeepsOrder(socket));
  for (const [name, check] of Object.entries(checks)) await attempt(name, () => check(socket));
  await attempt('another namespace on the same connection', async () => {
    const chat = socket.io.socket('/chat');
    await connected(chat);
    await textTravels(chat, texts.Chinese);
    await askedBack(chat, 42);
  });
  await attempt('the transport is the one asked for', () => {
    const { transport } = socket.io.engine;
    same([transport.name, 'index' in transport], [mode === 'websocket' || mode === 'upgrade' ? 'websocket' : 'polling', mode === 'jsonp'], 'transport');
  });
  socket.disconnect();
  return results;
};

let joined;

/** Connects and stays; gives its ids and how often it has polled since the handshake. The last poll may still be on its way. */
window.join = async function (server, mode) {
  joined = open(server, mode);
  const { engine } = joined.io;
  let polls = 0;
  engine.transport.on('poll', () => polls++);
  await connected(joined);
  if (mode === 'upgrade') await upgradeKeepsOrder(joined);
  const id = await window.stillIn();
  return { id, session: engine.id, polls };
};

/** The id by which the server knows the socket. */
window.stillIn = () => call(joined, 'my id', null);

/** What becomes of a connection from an origin that the server does not know: "refused", or how far it got. */
window.runForeign = async function (server, mode, more) {
  const socket = open(server, mode, '/', more);
  const end = await within('answer of any kind', 10000, done => {
    socket.on('connect', () => done('connected'));
    for (const event of ['connect_error', 'connect_timeout', 'error']) socket.on(event, () => done('refused'));
  });
  // An old client is in "/" as soon as the server says so; can it do anything there?
  if (end === 'connected') {
    try {
      await within('ack', 3000, done => socket.emit('units of', 'a', done));
      return 'connected and served';
    } catch {
      return 'connected, not served';
    } finally {
      socket.disconnect();
    }
  }
  socket.disconnect();
  return end;
};
