/** A host that shows results and lets nothing be changed: an earlier version, or several people's regions at once. */
import { labelsOf } from "../../../config/results";
import { Annotation } from "../../../store/annotation";
import type { ResultItem } from "../../../store/result";
import type { TagHost } from "../../../tags/_contract/contract";
import { LabelHost } from "../host";
import type { Open } from "../screen";
import { type Mark, splitMark } from "./marks";

type Look = ReturnType<NonNullable<TagHost["moreLooks"]>>[number];

export class StageHost extends LabelHost {
  readonly #marks: ReadonlyMap<string, Mark>;

  constructor(open: Open, results: readonly ResultItem[], marks: readonly Mark[]) {
    super({
      tree: open.host.tree,
      taskId: open.task.id,
      data: open.task.data,
      annotation: new Annotation(results, { place: open.session.annotation.place }),
      readOnly: true,
      announce: open.host.announce,
      // The keys of the work are those of the work alone.
      addKey: () => () => undefined,
    });
    this.#marks = new Map(marks.map((mark) => [mark.id, mark]));
  }

  override labelColor(label: string, object = ""): string {
    const [stored, mark] = splitMark(label);
    return this.#marks.get(mark)?.color ?? super.labelColor(stored, object);
  }

  override labelTitle(label: string, object = ""): string {
    const [stored, mark] = splitMark(label);
    const title = stored && super.labelTitle(stored, object);
    return this.#marks.get(mark)?.title(title) ?? title;
  }

  /** The canvas asks once for the looks of all labels: those with a mark are told apart from the offered ones. */
  moreLooks(object: string): readonly Look[] {
    const known = new Map<string, Look>();
    for (const item of this.annotation.document.results()) {
      if (item.to_name !== object) continue;
      for (const value of labelsOf(item)) {
        const control = item.from_name ?? "";
        if (splitMark(value)[1] === "") continue;
        const look = { control, value, title: this.labelTitle(value, object), color: this.labelColor(value) };
        known.set(`${control}\n${value}`, look);
      }
    }
    return [...known.values()];
  }
}
