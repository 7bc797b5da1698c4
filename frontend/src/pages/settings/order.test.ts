import { describe, expect, it } from "vitest";
import { orderOf, orders, settingsOf } from "./order";

const sequential = { sampling: "Sequential sampling", strategy: null } as const;

describe("the order of tasks", () => {
  it("is read from what it is saved as", () => {
    for (const order of orders) expect(orderOf(settingsOf(order, sequential))).toBe(order);
  });

  it("knows a strategy by what it says beside its defaults", () => {
    const said = (strategy: string) => orderOf({ ...sequential, strategy: JSON.parse(strategy) });
    expect(said('{"name": "disagreement", "then": "sequential"}')).toBe("disagreement");
    expect(said('{"name": "uncertainty", "measure": "least_confidence"}')).toBe("uncertainty");
    expect(said('{"name": "uniform"}')).toBe("uniform");
    expect(said('{"name": "overlap", "then": "uniform"}')).toBe("custom");
    expect(said('{"name": "mix", "signals": {"chance": 1}}')).toBe("custom");
  });

  it("leaves what is stored alone where it says the same, and ends a strategy where it does not", () => {
    const mix = { sampling: "Uniform sampling", strategy: { name: "mix", signals: { chance: 1 } } } as const;
    expect(settingsOf("custom", mix)).toEqual(mix);
    expect(settingsOf("custom", mix).strategy).toBe(mix.strategy);
    expect(settingsOf("uniform", mix)).toEqual({ sampling: "Uniform sampling", strategy: null });
    expect(settingsOf("margin", mix).sampling).toBe("Uniform sampling");
    expect(settingsOf("sequential", sequential)).toEqual(sequential);
  });
});

it("an order that is stored already brings nothing else of a form along", () => {
  const form = { sampling: "Sequential sampling", strategy: null, title: "typed over" } as const;
  expect(settingsOf("sequential", form)).toEqual({ sampling: "Sequential sampling", strategy: null });
});
