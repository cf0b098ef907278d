// A picture of each view of the chat, on a phone and on a desk, light and dark, in English and in Chinese, with long names and words.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { ChatPage, nameOf } from '../lib/chat-page.mjs';
import { faintTexts, seriousFindings } from '../lib/look.mjs';
import { folders } from '../lib/servers.mjs';
import { test } from '../lib/suite.mjs';
import { screens } from './screenshots.mjs';

const long = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe'.repeat(2);

export function addChatPictures({ studio }) {
  mkdirSync(folders.shots, { recursive: true });
  for (const [screen, viewport] of Object.entries(screens)) for (const colorScheme of ['light', 'dark']) {
    test(`picture of the chat: ${screen}, ${colorScheme}`, async room => {
      const look = { viewport, colorScheme, reducedMotion: 'reduce' };
      const speak = ({ page }, chosen) => page.evaluate(value => {
        const box = document.getElementById('language');
        box.value = value;
        box.dispatchEvent(new Event('change'));
      }, chosen);
      // What is clicked has its English name, so English is spoken when a picture is done.
      const shoot = async (chat, name, prepare = () => {}) => {
        for (const language of ['zh', 'en']) {
          await speak(chat, language);
          await prepare();
          const wide = await chat.page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= viewport.width, `${name} fits the ${screen}: ${wide} pixels wide`);
          const faint = await chat.page.evaluate(faintTexts);
          assert.ok(faint.length === 0, `${name}: too faint: ${faint.join(' | ')}`);
          const findings = language === 'en' ? await seriousFindings(chat.page) : [];
          assert.ok(findings.length === 0, `${name}: ${findings.join(' | ')}`);
          await chat.page.screenshot({ path: join(folders.shots, `chat-${name}-${screen}-${colorScheme}-${language}.png`) });
        }
      };
      const back = async chat => { if (screen === 'phone') await chat.button('Back to the list').click(); };

      await shoot(await ChatPage.visit(room, studio, 'nobody', look), 'welcome');

      const ada = await ChatPage.register(room, studio, 'Ada', look);
      const bob = await ChatPage.register(room, studio, '名字-Wolfeschleg');
      await shoot(ada, 'list');
      const name = nameOf('茶与蛋糕 tea and cake club');
      await bob.createRoom(name);
      await ada.open(name);
      await shoot(ada, 'outside');
      await ada.button('Join').click();
      await bob.notices(`${ada.name} has entered the room.`);
      await bob.say('Hello! 你好！ <b>not bold</b> https://example.org');
      await bob.say(long);
      await ada.hears(long);
      await ada.say('A longer message, to see how lines break where there is not much room for them on the screen.\n\nWith a second paragraph. 🍵');
      await ada.hears('A longer message, to see how lines break where there is not much room for them on the screen.\n\nWith a second paragraph. 🍵');
      await ada.attach({ name: 'program.exe', mimeType: 'application/octet-stream', buffer: Buffer.from([0x4d, 0x5a, 0, 0]) });
      await ada.page.locator('.failed').waitFor();
      await shoot(ada, 'room');
      await ada.button('Delete').click();

      await back(ada);
      await ada.openUser(bob.name);
      await shoot(ada, 'empty');
      await ada.say('Between us');
      await ada.page.getByText('Delivered').waitFor();
      await bob.openUser(ada.name);
      await bob.say('Yes?');
      await ada.hears('Yes?');
      await ada.attach({ name: 'lake.png', mimeType: 'image/png', buffer: await picture(bob.page) });
      await ada.page.getByRole('img', { name: 'lake.png' }).waitFor();
      await bob.page.getByRole('img', { name: 'lake.png' }).waitFor();
      await ada.page.getByText('Read').nth(1).waitFor();
      await shoot(ada, 'private');

      await back(ada);
      await bob.open(name);
      await bob.say('unread');
      await bob.hears('unread');
      await ada.badge(name).waitFor();
      await shoot(ada, 'unread');
      // A dialog speaks the language in which it was opened.
      await shoot(ada, 'dialog', async () => {
        await ada.page.keyboard.press('Escape');
        await ada.page.locator('.section button').click();
        await ada.page.locator('#dialog-input').fill(name);
        await ada.page.locator('#dialog-go').click();
        await ada.page.locator('#dialog-error:not(:empty)').waitFor();
      });
    });
  }
}

// Something with colours and a size.
async function picture(page) {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 300 });
    const context = canvas.getContext('2d');
    const sky = context.createLinearGradient(0, 0, 0, 300);
    sky.addColorStop(0, '#38bdf8');
    sky.addColorStop(0.6, '#fde68a');
    sky.addColorStop(1, '#0e7490');
    context.fillStyle = sky;
    context.fillRect(0, 0, 480, 300);
    return canvas.toDataURL();
  });
  return Buffer.from(url.split(',')[1], 'base64');
}
