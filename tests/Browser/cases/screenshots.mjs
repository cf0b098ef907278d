// A picture of each page as people see it, on a phone and on a desk, light and dark, with something on it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { DemoPage } from '../lib/demo-page.mjs';
import { folders } from '../lib/servers.mjs';
import { test } from '../lib/suite.mjs';

export const screens = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } };

const busy = {
  async classic(page) {
    await page.click('Echo');
    await page.click('Broadcast');
    await page.sees('Received: Hello, 大家好');
  },
  async echo(page) {
    await page.click('Echo');
    await page.click('Broadcast');
    await page.sees('logs #3: Hello, everybody');
  },
  async numbers(page) {
    await page.find('#bars .bar').first().waitFor();
    await page.playwright.waitForFunction(() => document.querySelectorAll('#log .in').length >= 2);
  },
  async progress(page) {
    await page.type('#steps', '3');
    await page.click('Run the job');
    await page.sees('ack of run_job: done, 3 steps');
    await page.click('Start');
    await page.sees('response 200: start to process...');
  },
  async rooms(page) {
    await page.click('Join');
    await page.shows('#messages li', 'Ada has entered the room.');
    await page.click('Send');
    await page.click('Send JSON');
    await page.click('Send to room');
    await page.shows('#messages li', 'tea: Who wants tea? 🍵');
  },
};

export function addScreenshots({ studio }) {
  mkdirSync(folders.shots, { recursive: true });
  for (const [screen, viewport] of Object.entries(screens)) for (const colorScheme of ['light', 'dark']) {
    const look = { viewport, colorScheme, reducedMotion: 'reduce' };
    const shoot = async (window, name) => {
      const wide = await window.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${name} fits the ${screen}: ${wide} pixels wide`);
      await window.screenshot({ path: join(folders.shots, `${name}-${screen}-${colorScheme}.png`), fullPage: true });
    };

    test(`picture of the index page: ${screen}, ${colorScheme}`, async room => {
      const window = await room.visitor(look);
      await window.goto(studio.url);
      await shoot(window, 'index');
    });

    for (const [name, fill] of Object.entries(busy)) {
      test(`picture of the ${name} page: ${screen}, ${colorScheme}`, async room => {
        const window = await room.visitor(look);
        const page = await DemoPage.open(window, studio, name);
        await page.status('transport', 'websocket');
        await fill(page);
        await shoot(window, name);
      });
    }
  }
}
