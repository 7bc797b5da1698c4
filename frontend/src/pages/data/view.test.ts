import { describe, expect, it } from "vitest";
import { isFiltered, pageOf, showOf, sortOf, sortParam, taskView } from "./view";

describe("the address of the table", () => {
  it("with nothing in it shows all tasks by id from the first page", () => {
    expect(taskView(4, {})).toEqual({ project: 4, filters: null, ordering: [] });
    expect(pageOf({})).toBe(1);
  });

  it("carries the order and the state into the request", () => {
    expect(taskView(4, { show: "todo", sort: "-updated_at" })).toEqual({
      project: 4,
      ordering: ["-tasks:updated_at"],
      filters: {
        conjunction: "and",
        items: [{ filter: "filter:tasks:completed_at", operator: "empty", type: "Datetime", value: true }],
      },
    });
  });

  it("carries whose tasks are wanted into the request, beside the state", () => {
    const filter = "filter:tasks:assigned";
    expect(taskView(4, { for: "7" }).filters).toEqual({
      conjunction: "and",
      items: [{ filter, operator: "contains", type: "List", value: 7 }],
    });
    expect(taskView(4, { for: "nobody", show: "done" }).filters?.items).toEqual([
      { filter: "filter:tasks:completed_at", operator: "empty", type: "Datetime", value: false },
      { filter, operator: "empty", type: "List", value: true },
    ]);
    expect(taskView(4, { for: "me" }).filters).toBeNull();
  });

  it("carries a state of the workflow, beside what is shown", () => {
    const item = { filter: "filter:tasks:state", operator: "equal", type: "String", value: "accepted" };
    expect(taskView(4, { state: "accepted" }).filters).toEqual({ conjunction: "and", items: [item] });
    expect(taskView(4, { state: "accepted", show: "done" }).filters?.items).toHaveLength(2);
    expect([isFiltered({}), isFiltered({ state: "" }), isFiltered({ state: "x" })]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it.each(["0", "-3", "x", "1.9", undefined])("with page %j begins at the first", (page) => {
    expect(pageOf(page === undefined ? {} : { page })).toBe(1);
  });

  it("ignores a state it does not know", () => expect(showOf({ show: "weird" })).toBe("all"));

  it("writes the order as it reads it", () => {
    expect(sortParam(sortOf({ sort: "-id" }))).toBe("-id");
    expect(sortParam(sortOf({ sort: "data.text" }))).toBe("data.text");
    expect(sortParam(sortOf({}))).toBeNull();
  });
});
