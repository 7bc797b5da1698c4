/** Own data for a preview, as it was pasted: a task, its data alone, or a list of either. */
import { isJsonObject, type JsonObject } from "../../config/json";
import type { ResultItem } from "../../store/result";
import type { CodeFault } from "../../ui/codePlace";
import type { StoredPrediction } from "../label/backend";
import type { PreviewTask } from "./memoryBackend";

export type OwnTask = { readonly task: PreviewTask } | { readonly fault: OwnFault };

export interface OwnFault extends Pick<CodeFault, "line" | "column"> {
  /** What the JSON parser says; null where it is JSON and no task. */
  readonly message: string | null;
}

/** Reads the text; the first of a list is taken. */
export function readOwnTask(text: string): OwnTask {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { fault: { ...placeOf(message, text), message } };
  }
  const one: unknown = Array.isArray(found) ? found[0] : found;
  if (!isJsonObject(one)) return { fault: { line: 1, column: 1, message: null } };
  const isTask = isJsonObject(one.data);
  return {
    task: {
      id: 1,
      data: isTask ? (one.data as JsonObject) : one,
      predictions: isTask ? predictionsOf(one.predictions) : [],
    },
  };
}

/** The predictions of a task as clients write them; what is none is left out. */
export function predictionsOf(written: unknown): readonly StoredPrediction[] {
  return (Array.isArray(written) ? written : []).flatMap((prediction: unknown, index) => {
    if (!isJsonObject(prediction) || !Array.isArray(prediction.result)) return [];
    const { result, model_version: version, score } = prediction;
    return {
      id: index + 1,
      result: (result as unknown[]).filter(isJsonObject) as unknown as ResultItem[],
      modelVersion: typeof version === "string" ? version : "",
      score: typeof score === "number" ? score : null,
    };
  });
}

function placeOf(message: string, text: string): Pick<CodeFault, "line" | "column"> {
  const found = /position (\d+)/.exec(message);
  const before = text.slice(0, found ? Number(found[1]) : text.length).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
