/** Trying configs on the real labeling screen, without a project. What is written stays on this device. */
import { useNavigate } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createEffect, createResource, createSignal, on, onCleanup, Show } from "solid-js";
import { templatesQuery } from "../../api/queries";
import { currentUser } from "../../app/auth";
import { locale } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { readSetting, writeSetting } from "../../app/storage";
import type { JsonObject } from "../../config/json";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import type { BegunProject } from "../create";
import { ConfigEditor } from "../create/ConfigEditor";
import { createConfigCheck } from "../create/configCheck";
import { Preview, Workspace } from "./Workspace";
import { fetchWords, say } from "./words";
import "./playground.css";

export default function PlaygroundPage() {
  const [spoken] = createResource(locale, fetchWords);
  return (
    <Show when={spoken()}>
      <Playground />
    </Show>
  );
}

const BLANK = "blank!";
/** Whatever was written here before. */
const OWN = "own!";
const blank = "<View>\n  \n</View>\n";
const first = `<View>
  <Text name="text" value="$text"/>
  <Labels name="label" toName="text">
    <Label value="Person"/>
    <Label value="Place"/>
  </Labels>
</View>
`;
const keepAfterMs = 500;
/** What is longer is not worth a device's small store. */
const LONGEST_KEPT = 200_000;

function Playground() {
  useTitle(() => say("title"));
  const navigate = useNavigate();
  // Devices are shared: everybody finds what is theirs.
  const kept = `playground.${currentUser()?.id ?? ""}`;
  const templates = useQuery(() => templatesQuery());
  const known = () => (templates.isSuccess ? templates.data.templates : []);
  const [config, setConfig] = createSignal(readSetting(kept) || first);
  const [chosen, setChosen] = createSignal<string | null>(null);
  const check = createConfigCheck(config);
  const template = () => known().find(({ id }) => id === chosen());
  const original = () => (chosen() === BLANK ? blank : template()?.config);
  const sample = () => template()?.sample as JsonObject | undefined;
  const mayCreate = () => currentUser()?.permissions?.includes("project.create") ?? false;

  createEffect(
    on(
      config,
      (text) => {
        const timer = setTimeout(() => {
          if (text.length <= LONGEST_KEPT) writeSetting(kept, text);
        }, keepAfterMs);
        onCleanup(() => clearTimeout(timer));
      },
      { defer: true },
    ),
  );
  const choose = (id: string) => {
    if (id === OWN) return;
    setChosen(id);
    setConfig(original() ?? blank);
  };
  const create = () => navigate("/projects/create", { state: { config: config() } satisfies BegunProject });

  return (
    <div class="playground">
      <div class="page-head">
        <h1>{say("title")}</h1>
        <Select
          label={say("template")}
          labelHidden
          options={[
            ...(chosen() === null ? [{ value: OWN, label: say("template") }] : []),
            { value: BLANK, label: say("blank") },
            ...known().map(({ id, title }) => ({ value: id, label: title })),
          ]}
          value={chosen() ?? OWN}
          onChange={choose}
        />
        <Show when={mayCreate()}>
          <Button look="primary" icon="plus" disabled={check.faults().length > 0} onClick={create}>
            {say("createProject")}
          </Button>
        </Show>
        <p class="muted">{say("hint")}</p>
      </div>
      <Workspace
        fills
        editor={
          <ConfigEditor
            config={config()}
            onInput={setConfig}
            check={check}
            {...(original() === undefined ? {} : { original: original() ?? "" })}
            keys={Object.keys(sample() ?? {})}
          />
        }
        preview={<Preview check={check} sample={sample()} />}
      />
    </div>
  );
}
