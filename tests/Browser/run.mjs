// The library in real browsers: every client version over every transport in each of them, and every page of the demo in Chromium.
// `node run.mjs [word...]` runs only the tests whose name, such as "matrix 1.5.1 jsonp, same origin, Firefox", contains every word.
import { addChatAccounts } from './cases/chat-accounts.mjs';
import { addChatAddresses } from './cases/chat-addresses.mjs';
import { addChatCuts } from './cases/chat-cuts.mjs';
import { addChatKill } from './cases/chat-kill.mjs';
import { addChatPictures } from './cases/chat-pictures.mjs';
import { addChatPrivate } from './cases/chat-private.mjs';
import { addChatRooms } from './cases/chat-rooms.mjs';
import { addClassic } from './cases/classic.mjs';
import { addConnection } from './cases/connection.mjs';
import { addEcho } from './cases/echo.mjs';
import { addIndex } from './cases/index.mjs';
import { addLanguage } from './cases/language.mjs';
import { addMatrix } from './cases/matrix.mjs';
import { addNumbers } from './cases/numbers.mjs';
import { addProgress } from './cases/progress.mjs';
import { addReload } from './cases/reload.mjs';
import { addRooms } from './cases/rooms.mjs';
import { addScreenshots } from './cases/screenshots.mjs';
import { addSmoke } from './cases/smoke.mjs';
import { Room, startChromium, Windows } from './lib/browser.mjs';
import { startFirefox } from './lib/firefox.mjs';
import { bringBundles, startDemo, startFiles, startMatrix } from './lib/servers.mjs';
import { report, runAll } from './lib/suite.mjs';

// Two cores serve the browsers and both servers; more at a time only makes all of them late.
const width = 4;

const started = performance.now();
bringBundles();
const [allowed, foreign, chromium, firefox] = await Promise.all([startFiles(), startFiles(), startChromium(), startFirefox()]);
// The pictures have a demo of their own, so that no other test's messages stand on them.
const [demo, studio, matrix] = await Promise.all([startDemo(), startDemo(), startMatrix(allowed.url)]);
const places = { demo, studio, matrix, allowed, foreign };

// The long waits first: the rest fills the gaps.
for (const add of [addChatKill, addChatPictures, addChatAddresses, addChatCuts, addChatRooms, addChatPrivate, addChatAccounts, addScreenshots, addProgress, addNumbers, addConnection, addSmoke, addIndex, addLanguage, addEcho, addClassic, addRooms]) add(places);
const windows = { Chromium: new Windows(chromium), Firefox: new Windows(firefox) };
for (const browser of Object.keys(windows)) for (const add of [addReload, addMatrix]) add(places, browser);
const count = await runAll(process.argv.slice(2), width, { openRoom: browser => new Room(windows[browser]) });

for (const browser of [chromium, firefox]) await browser.close();
for (const [name, server] of Object.entries({ demo, studio, matrix })) {
  report(`the ${name} server logs no error`, server.errors.length && `it logged: ${server.errors.slice(0, 5).join(' | ')}`);
  await server.stop().then(() => report(`the ${name} server stops`), error => report(`the ${name} server stops`, error));
}
for (const files of [allowed, foreign]) files.stop();

console.log(`in ${((performance.now() - started) / 1000).toFixed(0)} s`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 || count.passed === 0 ? 1 : 0);
