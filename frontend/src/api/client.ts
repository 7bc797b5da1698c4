/**
 * The one door to the server: typed by path, with the session's header, and with errors thrown as `ApiError`.
 *
 *     const task = await ok(api.GET("/api/tasks/{task_id}/", { params: { path: { task_id: id } }, signal }));
 *
 * No view library here; queries are in `queries.ts`.
 */
import { type ApiError, errorOfResponse, errorOfThrown } from "./errors";
import { makeCaller } from "./request";
import type { paths } from "./types";

export type { Fault } from "./errors";
export { ApiError } from "./errors";

/** `sentAt` is when the request was sent, in milliseconds as `performance.now()` counts them. */
type Listener = (error: ApiError, sentAt: number) => void;

const unauthorizedListeners = new Set<Listener>();

/** Calls `listener` for each answer 401: the session has ended, or there never was one. */
export function onUnauthorized(listener: Listener): () => void {
  unauthorizedListeners.add(listener);
  return () => unauthorizedListeners.delete(listener);
}

/** What every request of the page carries; other doors than `api` (keepalive drafts, uploads) need it too. */
export const clientHeaders = { "X-Skylabel-Client": "web" } as const;

/** A client of its own, for tests and for other origins. `fetch` is looked up at each call, so it can be replaced. */
export function makeClient(options: { baseUrl?: string; fetch?: typeof fetch } = {}) {
  return makeCaller<paths>({
    baseUrl: options.baseUrl ?? "",
    headers: clientHeaders,
    async send(request) {
      const sentAt = performance.now();
      const response = await (options.fetch ?? globalThis.fetch)(request).catch((thrown: unknown) => {
        throw errorOfThrown(thrown);
      });
      // 0 is an opaque redirect, which only navigation follows.
      if (response.ok || response.status === 304) return response;
      const error = await errorOfResponse(response);
      if (error.status === 401) for (const listener of unauthorizedListeners) listener(error, sentAt);
      throw error;
    },
  });
}

export const api = makeClient({ baseUrl: globalThis.location?.origin ?? "" });

/** The answer's body; throws `ApiError` for everything else. A 204 gives undefined. */
export async function ok<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}
