/**
 * Files on their way straight to storage: each in parts, a few at once, every part tried again when the way
 * is bad. What has arrived is never sent twice. No view library: whoever shows it listens by `onChange`.
 */
import { ApiError, api, ok } from "./client";
import { errorOfThrown } from "./errors";
import type { ResumedUpload, Upload, UploadPart } from "./types";

export type FileState = "waiting" | "sending" | "done" | "failed";

export interface FileUpload {
  readonly name: string;
  readonly size: number;
  /** Bytes that have arrived or are on their way. */
  readonly sent: number;
  readonly state: FileState;
  readonly error: string | null;
  /** The server's id, once the file is whole. */
  readonly id: number | null;
}

/** Sends one part and gives its ETag; tells of bytes as they go. Throws `ApiError`. */
export type SendPart = (
  part: UploadPart,
  body: Blob,
  options: { headers: Record<string, string>; onSent: (bytes: number) => void; signal: AbortSignal },
) => Promise<string>;

export interface UploadOptions {
  project: number;
  files: readonly File[];
  onChange: (files: readonly FileUpload[]) => void;
  send?: SendPart;
  /** Waits before another try; replaced in tests. */
  wait?: (ms: number) => Promise<void>;
  /** Where begun uploads are remembered over a reload; the browser's own place unless told otherwise. */
  memory?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
}

/** Files announced at once: their links are made together and run out together. */
const batchSize = 50;
const partsAtOnce = 4;
const tries = 5;
/** Smaller files go in one piece and are quicker sent again than asked about. */
const rememberedFrom = 16 * 1024 * 1024;

export class Uploads {
  private readonly abort = new AbortController();
  private readonly states: FileUpload[];
  private readonly partBytes: Map<number, number>[];
  private readonly options: UploadOptions;
  private readonly begun: (number | undefined)[];

  constructor(options: UploadOptions) {
    this.options = options;
    this.begun = options.files.map((file) => this.remembered(file));
    this.partBytes = options.files.map(() => new Map());
    this.states = options.files.map(({ name, size }) => ({
      name,
      size,
      sent: 0,
      state: "waiting",
      error: null,
      id: null,
    }));
  }

  /** Sends everything that is not there yet. Resolves when nothing is under way, with failures in their files' states. */
  async run(): Promise<void> {
    const open = this.states.flatMap((file, place) => (file.state === "done" ? [] : [place]));
    for (let start = 0; start < open.length && !this.abort.signal.aborted; start += batchSize)
      await this.runBatch(open.slice(start, start + batchSize));
  }

  cancel(): void {
    this.abort.abort();
  }

  get files(): readonly FileUpload[] {
    return this.states;
  }

  /** Ids of the files that are whole, in the order given. */
  get ids(): number[] {
    return this.states.flatMap((file) => (file.id === null ? [] : [file.id]));
  }

  private async runBatch(places: readonly number[]): Promise<void> {
    for (const place of places) this.set(place, { state: "waiting", error: null });
    const resumed = await Promise.all(places.map((place) => this.resume(place)));
    const fresh = places.filter((_, i) => !resumed[i]);
    const announced = fresh.length > 0 ? await this.announce(fresh) : [];
    if (!announced) return;
    for (const [i, place] of fresh.entries()) this.remember(place, announced[i]);
    const gate = new Gate(partsAtOnce);
    await Promise.all(
      places.map((place, i) => {
        const upload = resumed[i] ?? announced[fresh.indexOf(place)];
        return upload && this.sendFile(place, upload, gate);
      }),
    );
  }

  /** What is left of an upload that was begun before; null when there is none, or it is over. */
  private async resume(place: number): Promise<ResumedUpload | null> {
    const upload = this.begun[place];
    if (upload === undefined) return null;
    const path = { project_id: this.options.project, upload_id: upload };
    const { signal } = this.abort;
    try {
      return await ok(
        api.POST("/api/projects/{project_id}/uploads/{upload_id}/resume/", { params: { path }, signal }),
      );
    } catch {
      this.remember(place, undefined);
      return null;
    }
  }

  private remembered(file: File): number | undefined {
    if (file.size < rememberedFrom) return undefined;
    try {
      return Number(this.memory()?.getItem(this.keyOf(file))) || undefined;
    } catch {
      return undefined;
    }
  }

  private remember(place: number, upload: Upload | undefined): void {
    this.begun[place] = upload?.id;
    const file = this.options.files[place];
    if (!file || file.size < rememberedFrom) return;
    try {
      if (upload) this.memory()?.setItem(this.keyOf(file), String(upload.id));
      else this.memory()?.removeItem(this.keyOf(file));
    } catch {
      // Without a memory an upload can still go on as long as the page is open.
    }
  }

  private memory() {
    return this.options.memory ?? globalThis.localStorage;
  }

  private keyOf(file: File): string {
    return `upload:${this.options.project}:${file.size}:${file.lastModified}:${file.name}`;
  }

  private async announce(places: readonly number[]): Promise<Upload[] | null> {
    const files = places.flatMap((place) => this.options.files[place] ?? []);
    try {
      const body = {
        files: files.map(({ name, size, type }) => ({
          name,
          size,
          content_type: type || "application/octet-stream",
        })),
      };
      const { signal } = this.abort;
      const path = { project_id: this.options.project };
      return (await ok(api.POST("/api/projects/{project_id}/uploads/", { params: { path }, body, signal })))
        .uploads;
    } catch (thrown) {
      for (const place of places) this.fail(place, thrown);
      return null;
    }
  }

  private async sendFile(place: number, upload: Upload | ResumedUpload, gate: Gate): Promise<void> {
    const file = this.options.files[place];
    if (!file) return;
    const arrived = "arrived" in upload ? upload.arrived : [];
    const missing = upload.parts.reduce((sum, part) => sum + part.size, 0);
    this.partBytes[place] = new Map([[0, file.size - missing]]);
    try {
      const sent = await Promise.all(
        upload.parts.map((part) => gate.through(() => this.sendPart(place, file, upload, part))),
      );
      const parts = [...arrived, ...sent];
      const path = { project_id: this.options.project, upload_id: upload.id };
      const done = await ok(
        api.POST("/api/projects/{project_id}/uploads/{upload_id}/complete/", {
          params: { path },
          body: { parts },
          signal: this.abort.signal,
        }),
      );
      this.remember(place, undefined);
      this.set(place, { state: "done", id: done.id, sent: file.size });
    } catch (thrown) {
      this.fail(place, thrown);
    }
  }

  private async sendPart(place: number, file: File, upload: Upload, part: UploadPart) {
    const send = this.options.send ?? sendByXhr;
    const body = file.slice(part.offset, part.offset + part.size);
    this.set(place, { state: "sending" });
    for (let attempt = 1; ; attempt++) {
      try {
        const etag = await send(part, body, {
          headers: upload.headers,
          signal: this.abort.signal,
          onSent: (bytes) => this.count(place, part, bytes),
        });
        this.count(place, part, part.size);
        return { number: part.number, etag };
      } catch (thrown) {
        const error = errorOfThrown(thrown);
        this.count(place, part, 0);
        if (!error.retryable || attempt === tries || this.abort.signal.aborted) throw error;
        await (this.options.wait ?? sleep)(300 * 2 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  private count(place: number, part: UploadPart, bytes: number): void {
    const parts = this.partBytes[place];
    parts?.set(part.number, bytes);
    this.set(place, { sent: [...(parts?.values() ?? [])].reduce((sum, value) => sum + value, 0) });
  }

  private fail(place: number, thrown: unknown): void {
    const error = errorOfThrown(thrown);
    this.set(place, { state: "failed", error: error.message, sent: 0 });
  }

  private set(place: number, change: Partial<FileUpload>): void {
    const file = this.states[place];
    if (!file) return;
    this.states[place] = { ...file, ...change };
    this.options.onChange([...this.states]);
  }
}

/** Lets so many through at once, the others in the order they came. */
class Gate {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(places: number) {
    this.free = places;
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free -= 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** `fetch` tells nothing of bytes on their way up, XMLHttpRequest does. */
const sendByXhr: SendPart = (part, body, { headers, onSent, signal }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = () => reject(new ApiError("The connection was lost.", { kind: "network" }));
    request.open("PUT", part.url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onerror = lost;
    request.ontimeout = lost;
    request.onabort = () => reject(new ApiError("The upload was cancelled.", { kind: "aborted" }));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.getResponseHeader("ETag") ?? "");
      else
        reject(
          new ApiError(`The storage answered ${request.status}.`, { kind: "http", status: request.status }),
        );
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
