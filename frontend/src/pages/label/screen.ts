/** The state of the labeling screen: which task is open, where one is in the history, what is being sent. */
import {
  batch,
  createEffect,
  createRoot,
  createSignal,
  getOwner,
  type JSX,
  onCleanup,
  runWithOwner,
} from "solid-js";
import { ApiError } from "../../api/errors";
import { placeScope } from "../../app/hotkeys";
import { keysOf } from "../../app/keymap";
import { quiet } from "../../app/quiet";
import { ConfigError } from "../../config/faults";
import { expandRepeaters } from "../../config/repeater";
import type { Missing } from "../../config/required";
import { type ConfigTree, controlsOf } from "../../config/tree";
import { parseConfig } from "../../config/xml";
import type { JournalStorage } from "../../store/journal";
import type { Conflict } from "../../store/merge";
import { type DraftState, watchActivity } from "../../store/session";
import { registry } from "../../tags/_contract/registry";
import type { Ahead } from "./ahead";
import type { HistoryEntry, LabelBackend, LabelProject, LabelTask, StoredAnnotation } from "./backend";
import { LabelHost } from "./host";
import { tinyKey } from "./keys";
import { fetchMedia, mediaOf } from "./media";
import { loadModules, type Modules } from "./modules";
import { chooseSubject, LabelSession, type Subject } from "./session";
import { applyDefaults, applySubmitDefaults, findMissing, resultsToSend } from "./submission";
import { say } from "./words";

/** One opened task, with all that lives as long as it is open. */
export interface Open {
  readonly task: LabelTask;
  readonly session: LabelSession;
  readonly host: LabelHost;
  readonly modules: Modules;
  readonly dispose: () => void;
}

/** Something to look at in place of the work: another version, several people's regions. */
export interface Instead {
  readonly host: LabelHost;
  readonly view: () => JSX.Element;
}

export type Phase =
  | { readonly kind: "loading" }
  | { readonly kind: "open"; readonly open: Open }
  | { readonly kind: "empty" }
  | { readonly kind: "failed"; readonly message: string };

export interface KeyEntry {
  /** In tinykeys' form; undefined for an action whose key was taken away. */
  readonly key: string | undefined;
  readonly title: string;
  /** The name of an action that every task has, and whose key can be changed. */
  readonly id: string | undefined;
}

export interface ScreenOptions {
  readonly backend: LabelBackend;
  readonly journal: JournalStorage;
  /** One task of the list, or null for the stream. */
  readonly task: number | null;
  readonly annotation: number | null;
  /** Others' annotations are opened to be judged and mended. */
  readonly reviews?: boolean;
}

/** Seconds between signs of life that keep the lease. */
const HEARTBEAT_S = 240;

export function createScreen(options: ScreenOptions) {
  const { backend } = options;
  const owner = getOwner();
  const stream = options.task === null;
  const [project, setProject] = createSignal<LabelProject | null>(null);
  const [phase, setPhase] = createSignal<Phase>({ kind: "loading" });
  const [draft, setDraft] = createSignal<DraftState>({ kind: "saved" });
  const [busy, setBusy] = createSignal(false);
  const [waiting, setWaiting] = createSignal(false);
  const [missing, setMissing] = createSignal<readonly Missing[]>([]);
  const [problem, setProblem] = createSignal("");
  const [conflict, setConflict] = createSignal<{
    theirs: StoredAnnotation;
    conflicts: readonly Conflict[];
  } | null>(null);
  const [history, setHistory] = createSignal<readonly HistoryEntry[]>([]);
  /** Index in the history of what is shown; its length for the task of the queue. */
  const [place, setPlace] = createSignal(0);
  const [message, setMessage] = createSignal("");
  const [keys, setKeys] = createSignal<readonly KeyEntry[]>([]);
  const [epoch, setEpoch] = createSignal(0);
  const [instead, setInstead] = createSignal<Instead | null>(null);
  let ahead: Promise<Ahead | null> | undefined;
  let direction: 1 | -1 = 1;
  let tree: ConfigTree | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    const now = phase();
    return now.kind === "open" ? now.open : null;
  };
  // Announced twice the same, a message must still be read: a blank makes it another one.
  const announce = (text: string) => setMessage((before) => (before === text ? `${text}\u00a0` : text));

  const addKey = (written: string, action: () => void, title: string, id?: string) =>
    createRoot((dispose) => {
      const scope = placeScope();
      onCleanup(scope.remove);
      createEffect(() => {
        const standard = tinyKey(written);
        const key = id === undefined ? standard : keysOf(id, standard);
        const entry = { key, title, id };
        setKeys((all) => [...all, entry]);
        scope.bind(key === undefined ? {} : { [key]: action });
        onCleanup(() => setKeys((all) => all.filter((other) => other !== entry)));
      });
      return dispose;
    }, owner);

  const close = () => {
    open()?.dispose();
    clearTimeout(retry);
    batch(() => {
      setWaiting(false);
      setMissing([]);
      setProblem("");
      setConflict(null);
      setInstead(null);
    });
  };

  const show = async (task: LabelTask | null, annotation: number | null = null, subject?: Subject) => {
    close();
    if (!task) {
      setPhase({ kind: "empty" });
      return;
    }
    if (!tree) return;
    const expanded = expandRepeaters(tree, task.data);
    mediaOf(expanded, task.data).forEach((media) => void fetchMedia(media));
    const inStream = stream && place() === history().length;
    const [modules, session] = await Promise.all([
      loadModules(expanded.nodes),
      LabelSession.open(task, subject ?? choose(task, annotation, inStream), {
        backend,
        journal: options.journal,
        onState: setDraft,
      }),
    ]);
    const made = runWithOwner(owner, () =>
      createRoot((dispose) => begin(task, expanded, modules, session, dispose)),
    );
    if (!made) return;
    batch(() => {
      setDraft({ kind: "saved" });
      setPhase({ kind: "open", open: made });
    });
    announce(say("taskNumber", { id: String(task.id) }));
  };

  // What comes next is looked at when what is open is drawn and all is quiet.
  createEffect(() => {
    const task = open()?.task;
    if (!task || !quiet()) return;
    ahead ??= import("./ahead").then(
      ({ Ahead }) => new Ahead({ backend }),
      () => null,
    );
    void ahead.then((looks) => {
      if (open()?.task !== task) return;
      looks?.opened(task.id);
      if (stream && tree) looks?.plan(tree, history(), { place: place(), direction });
    });
  });

  const choose = (task: LabelTask, annotation: number | null, inStream: boolean): Subject => {
    const judged = options.reviews ? task.annotations.findLast((stored) => !stored.skipped) : undefined;
    return judged ? { kind: "annotation", stored: judged } : chooseSubject(task, annotation, inStream);
  };

  const begin = (
    task: LabelTask,
    expanded: ConfigTree,
    modules: Modules,
    session: LabelSession,
    dispose: () => void,
  ): Open => {
    const stored = session.subject.kind === "annotation" ? session.subject.stored : null;
    const host = new LabelHost({
      tree: expanded,
      taskId: task.id,
      data: task.data,
      annotation: session.annotation,
      readOnly: stored !== null && !stored.mine && !options.reviews,
      announce,
      addKey,
    });
    if (session.isFresh) applyDefaults(host);
    onCleanup(watchActivity(window, session.lead));
    onCleanup(session.annotation.history.subscribe(() => setEpoch((count) => count + 1)));
    const hidden = () => document.visibilityState === "hidden" && session.leave();
    document.addEventListener("visibilitychange", hidden);
    onCleanup(() => document.removeEventListener("visibilitychange", hidden));
    const beat = setInterval(() => void backend.heartbeat(task.id).catch(() => {}), HEARTBEAT_S * 1000);
    onCleanup(() => clearInterval(beat));
    return {
      task,
      session,
      host,
      modules,
      dispose: () => {
        session.drafts.flush().catch(() => {});
        session.close();
        dispose();
      },
    };
  };

  let line: Promise<void> = Promise.resolve();
  let underWay = 0;

  /** One after the other: what is asked for while another is under way waits, so that neither undoes it. */
  const guarded = (work: () => Promise<void>): Promise<void> => {
    underWay += 1;
    setBusy(true);
    line = line.then(() => caught(work));
    return line;
  };

  const caught = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      const text = sentence(error);
      if (open()) setProblem(text);
      else setPhase({ kind: "failed", message: text });
      announce(text);
    } finally {
      underWay -= 1;
      setBusy(underWay > 0);
    }
  };

  const prepare = (found: LabelProject) => {
    setProject(found);
    tree = parseConfig(found.config, registry);
    // What cannot be fetched is asked for again, and told of, when the task is shown.
    loadModules(tree.nodes).catch(() => {});
  };

  const load = () =>
    guarded(async () => {
      setPhase({ kind: "loading" });
      // All is asked for at once, and the tags are fetched while the task is on its way.
      const [, task, past] = await Promise.all([
        backend.project().then(prepare),
        options.task === null ? backend.nextTask() : backend.task(options.task),
        stream ? backend.history().catch(() => []) : [],
      ]);
      setHistory(past);
      setPlace(past.length);
      await show(task, options.annotation);
    });

  const step = (by: -1 | 1) =>
    guarded(async () => {
      const index = place() + by;
      if (index < 0 || index > history().length) return;
      direction = by;
      const entry = history()[index];
      open()?.host.finishWriting();
      await open()
        ?.session.drafts.flush()
        .catch(() => {});
      setPlace(index);
      if (entry) await show(await backend.task(entry.task), entry.annotation);
      else await show(await backend.nextTask());
    });

  /** Not while another is under way: the same key pressed twice must not send the task that comes next. */
  const send = async (skip: boolean) => {
    // What is sent has to be in sight.
    if (instead()) setInstead(null);
    else if (!busy()) await guarded(() => sendOpen(skip));
  };

  const sendOpen = async (skip: boolean): Promise<void> => {
    const now = open();
    if (!now || now.host.readOnly) return;
    setProblem("");
    if (!skip && !ready(now)) return;
    const next = stream && place() === history().length;
    const outcome = await now.session.submit((results) => resultsToSend(now.host, results), { skip, next });
    if (outcome.kind === "offline") return waitForConnection(skip);
    if (outcome.kind === "conflict") return resolveConflict(outcome, skip);
    setWaiting(false);
    announce(say(skip ? "announceSkipped" : now.session.isNew ? "announceSubmitted" : "announceUpdated"));
    await goOn(now, outcome.next, next);
  };

  /** Whether nothing required is missing; goes to what is. */
  const ready = ({ host, session, modules }: Open): boolean => {
    setMissing([]);
    setProblem(host.finishWriting().join(" "));
    if (problem()) return false;
    applySubmitDefaults(host, modules);
    const lacking = findMissing(host);
    setMissing(lacking);
    const [first] = lacking;
    if (first) {
      if (first.region !== undefined) host.select([first.region]);
      announce(lacking.map((one) => one.message).join(" "));
      return false;
    }
    if (
      !project()?.allowEmpty &&
      !session.annotation.document.results().length &&
      controlsOf(host.tree).length
    ) {
      setProblem(say("noEmpty"));
      return false;
    }
    return true;
  };

  const goOn = async (now: Open, next: LabelTask | null | undefined, fromQueue: boolean) => {
    if (!stream) {
      await show(await backend.task(now.task.id));
      return;
    }
    if (!fromQueue) {
      await show(await backend.task(now.task.id), history()[place()]?.annotation ?? null);
      return;
    }
    const known = history().some((entry) => entry.task === now.task.id);
    if (!known) setHistory((past) => [...past, { task: now.task.id, annotation: null }]);
    setPlace(history().length);
    const done = project();
    if (done?.done !== null && done) setProject({ ...done, done: (done.done ?? 0) + 1 });
    await show(next === undefined ? await backend.nextTask() : next);
  };

  /** Sent again when the connection is back: at the browser's word, or every ten seconds. */
  const waitForConnection = (skip: boolean) => {
    setWaiting(true);
    announce(say("offline"));
    const again = () => {
      clearTimeout(retry);
      window.removeEventListener("online", again);
      void guarded(async () => (waiting() ? sendOpen(skip) : undefined));
    };
    window.addEventListener("online", again, { once: true });
    retry = setTimeout(again, 10_000);
  };

  const resolveConflict = async (
    outcome: { theirs: StoredAnnotation; conflicts: readonly Conflict[] },
    skip: boolean,
  ): Promise<void> => {
    if (outcome.conflicts.length) {
      setConflict({ theirs: outcome.theirs, conflicts: outcome.conflicts });
      return;
    }
    // Changes that do not touch each other are already one: send them.
    announce(say("merged"));
    await sendOpen(skip);
  };

  const undo = () => {
    const mark = open()?.session.annotation.undo();
    open()?.session.annotation.document.flush();
    announce(say(mark ? "undone" : "nothingToUndo"));
  };

  const redo = () => {
    const mark = open()?.session.annotation.redo();
    open()?.session.annotation.document.flush();
    announce(say(mark ? "redone" : "nothingToRedo"));
  };

  const leave = () => void open()?.session.leave();
  window.addEventListener("pagehide", leave);
  onCleanup(() => {
    window.removeEventListener("pagehide", leave);
    const now = open();
    void ahead?.then((looks) => looks?.close());
    close();
    if (now && stream) void backend.release(now.task.id).catch(() => {});
  });

  return {
    project,
    phase,
    open,
    draft,
    busy,
    waiting,
    missing,
    problem,
    conflict,
    history,
    place,
    message,
    keys,
    epoch,
    instead,
    setInstead,
    stream,
    announce,
    load,
    reviews: options.reviews === true,
    submit: () => send(false),
    /** Does something about the open task that ends with it, and goes on to the next one. */
    finish: (work: () => Promise<void>) =>
      guarded(async () => {
        const now = open();
        await work();
        if (now) await goOn(now, undefined, place() === history().length);
      }),
    skip: () => send(true),
    previous: () => step(-1),
    next: () => step(1),
    undo,
    redo,
    setConflict,
    dismiss: () =>
      batch(() => {
        setMissing([]);
        setProblem("");
      }),
    openSubject: (subject: Subject) =>
      guarded(async () => {
        const now = open();
        now?.host.finishWriting();
        if (now) await show(await backend.task(now.task.id), null, subject);
      }),
  };
}

export type Screen = ReturnType<typeof createScreen>;

function sentence(error: unknown): string {
  if (error instanceof ConfigError) return say("badConfig", { message: error.message });
  if (error instanceof ApiError)
    return [error.message, ...error.faults.map((fault) => fault.message)].join(" ");
  console.error(error);
  return say("wentWrong");
}
