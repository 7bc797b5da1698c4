import { readAttribute } from "../../config/attributes";
import type { JsonObject } from "../../config/json";
import type { TagNode } from "../../config/tree";
import type { TagHost } from "../_contract/contract";

/** A number that nobody wrote is its default. */
export function defaultNumber(node: TagNode, host: TagHost): JsonObject | null {
  const usual = readAttribute(node, "defaultValue", host.data);
  return typeof usual === "number" ? { number: usual } : null;
}
