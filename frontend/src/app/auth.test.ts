import { afterEach, expect, it, vi } from "vitest";
import { api, ok } from "../api/client";
import { session, signIn } from "./auth";

afterEach(() => vi.unstubAllGlobals());

it("is not ended by a refusal of what was asked before signing in again", async () => {
  const refusals: ((answer: Response) => void)[] = [];
  vi.stubGlobal("fetch", (request: Request) =>
    request.url.endsWith("/api/session/")
      ? Promise.resolve(Response.json({ id: 1 }))
      : new Promise<Response>((resolve) => refusals.push(resolve)),
  );
  const refuse = () => refusals.shift()?.(Response.json({ detail: "No." }, { status: 401 }));
  await signIn("ada@example.com", "x");
  const early = ok(api.GET("/api/organizations/")).catch(() => undefined);
  const late = ok(api.GET("/api/organizations/")).catch(() => undefined);
  refuse();
  await early;
  expect(session().state).toBe("expired");

  await signIn("ada@example.com", "x");
  refuse();
  await late;
  expect(session().state).toBe("signedIn");
});
