// The index: each program with the C# that runs it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folders } from '../lib/servers.mjs';
import { test } from '../lib/suite.mjs';

export function addIndex({ demo }) {
  test('index page: beside each program stands the source file that was built', async room => {
    const window = await room.visitor();
    await window.goto(demo.url);
    const programs = window.locator('.program');
    await window.waitForFunction(() => [...document.querySelectorAll('.source pre')].every(shown => shown.textContent.endsWith('}')));

    assert.equal(await programs.count(), 5);
    for (const program of await programs.all()) {
      const file = await program.getAttribute('data-source');
      const source = await readFile(join(folders.demo, file), 'utf8');
      const shown = await program.locator('pre').textContent();
      assert.ok(source.endsWith(`\n${shown}\n`), `${file} is shown to its end`);
      assert.match(shown, /^internal [\w ]*class /);
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
}
