/**
 * Looks one task ahead: the pictures of the task that comes next in the direction one goes are fetched while the
 * open one is worked on.
 *
 * Past the history the server says which task is likely to come, without giving a lease for it: one that nobody
 * works under would keep the task from others. What a task holds is asked for anew when it is opened: somebody may
 * have changed it. Pictures do not change, and come from the browser's cache then.
 */
import type { JsonObject } from "../../config/json";
import type { ConfigTree } from "../../config/tree";
import type { MediaAddress } from "../../tags/_contract/contract";
import type { HistoryEntry, LabelBackend } from "./backend";
import { fetchMedia, mediaOf } from "./media";

export interface AheadOptions {
  readonly backend: Pick<LabelBackend, "task" | "ahead">;
  readonly fetchMedia?: (media: MediaAddress) => void;
  /** Calls when there is time; gives the way to call it off. */
  readonly whenIdle?: (run: () => void) => () => void;
}

/** How long the open task has the connection for itself. */
const REST_MS = 1_000;

export class Ahead {
  /** Tasks looked at already, so that going to and fro asks for nothing twice. */
  private readonly seen = new Set<number>();
  private stop: () => void = () => undefined;

  constructor(private readonly options: AheadOptions) {}

  /** Says that a task is open: its pictures are here. */
  opened(task: number): void {
    this.seen.add(task);
  }

  /**
   * Plans to look at the entry that lies `direction` from `place`, in place of what was planned before; from the
   * end of the history, where the queue's task is open, at what the queue gives after it.
   */
  plan(
    tree: ConfigTree,
    history: readonly HistoryEntry[],
    at: { readonly place: number; readonly direction: 1 | -1 },
  ): void {
    this.stop();
    const entry = history[at.place + at.direction];
    const wait = this.options.whenIdle ?? afterRest;
    if (entry !== undefined && !this.seen.has(entry.task))
      this.stop = wait(() => void this.look(tree, entry.task));
    else if (at.place === history.length && at.direction === 1)
      this.stop = wait(() => void this.lookPast(tree));
  }

  close(): void {
    this.stop();
  }

  private async look(tree: ConfigTree, id: number): Promise<void> {
    this.seen.add(id);
    try {
      this.fetch(tree, (await this.options.backend.task(id)).data);
    } catch {
      // Nothing is lost: it is asked for again when it is opened.
      this.seen.delete(id);
    }
  }

  private async lookPast(tree: ConfigTree): Promise<void> {
    const task = await this.options.backend.ahead().catch(() => null);
    if (task === null || this.seen.has(task.id)) return;
    this.seen.add(task.id);
    this.fetch(tree, task.data);
  }

  private fetch(tree: ConfigTree, data: JsonObject): void {
    const begin = this.options.fetchMedia ?? ((media) => fetchMedia(media, "low"));
    mediaOf(tree, data).forEach(begin);
  }
}

function afterRest(run: () => void): () => void {
  const timer = setTimeout(run, REST_MS);
  return () => clearTimeout(timer);
}
