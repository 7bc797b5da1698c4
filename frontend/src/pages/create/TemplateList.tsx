/** The gallery of templates, found by words, with small pictures of what they do. */
import { createSignal, For, Show } from "solid-js";
import type { Template } from "../../api/types";
import { Icon, type IconName } from "../../ui/Icon";
import { rank } from "../../ui/match";
import { say } from "../playground/words";

/** Small pictures of the templates, made by the gallery's browser test; those it cannot show whole have none. */
const pictures = import.meta.glob<string>("./pictures/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

const groupIcons: [RegExp, IconName][] = [
  [/image|vision|ocr/i, "image"],
  [/text|language|conversation|chat/i, "file-text"],
  [/audio|speech/i, "music"],
  [/video/i, "video"],
  [/time|series/i, "activity"],
];
const groupIcon = (group: string): IconName => groupIcons.find(([name]) => name.test(group))?.[1] ?? "tag";

export function TemplateList(props: {
  templates: readonly Template[];
  groups: readonly string[];
  chosen: string | null;
  onChoose: (template: Template | null) => void;
}) {
  const [search, setSearch] = createSignal("");
  const found = () => rank(search(), props.templates, ({ title, group }) => `${title} ${group}`);
  const groups = () => props.groups.filter((group) => found().some((template) => template.group === group));
  return (
    <fieldset class="templates">
      <legend class="field-label">{say("create.template")}</legend>
      <input
        class="input"
        type="search"
        aria-label={say("create.templateSearch")}
        placeholder={say("create.templateSearch")}
        value={search()}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      <TemplateChoice
        icon="code"
        title={say("create.blank")}
        description={say("create.blankHint")}
        checked={props.chosen === null}
        onChoose={() => props.onChoose(null)}
      />
      <For each={groups()}>
        {(group) => (
          <section>
            <h2 class="templates-group">{group}</h2>
            <For each={found().filter((template) => template.group === group)}>
              {(template) => (
                <TemplateChoice
                  icon={groupIcon(group)}
                  picture={pictures[`./pictures/${template.id}.jpg`]}
                  title={template.title}
                  description={template.description}
                  checked={props.chosen === template.id}
                  onChoose={() => props.onChoose(template)}
                />
              )}
            </For>
          </section>
        )}
      </For>
      <Show when={found().length === 0}>
        <p class="muted">{say("create.noTemplates")}</p>
      </Show>
    </fieldset>
  );
}

function TemplateChoice(props: {
  icon: IconName;
  /** Where a small picture of it is; a template without one shows its icon. */
  picture?: string | undefined;
  title: string;
  description: string;
  checked: boolean;
  onChoose: () => void;
}) {
  return (
    <label class="template">
      <input type="radio" name="template" checked={props.checked} onChange={props.onChoose} />
      <span class="template-picture">
        <Show when={props.picture} fallback={<Icon name={props.icon} size={18} />}>
          {(url) => <img src={url()} alt="" loading="lazy" />}
        </Show>
      </span>
      <span>
        <strong>{props.title}</strong>
        <span class="muted">{props.description}</span>
      </span>
    </label>
  );
}
