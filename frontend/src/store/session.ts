/**
 * Time spent and drafts sent while a task is open: the clockwork around an annotation, without the network.
 *
 * `LeadTime` counts active seconds only. `DraftQueue` decides when a draft is sent and knows what the status
 * chip says. Both get their clock and timers passed in.
 */

export type Clock = () => number;

/** A gap in activity longer than this was not work: only so much of it is counted. */
const IDLE_AFTER_MS = 60_000;

/** Seconds of active work: paused while the tab is hidden and after a minute without any input. */
export class LeadTime {
  private countedMs: number;
  private lastMs: number;
  private visible = true;

  /** Goes on from the seconds that earlier sittings took. */
  constructor(
    private readonly now: Clock,
    startSeconds = 0,
    private readonly idleAfterMs = IDLE_AFTER_MS,
  ) {
    this.countedMs = startSeconds * 1000;
    this.lastMs = now();
  }

  /** Says that the person did something. */
  activity(): void {
    const now = this.now();
    if (this.visible) this.countedMs += this.gap(now);
    this.lastMs = now;
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.activity();
    this.visible = visible;
  }

  /** Gives the seconds so far. */
  seconds(): number {
    return (this.countedMs + (this.visible ? this.gap(this.now()) : 0)) / 1000;
  }

  private gap(now: number): number {
    return Math.min(Math.max(0, now - this.lastMs), this.idleAfterMs);
  }
}

/** Feeds a lead time from what happens in a window. Gives the way to stop. */
export function watchActivity(target: Window, lead: LeadTime): () => void {
  const active = () => lead.activity();
  const visibility = () => lead.setVisible(target.document.visibilityState === "visible");
  const events = ["pointerdown", "pointermove", "keydown", "wheel"] as const;
  for (const name of events) target.addEventListener(name, active, { passive: true, capture: true });
  target.document.addEventListener("visibilitychange", visibility);
  visibility(); // a task opened in a tab behind is not worked on yet
  return () => {
    for (const name of events) target.removeEventListener(name, active, { capture: true });
    target.document.removeEventListener("visibilitychange", visibility);
  };
}

export type DraftState =
  | { readonly kind: "saved" }
  | { readonly kind: "saving" }
  | { readonly kind: "waiting"; readonly changes: number }
  | { readonly kind: "offline"; readonly changes: number };

export interface Timers {
  set(run: () => void, ms: number): unknown;
  clear(timer: unknown): void;
  now: Clock;
}

export const browserTimers: Timers = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  now: () => performance.now(),
};

export interface DraftOptions {
  /** Sends the present draft; a rejection means it did not arrive and is tried again later. */
  readonly send: () => Promise<void>;
  readonly onState?: (state: DraftState) => void;
  readonly timers?: Timers;
  readonly idleMs?: number;
  readonly longestMs?: number;
}

const RETRY_MS = [2_000, 5_000, 15_000, 60_000];

/** Sends a draft after one second of rest or five of work, one at a time, and keeps trying while offline. */
export class DraftQueue {
  private changes = 0;
  private firstMs = 0;
  private timer: unknown;
  private sending: Promise<void> | undefined;
  private failures = 0;
  private readonly timers: Timers;

  constructor(private readonly options: DraftOptions) {
    this.timers = options.timers ?? browserTimers;
  }

  /** Says that there is something new to save. */
  changed(): void {
    if (this.changes === 0) this.firstMs = this.timers.now();
    this.changes += 1;
    if (this.sending !== undefined) return;
    const workedMs = this.timers.now() - this.firstMs;
    const restMs = this.options.idleMs ?? 1_000;
    this.plan(Math.max(0, Math.min(restMs, (this.options.longestMs ?? 5_000) - workedMs)));
    this.tell(this.failures > 0 ? "offline" : "waiting");
  }

  /** Sends what is pending now; resolves when the server has it. Submit waits for this. */
  async flush(): Promise<void> {
    await this.sending?.catch(() => undefined);
    if (this.changes > 0) await this.send();
  }

  /** Stops the timers; nothing more is sent. */
  stop(): void {
    this.timers.clear(this.timer);
  }

  private plan(ms: number): void {
    this.timers.clear(this.timer);
    this.timer = this.timers.set(() => {
      this.send().catch(() => undefined);
    }, ms);
  }

  private async send(): Promise<void> {
    this.timers.clear(this.timer);
    if (this.sending !== undefined) return this.sending;
    const taken = this.changes;
    this.tell("saving");
    this.sending = this.options.send();
    try {
      await this.sending;
      this.failures = 0;
      this.changes -= taken;
    } catch (error) {
      this.failures += 1;
      throw error;
    } finally {
      this.sending = undefined;
      this.after();
    }
  }

  private after(): void {
    if (this.changes === 0) {
      this.tell("saved");
      return;
    }
    if (this.failures === 0) this.firstMs = this.timers.now();
    const retry = RETRY_MS[Math.min(this.failures, RETRY_MS.length) - 1];
    this.plan(retry ?? this.options.idleMs ?? 1_000);
    this.tell(this.failures > 0 ? "offline" : "waiting");
  }

  private tell(kind: DraftState["kind"]): void {
    const counted = kind === "waiting" || kind === "offline";
    this.options.onState?.(counted ? { kind, changes: this.changes } : { kind });
  }
}
