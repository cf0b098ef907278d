// The reference server with its own defaults (ws, no options).
import { createServer } from "node:http";
import { createRequire } from "node:module";
import v8 from "node:v8";
import vm from "node:vm";
import { allocatedSoFar, serve } from "../reference.mjs";

const require = createRequire(new URL("../../../../clients/", import.meta.url));
const { Server } = require("socket.io");

v8.setFlagsFromString("--expose-gc");
const collect = vm.runInNewContext("gc");

const http = createServer((request, response) => {
  if (request.url === "/allocated") response.end(String(allocatedSoFar(collect)));
  else if (request.url === "/collect") { collect(); response.end(); }
  else response.writeHead(404).end();
});
serve(new Server(http));
http.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));
