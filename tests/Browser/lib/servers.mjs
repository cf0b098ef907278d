// The C# programs under test, and plain file servers that give the test page other origins.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from '../../Interop/lib/waiting.mjs';

const path = relative => fileURLToPath(new URL(`../../../${relative}`, import.meta.url));

export const folders = {
  demo: path('samples/Demo'),
  chat: path('samples/Chat'),
  bundles: path('samples/Demo/wwwroot/lib'),
  pages: path('tests/Browser/pages'),
  shots: path('artifacts/screenshots'),
};

export const bringBundles = () => execFileSync(path('eng/bundles'), [folders.bundles], { stdio: ['ignore', 'ignore', 'inherit'] });

export const startDemo = () => Program.start(
  process.env.DEMO_DLL ?? path('samples/Demo/bin/Release/net10.0/Demo.dll'), chatSettings(), folders.demo);

/** The chat alone, on a folder that may be another run's, at an address that may be another run's. */
export const startChat = (folder, ...args) => Program.start(
  path('samples/Chat/bin/Release/net10.0/Chat.dll'), [...chatSettings(folder), `--Chat:ClientFiles=${join(folders.bundles, 'socket.io-4')}`, ...args], folders.chat);

// All tests come from one address and are quicker than people. A test that leaves a room by closing its page does not wait for the end of the grace time.
const chatSettings = (folder = newFolder()) => [`--Chat:Folder=${folder}`, '--Chat:Grace=00:01:00',
  '--Chat:RegistrationsPerMinute=100000', '--Chat:AttemptsPerMinute=100000', '--Chat:Burst=100000', '--Chat:EventsPerSecond=100000'];

// Whatever ends this run, nothing stays behind.
const children = new Set();
const scratch = [];
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of scratch) rmSync(folder, { recursive: true, force: true });
});

export function endWithThisRun(child) {
  children.add(child);
  return child.once('exit', () => children.delete(child));
}

export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'browser-test-'));
  scratch.push(folder);
  return folder;
}

export const startMatrix = allowedOrigin => Program.start(
  process.env.MATRIX_DLL ?? path('tests/Browser/Server/bin/Release/net10.0/SocketIOServer.Browser.Server.dll'),
  ['--allowed-origin', allowedOrigin, '--webroot', folders.pages, '--bundles', folders.bundles,
    '--Logging:LogLevel:Microsoft.AspNetCore', 'Warning'], folders.pages);

export class Program {
  #child;
  #waiting = [];
  lines = [];

  /** Port 0: the system chooses, and the program's log tells. The content root is the working folder. */
  static async start(program, args, cwd) {
    if (!existsSync(program)) throw new Error(`${program} is not there: build it in Release first`);
    const started = new Program();
    // A .mjs stands in for a server, to tell a fault of a test from one of ours.
    const command = program.endsWith('.mjs') ? process.execPath : 'dotnet';
    started.#child = endWithThisRun(spawn(command, [program, '--urls', 'http://127.0.0.1:0', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] }));
    for (const stream of [started.#child.stdout, started.#child.stderr]) createInterface(stream).on('line', line => started.#read(line));
    const ended = once(started.#child, 'exit').then(([code]) => { throw new Error(`${program} ended with ${code}: ${started.lines.join('\n')}`); });
    ended.catch(() => {});   // heard by the race below; later, the end is what stop() asks for
    const [, url] = await within(`start of ${program}`, Promise.race([started.line(/Now listening on: (\S+)/), ended]));
    started.url = url;
    return started;
  }

  /** The first line of the program's log that matches, from now on or from `since`. */
  line(pattern, since = 0) {
    for (const line of this.lines.slice(since)) {
      const found = pattern.exec(line);
      if (found) return Promise.resolve(found);
    }
    return new Promise(resolve => this.#waiting.push({ pattern, resolve }));
  }

  /** What was logged as an error: nothing a client does may lead to one. */
  get errors() { return this.lines.filter((line, i) => /^(fail|crit):/.test(this.lines[i - 1] ?? '')); }

  /** As a power cut would end it. */
  async kill() {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(`it had ended before, with ${this.#child.exitCode}`);
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    try {
      await within('end after SIGTERM', ended, 15_000);
    } catch (error) {
      this.#child.kill('SIGKILL');
      throw error;
    }
  }

  #read(line) {
    this.lines.push(line);
    this.#waiting = this.#waiting.filter(({ pattern, resolve }) => {
      const found = pattern.exec(line);
      if (found) resolve(found);
      return !found;
    });
  }
}

/** A way to a server that can be cut, and mended at the same address. */
export async function startWire(server) {
  const { hostname, port } = new URL(server.url);
  const ends = new Set();
  let isCut = false;
  const wire = createTcpServer(near => {
    if (isCut) return near.destroy();
    const far = connect(port, hostname);
    for (const [end, other] of [[near, far], [far, near]]) {
      ends.add(end);
      end.on('error', () => {}).on('close', () => { ends.delete(end); other.destroy(); });
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(wire, 'listening');
  const cut = () => { isCut = true; for (const end of ends) end.destroy(); };
  return {
    url: `http://127.0.0.1:${wire.address().port}`,
    cut,
    mend: () => { isCut = false; },
    stop: () => { cut(); wire.close(); },
  };
}

/** The test page and the bundles under another origin. */
export async function startFiles() {
  const server = createServer(async (request, response) => {
    const name = normalize(new URL(request.url, 'http://x').pathname);
    const file = name.startsWith('/lib/') ? join(folders.bundles, name.slice(5)) : join(folders.pages, name);
    try {
      const body = await readFile(file);
      response.setHeader('Content-Type', extname(file) === '.js' ? 'text/javascript' : 'text/html; charset=utf-8').end(body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => { server.closeAllConnections(); server.close(); },
  };
}
