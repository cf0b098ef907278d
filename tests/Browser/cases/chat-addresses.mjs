// The conversations of the chat have addresses: Back and Forward, a reload and a link lead to them.
import assert from 'node:assert/strict';
import { ChatPage, nameOf } from '../lib/chat-page.mjs';
import { expectText } from '../lib/demo-page.mjs';
import { newFolder, startChat } from '../lib/servers.mjs';
import { test } from '../lib/suite.mjs';

export function addChatAddresses({ demo }) {
  const title = (chat, text) => expectText(chat.page, '#title', text);
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

  test('chat addresses: Back, Forward and a reload lead to conversations', async room => {
    const [ada, bob] = await Promise.all(['Ada', 'Bob'].map(name => ChatPage.register(room, demo, name)));
    const tea = nameOf('tea');
    await title(ada, 'Everyone');
    await ada.createRoom(tea);
    await ada.openUser(bob.name);
    await title(ada, bob.name);
    await expectText(ada.page, '#subtitle', 'Only the two of you · online');

    await ada.page.goBack();
    await title(ada, tea);
    await ada.page.goBack();
    await title(ada, 'Everyone');
    await ada.page.goForward();
    await title(ada, tea);
    await ada.page.reload();
    await title(ada, tea);
    await ada.say('after the reload');
    await ada.hears('after the reload');
    await ada.page.goForward();
    await title(ada, bob.name);
    // Not a word was said in it: no list of the server has it.
    await ada.page.reload();
    await title(ada, bob.name);
  });

  test('chat addresses: on a phone, Back leads from a conversation to the list', async room => {
    const ada = await ChatPage.register(room, demo, 'Ada', phone);
    await ada.open('Anonymous');
    await title(ada, 'Anonymous');
    await ada.page.goBack();
    await ada.entry('Anonymous').waitFor();
    await ada.page.goForward();
    await title(ada, 'Anonymous');
    await ada.button('Back to the list').click();
    await ada.entry('Anonymous').waitFor();
    assert.equal(new URL(ada.page.url()).hash, '');
  });

  test('chat addresses: one that leads nowhere shows the list', async room => {
    const ada = await ChatPage.register(room, demo, 'Ada');
    await ada.page.goto(`${demo.url}/chat/#room:999999`);
    await ada.page.reload();
    await ada.connected();
    await ada.open('Anonymous');
    await title(ada, 'Anonymous');
  });

  test('chat private: a conversation shows when the other user comes and leaves', async room => {
    const server = await startChat(newFolder(), '--Chat:Grace=00:00:00.3');
    const [ada, bob] = await Promise.all(['Ada', 'Bob'].map(name => ChatPage.register(room, server, name)));
    await ada.openUser(bob.name);
    await expectText(ada.page, '#subtitle', 'Only the two of you · online');
    await bob.page.goto('about:blank');
    await expectText(ada.page, '#subtitle', 'Only the two of you · offline');
    await ChatPage.signIn(room, server, bob.name);
    await expectText(ada.page, '#subtitle', 'Only the two of you · online');
    await server.stop();
  });
}
