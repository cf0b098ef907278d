// Somebody who does what a page says, in an empty folder, with the packages of eng/pack and nothing else of this repository.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '../Interop/lib/free-port.mjs';
import { within } from '../Interop/lib/waiting.mjs';
import { folder } from './steps.mjs';

const run = promisify(execFile);
const address = 'http://localhost:5000';
const patience = 300_000;   // a first build, on a machine that has more to do

// The machine's own templates, sources and packages stay as they are: dotnet has a home of its own.
const scratch = mkdtempSync(join(tmpdir(), 'walkthrough-'));
const home = join(scratch, 'home');
mkdirSync(join(home, '.nuget/NuGet'), { recursive: true });
const config = join(homedir(), '.nuget/NuGet/NuGet.Config');
if (existsSync(config)) cpSync(config, join(home, '.nuget/NuGet/NuGet.Config'));
const environment = {
  ...process.env, HOME: home, DOTNET_CLI_HOME: home, NUGET_PACKAGES: folder('artifacts/restored'), DOTNET_NOLOGO: '1', DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  MSBUILDDISABLENODEREUSE: '1',
};

const groups = new Set();
process.once('exit', () => {
  for (const group of groups) endGroup(group);
  rmSync(scratch, { recursive: true, force: true });
});

function endGroup(group, signal = 'SIGKILL') {
  try { process.kill(-group, signal); } catch { /* it has ended */ }
}

export class Reader {
  #folder;
  #port;
  #program;
  output = '';
  lines = [];   // what the program that runs has written

  constructor(name) {
    this.#folder = join(scratch, name);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Where the program that runs is. The pages say http://localhost:5000; the test takes a free port instead. */
  get url() { return `http://localhost:${this.#port}`; }

  async do(step) {
    try {
      if (step.name !== 'shell') return this.write(step.name, step.text);
      for (const line of step.text.trim().split('\n')) await this.run(line);
    } catch (error) {
      throw new Error(`${step.page}: ${error.message}`);
    }
  }

  write(name, text) {
    const file = resolve(this.#folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(name) { return readFileSync(resolve(this.#folder, name), 'utf8'); }

  enter(path) { this.#folder = resolve(this.#folder, path); }

  async run(line) {
    const [, path] = /^cd (\S+)$/.exec(line) ?? [];
    if (path) return this.enter(path);
    if (/^(dotnet run\b|dotnet \S+\.dll |\.\/demo\b)/.test(line)) return this.#start(line);
    const options = { cwd: this.#folder, env: line.startsWith('npm ') ? process.env : environment, timeout: patience, maxBuffer: 1 << 24 };
    try {
      const { stdout, stderr } = await run('bash', ['-euc', line], options);
      this.output = stdout + stderr;
    } catch (error) {
      throw new Error(`"${line}" ended with ${error.code}: ${`${error.stdout}${error.stderr}`.slice(-1500)}`);
    }
  }

  /** As Ctrl+C does. */
  async stop() {
    if (!this.#program) return;
    const { child, ended } = this.#program;
    this.#program = undefined;
    endGroup(child.pid, 'SIGINT');
    await within('end of the program after Ctrl+C', ended, 30_000).finally(() => endGroup(child.pid));
    groups.delete(child.pid);
  }

  async #start(line) {
    await this.stop();
    this.#port = await freePort();
    const command = line.includes(address) ? line.replaceAll(address, this.url) : `${line} --urls ${this.url}`;
    const child = spawn('bash', ['-c', `exec ${command}`], { cwd: this.#folder, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    groups.add(child.pid);
    const lines = this.lines = [];
    const ended = once(child, 'exit');
    this.#program = { child, ended };
    const listening = new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', line => {
        lines.push(line);
        if (line.includes('Now listening on')) resolve();
      });
      ended.then(([code]) => reject(new Error(`"${command}" ended with ${code}: ${lines.join('\n').slice(-1500)}`)));
    });
    await within(`start of "${command}"`, listening, patience);
  }
}
