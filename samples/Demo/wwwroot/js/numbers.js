import { drawBars, Line } from './chart.js';
import { connect, log } from './demo.js';
import { byId } from './dom.js';

const line = new Line(byId('line'));
const socket = await connect('/test_conn');

socket.on('server_response', ({ data }) => {
  window.$('#numbers').text(data.join(' '));
  log(data.join(', '));
  drawBars(byId('bars'), data);
  line.add(data.reduce((sum, value) => sum + value, 0) / data.length);
});
