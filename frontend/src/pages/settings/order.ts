/** The orders in which a project hands out its tasks, as one choice made of `sampling` and `strategy`. */
import type { ProjectSettings, Strategy } from "../../api/types";

type Stored = Pick<ProjectSettings, "sampling" | "strategy">;

/** Each order's strategy. Those that Label Studio knows are said by `sampling` alone. */
const strategies = {
  entropy: { name: "uncertainty", measure: "entropy" },
  margin: { name: "uncertainty", measure: "margin" },
  committee: { name: "committee" },
  overlap: { name: "overlap" },
  disagreement: { name: "disagreement" },
} satisfies Record<string, Strategy>;

const samplings = {
  sequential: "Sequential sampling",
  uniform: "Uniform sampling",
  uncertainty: "Uncertainty sampling",
} as const;

type Said = keyof typeof samplings | keyof typeof strategies;
/** `custom` is what only the API can say: a mix, a committee of some, an order within an order. */
export type Order = Said | "custom";

export const orders = [...Object.keys(samplings), ...Object.keys(strategies)] as Said[];

const isOf = <Names extends object>(names: Names, name: string): name is Extract<keyof Names, string> =>
  Object.hasOwn(names, name);

const byDefault = new Map<string, unknown>([
  ["measure", "least_confidence"],
  ["then", "sequential"],
]);

/** A strategy without what it says by default. */
function brief({ name, ...parameters }: Strategy): Strategy {
  const said = Object.entries(parameters).filter(([key, value]) => byDefault.get(key) !== value);
  return { name, ...Object.fromEntries(said) };
}

/** The order that a project's settings say. */
export function orderOf({ sampling, strategy }: Stored): Order {
  if (!strategy) return nameOf(samplings, (each) => each === sampling) ?? "sequential";
  const wanted = brief(strategy);
  if (isOf(samplings, wanted.name) && Object.keys(wanted).length === 1) return wanted.name;
  return nameOf(strategies, (each) => JSON.stringify(each) === JSON.stringify(wanted)) ?? "custom";
}

/** The settings that say an order, those stored where they say it already. */
export function settingsOf(order: Order, { sampling, strategy }: Stored): Stored {
  // what is stored may be a whole form: nothing else of it may come along
  if (order === "custom" || order === orderOf({ sampling, strategy })) return { sampling, strategy };
  if (isOf(samplings, order)) return { sampling: samplings[order], strategy: null };
  return { sampling, strategy: strategies[order] };
}

function nameOf<Names extends object>(
  names: Names,
  fits: (value: Names[keyof Names]) => boolean,
): Extract<keyof Names, string> | undefined {
  return (Object.keys(names) as Extract<keyof Names, string>[]).find((name) => fits(names[name]));
}
