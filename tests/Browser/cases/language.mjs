// English and Chinese: by the browser, by the address, by the link on the page.
import assert from 'node:assert/strict';
import { DemoPage } from '../lib/demo-page.mjs';
import { test } from '../lib/suite.mjs';

export function addLanguage({ demo }) {
  test('language: the browser\'s, and Chinese by the link', async room => {
    const page = await DemoPage.open(await room.visitor(), demo, 'classic', { client: '4', transport: 'polling' });
    const { playwright } = page;
    assert.equal(await playwright.locator('html').getAttribute('lang'), 'en');
    assert.equal(await playwright.title(), 'Two forms · SocketIOServer');

    await page.find('#language').click();
    await page.status('state', '已连接');
    assert.match(playwright.url(), /\?client=4&transport=polling&lang=zh$/);
    assert.equal(await playwright.locator('html').getAttribute('lang'), 'zh-CN');
    assert.equal(await playwright.title(), '两个表单 · SocketIOServer');

    await page.find('nav a').first().click();
    await playwright.waitForURL(/numbers\.html\?lang=zh$/);
    await page.status('state', '已连接');
    await page.find('#language').click();
    await page.status('state', 'connected');
  });

  test('language: a Chinese browser gets Chinese, and English by the address', async room => {
    const page = await DemoPage.open(await room.visitor({ locale: 'zh-TW' }), demo, 'rooms');
    await page.status('state', '已连接');
    await page.playwright.goto(`${demo.url}/rooms.html?lang=en`);
    await page.status('state', 'connected');
  });

  test('language: what users and programs write stays as it is', async room => {
    const page = await DemoPage.open(await room.visitor(), demo, 'classic', { lang: 'zh' });
    await page.type('#emit_data', 'Message');   // a word of the dictionary
    await page.find('#emit button').click();

    await page.sees('Received: Message');
    await page.sees('connected');
  });
}
