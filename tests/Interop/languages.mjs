// Runs the clients that are not of Node: C#, Python, Bun, and what boards and phones send as bytes. Reports each case to run.mjs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { end } from './lib/report.mjs';
import { within } from './lib/waiting.mjs';
import { cases as arduino } from './languages/arduino.mjs';
import { cases as swift } from './languages/swift.mjs';

const [url, ...words] = process.argv.slice(2);
const isWanted = name => words.every(word => name.includes(word));
const here = path => fileURLToPath(new URL(path, import.meta.url));

async function runBytes(language, cases) {
  for (const [name, run] of Object.entries(cases)) {
    const result = { name: `${language} ${name}`, outcome: 'passed' };
    if (!isWanted(result.name)) continue;
    try {
      await within('end of the case', run(url), 60_000);
    } catch (error) {
      Object.assign(result, { outcome: 'failed', message: error.message });
    }

    process.send(result);
  }
}

/** A program that writes "ok name" or "not ok name: message" for each of its cases, "done" with their number, and what else it likes. */
async function runProgram(language, command, ...args) {
  // Its own cases are all or none.
  if (!words.every(word => language.includes(word))) return;
  const child = spawn(command, [...args, url], { stdio: ['ignore', 'pipe', 'pipe'] });
  const rest = [];
  let count = 0, told;
  createInterface(child.stdout).on('line', line => {
    const [, failed, name, message] = /^(not )?ok ([^:]+: [^:]+)(?:: (.*))?$/.exec(line) ?? [];
    told ??= /^done (\d+)$/.exec(line)?.[1];
    if (!name) return rest.push(line);
    count++;
    process.send({ name: `${language} ${name}`, outcome: failed ? 'failed' : 'passed', message });
  });
  createInterface(child.stderr).on('line', line => rest.push(line));
  const limit = setTimeout(() => child.kill('SIGKILL'), 120_000);
  const [code] = await once(child, 'close').catch(error => [error.message]);
  clearTimeout(limit);
  if (code === 0 && count > 0 && count === Number(told)) return;
  process.send({ name: language, outcome: 'failed', message: `ended with ${code} after ${count} cases of ${told}: ${rest.slice(-20).join('\n')}` });
}

/** The path that a script of eng/ prints. */
async function need(script) {
  const child = spawn(here(`../../eng/${script}`), { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = [];
  createInterface(child.stdout).on('line', line => lines.push(line));
  const [code] = await once(child, 'close');
  return code === 0 ? resolve(here('../..'), lines.at(-1)) : undefined;
}

async function runWith(language, script, ...args) {
  const program = await need(script);
  if (program) await runProgram(language, program, ...args);
  else process.send({ name: language, outcome: 'failed', message: `eng/${script} found no program` });
}

await Promise.all([
  runBytes('Arduino', arduino),
  runBytes('Swift 15', swift),
  runProgram('C#', 'dotnet', here('CSharp/bin/Release/net10.0/SocketIOServer.Interop.CSharp.dll')),
  runWith('Python', 'need-python', here('languages/client.py')),
  runWith('Bun', 'need-bun', here('languages/bun.mjs')),
]);
end();
