import type { LabelHost } from "../host";
import { endParts } from "./naming";

/** The region at an end: label and words, each in its own direction of writing, in the order of the page's. */
export function EndName(props: { host: LabelHost; id: string | undefined }) {
  return (
    <>
      <bdi>{endParts(props.host, props.id)[0]}</bdi>{" "}
      <bdi class="muted">{endParts(props.host, props.id)[1]}</bdi>
    </>
  );
}
