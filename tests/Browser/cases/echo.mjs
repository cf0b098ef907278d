// Seed 002: numbered echo and broadcast, and a farewell that the page acknowledges.
import assert from 'node:assert/strict';
import { DemoPage } from '../lib/demo-page.mjs';
import { within } from '../../Interop/lib/waiting.mjs';
import { test } from '../lib/suite.mjs';

export function addEcho({ demo }) {
  test('echo page: each client is counted by itself', async room => {
    const [ada, bob] = await Promise.all([1, 2].map(async () => DemoPage.open(await room.visitor(), demo, 'echo')));
    await Promise.all([ada, bob].map(page => page.sees('logs #1: connected to the server')));

    await ada.type('#emit_data', 'Grüße, 你好 👋');
    await ada.click('Echo');
    await ada.sees('logs #2: Grüße, 你好 👋');
    await ada.type('#broadcast_data', 'to all: 世界 🌍');
    await ada.click('Broadcast');
    await Promise.all([ada, bob].map(page => page.sees('logs #3: to all: 世界 🌍')));   // the count is the sender's
    await bob.click('Echo');
    await bob.sees('logs #2: Hello, Grüße, 你好 👋');

    await ada.inOrder('logs #1: connected to the server', 'logs #2: Grüße, 你好 👋', 'logs #3: to all: 世界 🌍');
    assert.ok(!(await bob.log()).includes('logs #2: Grüße, 你好 👋'), 'an echo reached another page');
  });

  test('echo page: the server hangs up after the ack, and logs it', async room => {
    const before = demo.lines.length;
    const page = await DemoPage.open(await room.visitor(), demo, 'echo');
    await page.sees('logs #1: connected to the server');
    const id = await page.find('#status-id').textContent();
    await page.click('Disconnect me');

    await page.status('state', 'disconnected');
    await page.inOrder('logs #2: Disconnected!', 'ack sent', 'disconnected: io server disconnect');
    await within('"Client disconnected" in the log of the server', demo.line(new RegExp(`Client disconnected: ${escape(id)}`), before));

    await page.click('Connect');
    await page.status('state', 'connected');
    await page.sees('logs #1: connected to the server');   // a new connection, a new count
  });

  test('echo page: a closed browser is noticed', async room => {
    const visitor = await room.visitor();
    const page = await DemoPage.open(visitor, demo, 'echo');
    await page.status('transport', 'websocket');
    const id = await page.find('#status-id').textContent();
    const before = demo.lines.length;
    await visitor.close();

    await within('"Client disconnected" in the log of the server', demo.line(new RegExp(`Client disconnected: ${escape(id)}`), before));
  });
}

const escape = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
