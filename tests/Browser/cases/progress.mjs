// Seed 001: messages while a handler works. Asserted by the order of events, not by the clock: the first message of a
// second page comes between the two messages of the first, so nothing was held back until a handler's end.
import assert from 'node:assert/strict';
import { DemoPage } from '../lib/demo-page.mjs';
import { within } from '../../Interop/lib/waiting.mjs';
import { test } from '../lib/suite.mjs';

const started = 'response 200: start to process...';
const processed = 'response 200: processed';
const buttons = { 'a waiting handler': 'Start', 'a blocking handler': 'Start, blocking its thread' };

export function addProgress({ demo }) {
  for (const transport of ['polling', 'websocket', 'upgrade']) for (const [kind, button] of Object.entries(buttons)) {
    test(`progress page: first message at once, ${kind}, ${transport}`, async room => {
      const [ada, bob] = await Promise.all([1, 2].map(async () => DemoPage.open(await room.visitor(), demo, 'progress', { transport })));
      await ada.click(button);
      await ada.sees(started);
      await bob.click(button);
      await bob.sees(started);
      assert.ok(!(await ada.log()).includes(processed), 'the first page still waits when the second has its first message');

      await ada.sees(processed);
      await bob.sees(processed);
      assert.deepEqual(await ada.texts('#replies li'), ['start to process...', 'processed']);
    });
  }

  test('progress page: a job with steps, and its ack', async room => {
    const page = await DemoPage.open(await room.visitor(), demo, 'progress');
    await page.type('#steps', '5');
    await page.click('Run the job');

    await page.sees('ack of run_job: done, 5 steps');
    const steps = (await page.log()).filter(line => /^progress|^ack/.test(line)).map(line => line.split(':')[0]);
    assert.deepEqual(steps, ['progress 1/5', 'progress 2/5', 'progress 3/5', 'progress 4/5', 'progress 5/5', 'ack of run_job']);
    assert.equal(await page.find('#bar').evaluate(bar => bar.value), 100);
    await page.shows('#task', 'The server says: done (5 steps)');
    assert.ok(await page.find('#run').isEnabled());
  });

  test('progress page: a job is cancelled, the other page\'s goes on, and it can be started again', async room => {
    const before = demo.lines.length;
    const [ada, bob] = await Promise.all([1, 2].map(async () => DemoPage.open(await room.visitor(), demo, 'progress')));
    await ada.type('#steps', '100');
    await bob.type('#steps', '3');
    await ada.click('Run the job');
    await ada.sees('progress 1/100: reading the files');
    await bob.click('Run the job');
    await bob.sees('progress 1/3: reading the files');
    await ada.click('Cancel');

    await within('end of the job on the server', demo.line(/Job cancelled after \d+ of 100 steps/, before));
    await ada.find('#run:enabled').waitFor();
    const done = (await ada.log()).filter(line => line.startsWith('progress')).length;
    await ada.sees(`ack of run_job: cancelled, ${done} steps`);
    await ada.shows('#task', `The server says: cancelled (${done} steps are done)`);
    await bob.sees('ack of run_job: done, 3 steps');

    await ada.type('#steps', '1');
    await ada.click('Run the job');
    await ada.sees('ack of run_job: done, 1 steps');
    assert.ok(await ada.find('#cancel').isDisabled());
  });

  test('progress page: by keyboard, the focus goes to the button that can be pressed', async room => {
    const page = await DemoPage.open(await room.visitor(), demo, 'progress');
    await page.type('#steps', '100');
    await page.find('#run').focus();
    await page.playwright.keyboard.press('Enter');
    await page.find('#cancel:focus').waitFor();
    await page.playwright.keyboard.press('Enter');

    await page.find('#run:focus').waitFor();
  });

  test('progress page: the job ends with its client', async room => {
    const before = demo.lines.length;
    const page = await DemoPage.open(await room.visitor(), demo, 'progress');
    await page.type('#steps', '100');
    await page.click('Run the job');
    await page.sees('progress 1/100: reading the files');
    await page.click('Disconnect');

    await page.status('state', 'disconnected');
    await within('end of the job on the server', demo.line(/Job cancelled/, before));
    await page.click('Connect');
    await page.status('state', 'connected');
    await page.type('#steps', '1');
    await page.click('Run the job');
    await page.sees('ack of run_job: done, 1 steps');
  });
}
