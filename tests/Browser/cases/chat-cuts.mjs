// The chat when the connection is cut: it says so, keeps what was written, and sends it again without doubling.
import assert from 'node:assert/strict';
import { Cable } from '../lib/cable.mjs';
import { ChatPage, nameOf } from '../lib/chat-page.mjs';
import { expectText } from '../lib/demo-page.mjs';
import { faintTexts } from '../lib/look.mjs';
import { newFolder, startChat } from '../lib/servers.mjs';
import { test } from '../lib/suite.mjs';

export function addChatCuts({ demo }) {
  const withCable = async (room, run) => {
    const cable = await Cable.lay(demo.url);
    try {
      const [ada, bob] = await Promise.all([ChatPage.register(room, cable, 'Ada'), ChatPage.register(room, demo, 'Bob')]);
      const name = nameOf('cut');
      await ada.createRoom(name);
      await bob.joinRoom(name);
      await run(cable, ada, bob, name);
    } finally {
      cable.close();
    }
  };

  test('chat cuts: what is written meanwhile waits and is sent in order, what was missed is there', room => withCable(room, async (cable, ada, bob) => {
    cable.cut();
    await ada.state('Reconnecting…');
    await ada.page.setViewportSize({ width: 360, height: 740 });
    const [header, state] = await ada.page.evaluate(() => ['.top', '#state'].map(part => document.querySelector(part)).map(({ scrollWidth, clientWidth, clientHeight }) => ({ scrollWidth, clientWidth, clientHeight })));
    assert.ok(header.scrollWidth <= 360 && header.clientHeight < 70, `the header is one line of a phone: ${JSON.stringify(header)}`);
    assert.ok(state.scrollWidth <= state.clientWidth, `the state is not cut: ${JSON.stringify(state)}`);
    await ada.page.setViewportSize({ width: 1280, height: 800 });
    const room = () => ada.page.evaluate(() => document.getElementById('scroll').clientHeight);
    const before = await room();
    await ada.button('Leave').click();
    await expectText(ada.page, '#problem', 'No connection.');
    assert.equal(await room(), before, 'the messages keep their room');
    for (const text of ['first', 'second', 'third']) await ada.say(text);
    await expectText(ada.page, '.pending .mark', 'Waits for the connection');
    for (const colorScheme of ['light', 'dark']) {
      await ada.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await ada.page.evaluate(faintTexts), [], `nothing that waits is too faint when it is ${colorScheme}`);
    }
    await bob.say('did you hear?');
    await bob.hears('did you hear?');
    cable.mend();

    await ada.connected();
    await expectText(ada.page, '#problem', '');
    await bob.hears('third');
    await ada.hears('did you hear?');
    await ada.page.locator('.pending').first().waitFor({ state: 'detached' });
    assert.deepEqual(await bob.texts(), ['did you hear?', 'first', 'second', 'third']);
    assert.deepEqual(await ada.texts(), ['did you hear?', 'first', 'second', 'third']);
  }));

  test('chat cuts: a message whose ack was lost is sent again and is there once', room => withCable(room, async (cable, ada, bob) => {
    cable.mute();
    await ada.say('once');
    await bob.hears('once');
    await expectText(ada.page, '.pending .mark', 'Sending…');
    cable.cut();
    await ada.state('Reconnecting…');
    cable.mend();

    await ada.connected();
    await ada.hears('once');
    await ada.page.locator('.pending').first().waitFor({ state: 'detached' });
    await ada.say('and on');
    await bob.hears('and on');
    assert.deepEqual(await bob.texts(), ['once', 'and on']);
    assert.deepEqual(await ada.texts(), ['once', 'and on']);
  }));

  test('chat cuts: what waits outlives a reload of the page', room => withCable(room, async (cable, ada, bob, name) => {
    cable.mute();
    await ada.say('kept');
    await bob.hears('kept');
    await ada.say('kept too');
    cable.cut();
    await ada.state('Reconnecting…');
    cable.mend();
    await ada.page.reload();
    await ada.open(name);

    await bob.hears('kept too');
    await ada.hears('kept too');
    assert.deepEqual(await bob.texts(), ['kept', 'kept too']);
  }));

  test('chat cuts: who is looked for meanwhile is found when the connection is back', room => withCable(room, async (cable, ada, bob) => {
    cable.cut();
    await ada.state('Reconnecting…');
    await ada.lookFor(bob.name);
    cable.mend();
    await ada.found(bob.name).waitFor();
  }));

  test('chat: who writes too fast waits, loses nothing and holds up nobody', async room => {
    const server = await startChat(newFolder(), '--Chat:Burst=10', '--Chat:EventsPerSecond=5');
    const [ada, bob] = await Promise.all([ChatPage.register(room, server, 'Ada'), ChatPage.register(room, server, 'Bob')]);
    const texts = Array.from({ length: 15 }, (_, i) => `${i + 1}`);
    await ada.sayAll(texts);
    await ada.page.locator('.pending').first().waitFor();
    await bob.say('not held up');
    await ada.hears('not held up');

    await bob.hears('15');
    assert.deepEqual((await bob.texts()).filter(text => texts.includes(text)), texts);
    await server.stop();
  });

  const many = Array.from({ length: 60 }, (_, i) => `${i + 1}`);

  test('chat cuts: all that was said comes, and nothing is loaded anew', room => withCable(room, async (cable, ada, bob) => {
    await bob.say('before');
    await ada.hears('before');
    const asked = [];
    const note = sent => asked.push(...sent?.match(/"(history|rooms|conversations|online|name)"/g) ?? []);
    ada.page.on('request', request => note(request.postData()));
    ada.page.on('websocket', socket => socket.on('framesent', ({ payload }) => note(payload.toString())));
    cable.cut();
    await ada.state('Reconnecting…');
    await bob.sayAll(many);
    await bob.hears('60');
    cable.mend();

    await ada.hears('60');
    assert.deepEqual(await ada.texts(), ['before', ...many]);
    await ada.say('and on');
    await bob.hears('and on');
    assert.deepEqual(asked, []);
  }));

  test('chat cuts: the session has ended, and more was said than a page of history holds', async room => {
    const folder = newFolder();
    let server = await startChat(folder);
    const { url } = server;
    const cable = await Cable.lay(url);
    try {
      const [ada, bob] = await Promise.all([ChatPage.register(room, cable, 'Ada'), ChatPage.register(room, server, 'Bob')]);
      await bob.say('before');
      await ada.hears('before');
      cable.cut();
      await ada.state('Reconnecting…');
      await bob.sayAll(many);
      await bob.hears('60');
      await server.kill();
      server = await startChat(folder, '--urls', url);
      cable.mend();

      await ada.hears('60');
      assert.deepEqual(await ada.texts(), many.slice(10));
      await ada.button('Show older messages').click();
      await ada.hears('before');
      assert.deepEqual(await ada.texts(), ['before', ...many]);
    } finally {
      cable.close();
      await server.stop();
    }
  });
}
