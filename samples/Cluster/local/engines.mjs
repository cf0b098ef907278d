// Redis, PostgreSQL and HAProxy on loopback, each in a folder that goes with them.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, diesWithParent } from './child.mjs';

const configuration = fileURLToPath(new URL('../haproxy.cfg', import.meta.url));

/** In memory alone. The password comes by its standard input, where no other user can read it. */
export async function startRedis(port, password) {
  const redis = new Child('redis-server', ['redis-server', '-'], {
    input: `bind 127.0.0.1\nport ${port}\nsave ""\nappendonly no\nrequirepass ${password}\n`,
  });
  await redis.line(/Ready to accept connections/);
  return redis;
}

/** PostgreSQL refuses to run as root; the package has brought a user for it. */
export async function startPostgres(programs, folder, port, password) {
  const asUser = process.getuid() === 0 ? ['setpriv', ...diesWithParent, '--reuid=postgres', '--regid=postgres', '--clear-groups', '--'] : [];
  const [data, secret] = [join(folder, 'postgres'), join(folder, 'password')];
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(secret, password, { mode: 0o600 });
  if (asUser.length > 0) {
    const [uid, gid] = ['-u', '-g'].map(which => Number(execFileSync('id', [which, 'postgres'])));
    for (const path of [data, secret]) chownSync(path, uid, gid);
    chmodSync(folder, 0o711);
  }
  await run('initdb', [...asUser, join(programs, 'initdb'), '--pgdata', data, '--username=chat', '--auth=scram-sha-256', `--pwfile=${secret}`, '--encoding=UTF8', '--locale=C', '--no-sync'], folder);
  const postgres = new Child('postgres', [...asUser, join(programs, 'postgres'), '-D', data, '-p', `${port}`,
    '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], { cwd: folder });
  await postgres.line(/database system is ready to accept connections/);
  return postgres;
}

/** Plain round robin, without sticky sessions. */
export async function startHaproxy({ hostname, port }, nodes) {
  const places = Object.fromEntries(nodes.map(({ port }, i) => [`WEB_${i + 1}`, `127.0.0.1:${port}`]));
  const haproxy = new Child('haproxy', ['haproxy', '-db', '-f', configuration], {
    env: { ...places, BIND: `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port}`, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  // It says nothing when it is ready.
  for (;;) {
    const answer = await fetch(`http://${hostname}:${port}/node`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return haproxy;
    if (haproxy.ended) await haproxy.line(/$^/);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

async function run(name, command, cwd) {
  const child = new Child(name, command, { cwd });
  if (await child.end !== 'code 0') await child.line(/$^/);
}
