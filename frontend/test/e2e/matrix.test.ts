/**
 * Every pair of an object and a control on the real stack: a person makes a result with mouse and keyboard, submits,
 * and it is stored as expected. Then, beside results that the screen knows nothing of, something is changed: all that
 * was not touched comes back to the byte.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResultItem } from "../../src/api/types";
import { browserMissing } from "../harness/browser";
import { madeByHand, strayTags } from "../harness/byHand";
import { Desk, type Stored } from "../harness/desk";
import { allPairs, missingCases, type Pair } from "../harness/pairs";
import { judged } from "../harness/person/masks";
import { Person } from "../harness/person/person";
import { differences, masked, rawItems } from "../harness/person/results";
import { stackMissing } from "../harness/stack";

const missing = browserMissing ?? stackMissing;

/** Results of other tools and other days, with what this page cannot know and numbers as people write them. */
const strange = [
  '{"zebra":{"b":[1.0,-0.0,1e-7,12345678901234567890,null],"a":"é😀"},"id":"odd-1","from_name":"gone","to_name":"obj","type":"telepathy","value":{"thought":[{"deep":0.30000000000000004}]}}',
  '{"id":"odd-2","value":{"choices":["Calm"],"extra":10.0},"type":"choices","from_name":"gone","to_name":"nowhere","score":0.50}',
  '{"from_id":"odd-1","weight":2.50,"to_id":"odd-2","type":"relation"}',
];

const why = missing ? ` (${missing})` : "";
let desk: Desk;

beforeAll(async () => {
  if (!missing) desk = await Desk.open();
});
afterAll(() => desk?.close());

describe.skipIf(missing)(`pairs of objects and controls${why}`, () => {
  it("covers every object and every control there is", () => {
    expect(missingCases()).toEqual([]);
  });

  it.each(allPairs().map((pair) => [pair.name, pair] as const))("%s", async (name, pair) => {
    const { project, tasks } = await desk.stack.project(name, pair.config, [pair.data]);

    await desk.goTo(`/projects/${project}/label`);
    const person = new Person(desk.page, pair.config, pair.data as never);
    await person.make(pair.made);
    const made = await desk.submit("POST");
    expectStored(made.result, pair.made);

    const odd = await besideStrange(made);
    await desk.goTo(`/projects/${project}/data/${tasks[0]}?annotation=${made.id}`);
    await change(person, pair);
    const { raw } = await desk.submit("PATCH");

    const same = made.raw.filter((_, index) => pair.left.includes(pair.made[index] as ResultItem));
    expect(raw.filter((item) => odd.includes(item) || same.includes(item))).toEqual([
      odd[0],
      ...same,
      ...odd.slice(1),
    ]);
    expectStored(
      raw.filter((item) => !odd.includes(item)).map((item) => JSON.parse(item) as ResultItem),
      pair.left,
    );
    expect(desk.problems.splice(0)).toEqual([]);
  });

  /** Puts the strange results around what was made; gives them as the server tells them. */
  async function besideStrange({ id, raw }: Stored): Promise<string[]> {
    const [first = "", ...others] = strange;
    const result = [first, ...raw, ...others].join(",");
    await desk.stack.ask("PATCH", `/api/annotations/${id}/`, `{"result":[${result}]}`);
    const stored = rawItems(await desk.stack.annotation(id));
    return [stored[0] ?? "", ...stored.slice(1 + raw.length)];
  }
});

describe.skipIf(missing)(`the templates of the gallery, by hand${why}`, () => {
  it("leaves out only those whose tags the screen cannot show yet", () => {
    expect(strayTags()).toEqual([]);
    expect(madeByHand().length).toBeGreaterThan(50);
  });

  it.each(madeByHand().map((one) => [one.id, one] as const))("%s", async (id, template) => {
    const { project } = await desk.stack.project(id, template.config, [template.sample]);

    await desk.goTo(`/projects/${project}/label`);
    await new Person(desk.page, template.config, template.sample as never).make(template.expected);

    expectStored((await desk.submit("POST")).result, template.expected);
    expect(desk.problems.splice(0)).toEqual([]);
  });
});

async function change(person: Person, { change: what }: Pair): Promise<void> {
  if (what.kind === "make") await person.make(what.items);
  else if (what.kind === "relabel") await person.relabel(what.label);
  else await person.deleteFirst();
}

function expectStored(made: readonly ResultItem[], wanted: readonly ResultItem[]): void {
  expect(differences(masked(judged(made)), masked(judged(wanted)))).toEqual([]);
}
