// Seed 004: two forms. The first is answered to the sender, the second to everybody.
import assert from 'node:assert/strict';
import { DemoPage } from '../lib/demo-page.mjs';
import { test } from '../lib/suite.mjs';

export function addClassic({ demo }) {
  test('classic page: echo to one, broadcast to all', async room => {
    const [ada, bob] = await Promise.all([1, 2].map(async () => DemoPage.open(await room.visitor(), demo, 'classic')));
    await Promise.all([ada, bob].map(page => page.sees('Received: Connected')));

    await ada.type('#emit_data', 'only me: Grüße 中文 😀');
    await ada.click('Echo');
    await ada.sees('Received: only me: Grüße 中文 😀');
    await ada.type('#broadcast_data', 'everybody: Ω 大家好 👋');
    await ada.click('Broadcast');
    await Promise.all([ada, bob].map(page => page.sees('Received: everybody: Ω 大家好 👋')));

    await ada.inOrder('Received: Connected', 'Received: only me: Grüße 中文 😀', 'Received: everybody: Ω 大家好 👋');
    assert.ok(!(await bob.log()).includes('Received: only me: Grüße 中文 😀'), 'an echo reached another page');
  });

  test('classic page: what comes off the wire is never markup', async room => {
    const page = await DemoPage.open(await room.visitor(), demo, 'classic');
    const text = '<img src=x onerror="document.title=1"><b>bold</b>';
    await page.type('#emit_data', text);
    await page.click('Echo');

    await page.sees(`Received: ${text}`);
    assert.equal(await page.find('#log b, #log img').count(), 0);
  });

  test('classic page: the client and the transport are switched on the page', async room => {
    const page = await DemoPage.open(await room.visitor(), demo, 'classic');
    await page.status('protocol', 'Engine.IO 3, Socket.IO 4');
    await page.status('transport', 'websocket');   // after the upgrade, which is the default

    await page.find('#choose-transport').selectOption('jsonp');
    await page.status('transport', 'polling (JSONP)');
    await page.find('#choose-client').selectOption('4');   // it cannot do JSONP, so the page falls back to polling
    await page.status('protocol', 'Engine.IO 4, Socket.IO 5');
    await page.status('transport', 'polling');
    assert.ok(await page.find('#choose-transport option[value=jsonp]').isDisabled());
    assert.match(page.playwright.url(), /\?client=4&transport=polling$/);
  });

  test('classic page: leaves and comes back', async room => {
    const page = await DemoPage.open(await room.visitor(), demo, 'classic');
    await page.click('Disconnect');
    await page.status('state', 'disconnected');
    await page.click('Connect');

    await page.status('state', 'connected');
    await page.click('Echo');
    await page.sees('Received: Hello');
  });
}
