import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./client";
import type { UploadPart } from "./types";
import { type FileUpload, type SendPart, Uploads } from "./uploads";

const kib = 1024;

/** The server's side in a few lines: parts of 4 KiB, ids from 1, and a list of what was completed. */
function server() {
  const completed: { id: string; parts: { number: number; etag: string }[] }[] = [];
  const begun = new Map<number, { id: number; parts: UploadPart[] }>();
  const arrived = new Set<string>();
  const asked: string[] = [];
  let last = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    const body = await request.json().catch(() => ({}));
    const resumed = /uploads\/(\d+)\/resume/.exec(path);
    if (resumed) {
      asked.push(resumed[1] ?? "");
      const upload = begun.get(Number(resumed[1]));
      if (!upload) return Response.json({ detail: "gone" }, { status: 404 });
      const there = (number: number) => arrived.has(`/${upload.id}/${number}`);
      return Response.json({
        ...upload,
        parts: upload.parts.filter((part) => !there(part.number)),
        arrived: upload.parts
          .filter((part) => there(part.number))
          .map(({ number }) => ({ number, etag: `"etag-/${upload.id}/${number}"` })),
        is_complete: false,
      });
    }
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
      const upload = { id: last, name: file.name, method: "PUT", headers: { "x-a": "b" }, parts };
      begun.set(last, upload);
      return upload;
    });
    return Response.json({ uploads }, { status: 201 });
  });
  return { completed, arrived, asked, begun };
}

const file = (name: string, size: number) => new File([new Uint8Array(size)], name);

const onChange = () => undefined;
const wait = () => Promise.resolve();

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
    expect(sent).toEqual(["/2/1", "/1/1"]);
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

  it("goes on where it broke off: what has arrived is not sent again", async () => {
    const { completed, arrived, asked } = server();
    const { send, sent } = storage({ "/1/2": 99 });
    const uploads = new Uploads({ project: 1, files: [file("a", 12 * kib)], onChange, wait, send });
    await uploads.run();
    expect(uploads.files[0]?.state).toBe("failed");
    for (const key of sent) arrived.add(key);

    const again = storage();
    Object.assign(uploads, { options: { ...Reflect.get(uploads, "options"), send: again.send } });
    await uploads.run();

    expect(asked).toEqual(["1"]);
    expect(again.sent).toEqual(["/1/2"]);
    expect(completed[0]?.parts.map(({ number }) => number).sort()).toEqual([1, 2, 3]);
    expect(uploads.files[0]).toMatchObject({ state: "done", sent: 12 * kib });
  });

  it("finds large files again after a reload, and begins anew what the server has forgotten", async () => {
    const { asked, begun } = server();
    const kept = new Map<string, string>();
    const memory = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const large = new File([new Uint8Array(17 * kib * kib)], "large", { lastModified: 5 });
    const begin = (send: SendPart) =>
      new Uploads({ project: 1, files: [large], onChange, send, wait, memory }).run();

    await begin(storage({ "/1/1": 99 }).send);
    expect([...kept.values()]).toEqual(["1"]);
    begun.clear();
    await begin(storage().send);

    expect(asked).toEqual(["1"]);
    expect(kept.size).toBe(0);
  });
});
