/** The cases both compilers are held to: `tests/cases/label_config/*.json` at the repository's root. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatPlace } from "../../src/config/faults";
import { summarizeConfig } from "../../src/config/parsed";
import { validateConfig } from "../../src/config/validate";
import { registry } from "../../src/tags/_contract/registry";

interface ExpectedFault {
  readonly place?: string;
  readonly message?: string;
}

interface Case {
  readonly name: string;
  readonly config: string;
  readonly valid: boolean;
  readonly faults?: readonly ExpectedFault[];
  readonly parsed?: unknown;
}

/** Where text stops being XML, parsers agree on the line but not on the column. */
function comparable(fault: ExpectedFault, tree: unknown) {
  if (tree !== null || !fault.place) return fault;
  return { ...fault, place: expect.stringMatching(new RegExp(`^${fault.place.split(":")[0]}:`)) };
}

const folder = join(process.cwd(), "../tests/cases/label_config");
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
const cases = files.flatMap((file) => {
  const content = JSON.parse(readFileSync(join(folder, file), "utf8")) as Case | Case[];
  return ([] as Case[]).concat(content).map((one) => [`${file}: ${one.name}`, one] as const);
});

describe.skipIf(cases.length === 0)("the server's cases", () => {
  test.each(cases)("%s", (_, { config, valid, faults, parsed }) => {
    const result = validateConfig(config, registry);
    const errors = result.faults.filter((fault) => fault.severity === "error");
    expect(result.valid, errors.map((fault) => fault.message).join("; ")).toBe(valid);
    const told = errors.map((fault) => ({ place: formatPlace(fault.place), message: fault.message }));
    for (const fault of faults ?? [])
      expect(told).toContainEqual(expect.objectContaining(comparable(fault, result.tree)));
    if (parsed !== undefined && result.tree) expect(summarizeConfig(result.tree)).toEqual(parsed);
  });
});
