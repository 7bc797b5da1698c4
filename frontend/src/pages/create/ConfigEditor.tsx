/** The labeling config as text, checked by the server while it is written. */
import { type Accessor, createEffect, createSignal, For, on, onCleanup, Show } from "solid-js";
import { ApiError, api, ok } from "../../api/client";
import { t } from "../../app/i18n";
import { CodeField } from "../../ui/CodeField";
import { type CodeFault, parsePlace } from "../../ui/codePlace";
import { Icon } from "../../ui/Icon";
import "./ConfigEditor.css";

export interface ConfigCheck {
  faults: Accessor<readonly CodeFault[]>;
  /** Doubts about a config that is valid; they never stand in the way. */
  warnings: Accessor<readonly CodeFault[]>;
  state: Accessor<"checking" | "good" | "faulty" | "unchecked">;
}

const checkAfterMs = 350;

/** Asks the server about the config whenever it has rested a moment; the last answer wins. */
export function createConfigCheck(config: Accessor<string>): ConfigCheck {
  const [faults, setFaults] = createSignal<readonly CodeFault[]>([]);
  const [warnings, setWarnings] = createSignal<readonly CodeFault[]>([]);
  const [state, setState] = createSignal<ReturnType<ConfigCheck["state"]>>("unchecked");

  const ask = async (text: string, signal: AbortSignal) => {
    try {
      const asked = { params: { query: { warnings: true } }, body: { label_config: text }, signal };
      const found = await ok(api.POST("/api/projects/validate/", asked));
      if (signal.aborted) return;
      setFaults([]);
      setWarnings(found?.warnings.map(codeFault) ?? []);
      setState("good");
    } catch (thrown) {
      if (signal.aborted) return;
      setWarnings([]);
      const isFaulty = thrown instanceof ApiError && thrown.status === 400;
      setFaults(isFaulty ? faultsOf(thrown) : []);
      setState(isFaulty ? "faulty" : "unchecked");
    }
  };

  createEffect(
    on(config, (text) => {
      const abort = new AbortController();
      setState("checking");
      const timer = setTimeout(() => void ask(text, abort.signal), checkAfterMs);
      onCleanup(() => {
        clearTimeout(timer);
        abort.abort();
      });
    }),
  );
  return { faults, warnings, state };
}

/** The faults of a refused config, each at its line where the server knows it. */
export function faultsOf(error: ApiError): CodeFault[] {
  if (error.faults.length === 0) return [{ line: null, column: null, message: error.message }];
  return error.faults.map(codeFault);
}

const codeFault = ({ place, message, suggestion }: PlacedFault): CodeFault => ({
  ...parsePlace(place),
  message: suggestion ? `${sentence(message)} ${t("config.suggestion", { suggestion })}` : message,
});

interface PlacedFault {
  readonly place: string;
  readonly message: string;
  readonly suggestion?: string | null | undefined;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export function ConfigEditor(props: {
  config: string;
  onInput: (config: string) => void;
  check: ConfigCheck;
  /** The page says it already. */
  labelHidden?: boolean;
}) {
  return (
    <div class="config">
      <CodeField
        label={t("config.title")}
        labelHidden={props.labelHidden ?? false}
        value={props.config}
        onInput={props.onInput}
        faults={props.check.faults()}
        lineName={(line) => t("config.line", { line })}
        rows={22}
      />
      <p class="config-state" role="status">
        <Show when={props.check.state() === "good"}>
          <Icon name="circle-check" size={14} class="config-good" />
          {t("config.good")}
        </Show>
        <Show when={props.check.state() === "checking"}>{t("config.checking")}</Show>
        <Show when={props.check.state() === "faulty"}>
          {t("config.faulty", { count: props.check.faults().length })}
        </Show>
        <Show when={props.check.state() === "unchecked"}>{t("config.unchecked")}</Show>
      </p>
      <Show when={props.check.state() === "good" && props.check.warnings().length > 0}>
        <ul class="config-warnings" aria-label={t("config.warnings")}>
          <For each={props.check.warnings()}>
            {({ line, message }) => (
              <li>
                <Show when={line !== null}>
                  <strong>{t("config.line", { line: Number(line) })}</strong>{" "}
                </Show>
                {message}
              </li>
            )}
          </For>
        </ul>
      </Show>
    </div>
  );
}
