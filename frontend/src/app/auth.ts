/**
 * Who is signed in. `unknown` until the server has said; `expired` keeps the page as it is and asks over it,
 * so that nothing half-written is lost; `none` sends to the sign-in page.
 */
import { createSignal } from "solid-js";
import { ApiError, api, ok, onUnauthorized } from "../api/client";
import type { CurrentUser } from "../api/types";

export type Session =
  | { state: "unknown" }
  | { state: "none" }
  | { state: "signedIn"; user: CurrentUser }
  | { state: "expired"; user: CurrentUser }
  | { state: "unreachable"; error: ApiError };

/** When somebody signed in last; what was asked before is no longer about the session that is. */
let signedInAt = Number.NEGATIVE_INFINITY;

const [session, setSession] = createSignal<Session>({ state: "unknown" });

export { session };

/** The user, also while the session must be renewed. */
export function currentUser(): CurrentUser | null {
  const now = session();
  return "user" in now ? now.user : null;
}

/** Replaces what is known of the user, after they changed their name. */
export function updateUser(change: Partial<CurrentUser>): void {
  setSession((now) => ("user" in now ? { ...now, user: { ...now.user, ...change } } : now));
}

/** Asks the server who we are. */
export async function readSession(): Promise<void> {
  try {
    setSession({ state: "signedIn", user: await ok(api.GET("/api/session/")) });
  } catch (thrown) {
    const error = thrown instanceof ApiError ? thrown : new ApiError(String(thrown), { kind: "network" });
    setSession(error.status === 401 ? { state: "none" } : { state: "unreachable", error });
  }
}

export async function signIn(email: string, password: string): Promise<void> {
  const user = await ok(api.POST("/api/session/", { body: { email, password } }));
  signedInAt = performance.now();
  setSession({ state: "signedIn", user });
}

export async function signOut(): Promise<void> {
  await ok(api.DELETE("/api/session/")).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  });
  setSession({ state: "none" });
}

/** An answer 401 to anyone's request: the session has run out under the user's hands. */
onUnauthorized((_, sentAt) => {
  if (sentAt < signedInAt) return;
  setSession((now) => (now.state === "signedIn" ? { state: "expired", user: now.user } : now));
});
