import { describe, expect, it, vi } from "vitest";
import { ApiError, makeClient, ok, onUnauthorized } from "./client";
import { addressOf } from "./request";

function clientAnswering(make: () => Response) {
  const requests: Request[] = [];
  const client = makeClient({
    baseUrl: "http://test",
    fetch: async (input) => {
      requests.push(input as Request);
      return make();
    },
  });
  return { client, requests };
}

const json = (body: unknown, status = 200) => Response.json(body, { status });

describe("the client", () => {
  it("fills the path and the query and says who it is", async () => {
    const { client, requests } = clientAnswering(() => json({ tasks: [], total: 0 }));

    await ok(client.GET("/api/tasks/", { params: { query: { project: 7, page: 2 } } }));

    expect(requests[0]?.url).toBe("http://test/api/tasks/?project=7&page=2");
    expect(requests[0]?.headers.get("X-Skylabel-Client")).toBe("web");
  });

  it("gives the body of an answer, and undefined for 204", async () => {
    const there = clientAnswering(() => json({ id: 3 }));
    const gone = clientAnswering(() => new Response(null, { status: 204 }));

    expect(
      (await ok(there.client.GET("/api/projects/{project_id}/", { params: { path: { project_id: 3 } } }))).id,
    ).toBe(3);
    expect(
      await ok(gone.client.DELETE("/api/projects/{project_id}/", { params: { path: { project_id: 3 } } })),
    ).toBeUndefined();
  });

  it("throws an ApiError for an answer that is not good", async () => {
    const { client } = clientAnswering(() => json({ detail: "No Project matches the given query." }, 404));

    const failure = ok(client.GET("/api/projects/{project_id}/", { params: { path: { project_id: 3 } } }));

    await expect(failure).rejects.toBeInstanceOf(ApiError);
    await expect(failure).rejects.toMatchObject({
      status: 404,
      message: "No Project matches the given query.",
    });
  });

  it("throws an ApiError when there is no answer at all", async () => {
    const client = makeClient({
      baseUrl: "http://test",
      fetch: () => Promise.reject(new TypeError("no route")),
    });

    await expect(ok(client.GET("/api/session/"))).rejects.toMatchObject({ kind: "network", status: 0 });
  });

  it("tells listeners of each 401, until they stop listening", async () => {
    const { client } = clientAnswering(() => json({ detail: "no" }, 401));
    const heard = vi.fn();
    const stop = onUnauthorized(heard);

    await ok(client.GET("/api/session/")).catch(() => undefined);
    stop();
    await ok(client.GET("/api/session/")).catch(() => undefined);

    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe("an address", () => {
  it("has its holes filled and its query written, without what is not said", () => {
    const params = {
      path: { id: "a/b" },
      query: { ids: [1, 2], q: "two words", none: undefined, nil: null },
    };

    expect(addressOf("/api/tasks/{id}/", params)).toBe("/api/tasks/a%2Fb/?ids=1&ids=2&q=two%20words");
    expect(addressOf("/api/tasks/")).toBe("/api/tasks/");
  });
});
