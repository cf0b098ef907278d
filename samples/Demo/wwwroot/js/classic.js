import { connect, log } from './demo.js';

const $ = window.$;
const socket = await connect('/test');

socket.on('my response', message => log(`Received: ${message.data}`));

$('form#emit').submit(() => {
  socket.emit('my event', { data: $('#emit_data').val() });
  return false;
});
$('form#broadcast').submit(() => {
  socket.emit('my broadcast event', { data: $('#broadcast_data').val() });
  return false;
});
