import { connect, log } from './demo.js';
import { byId, element } from './dom.js';
import { t } from './language.js';

const socket = await connect('/');
const joined = new Set();

socket.on('connect', () => showRooms());
socket.on('message', show);
socket.on('ceshi', text => log(`ceshi: ${text}`));
socket.on('status', text => {
  log(`status: ${text}`);
  say('notice', text);
});
// No need to send "leave" here: who is gone is out of all its rooms.
socket.on('disconnect', () => {
  joined.clear();
  showRooms();
});

function show(message) {
  if (message?.room !== undefined && message.body !== undefined) say('in-room', `${message.room}: ${message.body}`);
  else say('', typeof message === 'string' ? message : JSON.stringify(message));
  log(`message: ${typeof message === 'string' ? message : JSON.stringify(message)}`);
}

function say(kind, text) {
  byId('messages').append(element('li', { class: kind }, text));
  byId('messages').scrollTop = byId('messages').scrollHeight;
}

function showRooms() {
  byId('joined').textContent = joined.size ? t('In: {0}', [...joined].join(', ')) : t('In no room yet');
}

on('send', () => {
  socket.send(byId('text').value);
  log('message', 'out');
});

on('json', () => {
  const area = byId('value');
  try {
    socket.emit('json', JSON.parse(area.value));
    log('json', 'out');
    area.setCustomValidity('');
  } catch (error) {
    area.setCustomValidity(t('Not JSON: {0}', error.message));
    area.reportValidity();
  }
});
byId('value').addEventListener('input', () => byId('value').setCustomValidity(''));

on('rooms', event => {
  const name = event.submitter.value;   // join or leave
  const room = byId('room').value;
  socket.emit(name, { username: byId('username').value, room });
  log(`${name} ${room}`, 'out');
  if (name === 'join') joined.add(room);
  else joined.delete(room);
  showRooms();
});

on('post', () => {
  socket.emit('room_message', { room: byId('room').value, body: byId('body').value });
  log(`room_message to ${byId('room').value}`, 'out');
});

function on(form, send) {
  byId(form).addEventListener('submit', event => {
    event.preventDefault();
    send(event);
  });
}
