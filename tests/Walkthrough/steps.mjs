// What a page tells its reader to do: files to write and commands to run, in the order of the page.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

export const folder = path => fileURLToPath(new URL(path, root));

/**
 * The blocks of a page behind a comment `<!-- walkthrough: NAME -->`. The name is "shell", or that of the file to write. Each knows the heading above it.
 */
export function stepsOf(page) {
  const lines = readFileSync(new URL(page, root), 'utf8').split('\n');
  const steps = [];
  let heading = '';
  for (let i = 0; i < lines.length; i++) {
    const title = /^#+ (.*)$/.exec(lines[i]);
    if (title) heading = title[1];
    const name = /^<!-- walkthrough: (.+) -->$/.exec(lines[i])?.[1];
    if (!name) {
      if (lines[i].startsWith('```')) i = endOfBlock(page, lines, i);
      continue;
    }
    let first = i + 1;
    while (lines[first].startsWith('<!--')) first++;
    if (!lines[first].startsWith('```')) throw new Error(`${page}:${first + 1}: no block behind "${lines[i]}"`);
    const last = endOfBlock(page, lines, first);
    steps.push({ page: `${page}:${first + 1}`, heading, name, text: `${lines.slice(first + 1, last).join('\n')}\n` });
    i = last;
  }
  if (steps.length === 0) throw new Error(`${page} has no steps`);
  return steps;
}

/** The command of a page that its reader runs again and again. */
export function commandOf(page, start) {
  const command = readFileSync(new URL(page, root), 'utf8').split('\n').find(line => line.startsWith(`    ${start}`));
  if (!command) throw new Error(`${page} has no command "${start}"`);
  return command.trim();
}

function endOfBlock(page, lines, first) {
  const last = lines.indexOf('```', first + 1);
  if (last < 0) throw new Error(`${page}:${first + 1}: the block does not end`);
  return last;
}
