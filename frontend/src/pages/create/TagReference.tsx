/** What a tag is for, and what may be written in it: of the tag that the caret is in. */
import { createSignal, For, Show } from "solid-js";
import { readSetting, writeSetting } from "../../app/storage";
import type { AttributeSchema, TagSchema } from "../../config/schema";
import { say } from "../playground/words";

/** Kept open or closed from tag to tag, and from visit to visit. */
const [open, setOpen] = createSignal(readSetting("tagReference") === "open");

const roles = {
  object: "roleObject",
  control: "roleControl",
  visual: "roleVisual",
  part: "rolePart",
} as const;

export default function TagReference(props: { schema: TagSchema }) {
  const facts = () =>
    [
      say(roles[props.schema.role]),
      ...(props.schema.resultTypes.length ? [say("writes", { types: list(props.schema.resultTypes) })] : []),
      ...(props.schema.objects ? [say("worksOn", { tags: list(props.schema.objects) })] : []),
      ...(props.schema.parents ? [say("belongsIn", { tags: list(props.schema.parents) })] : []),
    ].join(" ");
  return (
    <details
      class="tag-reference"
      open={open()}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
        writeSetting("tagReference", event.currentTarget.open ? "open" : "closed");
      }}
    >
      <summary>
        <code>{`<${props.schema.name}>`}</code> <span lang="en">{props.schema.doc}</span>
      </summary>
      <p class="muted">{facts()}</p>
      <dl>
        <For each={Object.entries(props.schema.attrs)}>
          {([name, attribute]) => (
            <div>
              <dt>
                <code>{name}</code>
                <Show when={attribute.required}>
                  <span class="tag-needed">{say("needed")}</span>
                </Show>
              </dt>
              <dd>
                <span lang="en">{attribute.doc}</span> <Values attribute={attribute} />
              </dd>
            </div>
          )}
        </For>
      </dl>
    </details>
  );
}

function Values(props: { attribute: AttributeSchema }) {
  const usual = () => props.attribute.default;
  return (
    <>
      <Show when={props.attribute.values}>{(values) => <code>{values().join(" | ")}</code>}</Show>{" "}
      <Show when={usual() !== undefined && usual() !== ""}>
        <span class="muted">{say("usual", { value: String(usual()) })}</span>
      </Show>
    </>
  );
}

const list = (names: readonly string[]): string => names.join(", ");
