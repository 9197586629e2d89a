// Serves the built page, the files of one folder, and, on a socket, one `mltspec lsp` for each client. Loopback only.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { extname, join, resolve, sep } from "node:path";
import { WebSocketServer } from "ws";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf", ".json": "application/json" };
const PAGE = join(import.meta.dirname, "dist");

/** Start serving; return the port and a function that ends it with every language server that it started. */
export async function serve(command, folder) {
  const children = new Set();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    const file = url.pathname === "/file" ? inside(folder, url.searchParams.get("path")) : inside(PAGE, pageFile(url));
    try {
      const content = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  const sockets = new WebSocketServer({ server, path: "/lsp" });
  sockets.on("connection", (socket) => {
    const [program, ...rest] = command;
    const child = spawn(program, [...rest, "lsp"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    children.add(child);
    child.on("exit", () => { children.delete(child); socket.close(); });
    socket.on("message", (data) => child.stdin.write(`Content-Length: ${data.length}\r\n\r\n${data}`));
    socket.on("close", () => child.kill());
    child.stdout.on("data", messages((text) => socket.send(text)));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const close = async () => {
    children.forEach((child) => child.kill());
    sockets.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { port: server.address().port, close };
}

const pageFile = (url) => join(PAGE, url.pathname === "/" ? "index.html" : url.pathname);

function inside(folder, path) {
  const file = resolve(folder, path);
  return file.startsWith(resolve(folder) + sep) ? file : join(folder, "not", "there");
}

/** Cut a stream into the messages that it carries. */
function messages(take) {
  let held = Buffer.alloc(0);
  return (data) => {
    held = Buffer.concat([held, data]);
    for (;;) {
      const head = held.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: *(\d+)/i.exec(held.subarray(0, Math.max(head, 0)))?.[1]);
      if (head < 0 || held.length < head + 4 + length) return;
      take(held.subarray(head + 4, head + 4 + length).toString());
      held = held.subarray(head + 4 + length);
    }
  };
}
