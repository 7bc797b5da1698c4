import { afterEach, beforeEach, expect, it, vi } from "vitest";

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
});
afterEach(() => vi.useRealTimers());

it("is quiet when the last that held back lets go, and stays so", async () => {
  const { holdBack, quiet } = await import("./quiet");
  const [page, picture] = [holdBack(), holdBack()];

  page();
  page();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(quiet()).toBe(false);
  picture();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(quiet()).toBe(true);
  holdBack();
  expect(quiet()).toBe(true);
});

it("waits for nobody longer than five seconds", async () => {
  const { holdBack, quiet } = await import("./quiet");
  holdBack();

  await vi.advanceTimersByTimeAsync(6_500);

  expect(quiet()).toBe(true);
});

it("goes on waiting for who begins while the first lets go", async () => {
  const { holdBack, quiet } = await import("./quiet");
  const first = holdBack();

  first();
  holdBack();
  await vi.advanceTimersByTimeAsync(2_000);

  expect(quiet()).toBe(false);
});
