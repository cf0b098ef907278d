// A proxy on a free port, in front of servers on this machine, with the configuration of docs/proxies.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../Interop/lib/free-port.mjs';
import { within } from '../Interop/lib/waiting.mjs';

const page = readFileSync(new URL('../../docs/proxies.md', import.meta.url), 'utf8');

/** The first code block below a heading that is written in that language; or the one after so many others. */
function blockOf(heading, language = '\\w*', index = 0) {
  const section = new RegExp(`^## ${heading}\\n(?:(?!^## )[^])*`, 'm').exec(page)?.[0] ?? '';
  const block = [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))][index];
  if (!block) throw new Error(`docs/proxies.md has no block below "${heading}"`);
  return block[1];
}

// The page leaves out what every nginx.conf has; the test has no certificate, and a port of its own.
function nginxConf(site, port, folder) {
  const own = replace(site, 'listen 443 ssl;', `listen 127.0.0.1:${port};`).replace(/^ *ssl_.*$/gm, '');
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(of => `${of}_temp_path ${folder}/${of};`).join('\n');
  return `pid ${folder}/pid;\nerror_log stderr error;\nevents {}\nhttp {\naccess_log off;\n${temp}\n${own}\n}\n`;
}

const nginx = (file, folder) => ['nginx', ['-p', folder, '-c', file, '-e', 'stderr', '-g', 'daemon off;']];

// The same for HAProxy, in front of as many servers as there are.
function haproxyInTurns(port, ports, more = '') {
  let site = replace(blockOf('Several servers', 'haproxy'), /^ *bind :443 .*$/m.exec(blockOf('Several servers', 'haproxy'))[0], `    bind 127.0.0.1:${port}`);
  site = replace(site, '    server one 127.0.0.1:5000\n', `${more}    server one 127.0.0.1:${ports[0]}\n`);
  return replace(site, '    server two 127.0.0.1:5001\n', ports.slice(1).map((other, i) => `    server ${['two', 'three'][i]} 127.0.0.1:${other}\n`).join(''));
}

/** The same for a deploy: three servers, and the lines of docs/going-live.md. */
export function rollingConf(port, ports) {
  const lines = /```haproxy\n([^]*?)```/.exec(readFileSync(new URL('../../docs/going-live.md', import.meta.url), 'utf8'))[1];
  return haproxyInTurns(port, ports, lines);
}

const haproxy = file => ['haproxy', ['-db', '-q', '-f', file]];

function replace(text, from, to) {
  if (!text.includes(from)) throw new Error(`docs/proxies.md no longer says "${from}"`);
  return text.replace(from, to);
}

function viteWith(option) {
  return {
    configure: (port, [target]) => replace(blockOf('Vite, and other development servers'), "{ target: 'http://localhost:5000',", `{${option} target: 'http://127.0.0.1:${target}',`),
    command: (file, folder, port) => [process.execPath,
      [fileURLToPath(new URL('vite/node_modules/vite/bin/vite.js', import.meta.url)), folder, '--config', file, '--host', '127.0.0.1', '--port', `${port}`, '--strictPort']],
    file: 'vite.config.mjs',
  };
}

const kinds = {
  nginx: {
    configure: (port, [one, two], folder) =>
      nginxConf(replace(blockOf('nginx'), 'server 127.0.0.1:5000;', [...new Set([one, two])].map(p => `server 127.0.0.1:${p};`).join(' ')), port, folder),
    command: nginx,
  },
  haproxy: {
    // The test has no certificate, and a port of its own.
    configure: (port, [one, two]) => {
      let site = replace(blockOf('HAProxy'), 'server one 127.0.0.1:5000', `server one 127.0.0.1:${one}`);
      site = replace(site, 'server two 127.0.0.1:5001', `server two 127.0.0.1:${two}`);
      return replace(site, /^ *bind :443 .*$/m.exec(site)?.[0] ?? 'bind :443', `    bind 127.0.0.1:${port}`);
    },
    command: haproxy,
  },
  apache: {
    configure: (port, [one, two], folder) => {
      let site = replace(blockOf('Apache'), '<VirtualHost *:443>', `<VirtualHost 127.0.0.1:${port}>`);
      site = replace(site, '127.0.0.1:5000', `127.0.0.1:${one}`);
      site = one === two ? site.replace(/^.*127\.0\.0\.1:5001.*$/m, '') : replace(site, '127.0.0.1:5001', `127.0.0.1:${two}`);
      site = site.replace(/^ *SSL.*$/gm, '');
      const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'proxy_balancer', 'lbmethod_byrequests', 'slotmem_shm', 'headers']
        .map(name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n');
      // The page says that one client takes one worker.
      return `${modules}\nServerName localhost\nServerRoot ${folder}\nDefaultRuntimeDir ${folder}\nPidFile ${folder}/pid\nUser nobody\nGroup nogroup\n`
        + `ErrorLog ${folder}/errors\nLogLevel crit\nMaxRequestWorkers 200\nServerLimit 8\nListen 127.0.0.1:${port}\n${site}`;
    },
    command: file => ['apache2', ['-D', 'FOREGROUND', '-f', file]],
  },
  caddy: {
    configure: (port, [one, two]) => {
      let site = replace(blockOf('Caddy'), 'chat.example', `http://127.0.0.1:${port}`);
      site = replace(site, '127.0.0.1:5000 127.0.0.1:5001', [...new Set([one, two])].map(p => `127.0.0.1:${p}`).join(' '));
      return `{\n  admin off\n  auto_https off\n  log {\n    level ERROR\n  }\n}\n${site}`;
    },
    command: (file, folder) => ['caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }],
  },
  vite: viteWith(''),
  'vite with changeOrigin': viteWith(' changeOrigin: true,'),
  yarp: {
    configure: (port, [one, two]) => {
      const settings = JSON.parse(blockOf('YARP', 'json'));
      const destinations = settings.ReverseProxy.Clusters.chat.Destinations;
      destinations.one.Address = `http://127.0.0.1:${one}`;
      if (one === two) delete destinations.two; else destinations.two.Address = `http://127.0.0.1:${two}`;
      return JSON.stringify({ ...settings, Urls: `http://127.0.0.1:${port}`, Logging: { LogLevel: { Default: 'Error' } } });
    },
    command: file => ['dotnet', [fileURLToPath(new URL('Yarp/bin/Release/net10.0/SocketIOServer.Proxies.Yarp.dll', import.meta.url)), file]],
  },
};

// Those of several servers that forward requests, or whose ids the proxy reads.
const ofSessions = {
  'haproxy in turns': { configure: (port, ports) => haproxyInTurns(port, ports), command: haproxy },
  'haproxy by session': { configure: (port, ports) => haproxyInTurns(port, ports, blockOf('Several servers', 'haproxy', 1)), command: haproxy },
  'nginx by session': {
    configure: (port, [one, two], folder) =>
      nginxConf(blockOf('Several servers', 'nginx').replaceAll('127.0.0.1:5000', `127.0.0.1:${one}`).replaceAll('127.0.0.1:5001', `127.0.0.1:${two}`), port, folder),
    command: nginx,
  },
};

function answers(port) {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

const kindOf = name => kinds[name] ?? ofSessions[name];

/** Those in front of several servers. */
export const proxies = Object.keys(kinds).filter(kind => !kind.startsWith('vite'));

/** Those in front of a program that is being developed. */
export const developmentServers = Object.keys(kinds).filter(kind => kind.startsWith('vite'));

// A proxy would outlive a run that ends before its time, and hold on to the run's output.
const children = new Set();
process.once('exit', () => { for (const child of children) child.kill('SIGKILL'); });

export class Proxy {
  #child;
  #folder;

  static async start(kind, ports) {
    const proxy = new Proxy();
    const port = await freePort();
    proxy.url = `http://127.0.0.1:${port}`;
    proxy.#folder = mkdtempSync(join(tmpdir(), `${kind.split(' ')[0]}-`));
    // nginx keeps large bodies there, and its workers are not root.
    chmodSync(proxy.#folder, 0o755);
    const file = join(proxy.#folder, kindOf(kind).file ?? 'site.conf');
    writeFileSync(file, kindOf(kind).configure(port, ports, proxy.#folder));
    const [program, args, environment] = kindOf(kind).command(file, proxy.#folder, port);
    proxy.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, ...environment } });
    children.add(proxy.#child);
    let said = '';
    for (const output of [proxy.#child.stdout, proxy.#child.stderr]) output.on('data', data => { said = (said + data).slice(-5000); });
    let ended = false;
    proxy.#child.once('error', () => { ended = true; });
    proxy.#child.once('exit', () => { ended = true; });
    await within(`listening ${kind}`, (async () => {
      while (!ended && !await answers(port)) await new Promise(resolve => setTimeout(resolve, 20));
      if (ended) throw new Error(`${kind} did not start: ${said}`);
    })(), 20_000);
    return proxy;
  }

  async stop() {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await within('end of the proxy', ended);
    children.delete(this.#child);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
