/** Marks the regions that somebody has commented on, without the comments themselves being open. Draws nothing. */
import { createEffect, createResource } from "solid-js";
import type { LabelHost } from "../host";
import { countByRegion } from "./commentCounts";
import { commentsOf } from "./requests";

export default function Remarks(props: { task: number; host: LabelHost }) {
  const [comments] = createResource(() => props.task, commentsOf);
  createEffect(() => {
    if (!comments.error && comments.latest) props.host.remarks[1](countByRegion(comments.latest));
  });
  return null;
}
