import type { JsonObject, JsonValue } from "../../config/json";
import { labelsOf, resultType, valueKey } from "../../config/results";
import { sameJson } from "../../store/result";
import { defineCodec } from "../_contract/contract";

/** A labeled region: where it is (its placing keys, as stored) and what it is called. */
export interface LabeledRegion {
  readonly place: JsonObject;
  readonly labels: readonly string[];
}

/** Works for every list of labels: the key is the item's own type. */
export default defineCodec<LabeledRegion>({
  decode(raw) {
    if (!raw.value) return null;
    const key = valueKey(raw.type ?? "labels");
    const { [key]: _, ...place } = raw.value as Record<string, JsonValue>;
    return { place, labels: labelsOf(raw) };
  },
  encode(region, raw, context) {
    const type = raw?.type ?? resultType(context.control);
    const key = valueKey(type);
    const value: Record<string, JsonValue> = { ...(raw?.value ?? {}), ...region.place };
    if (!raw || !sameJson(labelsOf(raw), region.labels)) value[key] = region.labels as JsonValue;
    if (raw) return sameJson(raw.value, value) ? raw : { ...raw, value };
    return { from_name: context.control.name ?? "", to_name: context.object?.name ?? "", type, value };
  },
});
