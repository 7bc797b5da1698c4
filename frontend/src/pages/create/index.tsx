/** A new project: a name, a way to label, and then the data. */
import { useNavigate } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createSignal, For, Show } from "solid-js";
import { type ApiError, api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about, templatesQuery } from "../../api/queries";
import type { Template } from "../../api/types";
import { useCommands } from "../../app/commands";
import { t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { Button, LinkButton } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Icon, type IconName } from "../../ui/Icon";
import { Loaded } from "../../ui/Loaded";
import { rank } from "../../ui/match";
import { ConfigEditor, createConfigCheck } from "./ConfigEditor";
import "../page.css";
import "./create.css";

/** Small pictures of the templates, made by the gallery's browser test; those it cannot show whole have none. */
const pictures = import.meta.glob<string>("./pictures/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

const blank = "<View>\n  \n</View>\n";

export default function CreatePage() {
  useTitle(() => t("create.title"));
  const navigate = useNavigate();
  const client = useQueryClient();
  const templates = useQuery(() => templatesQuery());
  const [title, setTitle] = createSignal("");
  const [description, setDescription] = createSignal("");
  const [config, setConfig] = createSignal(blank);
  const [templateId, setTemplateId] = createSignal<string | null>(null);
  const [error, setError] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);
  const check = createConfigCheck(config);

  const choose = (template: Template | null) => {
    setTemplateId(template?.id ?? null);
    setConfig(template?.config ?? blank);
  };
  const submit = async () => {
    if (busy()) return;
    setBusy(true);
    setError(null);
    try {
      const body = { title: title().trim(), description: description().trim(), label_config: config() };
      const project = await ok(api.POST("/api/projects/", { body }));
      void client.invalidateQueries({ queryKey: about.projects });
      navigate(`/projects/${project.id}/data?dialog=import`);
    } catch (thrown) {
      setError(errorOfThrown(thrown));
    } finally {
      setBusy(false);
    }
  };
  useCommands(() => [
    {
      id: "create-submit",
      title: t("create.submit"),
      group: t("create.title"),
      keys: "$mod+Enter",
      icon: "check",
      run: () => void submit(),
    },
  ]);
  const titleFault = () => error()?.faultOf("title")?.message;
  const otherFault = () => (error() && !titleFault() ? error()?.message : null);

  return (
    <form
      class="page create"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div class="page-head">
        <h1>{t("create.title")}</h1>
        <Show when={otherFault()}>
          <p class="field-error" role="alert">
            {otherFault()}
          </p>
        </Show>
        <LinkButton href="/projects">{t("action.cancel")}</LinkButton>
        <Button look="primary" type="submit" busy={busy()} disabled={check.faults().length > 0}>
          {t("create.submit")}
        </Button>
      </div>
      <div class="create-columns">
        <div class="form">
          <TextField
            label={t("project.title")}
            value={title()}
            onInput={setTitle}
            required
            minlength={3}
            maxlength={50}
            autofocus
            autocomplete="off"
            error={titleFault()}
          />
          <TextArea
            label={t("project.description")}
            rows={2}
            value={description()}
            onInput={setDescription}
          />
          <Loaded query={templates}>
            {(data) => (
              <TemplateList
                templates={data().templates}
                groups={data().groups}
                chosen={templateId()}
                onChoose={choose}
              />
            )}
          </Loaded>
        </div>
        <ConfigEditor config={config()} onInput={setConfig} check={check} />
      </div>
    </form>
  );
}

const groupIcons: [RegExp, IconName][] = [
  [/image|vision|ocr/i, "image"],
  [/text|language|conversation|chat/i, "file-text"],
  [/audio|speech/i, "music"],
  [/video/i, "video"],
  [/time|series/i, "activity"],
];
const groupIcon = (group: string): IconName => groupIcons.find(([name]) => name.test(group))?.[1] ?? "tag";

function TemplateList(props: {
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
      <legend class="field-label">{t("create.template")}</legend>
      <input
        class="input"
        type="search"
        aria-label={t("create.templateSearch")}
        placeholder={t("create.templateSearch")}
        value={search()}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      <TemplateChoice
        icon="code"
        title={t("create.blank")}
        description={t("create.blankHint")}
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
        <p class="muted">{t("create.noTemplates")}</p>
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
