/** Further people on the real stack: invited, signed up, with a token for the API and a page of their own. */
import type { Browser, Page } from "playwright-core";
import { type OpenOptions, openPage } from "./browser";
import type { Stack } from "./stack";

const password = "a word of thirteen letters";

/** Somebody who joined, or the first administrator. */
export interface Member {
  readonly id: number;
  readonly name: string;
  /** Asks the API as they do; gives the parsed body. Throws with the body of a refusal. */
  ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A page at a path, signed in, in a profile of its own. */
  open(path: string, options?: OpenOptions): Promise<Page>;
}

interface Signed {
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

/** Invites somebody to a role, and signs them up as they would do it themselves. */
export async function join(
  stack: Stack,
  browser: Browser,
  role: string,
  [firstName, lastName]: readonly [string, string],
  problems: string[],
): Promise<Member> {
  const { url } = JSON.parse(await stack.ask("POST", "/api/invitations/", { role })) as { url: string };
  const email = `${firstName}@example.com`.toLowerCase();
  const answer = await fetch(`${stack.access.url}/api/invitations/sign-up/`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      invitation: new URL(url).searchParams.get("invitation"),
      email,
      password,
      first_name: firstName,
      last_name: lastName,
    }),
  });
  if (!answer.ok) throw new Error(`signing up: ${answer.status} ${await answer.text()}`);
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  const told = await fetch(`${stack.access.url}/api/current-user/token/`, {
    headers: { Cookie: cookies.join("; ") },
  });
  const { token } = (await told.json()) as { token: string };
  return member(stack, browser, { email, password, token }, problems);
}

/** The administrator whom the stack begins with. */
export const administrator = (stack: Stack, browser: Browser, problems: string[]): Promise<Member> =>
  member(stack, browser, { ...stack.access, token: stack.access.api_key }, problems);

async function member(stack: Stack, browser: Browser, signed: Signed, problems: string[]): Promise<Member> {
  const ask = async <Answer>(method: string, path: string, body?: unknown) => {
    const answer = await fetch(stack.access.url + path, {
      method,
      headers: { Authorization: `Token ${signed.token}`, "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as Answer;
  };
  const open = async (path: string, options?: OpenOptions) => {
    const page = await openPage(browser, `${stack.access.url}/favicon.svg`, problems, options);
    // Signed in as by the form, without waiting for the form.
    const answer = await page.request.post(`${stack.access.url}/api/session/`, {
      data: { email: signed.email, password: signed.password },
    });
    if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
    await page.goto(stack.access.url + path);
    return page;
  };
  const { id, first_name, last_name, email } = await ask<Record<string, string>>(
    "GET",
    "/api/current-user/whoami",
  );
  return { id: Number(id), name: `${first_name} ${last_name}`.trim() || (email ?? ""), ask, open };
}
