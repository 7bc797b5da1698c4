/**
 * Calls typed by the document of the API: openapi-fetch's types over a few lines of our own, since the package's code
 * (serializers of every style, middleware, other parsers) is five times what the page needs.
 */
import type { Client } from "openapi-fetch";

type Scalar = string | number | boolean;

interface CallOptions {
  readonly params?: {
    readonly path?: Readonly<Record<string, Scalar>>;
    readonly query?: Readonly<Record<string, Scalar | readonly Scalar[] | null | undefined>>;
  };
  readonly headers?: HeadersInit;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Writes the body; JSON by default. */
  readonly bodySerializer?: (body: unknown) => BodyInit;
}

export interface CallerOptions {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Answers with whatever is a success; throws for the rest. */
  readonly send: (request: Request) => Promise<Response>;
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** The methods that pages call. */
export type Caller<Paths extends object> = Pick<Client<Paths>, (typeof methods)[number]>;

/** Fills a path's holes and adds its query; what is null or undefined is left out, lists repeat their name. */
export function addressOf(
  path: string,
  { path: holes = {}, query = {} }: CallOptions["params"] = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(holes[name] ?? ""));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}=${encodeURIComponent(one as Scalar)}`),
  );
  return pairs.length > 0 ? `${filled}?${pairs.join("&")}` : filled;
}

/** Gives one function a method, each from a path and its options to `{data, response}`. */
export function makeCaller<Paths extends object>({ baseUrl, headers, send }: CallerOptions): Caller<Paths> {
  const call = async (method: string, path: string, options: CallOptions = {}) => {
    const { params, body, signal, bodySerializer = JSON.stringify } = options;
    const written = body === undefined ? undefined : bodySerializer(body);
    const said = new Headers(options.headers);
    for (const [name, value] of Object.entries(headers)) said.set(name, value);
    if (typeof written === "string" && !said.has("Content-Type"))
      said.set("Content-Type", "application/json");
    const request = new Request(baseUrl + addressOf(path, params), {
      method,
      headers: said,
      credentials: "same-origin",
      ...(written === undefined ? {} : { body: written }),
      ...(signal ? { signal } : {}),
    });
    const response = await send(request);
    const text = response.status === 204 ? "" : await response.text();
    return { data: text === "" ? undefined : JSON.parse(text), response };
  };
  const made = methods.map((method) => [
    method,
    (path: string, options?: CallOptions) => call(method, path, options),
  ]);
  return Object.fromEntries(made) as Caller<Paths>;
}
