// The index: each program with the C# that runs it.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { englishTexts } from '../lib/look.mjs';
import { folders } from '../lib/servers.mjs';
import { test } from '../lib/suite.mjs';

/** The one file of that name in the samples that the demo serves. */
async function find(file) {
  const files = await Promise.all([folders.demo, folders.chat].map(folder => readdir(folder, { recursive: true }).then(names => names.map(name => join(folder, name)))));
  const [found, ...others] = files.flat().filter(path => basename(path) === file);
  assert.equal(others.length, 0, `${file} is one file`);
  return found;
}

export function addIndex({ demo }) {
  test('index page: beside each program stands the source file that was built', async room => {
    const window = await room.visitor();
    await window.goto(demo.url);
    const programs = window.locator('.program');
    await window.waitForFunction(() => [...document.querySelectorAll('.source pre')].every(shown => shown.textContent.endsWith('}')));

    assert.equal(await programs.count(), 6);
    for (const program of await programs.all()) {
      const file = await program.getAttribute('data-source');
      const source = await readFile(await find(file), 'utf8');
      const shown = await program.locator('pre').textContent();
      assert.ok(source.endsWith(`\n${shown}\n`), `${file} is shown to its end`);
      assert.match(shown, /^(\[.*\]\n)?internal [\w ]*class /);
      assert.equal(await program.locator('summary code').textContent(), file);
      assert.ok(await program.locator('pre .keyword, pre .text').count() > 5, 'it has colours');
    }
  });

  test('index page: no other file of the program can be read', async room => {
    const window = await room.visitor();
    for (const file of ['Program.cs', 'appsettings.json', '..%2FProgram.cs', 'Demo.RandomFeed.cs']) {
      assert.equal((await window.request.get(`${demo.url}/source/${file}`)).status(), 404, file);
    }
  });

  test('every page names a strict policy and has no script of its own', async room => {
    const window = await room.visitor();
    for (const name of ['index', 'numbers', 'progress', 'echo', 'rooms', 'classic']) {
      const response = await window.request.get(`${demo.url}/${name}.html`);
      assert.match(response.headers()['content-security-policy'], /^default-src 'self';/, name);
      assert.doesNotMatch(response.headers()['content-security-policy'], /unsafe/, name);
      assert.doesNotMatch(await response.text(), /<script(?![^>]* src=)|<style|\s(on\w+|style)=/, name);
    }
  });

  test('an address that leads nowhere lists the pages', async room => {
    const window = await room.visitor();
    const response = await window.goto(`${demo.url}/no/such/page.html?lang=zh`);
    assert.equal(response.status(), 404);
    assert.match(response.headers()['content-security-policy'], /^default-src 'self';/);
    await window.getByRole('heading', { name: '找不到页面' }).waitFor();
    assert.deepEqual(await window.evaluate(englishTexts), []);

    await window.getByRole('link').nth(1).click();
    await window.locator('body[data-state=connected]').waitFor();
    assert.equal((await window.request.post(`${demo.url}/no/such/page`)).status(), 404);
  });
}
