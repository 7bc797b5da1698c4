/** A new project: a name, a way to label, and then the data. */
import { useLocation, useNavigate } from "@solidjs/router";
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { createResource, createSignal, Show } from "solid-js";
import { type ApiError, api, ok } from "../../api/client";
import { errorOfThrown } from "../../api/errors";
import { about, templatesQuery } from "../../api/queries";
import type { Template } from "../../api/types";
import { useCommands } from "../../app/commands";
import { locale, t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import type { JsonObject } from "../../config/json";
import { Button, LinkButton } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Preview, Workspace } from "../playground/Workspace";
import { fetchWords, say } from "../playground/words";
import { ConfigEditor } from "./ConfigEditor";
import { createConfigCheck } from "./configCheck";
import { TemplateList } from "./TemplateList";
import "../page.css";
import "./create.css";

const blank = "<View>\n  \n</View>\n";

/** A config that another page sends here, in the state of the address. */
export interface BegunProject {
  readonly config?: string;
}

export default function CreatePage() {
  const [spoken] = createResource(locale, fetchWords);
  return (
    <Show when={spoken()}>
      <Create />
    </Show>
  );
}

function Create() {
  useTitle(() => say("create.title"));
  const begun = useLocation<BegunProject>().state?.config ?? blank;
  const navigate = useNavigate();
  const client = useQueryClient();
  const templates = useQuery(() => templatesQuery());
  const [title, setTitle] = createSignal("");
  const [description, setDescription] = createSignal("");
  const [config, setConfig] = createSignal(begun);
  const [template, setTemplate] = createSignal<Template | null>(null);
  const [error, setError] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);
  const check = createConfigCheck(config);

  const original = () => template()?.config ?? begun;
  const choose = (chosen: Template | null) => {
    setTemplate(chosen);
    setConfig(original());
  };
  const sample = () => template()?.sample as JsonObject | undefined;
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
      title: say("create.submit"),
      group: say("create.title"),
      keys: "$mod+Enter",
      icon: "check",
      run: () => void submit(),
    },
  ]);
  const titleFault = () => error()?.faultOf("title")?.message;
  const otherFault = () => (error() && !titleFault() ? error()?.message : null);

  return (
    <div class="page create">
      <div class="page-head">
        <h1>{say("create.title")}</h1>
        <Show when={otherFault()}>
          <p class="field-error" role="alert">
            {otherFault()}
          </p>
        </Show>
        <LinkButton href="/projects">{t("action.cancel")}</LinkButton>
        <Button look="primary" type="submit" form="create" busy={busy()} disabled={check.faults().length > 0}>
          {say("create.submit")}
        </Button>
      </div>
      <div class="create-columns">
        {/* The preview is no part of the form: a key pressed in one of its fields must not create the project. */}
        <form
          id="create"
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
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
                chosen={template()?.id ?? null}
                onChoose={choose}
              />
            )}
          </Loaded>
        </form>
        <Workspace
          editor={
            <ConfigEditor
              config={config()}
              onInput={setConfig}
              check={check}
              original={original()}
              keys={Object.keys(sample() ?? {})}
            />
          }
          preview={<Preview check={check} sample={sample()} />}
        />
      </div>
    </div>
  );
}
