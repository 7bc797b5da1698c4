/**
 * The real local stack for browser tests: the supervisor of `make run` on an empty folder, serving the build of
 * these tests. Without Python's environment the tests skip and say why; on CI (`CI=true`) that is a failure.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { distPath } from "./build";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const python = join(resolve(root, process.env.VENV || ".venv"), "bin/python");

/** Why the stack cannot run here, or null when it can. */
export const stackMissing: string | null = existsSync(python)
  ? null
  : `no Python at ${python}; \`make setup\` makes it`;

if (stackMissing && process.env.CI === "true") throw new Error(stackMissing);

const START_MS = 100_000;

interface Access {
  readonly url: string;
  readonly email: string;
  readonly password: string;
  readonly api_key: string;
}

/** A project with its tasks, as the tests see it. */
export interface Made {
  readonly project: number;
  readonly tasks: readonly number[];
}

/** The stack at work, with what tests ask of its API. */
export class Stack {
  private constructor(
    private readonly process: ChildProcess | null,
    private readonly folder: string,
    readonly access: Access,
  ) {}

  /**
   * Starts it, and waits until it answers. Throws with the end of its output when it does not. SKYLABEL_STACK names
   * the access file of one that runs already, to be used instead.
   */
  static async start(): Promise<Stack> {
    const running = process.env.SKYLABEL_STACK;
    if (running) return new Stack(null, "", JSON.parse(readFileSync(running, "utf8")) as Access);
    return Stack.startAnew();
  }

  private static async startAnew(): Promise<Stack> {
    const folder = mkdtempSync(join(tmpdir(), "skylabel-stack-"));
    const data = join(folder, "data");
    const running = spawn(
      python,
      [
        "-m",
        "infrastructure.local.supervisor",
        "--data-dir",
        data,
        "--port",
        String(await freePort()),
        "--site",
        distPath,
      ],
      { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
    );
    process.once("exit", () => running.kill());
    let said = "";
    const ready = new Promise<void>((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`the stack does not start:\n${said}`)), START_MS);
      const hear = (part: Buffer) => {
        said += part.toString();
        if (!said.includes("Skylabel runs at")) return;
        clearTimeout(timer);
        done();
      };
      running.stdout.on("data", hear);
      running.stderr.on("data", hear);
      running.on("exit", (code) => fail(new Error(`the stack ended with ${code}:\n${said}`)));
    });
    try {
      await ready;
    } catch (error) {
      running.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    const access = JSON.parse(readFileSync(join(data, "access.json"), "utf8")) as Access;
    return new Stack(running, folder, access);
  }

  /** Asks the API as a script does; gives the body as it came. Throws with the body of a refusal. */
  async ask(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await fetch(this.access.url + path, {
      method,
      headers: { Authorization: `Token ${this.access.api_key}`, "Content-Type": "application/json" },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text;
  }

  /** Makes a project of one configuration, and imports its tasks. */
  async project(title: string, config: string, tasks: readonly object[]): Promise<Made> {
    const made = JSON.parse(
      await this.ask("POST", "/api/projects/", { title: title.slice(0, 50), label_config: config }),
    ) as { id: number };
    await this.ask("POST", `/api/projects/${made.id}/import`, tasks);
    const listed = JSON.parse(await this.ask("GET", `/api/tasks?project=${made.id}&fields=all`)) as {
      tasks: { id: number }[];
    };
    return { project: made.id, tasks: listed.tasks.map((task) => task.id).sort((a, b) => a - b) };
  }

  /** An annotation as text: what is compared to the byte is never parsed. */
  annotation(id: number): Promise<string> {
    return this.ask("GET", `/api/annotations/${id}/`);
  }

  async close(): Promise<void> {
    const { process: running } = this;
    if (!running) return;
    const ended = new Promise((done) => running.once("exit", done));
    running.kill("SIGTERM");
    await Promise.race([ended, new Promise((done) => setTimeout(done, 10_000))]);
    running.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}
