/** What can go wrong between the page and the server, as one type with every fault and its place. */

/** One thing wrong with what was sent: where (`line:column`, a field, an item) and what to do about it. */
export interface Fault {
  place: string;
  message: string;
  code?: string;
  suggestion?: string | null;
}

/** `network`: no answer at all; `timeout` and `aborted` are not failures of the server. */
export type ApiErrorKind = "network" | "aborted" | "http";

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly kind: ApiErrorKind;
  /** HTTP status, 0 when there was no answer. */
  readonly status: number;
  readonly code: string | null;
  readonly faults: readonly Fault[];
  /** Id of the failed request, to quote to whoever runs the server. */
  readonly requestId: string | null;
  /** The server's answer as parsed, for callers that know more. */
  readonly body: unknown;

  constructor(
    message: string,
    facts: {
      kind: ApiErrorKind;
      status?: number;
      code?: string | null;
      faults?: readonly Fault[];
      requestId?: string | null;
      body?: unknown;
    },
  ) {
    super(message);
    this.kind = facts.kind;
    this.status = facts.status ?? 0;
    this.code = facts.code ?? null;
    this.faults = facts.faults ?? [];
    this.requestId = facts.requestId ?? null;
    this.body = facts.body ?? null;
  }

  /** Whether the same request may succeed later without being changed. */
  get retryable(): boolean {
    return this.kind === "network" || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** The first fault of one field, or null. */
  faultOf(field: string): Fault | null {
    return this.faults.find((fault) => fault.place === field) ?? null;
  }
}

/** The error of a fetch that threw: no connection, or a caller that gave up. */
export function errorOfThrown(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const aborted = thrown instanceof DOMException && thrown.name === "AbortError";
  const message = aborted ? "The request was given up." : "The server cannot be reached.";
  return new ApiError(message, { kind: aborted ? "aborted" : "network" });
}

/** The error of an answer that is not 2xx, whatever its body turns out to be. */
export async function errorOfResponse(response: Response): Promise<ApiError> {
  const body = await bodyOf(response);
  const record = isRecord(body) ? body : {};
  const faults = faultsOf(record);
  return new ApiError(messageOf(record, faults, response), {
    kind: "http",
    status: response.status,
    code: typeof record.code === "string" ? record.code : null,
    faults,
    requestId: response.headers.get("X-Request-Id"),
    body,
  });
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.clone().json();
  } catch {
    return null;
  }
}

function messageOf(record: Record<string, unknown>, faults: readonly Fault[], response: Response): string {
  const detail = typeof record.detail === "string" ? record.detail : null;
  if (detail && detail !== "Validation error") return detail;
  return faults[0]?.message ?? detail ?? `The server answered ${response.status}.`;
}

/** Our `faults` when the server gives them, else Label Studio's `validation_errors`, flattened to places. */
function faultsOf(record: Record<string, unknown>): Fault[] {
  if (Array.isArray(record.faults)) return record.faults.filter(isFault);
  if (isRecord(record.validation_errors)) return flatten(record.validation_errors, "");
  if ("detail" in record || "error" in record) return [];
  return flatten(record, "");
}

function flatten(errors: Record<string, unknown>, prefix: string): Fault[] {
  return Object.entries(errors).flatMap(([key, value]): Fault[] => {
    const place = key === "non_field_errors" ? prefix : prefix ? `${prefix}.${key}` : key;
    if (isRecord(value)) return flatten(value, place);
    const messages = Array.isArray(value) ? value : [value];
    return messages.map((message) => ({ place, message: String(message) }));
  });
}

function isFault(value: unknown): value is Fault {
  return isRecord(value) && typeof value.place === "string" && typeof value.message === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
