// Starts and stops the server under test as a child process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from './waiting.mjs';

const built = name => fileURLToPath(new URL(`../${name}/bin/Release/net10.0/SocketIOServer.Interop.${name}.dll`, import.meta.url));

export class ServerProcess {
  #child;
  #complaints = [];
  #awaited = [];

  /** The server of the matrix. Port 0 lets the system choose; the port it chose is in `url` afterwards. */
  static start(port = 0, ...args) { return ServerProcess.#run(process.env.INTEROP_SERVER ?? built('Server'), args, port); }

  /** One of the small programs. */
  static startProgram(name, ...args) { return ServerProcess.#run(built('Programs'), [name, ...args], 0); }

  static async #run(program, args, port) {
    if (!existsSync(program)) throw new Error(`${program} is not there: dotnet build -c Release tests/Interop/Server tests/Interop/Programs`);
    const server = new ServerProcess();
    // A .mjs runs the same matrix against another server, to tell a fault of a client from one of ours.
    const command = program.endsWith('.mjs') ? process.execPath : 'dotnet';
    await server.#start(command, [program, ...args, '--urls', `http://127.0.0.1:${port}`]);
    return server;
  }

  get port() { return Number(new URL(this.url).port); }

  /** What the server logged at warning or above, for the report of a failure. */
  get complaints() { return this.#complaints; }

  /** The next line of the log that matches; asked for before what makes the server write it. */
  logged(pattern) {
    return within(`log of ${pattern}`, new Promise(resolve => this.#awaited.push({ pattern, resolve })));
  }

  async #start(command, args) {
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const listening = new Promise((resolve, reject) => {
      let isComplaint = false;
      const read = line => {
        const address = /Now listening on: (http:\S+)/.exec(line);
        if (address) resolve(address[1]);
        this.#awaited = this.#awaited.filter(({ pattern, resolve: tell }) => !pattern.test(line) || tell(line));
        // The console logger starts an entry with its level and indents the rest of it.
        // Refusals (ids 8 and 9) are what many cases ask for, so the cases judge them.
        if (/^\S/.test(line)) isComplaint = !/^(info|dbug|trce):|^warn: SocketIOServer\[[89]\]/.test(line);
        if (isComplaint && this.#complaints.length < 200) this.#complaints.push(line);
      };
      createInterface(this.#child.stdout).on('line', read);
      createInterface(this.#child.stderr).on('line', read);
      this.#child.once('error', reject);
      this.#child.once('exit', code => reject(new Error(`the server ended with ${code}: ${this.#complaints.join('\n')}`)));
    });
    this.url = await within('listening server', listening, 30_000);
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    try {
      const [code] = await within('end of the server after SIGTERM', ended, 15_000);
      if (code !== 0) throw new Error(`the server ended with ${code} after SIGTERM`);
    } catch (error) {
      this.#child.kill('SIGKILL');
      throw error;
    }
  }
}
