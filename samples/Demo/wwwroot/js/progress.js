import { connect, log } from './demo.js';
import { byId, element } from './dom.js';

const socket = await connect('/testnamespace');

socket.on('response', reply => {
  log(`response ${reply.code}: ${reply.msg}`);
  byId('replies').append(element('li', {}, reply.code === '200' ? reply.msg : `ERROR: ${reply.msg}`));
});

socket.on('progress', ({ step, steps, text, percent }) => {
  byId('bar').value = percent;
  byId('percent').textContent = `${percent} %`;
  byId('task').textContent = `Step ${step} of ${steps}: ${text}`;
  log(`progress ${step}/${steps}: ${text}`);
});

socket.on('disconnect', () => {
  if (byId('run').disabled) byId('task').textContent = 'Cancelled: the server stops the job when its client is gone.';
  byId('run').disabled = false;
});

byId('request').addEventListener('submit', event => {
  event.preventDefault();
  const name = event.submitter.value;   // request_for_response or request_blocking
  byId('replies').replaceChildren();
  socket.emit(name, { param: byId('param').value });
  log(name, 'out');
});

byId('job').addEventListener('submit', event => {
  event.preventDefault();
  byId('run').disabled = true;
  byId('bar').value = 0;
  byId('percent').textContent = '0 %';
  byId('task').textContent = 'Waiting for the first step';
  // The last argument is called with what the handler on the server returns.
  socket.emit('run_job', { steps: Number(byId('steps').value) }, result => {
    byId('run').disabled = false;
    byId('task').textContent = `The server says: ${result.text} (${result.steps} steps)`;
    log(`ack of run_job: ${result.text}, ${result.steps} steps`);
  });
  log('run_job', 'out');
});
