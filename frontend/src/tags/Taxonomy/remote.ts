/** A tree that a server gives branch by branch: the top at once, what lies below an item when it is opened. */
import { type ConfigItem, listItems } from "../../config/items";
import type { JsonValue } from "../../config/json";
import type { Path } from "./tree";

/** Fetches one branch; rejects when it cannot be had. A name and password in the address become basic authentication. */
export async function fetchBranch(address: string, path: Path = []): Promise<readonly ConfigItem[]> {
  const { url, headers } = askFor(address, path);
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(String(answer.status));
  const body = (await answer.json()) as JsonValue | { items?: JsonValue };
  return listItems((Array.isArray(body) ? body : (body as { items?: JsonValue }).items) ?? []);
}

/** The address of a branch, `?path=A&path=B`, without what browsers refuse to have in it. */
export function askFor(address: string, path: Path): { readonly url: string; readonly headers: HeadersInit } {
  const url = new URL(address, globalThis.location?.href ?? "http://localhost");
  const { username, password } = url;
  url.username = "";
  url.password = "";
  for (const step of path) url.searchParams.append("path", step);
  if (!username && !password) return { url: url.href, headers: {} };
  const said = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { url: url.href, headers: { Authorization: `Basic ${btoa(String.fromCharCode(...said))}` } };
}
