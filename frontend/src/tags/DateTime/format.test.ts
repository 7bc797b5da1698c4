import { expect, test } from "vitest";
import { formatDate, parseDate } from "./format";

const moment = "2024-02-29T15:07";

test.each([
  ["%d %B %Y, %H:%M", "29 February 2024, 15:07"],
  ["%b %-d, %y %I:%M %p", "Feb 29, 24 03:07 PM"],
  ["%A, %e.%m.%Y %H:%M:%S", "Thursday, 29.02.2024 15:07:00"],
  ["%a %d %b %Y (%H:%M)", "Thu 29 Feb 2024 (15:07)"],
  ["100%% %Q %Y-%m-%dT%H:%M", "100% %Q 2024-02-29T15:07"],
])("strftime's %s is written and read", (format, text) => {
  expect(formatDate(moment, "datetime-local", format)).toBe(text);
  expect(parseDate(text, "datetime-local", format)).toBe(moment);
});

test("names and halves of the day at their edges", () => {
  expect(formatDate("2024-05-01", "date", "%e %B|%b|%-d")).toBe(" 1 May|May|1");
  for (const [hour, text] of [
    ["00:30", "12:30 AM"],
    ["12:30", "12:30 PM"],
    ["23:00", "11:00 PM"],
  ] as const) {
    expect(formatDate(hour, "time", "%I:%M %p")).toBe(text);
    expect(parseDate(text, "time", "%I:%M %p")).toBe(hour);
  }
});
