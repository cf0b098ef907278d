// The chat's rooms, and files.
import assert from 'node:assert/strict';
import { ChatPage } from '../lib/chat-page.mjs';
import { expectText } from '../lib/demo-page.mjs';
import { overtake } from '../lib/overtaking.mjs';
import { test } from '../lib/suite.mjs';

// A picture of one pixel.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

export function addChatRooms({ demo }) {
  const users = (room, ...names) => Promise.all(names.map(name => ChatPage.register(room, demo, name)));

  test('chat rooms: create, list, join, post, count, leave; only members hear', async room => {
    const [ada, bob, eve] = await users(room, 'Ada', 'Bob', 'Eve');
    const name = `tea 茶 ${ada.name}`;
    await ada.createRoom(name);
    await bob.joinRoom(name);
    await ada.notices(`${bob.name} has entered the room.`);
    await expectText(ada.page, '#subtitle', `2 online · by ${ada.name}`);
    await bob.say('for members');
    await ada.hears('for members');
    await eve.open(name);
    await expectText(eve.page, '#subtitle', `2 online · by ${ada.name}`);
    await expectText(eve.page, '#empty', 'Join the room to read and write.');
    assert.deepEqual(await eve.texts(), []);
    assert.ok(await eve.text().isHidden());

    await bob.button('Leave').click();
    await ada.notices(`${bob.name} has left the room.`);
    await ada.say('without Bob');
    await ada.hears('without Bob');
    await expectText(ada.page, '#subtitle', `1 online · by ${ada.name}`);
    assert.deepEqual(await bob.texts(), []);
    assert.equal(await eve.page.locator('.notice').count(), 0);
  });

  test('chat rooms: unread messages are counted until they are seen, on all tabs', async room => {
    const [ada, bob] = await users(room, 'Ada', 'Bob');
    const other = await ChatPage.signIn(room, demo, bob.name);
    const name = `unread ${ada.name}`;
    await ada.createRoom(name);
    await bob.joinRoom(name);
    await bob.open('Everyone');
    await ada.say('one');
    await ada.say('two');
    await ada.hears('two');

    await expectText(bob.page, '.entry .badge span[aria-hidden]', '2');
    await expectText(other.page, '.entry .badge span[aria-hidden]', '2');
    await bob.page.waitForFunction(() => document.title === '(2) Chat');
    await bob.page.reload();
    await expectText(bob.page, '.entry .badge span[aria-hidden]', '2');
    await bob.open(name);
    await bob.hears('two');
    await Promise.all([bob, other].map(page => page.badge(name).waitFor({ state: 'detached' })));
  });

  test('chat rooms: a name that is told before an older list of rooms stays', async room => {
    const [ada, bob] = await users(room, 'Ada', 'Bob');
    const [name, renamed] = [`first ${ada.name}`, `second ${ada.name}`];
    await ada.createRoom(name);
    const { isHeld, isOvertaken } = await overtake(bob.page, packet => /^43\/rooms,\d+\[\[/.test(packet), packet => packet.startsWith('42/rooms,["room",') && packet.includes(renamed));
    await isHeld;
    await ada.rename(renamed);
    await isOvertaken;
    await bob.open(renamed);
    await expectText(bob.page, '#title', renamed);
    await bob.page.close();
  });

  test('chat rooms: a reload is not told', async room => {
    const [ada, bob] = await users(room, 'Ada', 'Bob');
    const name = `reload ${ada.name}`;
    await ada.createRoom(name);
    await bob.joinRoom(name);
    await bob.page.reload();
    await bob.open(name);
    await bob.say('back');
    await ada.hears('back');

    assert.deepEqual(await ada.page.locator('.notice').allTextContents(), [`${bob.name} has entered the room.`]);
  });

  // A browser makes no click of a press whose element is gone when it is let go.
  test('chat rooms: an entry of the list stays the same element while others come and it changes itself', async room => {
    const [ada, bob] = await users(room, 'Ada', 'Bob');
    const name = `stays ${ada.name}`;
    await ada.createRoom(name);
    const entry = await bob.entry(name).elementHandle();
    await ada.createRoom(`another ${ada.name}`);
    await bob.entry(`another ${ada.name}`).waitFor();
    await bob.joinRoom(name);
    await bob.open('Everyone');
    await ada.open(name);
    await ada.say('one');
    await bob.badge(name).waitFor();

    assert.ok(await entry.evaluate(element => element.isConnected && element.innerText.includes('1')));
    assert.ok(await entry.evaluate(element => [...element.children].every(child => getComputedStyle(child).pointerEvents === 'none')));
    await entry.evaluate(element => element.click());
    await expectText(bob.page, '#title', name);
  });

  test('chat rooms: history by pages', async room => {
    const [ada] = await users(room, 'Ada');
    await ada.createRoom(`history ${ada.name}`);
    const texts = Array.from({ length: 70 }, (_, i) => `${i + 1}`);
    await ada.sayAll(texts);
    await ada.hears('70');
    await ada.page.reload();
    await ada.open(`history ${ada.name}`);
    await ada.hears('70');
    assert.deepEqual(await ada.texts(), texts.slice(20));

    await ada.button('Show older messages').click();
    await ada.hears('1');
    assert.deepEqual(await ada.texts(), texts);
    await ada.button('Show older messages').waitFor({ state: 'hidden' });
  });

  test('chat rooms: rename, and closing throws everyone out with a notice', async room => {
    const [ada, bob] = await users(room, 'Ada', 'Bob');
    const [name, renamed] = [`old ${ada.name}`, `new ${ada.name}`];
    await ada.createRoom(name);
    await bob.joinRoom(name);
    assert.ok(await bob.button('Rename').isHidden());
    await ada.rename('   ');
    await expectText(ada.page, '#dialog-error', 'There is nothing in it.');
    await ada.nameRoom(renamed, 'Save');
    await expectText(bob.page, '#title', renamed);

    await ada.button('Close room').click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Close room' }).click();
    await expectText(bob.page, '#problem', `The room “${renamed}” was closed by ${ada.name}.`);
    await Promise.all([ada, bob].map(page => page.entry(renamed).waitFor({ state: 'detached' })));
    assert.ok(await bob.text().isHidden());
  });

  test('chat: a picture is shown, other files are saved, and what is neither is refused', async room => {
    const [ada, bob] = await users(room, 'Ada', 'Bob');
    const name = `files ${ada.name}`;
    await ada.createRoom(name);
    await bob.joinRoom(name);
    await ada.attach({ name: 'dot.png', mimeType: 'image/png', buffer: png });
    const picture = bob.page.getByRole('img', { name: 'dot.png' });
    await picture.waitFor();
    assert.equal(await picture.evaluate(async image => { await image.decode(); return image.naturalWidth; }), 1);

    await ada.attach({ name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<script>alert(1)</script>') });
    const link = bob.page.getByRole('link', { name: 'page.html.txt' });
    await link.waitFor();
    const [saved] = await Promise.all([bob.page.waitForEvent('download'), link.click()]);
    assert.equal(saved.suggestedFilename(), 'page.html.txt');

    await ada.attach({ name: 'program.exe', mimeType: 'application/octet-stream', buffer: Buffer.from([0x4d, 0x5a, 0, 0]) });
    await expectText(ada.page, '.failed .mark', 'Not sent: Pictures, PDF, ZIP and text only.');
    await ada.button('Delete').click();
    await ada.page.locator('.failed').waitFor({ state: 'detached' });
    await ada.attach({ name: 'large.txt', mimeType: 'text/plain', buffer: Buffer.alloc((1 << 20) + 1, 'a') });
    await expectText(ada.page, '#problem', 'Files may have 1 MB.');
    await ada.attach({ name: 'full.txt', mimeType: 'text/plain', buffer: Buffer.alloc(1 << 20, 'a') });
    await bob.page.getByRole('link', { name: 'full.txt' }).waitFor();
    assert.equal(await bob.page.locator('.message').count(), 3);
  });
}
