// Connects a page: brings the chosen client's bundle, opens the namespace, keeps the panel and the log up to date.
import { readChoice, transports } from './choice.js';
import { byId, element } from './dom.js';
import { buildHead, showNode } from './head.js';
import { translatePage } from './language.js';
import { log } from './log.js';
import { buildPanel, currentState, show, showState } from './panel.js';

export { log };

export async function connect(namespace) {
  const { client, transport } = readChoice();
  buildHead();
  translatePage();
  buildPanel();
  showState('connecting');
  try {
    await Promise.all([loadScript(`lib/socket.io-${client}.js`), pageLoaded()]);
  } catch (error) {
    showState('failed');
    throw error;
  }
  // The form that all five clients know: an http address whose path is the namespace.
  const socket = window.io.connect(location.origin + namespace, { ...transports[transport] });
  watch(socket);
  byId('toggle').addEventListener('click', () => currentState() === 'disconnected' ? reopen(socket) : leave(socket));
  return socket;
}

function loadScript(src) {
  return new Promise((done, failed) => {
    const script = element('script', { src });
    script.onload = done;
    script.onerror = () => failed(new Error(`cannot load ${src}`));
    document.head.append(script);
  });
}

// A poll by JSONP is a script too, and one that waits: begun before this event, it would keep the page loading for ever.
function pageLoaded() {
  return new Promise(done => document.readyState === 'complete' ? done() : window.addEventListener('load', done, { once: true }));
}

function reopen(socket) {
  showState('connecting');
  socket.connect();
}

// Also what ends the attempts to come back, which no event tells of.
function leave(socket) {
  socket.disconnect();
  socket.io.reconnecting = false;   // client 1.3.5 forgets to, and would not come back by itself after the next cut
  showState('disconnected');
}

function watch(socket) {
  socket.on('connect', () => {
    showState('connected');
    show('id', socket.id);
    log('connected', 'note');
    watchTransport(socket.io.engine);
    socket.emit('which_node', showNode);
  });
  // Where one side wanted it ("io client disconnect", "io server disconnect") it stays so; else the client tries again by itself.
  socket.on('disconnect', reason => {
    showNode(null);
    showState(reason.startsWith('io ') ? 'disconnected' : 'reconnecting');
    log(`disconnected: ${reason}`, 'note');
  });
  socket.on('connect_error', error => {
    if (currentState() === 'disconnected') return;   // an attempt that was under way when the user left
    showState('reconnecting');
    log(`cannot connect: ${error.message ?? error}`, 'note');
  });
  // Clients 1 and 2 tell of a refused namespace by this name.
  socket.on('error', error => log(`error: ${error.message ?? error}`, 'note'));
}

// Every reconnect has an engine of its own; while it is the current one, an upgrade is shown and logged.
function watchTransport(engine) {
  // What is really asked for on the wire: clients 1 and 2 say EIO=3, clients 3 and 4 EIO=4.
  const { EIO } = engine.transport.query;
  show('protocol', `Engine.IO ${EIO}, Socket.IO ${Number(EIO) + 1}`);
  show('transport', nameOf(engine.transport));
  engine.on('upgrade', transport => {
    show('transport', nameOf(transport));
    log(`upgraded to ${transport.name}`, 'note');
  });
}

// A JSONP transport is called "polling" too, but only it has an index for its callbacks.
const nameOf = transport => transport.name === 'polling' && 'index' in transport ? 'polling (JSONP)' : transport.name;
