// The chat's private messages: on all tabs, waiting for who is away, with their marks.
import assert from 'node:assert/strict';
import { ChatPage } from '../lib/chat-page.mjs';
import { expectText } from '../lib/demo-page.mjs';
import { overtake } from '../lib/overtaking.mjs';
import { test } from '../lib/suite.mjs';

export function addChatPrivate({ demo }) {
  const users = (room, ...names) => Promise.all(names.map(name => ChatPage.register(room, demo, name)));

  test('chat private: on all tabs of both, with typing and marks', async room => {
    const [ada, bob] = await users(room, 'Ada', 'Bob');
    const [adas, bobs] = await Promise.all([ada, bob].map(({ name }) => ChatPage.signIn(room, demo, name)));
    await ada.openUser(bob.name);
    await ada.say('psst, 你好');
    await expectText(ada.page, '.mine .mark', 'Delivered');
    await Promise.all([bob, bobs].map(page => expectText(page.page, '.entry .badge span[aria-hidden]', '1')));

    await bob.open(ada.name);
    await bob.hears('psst, 你好');
    await expectText(ada.page, '.mine .mark', 'Read');
    await bobs.badge(ada.name).waitFor({ state: 'detached' });
    await adas.openUser(bob.name);
    await adas.hears('psst, 你好');
    await bob.text().pressSequentially('I am');
    await expectText(ada.page, '#typing', `${bob.name} is typing…`);
    await bob.say('yes?');
    await Promise.all([ada, adas, bobs].map(async page => {
      if (page === bobs) await page.open(ada.name);
      await page.hears('yes?');
    }));
    assert.deepEqual(await ada.texts(), ['psst, 你好', 'yes?']);
  });

  test('chat private: that a message was delivered is told before the ack of it', async room => {
    const [ada, bob] = await users(room, 'Ada', 'Bob');
    const { isOvertaken } = await overtake(ada.page, packet => /^43\/private,\d+\[\{"id":/.test(packet), packet => packet.startsWith('42/private,["delivered",'));
    await ada.connected();
    await ada.openUser(bob.name);
    await ada.say('quick');
    await isOvertaken;
    await ada.hears('quick');
    await expectText(ada.page, '.mine .mark', 'Delivered');
    await ada.page.close();
  });

  test('chat private: what was written to who is away waits, and comes in order and once', async room => {
    const [ada, bob, eve] = await users(room, 'Ada', 'Bob', 'Eve');
    await bob.page.goto('about:blank');
    await ada.openUser(bob.name);
    for (const text of ['one', 'two', 'three']) {
      await ada.say(text);
      await ada.hears(text);
    }
    assert.deepEqual(await ada.page.locator('.mine .mark').allTextContents(), ['Sent', 'Sent', 'Sent']);

    await bob.goto(demo);
    await expectText(bob.page, '.entry .badge span[aria-hidden]', '3');
    await ada.page.waitForFunction(() => [...document.querySelectorAll('.mine .mark')].every(mark => mark.textContent === 'Delivered'));
    await bob.open(ada.name);
    await bob.hears('three');
    assert.deepEqual(await bob.texts(), ['one', 'two', 'three']);
    await bob.page.reload();
    await bob.open(ada.name);
    await bob.hears('three');
    assert.deepEqual(await bob.texts(), ['one', 'two', 'three']);
    assert.equal(await eve.entry(ada.name).count(), 0);
  });
}
