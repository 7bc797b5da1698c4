/** Sample tasks: the cases that the server's are held to, `tests/cases/sample_task/cases.json`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/config/json";
import { sampleTask } from "../../src/config/sample";
import { parseConfig } from "../../src/config/xml";
import { registry } from "../../src/tags/_contract/registry";

interface Case {
  readonly name: string;
  readonly config: string;
  readonly sample: JsonObject;
}

const file = join(process.cwd(), "../tests/cases/sample_task/cases.json");
const cases = JSON.parse(readFileSync(file, "utf8")) as Case[];

describe("the server's cases", () => {
  test.each(cases)("$name", ({ config, sample }) => {
    expect(sampleTask(parseConfig(config, registry))).toEqual(sample);
  });
});
