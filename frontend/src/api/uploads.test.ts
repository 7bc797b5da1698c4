import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./client";
import type { UploadPart } from "./types";
import { type FileUpload, type SendPart, Uploads } from "./uploads";

const kib = 1024;

/** The server's side in a few lines: parts of 4 KiB, ids from 1, and a list of what was completed. */
function server() {
  const completed: { id: string; parts: { number: number; etag: string }[] }[] = [];
  let last = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    const body = await request.json();
    const done = /uploads\/(\d+)\/complete/.exec(path);
    if (done) {
      completed.push({ id: done[1] ?? "", parts: body.parts });
      return Response.json({ id: Number(done[1]), name: "x", size: 1 });
    }
    const uploads = body.files.map((file: { name: string; size: number }) => {
      last += 1;
      const count = Math.max(1, Math.ceil(file.size / (4 * kib)));
      const parts = Array.from({ length: count }, (_, i) => ({
        number: i + 1,
        url: `http://storage/${last}/${i + 1}`,
        offset: i * 4 * kib,
        size: Math.min(4 * kib, file.size - i * 4 * kib),
      }));
      return { id: last, name: file.name, method: "PUT", headers: { "x-a": "b" }, parts };
    });
    return Response.json({ uploads }, { status: 201 });
  });
  return { completed };
}

const file = (name: string, size: number) => new File([new Uint8Array(size)], name);

/** A storage that refuses the parts it is told to, as often as it is told to. */
function storage(refusals: Record<string, number> = {}, status = 503) {
  const sent: string[] = [];
  let most = 0;
  let now = 0;
  const send: SendPart = async (part: UploadPart, body, { onSent }) => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
    const key = new URL(part.url).pathname;
    if ((refusals[key] ?? 0) > 0) {
      refusals[key] = (refusals[key] ?? 0) - 1;
      throw new ApiError("no", { kind: "http", status });
    }
    expect(body.size).toBe(part.size);
    onSent(part.size);
    sent.push(key);
    return `"etag-${key}"`;
  };
  return { send, sent, most: () => most };
}

function uploadsOf(files: File[], send: SendPart) {
  const seen: (readonly FileUpload[])[] = [];
  const uploads = new Uploads({
    project: 5,
    files,
    send,
    wait: () => Promise.resolve(),
    onChange: (states) => seen.push(states),
  });
  return { uploads, seen };
}

afterEach(() => vi.unstubAllGlobals());

describe("uploads", () => {
  it("send each file in its parts and complete it with their tags in order", async () => {
    const { completed } = server();
    const { send } = storage();
    const { uploads } = uploadsOf([file("a.bin", 10 * kib)], send);

    await uploads.run();

    expect(uploads.ids).toEqual([1]);
    expect(completed).toEqual([
      { id: "1", parts: [1, 2, 3].map((number) => ({ number, etag: `"etag-/1/${number}"` })) },
    ]);
    expect(uploads.files[0]).toMatchObject({ state: "done", sent: 10 * kib });
  });

  it("try a refused part again, and send the others once", async () => {
    server();
    const { send, sent } = storage({ "/1/2": 2 });
    const { uploads } = uploadsOf([file("a.bin", 10 * kib)], send);

    await uploads.run();

    expect(uploads.files[0]?.state).toBe("done");
    expect([...sent].sort()).toEqual(["/1/1", "/1/2", "/1/3"]);
  });

  it("give up a part after five refusals and say why, while other files arrive", async () => {
    server();
    const { send } = storage({ "/1/1": 99 });
    const { uploads } = uploadsOf([file("bad.bin", kib), file("good.bin", kib)], send);

    await uploads.run();

    expect(uploads.files.map(({ state }) => state)).toEqual(["failed", "done"]);
    expect(uploads.files[0]?.error).toBe("no");
    expect(uploads.ids).toEqual([2]);
  });

  it("do not try again what can never succeed", async () => {
    server();
    const refusals = { "/1/1": 99 };
    const { send } = storage(refusals, 403);
    const { uploads } = uploadsOf([file("a.bin", kib)], send);

    await uploads.run();

    expect(refusals["/1/1"]).toBe(98);
  });

  it("send on a second run only what is not there yet", async () => {
    server();
    const { send, sent } = storage({ "/1/1": 5 });
    const { uploads } = uploadsOf([file("late.bin", kib), file("good.bin", kib)], send);

    await uploads.run();
    await uploads.run();

    expect(uploads.files.every(({ state }) => state === "done")).toBe(true);
    expect(sent).toEqual(["/2/1", "/3/1"]);
  });

  it("keep at most four parts on their way at once", async () => {
    server();
    const { send, most } = storage();
    const { uploads } = uploadsOf([file("big.bin", 64 * kib), file("too.bin", 64 * kib)], send);

    await uploads.run();

    expect(most()).toBeLessThanOrEqual(4);
  });

  it("never say more bytes than there are, and end at all of them", async () => {
    server();
    const { send } = storage({ "/1/2": 1 });
    const { uploads, seen } = uploadsOf([file("a.bin", 10 * kib)], send);

    await uploads.run();

    const sent = seen.map((states) => states[0]?.sent ?? 0);
    expect(Math.max(...sent)).toBe(10 * kib);
    expect(sent.at(-1)).toBe(10 * kib);
  });
});
