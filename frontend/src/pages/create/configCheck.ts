/** Whether a config is right while it is written: by the compiler here at once, by the server a moment later. */
import { type Accessor, batch, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { ApiError, api, ok } from "../../api/client";
import type { Fault, Said } from "../../config/faults";
import type { ConfigTree } from "../../config/tree";
import { type CodeFault, parsePlace } from "../../ui/codePlace";
import { type Compiler, fetchCompiler } from "../playground/fetchCompiler";
import { say } from "../playground/words";

export interface ConfigCheck {
  faults: Accessor<readonly CodeFault[]>;
  /** Doubts about a config that is valid; they never stand in the way. */
  warnings: Accessor<readonly CodeFault[]>;
  state: Accessor<"checking" | "good" | "faulty" | "unchecked">;
  /** The newest config without faults, as the compiler here reads it; null before there was one. */
  good: Accessor<GoodConfig | null>;
  /** The compiler; null until it is here. */
  compiler: Accessor<Compiler | null>;
}

export interface GoodConfig {
  readonly text: string;
  readonly tree: ConfigTree;
}

const readAfterMs = 120;
const checkAfterMs = 350;

/** A fault with its place as the server writes it; the places of both compilers are the same. */
export interface PlacedFault {
  readonly place: string;
  readonly message: string;
  readonly code?: string;
  readonly suggestion?: string | null | undefined;
  /** As a sentence of the catalogue, where the compiler here found it, too. */
  readonly said?: Said;
}

/** What was found in a text; null while nobody has looked. */
interface Found {
  readonly text: string;
  readonly faults: readonly PlacedFault[];
  readonly warnings: readonly PlacedFault[];
}

/** Looks at the config whenever it has rested a moment. The server's word counts, as soon as it is there. */
export function createConfigCheck(config: Accessor<string>): ConfigCheck {
  const [compiler, setCompiler] = createSignal<Compiler | null>(null);
  const [here, setHere] = createSignal<Found | null>(null);
  const [there, setThere] = createSignal<Found | null>(null);
  const [unreachable, setUnreachable] = createSignal(false);
  const [good, setGood] = createSignal<GoodConfig | null>(null);
  // Without it the server's check is left, and typing goes on.
  void fetchCompiler().then(
    (found) => setCompiler(() => found),
    () => undefined,
  );

  /** What reading took the last time: a long config is read in longer rests. */
  let took = 0;
  const read = (text: string, reading: Compiler) => {
    const begun = performance.now();
    const { valid, tree, faults } = reading.check(text);
    took = performance.now() - begun;
    batch(() => {
      setHere({ text, ...parted(faults) });
      if (valid && tree) setGood({ text, tree });
    });
  };
  createEffect(
    on([config, compiler], ([text, reading]) => {
      if (!reading) return;
      const timer = setTimeout(() => read(text, reading), here() ? Math.max(readAfterMs, 2 * took) : 0);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  createEffect(
    on(config, (text) => {
      const abort = new AbortController();
      setUnreachable(false);
      const timer = setTimeout(async () => {
        const answer = await askServer(text, abort.signal);
        if (abort.signal.aborted) return;
        setThere(answer);
        setUnreachable(answer === null);
      }, checkAfterMs);
      onCleanup(() => {
        clearTimeout(timer);
        abort.abort();
      });
    }),
  );

  const said = (found: Found | null) => (found?.text === config() ? found : null);
  // What was found in the text before stays until this one is read, so that nothing jumps at every key.
  const merged = createMemo(() => merge(here(), said(there())));
  const coded = (faults: readonly PlacedFault[]) => faults.map((fault) => codeFault(fault, config()));
  const faults = createMemo(() => coded(merged().faults));
  const warnings = createMemo(() => coded(merged().warnings));
  const state = () => {
    if (faults().length > 0) return "faulty";
    if (said(there())) return "good";
    return unreachable() ? "unchecked" : "checking";
  };
  return { faults, warnings, state, good, compiler };
}

/** Null when the server could not be asked. */
async function askServer(text: string, signal: AbortSignal): Promise<Found | null> {
  try {
    const asked = { params: { query: { warnings: true } }, body: { label_config: text }, signal };
    const found = await ok(api.POST("/api/projects/validate/", asked));
    return { text, faults: [], warnings: found?.warnings ?? [] };
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.status !== 400) return null;
    return { text, faults: faultsOf(thrown), warnings: [] };
  }
}

/** The faults of a refused config. */
function faultsOf(error: ApiError): readonly PlacedFault[] {
  return error.faults.length > 0 ? error.faults : [{ place: "", message: error.message }];
}

function parted(faults: readonly Fault[]): Omit<Found, "text"> {
  const placed = (severity: Fault["severity"]) =>
    faults
      .filter((fault) => fault.severity === severity)
      .map(({ place, ...fault }) => ({ ...fault, place: place ? `${place.line}:${place.column}` : "" }));
  return { faults: placed("error"), warnings: placed("warning") };
}

/** The server decides what is a fault. Of doubts each has its own; those about the same are told once. */
export function merge(here: Found | null, there: Found | null): Omit<Found, "text"> {
  if (!there)
    return { faults: here?.faults ?? [], warnings: here?.faults.length ? [] : (here?.warnings ?? []) };
  const ours = here?.text === there.text ? [...here.faults, ...here.warnings] : [];
  if (there.faults.length > 0) return { faults: inOurWords(there.faults, ours), warnings: [] };
  const known = new Set(there.warnings.map(aboutWhat));
  const own = (here?.warnings ?? []).filter((warning) => !known.has(aboutWhat(warning)));
  return { faults: [], warnings: [...inOurWords(there.warnings, ours), ...own] };
}

const aboutWhat = ({ place, code }: PlacedFault): string => `${place} ${code}`;

/** The server speaks English: what the compiler here has found as well is said in the language of the page. */
function inOurWords(theirs: readonly PlacedFault[], ours: readonly PlacedFault[]): readonly PlacedFault[] {
  const left = [...ours];
  return theirs.map((fault) => {
    const at = left.findIndex((one) => aboutWhat(one) === aboutWhat(fault));
    const [same] = at < 0 ? [] : left.splice(at, 1);
    return same?.said ? { ...fault, said: same.said } : fault;
  });
}

/** A fault at its place in the text as it is written: compilers count from where it begins, without blanks. */
export function codeFault({ place, suggestion, ...fault }: PlacedFault, text: string): CodeFault {
  const message = fault.said ? say(...fault.said) : fault.message;
  const { line, column } = parsePlace(place);
  const blank = text.slice(0, text.length - text.trimStart().length);
  const lines = blank.split("\n");
  return {
    line: line === null ? null : line + lines.length - 1,
    column: column === null || line !== 1 ? column : column + (lines.at(-1)?.length ?? 0),
    message: suggestion ? `${sentence(message)} ${say("config.suggestion", { suggestion })}` : message,
  };
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
