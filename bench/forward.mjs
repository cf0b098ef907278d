// What a forwarded request costs: node bench/forward.mjs [sessions] [requests]
// Two servers of tests/Interop share a Redis. Clients with polling send 200 bytes and poll the ack, first at the server of their session and then at the other
// one. The CPU time of both processes is read from /proc. Needs redis-server and a build of tests/Interop/Server.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from '../tests/Interop/lib/free-port.mjs';

const [sessions = 16, requests = 20_000] = process.argv.slice(2).map(Number);
const rounds = 3;
const program = fileURLToPath(new URL('../tests/Interop/Server/bin/Release/net10.0/SocketIOServer.Interop.Server.dll', import.meta.url));
const tick = 1e6 / Number(execFileSync('getconf', ['CLK_TCK']));
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const text = 'x'.repeat(170);
const children = [];

process.once('exit', () => children.forEach(child => child.kill('SIGKILL')));

function start(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  children.push(child);
  return child;
}

const send = (url, body) => new Promise((resolve, reject) => {
  const message = request(url, { agent, method: body ? 'POST' : 'GET', headers: body ? { 'Content-Type': 'text/plain;charset=UTF-8', 'Content-Length': Buffer.byteLength(body) } : {} }, async answer => {
    let received = '';
    for await (const part of answer.setEncoding('utf8')) received += part;
    if (answer.statusCode !== 200) reject(new Error(`${answer.statusCode} ${received}`));
    else resolve(received);
  });
  message.on('error', reject);
  message.end(body);
});

async function until(act) {
  for (let i = 0; ; i++) {
    try {
      return await act();
    } catch (error) {
      if (i === 300) throw error;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}

// Microseconds of CPU time, from the fields utime and stime.
function cpuOf({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tick;
}

const path = '/socket.io/?EIO=4&transport=polling';

async function run(owner, other) {
  const sids = await Promise.all(Array.from({ length: sessions }, async () => {
    const sid = /"sid":"([^"]+)"/.exec(await send(owner.url + path))[1];
    await send(`${owner.url}${path}&sid=${sid}`, '40');
    await send(`${owner.url}${path}&sid=${sid}`);
    return sid;
  }));
  const before = [owner, other].map(server => cpuOf(server.child));
  const times = [];
  let left = requests / 2;
  await Promise.all(sids.map(async sid => {
    const url = `${other.url}${path}&sid=${sid}`;
    while (left-- > 0) {
      let begin = performance.now();
      await send(url, `420["echo","${text}"]`);
      times.push(performance.now() - begin);
      for (let received = ''; !received.includes('430['); ) {
        begin = performance.now();
        received = await send(url);
        times.push(performance.now() - begin);
        // A ping of the server.
        if (received.split('\x1e').includes('2')) await send(url, '3');
      }
    }
  }));
  const spent = owner === other ? [cpuOf(owner.child) - before[0], 0] : [owner, other].map((server, i) => cpuOf(server.child) - before[i]);
  times.sort((a, b) => a - b);
  const at = share => Math.round(times[Math.floor(times.length * share)] * 1000);
  return { p50: at(0.5), p99: at(0.99), owner: spent[0] / times.length, other: spent[1] / times.length };
}

const redisPort = await freePort();
start('redis-server', ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']);
const servers = await Promise.all([0, 1].map(async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  return { url, child: start('dotnet', [program, '--urls', url, '--cluster', `127.0.0.1:${redisPort}`, '--secret', 'the two servers share it']) };
}));
await until(() => Promise.all(servers.map(server => send(server.url + path))));
const [owner, other] = servers;
// The first requests are those of a process that is not compiled yet.
for (const target of [owner, other, owner, other]) await until(() => run(owner, target));
for (let i = 0; i < rounds; i++) {
  for (const [name, target] of [['direct', owner], ['forwarded', other]]) {
    const { p50, p99, owner: own, other: front } = await run(owner, target);
    console.log(`${name.padEnd(10)} p50 ${p50} us, p99 ${p99} us; CPU per request: ${(own + front).toFixed(1)} us (the session's server ${own.toFixed(1)}, the other ${front.toFixed(1)})`);
  }
}

process.exit(0);
