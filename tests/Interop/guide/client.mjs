import { io } from "socket.io-client";

const socket = io("http://localhost:5000");

socket.on("connect", () => console.log("connected as", socket.id));
socket.on("connect_error", error => console.log("refused:", error.message, error.data ?? ""));
socket.on("disconnect", reason => console.log("disconnected:", reason));
socket.on("chat message", text => console.log("heard", text));

const length = await socket.timeout(5000).emitWithAck("chat message", "hello");
console.log("the server took", length, "characters");
