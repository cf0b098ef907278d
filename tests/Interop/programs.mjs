// Runs the small programs one after another, each with its clients, and reports each case to run.mjs.
import { Context } from './lib/context.mjs';
import { end, isWanted, report } from './lib/report.mjs';
import { ServerProcess } from './lib/server-process.mjs';
import * as numbers from './cases/programs/numbers.mjs';
import * as ownNumbers from './cases/programs/own-numbers.mjs';
import * as progress from './cases/programs/progress.mjs';
import * as echo from './cases/programs/echo.mjs';
import * as rooms from './cases/programs/rooms.mjs';
import * as forms from './cases/programs/forms.mjs';
import * as guarded from './cases/programs/guarded.mjs';

const words = process.argv.slice(2);

for (const { program, versions, cases, complaints = /$^/ } of [numbers, ownNumbers, progress, echo, rooms, forms, guarded]) {
  const wanted = versions.flatMap(version => ['polling', 'websocket'].flatMap(transport =>
    Object.entries(cases).map(([name, run]) => ({ version, transport, name: `${program}: ${name}`, run }))
      .filter(one => isWanted(words, one, one.name))));
  if (wanted.length === 0) continue;

  const server = await ServerProcess.startProgram(program);
  for (const { version, transport, name, run } of wanted) {
    await report(new Context(version, transport, server.url), name, t => run(t, server));
  }
  await server.stop();
  const unexpected = server.complaints.filter(line => /^\S/.test(line) && !complaints.test(line));
  if (unexpected.length > 0) process.send({ name: program, outcome: 'failed', message: `the log: ${server.complaints.join('\n')}` });
}
end();
