import { drawBars, drawLine } from './chart.js';
import { connect, log } from './demo.js';

const shown = 40;
const averages = [];

const socket = await connect('/test_conn');

socket.on('server_response', ({ data }) => {
  window.$('#numbers').text(data.join(' '));
  log(data.join(', '));
  averages.push(data.reduce((sum, value) => sum + value, 0) / data.length);
  if (averages.length > shown) averages.shift();
  drawBars(document.getElementById('bars'), data, 100);
  drawLine(document.getElementById('line'), averages, 100);
});
