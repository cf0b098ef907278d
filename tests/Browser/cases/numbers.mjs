// Seed 000: ten numbers every five seconds, as text and as a chart.
import assert from 'node:assert/strict';
import { DemoPage } from '../lib/demo-page.mjs';
import { test } from '../lib/suite.mjs';

const draws = async page => (await page.log()).filter(line => /^\d+(, \d+){9}$/.test(line));

// What must not wait for the next draw is waited for by less than the time between two.
const atOnce = { timeout: 4_000 };

export function addNumbers({ demo }) {
  test('numbers page: the first draw at once, the next ones to all alike', async room => {
    const ada = await DemoPage.open(await room.visitor(), demo, 'numbers');
    await ada.find('#bars .bar').first().waitFor(atOnce);
    const bob = await DemoPage.open(await room.visitor(), demo, 'numbers');
    await bob.find('#bars .bar').first().waitFor(atOnce);

    const [first] = await draws(bob);
    await ada.sees(first);   // not a draw of bob's own: the same for all, and ada had it before or with him
    const late = await bob.playwright.waitForFunction(known => {
      const lines = [...document.querySelectorAll('#log .in .text')].map(node => node.textContent);
      return lines.at(-1) !== known && lines.at(-1);
    }, first);
    const next = await late.jsonValue();
    await ada.sees(next);

    for (const draw of await draws(ada)) for (const number of draw.split(', ').map(Number)) {
      assert.ok(Number.isInteger(number) && number >= 1 && number <= 100, `a number from 1 to 100: ${number}`);
    }
  });

  test('numbers page: the line moves to the left by one draw, and says what it shows', async room => {
    const { playwright } = await DemoPage.open(await room.visitor({ reducedMotion: 'reduce' }), demo, 'numbers');
    // In one look: what is drawn, and where on the screen each point stands.
    const look = drawn => playwright.waitForFunction(known => {
      const line = document.querySelector('#line .line');
      if (!line || line.points.numberOfItems <= known) return null;
      const toScreen = line.getScreenCTM();
      return {
        at: [...line.points].map(point => new DOMPoint(point.x, point.y).matrixTransform(toScreen)).map(({ x, y }) => [x, y].map(Math.round)),
        label: document.querySelector('#line .label').textContent,
        spoken: document.getElementById('line').getAttribute('aria-label'),
        numbers: document.getElementById('numbers').textContent.split(' ').map(Number),
      };
    }, drawn).then(handle => handle.jsonValue());
    const before = await look(0);
    const after = await look(before.at.length);

    const [x, y] = before.at.at(-1);
    const [movedTo, height] = after.at[before.at.length - 1];
    assert.equal(after.at.at(-1)[0], x, 'the newest stands where the newest stood');
    assert.ok(movedTo < x - 10, `the older one has moved to the left: from ${x} to ${movedTo}`);
    assert.equal(height, y, 'and keeps its height');
    const average = (after.numbers.reduce((sum, number) => sum + number) / 10).toFixed(1);
    assert.equal(after.label, average);
    assert.ok(after.spoken.startsWith(before.spoken) && after.spoken.endsWith(`, ${average}`), after.spoken);
  });

  test('numbers page: the text and the chart show the draw', async room => {
    const page = await DemoPage.open(await room.visitor(), demo, 'numbers');
    await page.find('#bars .bar').first().waitFor(atOnce);
    // In one look, or a new draw might come in between.
    const seen = await page.playwright.evaluate(() => ({
      text: document.getElementById('numbers').textContent.split(' '),
      labels: [...document.querySelectorAll('#bars .label')].map(node => node.textContent),
      heights: [...document.querySelectorAll('#bars .bar')].map(node => Number(node.getAttribute('height'))),
      averages: document.querySelector('#line .line').getAttribute('points').split(' ').length,
    }));

    assert.equal(seen.text.length, 10);
    assert.deepEqual(seen.labels, seen.text);
    const scale = seen.heights[0] / Number(seen.text[0]);
    seen.heights.forEach((height, i) => assert.ok(Math.abs(height - scale * Number(seen.text[i])) < 0.01, `bar ${i} is as tall as its number`));
    assert.ok(seen.averages >= 1);
  });
}
