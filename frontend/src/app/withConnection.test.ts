import { afterEach, expect, it, vi } from "vitest";
import { withConnection } from "./withConnection";

const connect = (is: boolean) => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(is);
  if (is) dispatchEvent(new Event("online"));
};

afterEach(() => vi.restoreAllMocks());

it("asks at once where there is a connection, and tells what went wrong", async () => {
  connect(true);
  await expect(withConnection(async () => 7)).resolves.toBe(7);
  await expect(withConnection(() => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
});

it("asks for nothing until the connection is back", async () => {
  connect(false);
  const load = vi.fn(async () => 7);
  const given = withConnection(load);
  await Promise.resolve();
  expect(load).not.toHaveBeenCalled();

  connect(true);
  await expect(given).resolves.toBe(7);
});

it("asks again for what was cut off", async () => {
  connect(true);
  const load = vi
    .fn(async () => 7)
    .mockImplementationOnce(() => {
      connect(false);
      return Promise.reject(new Error("cut off"));
    });
  const given = withConnection(load);
  await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1));

  connect(true);
  await expect(given).resolves.toBe(7);
  expect(load).toHaveBeenCalledTimes(2);
});
