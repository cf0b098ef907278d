// A process that this program has started, which never outlives it.
import { spawn } from 'node:child_process';
import { platform } from 'node:os';
import { createInterface } from 'node:readline';

const children = new Set();
process.once('exit', () => { for (const child of children) child.kill('SIGKILL'); });

/** For setpriv: on Linux the system ends them even when this program is killed. A program that changes its user has to ask for it once more. */
export const diesWithParent = platform() === 'linux' ? ['--pdeathsig', 'KILL'] : [];

export class Child {
  #child;
  #end;
  #waiting = [];
  lines = [];

  /**
   * Starts a program. `input` goes to its standard input.
   * In a group of its own: Ctrl+C in a terminal ends this program alone, which then ends its children in order.
   */
  constructor(name, command, { env = {}, cwd, input } = {}) {
    this.name = name;
    const [program, ...args] = diesWithParent.length > 0 ? ['setpriv', ...diesWithParent, '--', ...command] : command;
    this.#child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    children.add(this.#child);
    this.#child.stdin.on('error', () => {}).end(input);
    for (const stream of [this.#child.stdout, this.#child.stderr]) createInterface(stream).on('line', line => this.#read(line));
    this.#end = new Promise(resolve => {
      this.#child.once('error', error => resolve(error.message));
      this.#child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
    }).then(how => {
      children.delete(this.#child);
      this.ended = how;
      for (const { reject } of this.#waiting) reject(this.#error());
      return how;
    });
  }

  get pid() { return this.#child.pid; }

  /** How it ended, when it has. */
  get end() { return this.#end; }

  /** The first line of its log that matches. */
  line(pattern) {
    const found = this.lines.map(line => pattern.exec(line)).find(Boolean);
    if (found) return Promise.resolve(found);
    if (this.ended) return Promise.reject(this.#error());
    return new Promise((resolve, reject) => this.#waiting.push({ pattern, resolve, reject }));
  }

  /** Asks it to end, and ends it if it does not. */
  async stop(signal = 'SIGTERM', patience = 8000) {
    if (this.ended) return;
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patience);
    await this.#end;
    clearTimeout(timer);
  }

  #error() { return new Error(`${this.name} has ended (${this.ended}):\n  ${this.lines.slice(-8).join('\n  ')}`); }

  #read(line) {
    this.lines.push(line);
    if (this.lines.length > 200) this.lines.shift();
    this.#waiting = this.#waiting.filter(({ pattern, resolve }) => {
      const found = pattern.exec(line);
      if (found) resolve(found);
      return !found;
    });
  }
}
