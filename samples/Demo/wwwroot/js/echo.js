import { connect, log } from './demo.js';

const $ = window.$;
const socket = await connect('/test');

socket.on('connect', () => socket.emit('my_event', { data: 'connected to the server' }));

socket.on('my_response', (message, ack) => {
  log(`logs #${message.count}: ${message.data}`);
  // Only the farewell asks for an ack; the server hangs up when it has it.
  if (ack) {
    ack();
    log('ack sent', 'out');
  }
});

submit('#emit', () => socket.emit('my_event', { data: $('#emit_data').val() }));
submit('#broadcast', () => socket.emit('my_broadcast_event', { data: $('#broadcast_data').val() }));
submit('#leave', () => socket.emit('disconnect_request'));

function submit(form, send) {
  $(form).submit(() => {
    send();
    return false;
  });
}
