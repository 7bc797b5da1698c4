import { describe, expect, it } from "vitest";
import { ApiError, errorOfResponse, errorOfThrown } from "./errors";

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });

describe("an error of the server", () => {
  it("takes our faults with their places and suggestions", async () => {
    const faults = [
      { place: "3:5", message: "toName is unknown", code: "unknown_name", suggestion: "image" },
    ];
    const error = await errorOfResponse(answer(400, { detail: "Validation error", code: "invalid", faults }));

    expect(error).toBeInstanceOf(ApiError);
    expect(error.faults).toEqual(faults);
    expect(error.message).toBe("toName is unknown");
    expect(error.code).toBe("invalid");
  });

  it("flattens Label Studio's validation errors, nested ones by dots", async () => {
    const validation_errors = {
      title: ["Too short.", "Too plain."],
      data: { text: ["Missing."] },
      non_field_errors: ["Odd."],
    };
    const error = await errorOfResponse(answer(400, { detail: "Validation error", validation_errors }));

    expect(error.faults).toEqual([
      { place: "title", message: "Too short." },
      { place: "title", message: "Too plain." },
      { place: "data.text", message: "Missing." },
      { place: "", message: "Odd." },
    ]);
    expect(error.faultOf("title")?.message).toBe("Too short.");
  });

  it("reads the bare body of the config validator", async () => {
    const error = await errorOfResponse(answer(400, { label_config: ["not XML"] }));

    expect(error.faults).toEqual([{ place: "label_config", message: "not XML" }]);
  });

  it("stands with a body that is not JSON, and keeps the request's id", async () => {
    const error = await errorOfResponse(answer(502, "<html>Bad gateway</html>", { "X-Request-Id": "r-1" }));

    expect(error.message).toBe("The server answered 502.");
    expect(error.requestId).toBe("r-1");
  });

  it.each([
    [400, false],
    [404, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
  ])("of status %i is worth another try: %s", async (status, retryable) => {
    expect((await errorOfResponse(answer(status, {}))).retryable).toBe(retryable);
  });

  it("says of a fetch that threw that the server cannot be reached, and may be later", () => {
    const error = errorOfThrown(new TypeError("Failed to fetch"));

    expect(error.kind).toBe("network");
    expect(error.retryable).toBe(true);
  });

  it("knows a request given up from one that failed", () => {
    expect(errorOfThrown(new DOMException("gone", "AbortError")).kind).toBe("aborted");
  });
});
