// Begins the page: who is signed in, then the chat or the way into it.
import { Address } from './address.js';
import { byId } from './dom.js';
import { List } from './list.js';
import { Lobby } from './lobby.js';
import { postForm, readSession } from './session.js';
import { View } from './view.js';
import { showWelcome } from './welcome.js';
import { chooseLanguage, currentLanguage, setLanguage, t } from './words.js';

let state = '';
let node = null;

byId('language').value = currentLanguage();
byId('language').addEventListener('change', event => chooseLanguage(event.target.value));
document.addEventListener('language', () => {
  showState(state);
  showNode(node);
  byId('sign-out').title = t('signOutHint');
});
setLanguage(currentLanguage());

if (!window.io) {
  showState('noScript');
} else {
  const { user } = await readSession();
  if (user) startChat(user);
  else showWelcome(() => startChat(null));
}

function startChat(user) {
  byId('chat').hidden = false;
  byId('who').textContent = user?.name ?? '';
  byId('sign-out').hidden = !user;
  byId('sign-out').addEventListener('click', async () => {
    await postForm('sign-out').catch(() => {});
    location.reload();
  });
  byId('to-sign-in').hidden = Boolean(user);

  const lobby = new Lobby(user);
  const view = new View(lobby);
  const address = new Address(lobby, { open: show, close: closeTalk });
  const list = new List(lobby, talk => address.open(talk));
  lobby.addEventListener('node', ({ detail }) => showNode(detail));
  lobby.anonymous.socket.on('disconnect', () => showNode(null));
  lobby.addEventListener('closed', ({ detail }) => {
    if (view.talk !== detail.talk) return;
    view.leave(detail.text);
    list.setCurrent(null);
  });
  byId('back').addEventListener('click', () => address.close());
  for (const socket of lobby.sockets) watch(socket);
  // On a desk there is room for both.
  const first = user ? lobby.everyone : lobby.anonymous;
  address.restore(matchMedia('(min-width: 48rem)').matches || !user ? first : null);

  function closeTalk() {
    document.body.dataset.view = 'list';
    view.leave();
    list.setCurrent(null);
  }

  function show(talk) {
    document.body.dataset.view = 'talk';
    view.open(talk);
    list.setCurrent(talk);
    byId(talk.joined && matchMedia('(pointer: fine)').matches ? 'text' : 'title').focus();
  }

  function watch(socket) {
    const tell = () => showState(lobby.sockets.every(one => one.connected) ? 'connected' : state === '' ? 'connecting' : state === 'connected' ? 'reconnecting' : state);
    socket.on('connect', tell);
    socket.on('disconnect', reason => {
      tell();
      // The server ended it, which it does when the user signs out, on whatever device.
      if (reason === 'io server disconnect') location.reload();
    });
    socket.on('connect_error', error => {
      if (error.message === 'unauthorized') location.reload();
      // Refused, which the client does not try again by itself.
      else if (!socket.active) setTimeout(() => socket.connect(), 2000);
    });
    tell();
  }
}

function showState(name) {
  state = name;
  byId('state').textContent = name === '' ? '' : t(name);
  byId('state').dataset.state = name;
}

// Of a cluster alone.
function showNode(name) {
  node = name;
  byId('node').hidden = node === null;
  byId('node').textContent = node === null ? '' : t('servedBy', node);
}
