// Starts and stops the server under test as a child process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from './waiting.mjs';

const built = fileURLToPath(new URL('../Server/bin/Release/net10.0/SocketIOServer.Interop.Server.dll', import.meta.url));

export class ServerProcess {
  #child;
  #complaints = [];

  /** Port 0 lets the system choose; the port it chose is in `url` afterwards. */
  static async start(port = 0) {
    const program = process.env.INTEROP_SERVER ?? built;
    if (!existsSync(program)) throw new Error(`${program} is not there: dotnet build -c Release tests/Interop/Server`);
    const server = new ServerProcess();
    // A .mjs runs the same matrix against another server, to tell a fault of a client from one of ours.
    const command = program.endsWith('.mjs') ? process.execPath : 'dotnet';
    await server.#start(command, [program, '--urls', `http://127.0.0.1:${port}`]);
    return server;
  }

  get port() { return Number(new URL(this.url).port); }

  /** What the server logged at warning or above, for the report of a failure. */
  get complaints() { return this.#complaints; }

  async #start(command, args) {
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const listening = new Promise((resolve, reject) => {
      let isComplaint = false;
      const read = line => {
        const address = /Now listening on: (http:\S+)/.exec(line);
        if (address) resolve(address[1]);
        // The console logger starts an entry with its level and indents the rest of it.
        if (/^\S/.test(line)) isComplaint = !/^(info|dbug|trce):/.test(line);
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
