// The reference server on Bun's own WebSockets, with its engine for Bun as its README shows it.
import { Server as Engine } from "@socket.io/bun-engine";
import { Server } from "socket.io";
import { allocatedSoFar, serve } from "../reference.mjs";

const collect = () => Bun.gc(true);

const io = new Server();
const engine = new Engine({ path: "/socket.io/" });
io.bind(engine);
serve(io);
Bun.serve({
  ...engine.handler(),
  port: Number(process.env.PORT),
  hostname: "127.0.0.1",
  routes: {
    "/allocated": () => new Response(String(allocatedSoFar(collect))),
    "/collect": () => { collect(); return new Response(); },
  },
});
console.log("ready");
