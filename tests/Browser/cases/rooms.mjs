// Seed 003: unnamed messages, JSON of any shape, rooms.
import assert from 'node:assert/strict';
import { DemoPage } from '../lib/demo-page.mjs';
import { test } from '../lib/suite.mjs';

const message = '#messages li';

export function addRooms({ demo }) {
  const two = (room, names) => Promise.all(names.map(async name => {
    const page = await DemoPage.open(await room.visitor(), demo, 'rooms');
    await page.type('#username', name);
    return page;
  }));

  test('rooms page: messages and JSON come back to all', async room => {
    const pages = await two(room, ['Ada', 'Bob']);
    const [ada] = pages;
    await ada.type('#text', 'Hello: Öl 世界 🎈');
    await ada.click('Send');
    await Promise.all(pages.map(page => page.shows(message, 'Hello: Öl 世界 🎈')));
    await Promise.all(pages.map(page => page.sees('ceshi: 测试')));

    for (const value of ['{"hello":"wörld","deep":[1,{"a":null}]}', '[]', '42', '"just text"', 'true']) {
      await ada.type('#value', value);
      await ada.click('Send JSON');
      const shown = value.startsWith('"') ? JSON.parse(value) : value;
      await Promise.all(pages.map(page => page.sees(`message: ${shown}`)));
    }
    await Promise.all(pages.map(page => page.inOrder('message: Hello: Öl 世界 🎈', 'ceshi: 测试', 'message: 42', 'message: true')));
  });

  test('rooms page: what is not JSON is not sent', async room => {
    const [page] = await two(room, ['Ada']);
    await page.type('#value', '{"a":');
    await page.click('Send JSON');
    assert.ok(await page.find('#value').evaluate(field => field.validationMessage.startsWith('Not JSON')));

    await page.type('#value', '{"a":1}');
    await page.click('Send JSON');
    await page.sees('message: {"a":1}');
  });

  test('rooms page: a room is heard by its members alone', async room => {
    const pages = await two(room, ['Ada', 'Bob']);
    const [ada, bob] = pages;
    const name = `tea ☕ ${Math.random()}`;   // this test's own: other pages are open on the same server
    await Promise.all(pages.map(page => page.type('#room', name)));
    const post = async (page, text) => {
      await page.type('#body', text);
      await page.click('Send to room');
    };

    await ada.click('Join');
    await ada.shows(message, 'Ada has entered the room.');
    await post(ada, 'alone 🍵');
    await ada.shows(message, `${name}: alone 🍵`);
    await bob.click('Join');
    await Promise.all(pages.map(page => page.shows(message, 'Bob has entered the room.')));
    await post(bob, 'both');
    await Promise.all(pages.map(page => page.shows(message, `${name}: both`)));
    await bob.click('Leave');
    await ada.shows(message, 'Bob has left the room.');
    await post(ada, 'alone again');
    await ada.shows(message, `${name}: alone again`);

    // A message to all, behind everything else, shows that nothing more was on its way.
    const fence = `fence ${Math.random()}`;
    await ada.type('#text', fence);
    await ada.click('Send');
    await bob.shows(message, fence);
    const heard = (await bob.texts(message)).filter(line => line.startsWith(name) || line.endsWith('the room.'));
    assert.deepEqual(heard, ['Bob has entered the room.', `${name}: both`]);
    await bob.shows('#joined', 'In no room yet');
  });

  test('rooms page: who is gone is out of its rooms', async room => {
    const pages = await two(room, ['Ada', 'Bob']);
    const [ada, bob] = pages;
    const name = `gone ${Math.random()}`;
    await Promise.all(pages.map(page => page.type('#room', name)));
    await bob.click('Join');
    await bob.shows(message, 'Bob has entered the room.');
    await bob.click('Disconnect');
    await bob.status('state', 'disconnected');
    await bob.click('Connect');
    await bob.status('state', 'connected');
    await ada.click('Join');
    await ada.shows(message, 'Ada has entered the room.');

    const fence = `fence ${Math.random()}`;
    await ada.type('#text', fence);
    await ada.click('Send');
    await bob.shows(message, fence);
    assert.ok(!(await bob.texts(message)).includes('Ada has entered the room.'));
  });
}
