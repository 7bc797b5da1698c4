/** The labeling screen's port on nothing but memory: what is done in a preview is sent nowhere and kept nowhere. */
import type { JsonObject } from "../../config/json";
import type { ResultItem } from "../../store/result";
import type {
  AnnotationInput,
  LabelBackend,
  LabelProject,
  LabelTask,
  StoredAnnotation,
  StoredPrediction,
} from "../label/backend";

/** A task to look at, from wherever. */
export interface PreviewTask {
  readonly id: number;
  readonly data: JsonObject;
  readonly predictions: readonly StoredPrediction[];
}

export interface PreviewProject {
  readonly config: string;
  readonly showSkip: boolean;
  readonly allowEmpty: boolean;
}

/** Begins with a task, and with results that are not submitted yet. */
export function memoryBackend(
  project: PreviewProject,
  task: PreviewTask,
  begun: readonly ResultItem[],
): LabelBackend {
  let stored: StoredAnnotation | null = null;
  let draft = begun;

  const read = (): LabelTask => ({
    ...task,
    annotations: stored ? [stored] : [],
    drafts: draft.length
      ? [{ id: 1, result: draft, annotation: stored?.id ?? null, leadTime: 0, updatedAt: "" }]
      : [],
    allowSkip: true,
    state: "",
    comments: 0,
  });
  const store = (input: AnnotationInput): StoredAnnotation => {
    draft = [];
    stored = {
      id: 1,
      result: structuredClone(input.result),
      version: null,
      author: "",
      mine: true,
      skipped: input.skipped ?? false,
      groundTruth: false,
      leadTime: input.leadTime,
      updatedAt: "",
    };
    return stored;
  };
  return {
    project: async (): Promise<LabelProject> => ({
      ...project,
      id: 0,
      title: "",
      instruction: "",
      showInstruction: false,
      done: null,
      total: null,
    }),
    nextTask: async () => read(),
    task: async () => read(),
    annotation: async () => stored ?? store({ result: [], leadTime: 0, uniqueId: "" }),
    ahead: async () => null,
    history: async () => [],
    create: async (_task, input) => {
      store(input);
      return { next: undefined };
    },
    update: async (_id, input) => store(input),
    saveDraft: async (_task, input) => {
      draft = structuredClone(input.result);
      return 1;
    },
    release: async () => undefined,
    heartbeat: async () => undefined,
  };
}
