/** Serves a build as the real front door would, with a fake API behind `/api` and a second origin for uploads. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { distPath } from "./build";
import { type Answer, type ApiRequest, FakeApi, type Routes } from "./fakeApi";

export interface ServerOptions {
  /** Routes that come before the fake's own: `"GET /api/tasks/:id/"` to a function. */
  routes?: Routes;
  /** The fake to use; a fresh one with its usual fixtures when absent. */
  api?: FakeApi;
  dist?: string;
}

export interface RunningServer {
  readonly url: string;
  readonly api: FakeApi;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

/** What the deployed page is held to; the fake media origin is plain http. */
const policyFile = new URL("../../../infrastructure/content_policy.json", import.meta.url);
const contentPolicy = Object.entries(JSON.parse(readFileSync(policyFile, "utf8")) as Record<string, string>)
  .map(([name, value]) => `${name} ${value.replace("{media}", "http:")}`)
  .join("; ");

export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const api = options.api ?? new FakeApi();
  const dist = options.dist ?? distPath;
  const uploads = await listen((request, response) => receiveUpload(api, request, response));
  api.uploadOrigin = uploads.url;
  const pages = await listen(async (request, response) => {
    const asked = await read(request);
    const answer = api.answer(asked, options.routes);
    if (answer) send(response, await answer);
    else await serveFile(dist, asked.path, response);
  });
  return {
    url: pages.url,
    api,
    close: async () => {
      await pages.close();
      await uploads.close();
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function listen(handler: Handler) {
  const server: Server = createServer((request, response) => {
    handler(request, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<ApiRequest> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const text = (await bytesOf(request)).toString("utf8");
  const json = request.headers["content-type"]?.includes("json") && text !== "";
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: json ? JSON.parse(text) : text,
    params: {},
  };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: Answer): void {
  const { status = 200, headers = {}, body } = answer;
  if (body === undefined) response.writeHead(status, headers).end();
  else if (Buffer.isBuffer(body)) response.writeHead(status, headers).end(body);
  else
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** A file of the build, or the page itself for every path the router knows. */
async function serveFile(dist: string, path: string, response: ServerResponse): Promise<void> {
  const wanted = join(dist, normalize(path));
  const isFile = extname(path) !== "";
  const file = isFile ? wanted : join(dist, "index.html");
  try {
    const bytes = await readFile(file);
    response
      .writeHead(200, {
        "Content-Type": types[extname(file)] ?? "application/octet-stream",
        "Content-Security-Policy": contentPolicy,
        "Cache-Control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      })
      .end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

/** The other origin: takes parts, answers with their tag, and fails the first time when told to. */
async function receiveUpload(
  api: FakeApi,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const cors = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "PUT",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "ETag",
  };
  if (request.method === "OPTIONS") {
    response.writeHead(204, cors).end();
    return;
  }
  const bytes = await bytesOf(request);
  const refused = api.uploadFailures > 0;
  if (refused) api.uploadFailures -= 1;
  else api.received.push({ path: request.url ?? "", size: bytes.length });
  response.writeHead(refused ? 503 : 200, { ...cors, ETag: `"${api.received.length}"` }).end();
}
