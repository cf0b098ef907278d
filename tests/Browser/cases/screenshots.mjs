// A picture of each page as people see it, on a phone and on a desk, light and dark, English and Chinese, with something
// on it. What can be said of a look without an eye is asserted: it fits the screen, can be read, and is in one language.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { DemoPage } from '../lib/demo-page.mjs';
import { englishTexts, faintTexts, seriousFindings } from '../lib/look.mjs';
import { folders } from '../lib/servers.mjs';
import { test } from '../lib/suite.mjs';

export const screens = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } };

// The buttons by their forms: their words are of two languages.
const busy = {
  async classic(page) {
    await page.find('#emit button').click();
    await page.find('#broadcast button').click();
    await page.sees('Received: Hello, 大家好');
  },
  async echo(page) {
    await page.find('#emit button').click();
    await page.find('#broadcast button').click();
    await page.sees('logs #3: Hello, everybody');
  },
  async numbers(page) {
    await page.find('#bars .bar').first().waitFor();
    await page.playwright.waitForFunction(() => document.querySelectorAll('#log .in').length >= 2);
  },
  async progress(page) {
    await page.type('#steps', '3');
    await page.find('#run').click();
    await page.sees('ack of run_job: done, 3 steps');
    await page.find('#request button').first().click();
    await page.sees('response 200: start to process...');
  },
  async rooms(page) {
    await page.find('#rooms button').first().click();
    await page.shows('#messages li', 'Ada has entered the room.');
    await page.find('#send button').click();
    await page.find('#json button').click();
    await page.find('#post button').click();
    await page.shows('#messages li', 'tea: Who wants tea? 🍵');
  },
};

async function fits(window, name, width) {
  const wide = await window.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `${name} fits: ${wide} of ${width} pixels`);
}

export function addScreenshots({ studio }) {
  mkdirSync(folders.shots, { recursive: true });
  for (const [screen, viewport] of Object.entries(screens)) for (const colorScheme of ['light', 'dark']) for (const lang of ['en', 'zh']) {
    const look = { viewport, colorScheme, reducedMotion: 'reduce' };
    const shoot = async (window, name) => {
      await fits(window, name, viewport.width);
      const wrong = [...await window.evaluate(faintTexts), ...lang === 'zh' ? await window.evaluate(englishTexts) : []];
      assert.ok(wrong.length === 0, `too faint, or not translated: ${wrong.join(' | ')}`);
      const findings = lang === 'en' ? await seriousFindings(window) : [];
      assert.ok(findings.length === 0, findings.join(' | '));
      await window.screenshot({ path: join(folders.shots, `${name}-${screen}-${colorScheme}-${lang}.png`), fullPage: true });
    };

    test(`picture of the index page: ${screen}, ${colorScheme}, ${lang}`, async room => {
      const window = await room.visitor(look);
      await window.goto(`${studio.url}/?lang=${lang}`);
      await window.waitForFunction(() => [...document.querySelectorAll('.source pre')].every(shown => shown.textContent.endsWith('}')));
      const cut = await window.locator('.source pre').evaluateAll(all => all.filter(one => one.scrollWidth > one.clientWidth).length);
      assert.equal(cut, 0, 'no code is cut');
      await shoot(window, 'index');
    });

    for (const [name, fill] of Object.entries(busy)) {
      test(`picture of the ${name} page: ${screen}, ${colorScheme}, ${lang}`, async room => {
        const window = await room.visitor(look);
        const page = await DemoPage.open(window, studio, name, { lang });
        await page.status('transport', 'websocket');
        await fill(page);
        await shoot(window, name);
      });
    }
  }

  // The narrowest phone, with everything unfolded and the longest words.
  for (const lang of ['en', 'zh']) {
    test(`no page scrolls sideways at 360 pixels, ${lang}`, async room => {
      const window = await room.visitor({ viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
      const unfold = () => window.locator('details:not([open]) > summary').evaluateAll(all => all.forEach(one => one.click()));
      await window.goto(`${studio.url}/?lang=${lang}`);
      await window.waitForFunction(() => [...document.querySelectorAll('.source pre')].every(shown => shown.textContent.endsWith('}')));
      await unfold();
      await fits(window, 'index', 360);

      const long = 'Donaudampfschifffahrt'.repeat(10);
      for (const [name, fields] of Object.entries({ classic: ['#emit_data'], echo: ['#emit_data'], rooms: ['#text', '#room'], progress: [], numbers: [] })) {
        const page = await DemoPage.open(window, studio, name, { lang });
        await unfold();
        for (const field of fields) await page.type(field, long);
        for (const field of fields) await page.find(`form:has(${field}) button`).first().click();
        if (fields.length > 0) await page.find('#log .in .text', { hasText: long }).first().waitFor();
        await fits(window, name, 360);
      }
    });
  }
}
