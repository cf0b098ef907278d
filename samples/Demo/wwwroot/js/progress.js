import { connect, log } from './demo.js';
import { byId, element } from './dom.js';
import { t } from './language.js';

const socket = await connect('/testnamespace');

socket.on('response', reply => {
  log(`response ${reply.code}: ${reply.msg}`);
  byId('replies').append(element('li', {}, reply.code === '200' ? reply.msg : `ERROR: ${reply.msg}`));
});

byId('request').addEventListener('submit', event => {
  event.preventDefault();
  const name = event.submitter.value;   // request_for_response or request_blocking
  byId('replies').replaceChildren();
  socket.emit(name, { param: byId('param').value });
  log(name, 'out');
});

socket.on('progress', ({ step, steps, text, percent }) => {
  showProgress(percent);
  byId('task').textContent = t('Step {0} of {1}: {2}', step, steps, text);
  log(`progress ${step}/${steps}: ${text}`);
});

const results = { done: 'The server says: done ({0} steps)', cancelled: 'The server says: cancelled ({0} steps are done)' };

byId('job').addEventListener('submit', event => {
  event.preventDefault();
  setRunning(true);
  showProgress(0);
  byId('task').textContent = t('Waiting for the first step');
  // The last argument is called with what the handler on the server returns.
  socket.emit('run_job', { steps: Number(byId('steps').value) }, result => {
    setRunning(false);
    byId('task').textContent = t(results[result.text], result.steps);
    log(`ack of run_job: ${result.text}, ${result.steps} steps`);
  });
  log('run_job', 'out');
});

byId('cancel').addEventListener('click', () => {
  socket.emit('cancel_job');
  log('cancel_job', 'out');
});

socket.on('disconnect', () => {
  if (!byId('run').disabled) return;
  setRunning(false);
  byId('task').textContent = t('Cancelled: the server stops the job when its client is gone.');
});

function showProgress(percent) {
  byId('bar').value = percent;
  byId('percent').textContent = `${percent} %`;
}

// The focus goes from the button that can no longer be pressed to the one that can.
function setRunning(isRunning) {
  const [now, before] = isRunning ? [byId('cancel'), byId('run')] : [byId('run'), byId('cancel')];
  const hadFocus = document.activeElement === before;
  now.disabled = false;
  before.disabled = true;
  if (hadFocus) now.focus();
}
