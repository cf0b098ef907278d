// kill -9 in the middle of 1,000 messages, three times: every acked message is there exactly once, and clients carry on by themselves.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { ChatPage, enter, nameOf } from '../lib/chat-page.mjs';
import { newFolder, startChat } from '../lib/servers.mjs';
import { test } from '../lib/suite.mjs';

const require = createRequire(new URL('../../../clients/package.json', import.meta.url));
const { io } = require('socket.io-client-4');
const { request } = require('playwright-core');

const writers = 5;
const each = 200;

export function addChatKill() {
  test('chat: kill -9 during 1,000 messages', async room => {
    const folder = newFolder();
    let server = await startChat(folder);
    const { url } = server;
    const page = await ChatPage.register(room, server, 'Watcher');
    const clients = await Promise.all(Array.from({ length: writers }, async () => connect(url, await register(url))));
    try {
      const acked = new Map();
      const kills = [300, 550, 800];
      let change = Promise.resolve();
      const onAck = (text, { id }) => {
        acked.set(text, id);
        if (acked.size !== kills[0]) return;
        kills.shift();
        change = (async () => {
          await server.kill();
          server = await startChat(folder, '--urls', url);
        })();
      };
      await Promise.all(clients.map(client => postAll(client, onAck)));
      await change;

      assert.deepEqual(kills, []);
      assert.equal(acked.size, writers * each);
      const stored = await history(clients[0]);
      assert.deepEqual(stored.map(({ text }) => text).sort(), [...acked.keys()].sort());
      for (const { text, id } of stored) assert.equal(acked.get(text), id);
      await page.connected();
      await page.say('and the page carries on');
      await page.hears('and the page carries on');
      const shown = await page.page.locator('.message').evaluateAll(items => items.map(item => Number(item.dataset.id)));
      assert.deepEqual(shown.slice(-50, -1), stored.map(({ id }) => id).slice(-49));
    } finally {
      for (const client of clients) client.disconnect();
      assert.deepEqual(server.errors, []);
      await server.stop();
    }
  });
}

async function register(url) {
  const writer = await request.newContext();
  await enter(writer, url, 'register', nameOf('writer'));
  const { cookies } = await writer.storageState();
  await writer.dispose();
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

async function connect(url, cookie) {
  const client = io(url, { path: '/chat/socket.io', extraHeaders: { Cookie: cookie }, forceNew: true, reconnectionDelay: 100, reconnectionDelayMax: 300, retries: Infinity, ackTimeout: 5000 });
  await once(client, 'connect');
  return client;
}

// As the page does: the client sends each message until it is acked, with the same key.
async function postAll(client, onAck) {
  await Promise.all(Array.from({ length: each }, async () => {
    const key = crypto.randomUUID();
    const answer = await client.emitWithAck('message', { text: `message ${key}` }, key);
    assert.equal(answer.error, undefined);
    onAck(`message ${key}`, answer);
  }));
}

async function history(client) {
  const all = [];
  for (let page = { more: true }; page.more;) {
    page = await client.emitWithAck('history', all[0]?.id ?? null);
    all.unshift(...page.messages.reverse());
  }
  return all;
}
