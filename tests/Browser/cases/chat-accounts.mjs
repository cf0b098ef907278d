// The chat: accounts, guests, the global and the anonymous chat, languages, the keyboard.
import assert from 'node:assert/strict';
import { ChatPage, nameOf } from '../lib/chat-page.mjs';
import { expectText } from '../lib/demo-page.mjs';
import { test } from '../lib/suite.mjs';

export function addChatAccounts({ demo }) {
  test('chat: register, sign out, sign in', async room => {
    const ada = await ChatPage.visit(room, demo, nameOf('Ada'));
    await ada.button('No account yet? Create one').click();
    await ada.fillAccount('Create an account');
    await ada.connected();
    await expectText(ada.page, '#who', ada.name);
    await ada.button('Sign out').click();
    await ada.button('Sign in').waitFor();

    await ada.fillAccount('Sign in', 'a wrong password');
    await expectText(ada.page, '#account-error', 'Wrong name or password.');
    await ada.fillAccount('Sign in');
    await ada.connected();
    await expectText(ada.page, '#who', ada.name);
  });

  test('chat: signing out ends all tabs and devices of the user and nobody else', async room => {
    const [desk, bob] = await Promise.all([ChatPage.register(room, demo, 'Ada'), ChatPage.register(room, demo, 'Bob')]);
    const phone = await ChatPage.signIn(room, demo, desk.name);
    await desk.button('Sign out').click();

    await Promise.all([desk, phone].map(page => page.button('Sign in').waitFor()));
    await bob.say('still here');
    await bob.hears('still here');
    await bob.connected();
  });

  test('chat: a guest is in the anonymous chat alone, and nobody has a name there', async room => {
    const [guest, ada] = await Promise.all([ChatPage.guest(room, demo), ChatPage.register(room, demo, 'Ada')]);
    assert.deepEqual(await guest.page.locator('#list button').allTextContents(), ['Anonymous']);
    await ada.open('Anonymous');
    await expectText(ada.page, '#title', 'Anonymous');
    const text = nameOf('who is there?');
    await ada.say(text);
    await guest.hears(text);
    await guest.say(`${text} me`);
    await ada.hears(`${text} me`);

    const names = await guest.page.locator('.message:not(.mine) .name').allTextContents();
    assert.ok(names.length > 0 && names.every(name => /^#\d{6}$/.test(name)), `numbers for names: ${names}`);
    assert.ok(!(await guest.page.content()).includes(ada.name));
  });

  test('chat: everybody hears the global chat, and HTML is text in every field', async room => {
    const [ada, bob] = await Promise.all([ChatPage.register(room, demo, 'Ada'), ChatPage.register(room, demo, 'Bob')]);
    const evil = `<img src=x onerror="document.title='broken into'"><script>document.title='broken into'</script> ${ada.name}`;
    await ada.say(evil);
    await bob.hears(evil);
    const name = `<b onclick=x>${ada.name}`.slice(0, 40);
    await ada.createRoom(name);
    await bob.joinRoom(name);

    await expectText(bob.page, '#title', name);
    assert.deepEqual(await Promise.all([ada, bob].map(({ page }) => page.locator('#chat :is(script, b)').count())), [0, 0]);
    assert.ok(!/broken/.test(await bob.page.title()));
  });

  test('chat: Chinese, and kept', async room => {
    const ada = await ChatPage.register(room, demo, 'Ada');
    await ada.page.getByLabel('Language').selectOption('zh');
    await expectText(ada.page, '#title', '全局聊天');
    await expectText(ada.page, '#state', '已连接');
    await ada.page.reload();

    await expectText(ada.page, '#send', '发送');
    assert.equal(await ada.page.evaluate(() => document.documentElement.lang), 'zh-CN');
  });

  test('chat: by keyboard alone, and with the roles that a screen reader needs', async room => {
    const [ada, bob] = await Promise.all([ChatPage.register(room, demo, 'Ada'), ChatPage.register(room, demo, 'Bob')]);
    const { keyboard } = ada.page;
    assert.equal(await ada.page.evaluate(() => document.activeElement.id), 'text');
    await keyboard.type('first line');
    await keyboard.press('Shift+Enter');
    await keyboard.type('second line');
    await keyboard.press('Enter');
    await ada.hears('first line\nsecond line');

    await ada.button('New room').focus();
    await keyboard.press('Enter');
    await keyboard.type(`room of ${ada.name}`);
    await keyboard.press('Enter');
    await expectText(ada.page, '#title', `room of ${ada.name}`);
    assert.equal(await ada.page.evaluate(() => document.activeElement.id), 'text');
    await ada.page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    await ada.page.getByRole('log', { name: `room of ${ada.name}` }).waitFor({ state: 'attached' });
    assert.equal(await ada.entry(`room of ${ada.name}`).getAttribute('aria-current'), 'true');
    // What others do does not take the focus away.
    await ada.button('Rename').focus();
    await bob.joinRoom(`room of ${ada.name}`);
    await expectText(ada.page, '#subtitle', `2 online · by ${ada.name}`);
    assert.equal(await ada.page.evaluate(() => document.activeElement.textContent), 'Rename');
    // Whatever can be pressed or filled has a name.
    const nameless = await ada.page.locator('button, select, input:not([type=file]), textarea').evaluateAll(nodes =>
      nodes.filter(node => node.checkVisibility() && !(node.innerText || node.labels?.length || node.ariaLabel)).map(node => node.outerHTML));
    assert.deepEqual(nameless, []);
  });
}
