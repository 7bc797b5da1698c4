/** The labeling screen: bar, work, and the panel of regions and details. */
import "./label.css";
import {
  createEffect,
  createSignal,
  For,
  type JSX,
  Match,
  onCleanup,
  onMount,
  Show,
  Suspense,
  Switch,
} from "solid-js";
import { type Command, useCommands } from "../../app/commands";
import { fetched, queried } from "../../app/queried";
import { holdBack, quiet } from "../../app/quiet";
import { readSetting, writeSetting } from "../../app/storage";
import { makesRegions } from "../../config/results";
import type { JournalStorage } from "../../store/journal";
import { Button, LinkButton } from "../../ui/Button";
import { Failed, Late, Skeleton } from "../../ui/Loaded";
import { Splitter } from "../../ui/Splitter";
import { labelActions } from "./actions";
import { type LabelBackend, usualStates } from "./backend";
import { taskDrawn } from "./drawn";
import { fitHeight } from "./fitHeight";
import { type BesideName, besideNames, LabelBar } from "./LabelBar";
import { RegionsPanel } from "./RegionsPanel";
import { createScreen, type Open, type Screen } from "./screen";
import { TagTree } from "./TagTree";
import { say } from "./words";

const Offers = fetched(() => import("./Offers"));
const Beside = queried(() => import("./beside"));
const DetailsPanel = fetched(() => import("./DetailsPanel"));
const HelpDialog = fetched(() => import("./beside/HelpDialog"));
const ConflictDialog = fetched(() => import("./beside/ConflictDialog"));
const GuidelinesDialog = fetched(() => import("./GuidelinesDialog"));

const later = [Offers, Beside, HelpDialog, ConflictDialog, GuidelinesDialog];

export interface LabelScreenProps {
  readonly backend: LabelBackend;
  readonly journal: JournalStorage;
  readonly projectId: number;
  readonly task: number | null;
  readonly annotation: number | null;
  /** Hands the screen's state to who shows it as part of another page. */
  readonly watch?: (screen: Screen) => void;
  /** For those who review: what stands under the bar, and in the place of a task when none is left. */
  readonly review?: { readonly bar: (screen: Screen) => JSX.Element; readonly empty: () => JSX.Element };
}

export function LabelScreen(props: LabelScreenProps) {
  const screen = createScreen({ ...props, reviews: props.review !== undefined });
  props.watch?.(screen);
  const [help, setHelp] = createSignal(false);
  const [guide, setGuide] = createSignal(false);
  const [beside, setBeside] = createSignal<BesideName | null>(null);
  const toggle = (name: BesideName) => setBeside((now) => (now === name ? null : name));
  const [panel, setPanel] = createSignal(Number(readSetting("labelPanel")) || 300);
  const drawing = holdBack();
  onCleanup(drawing);
  onMount(async () => {
    await screen.load();
    const nodes = screen.open()?.host.tree.nodes ?? [];
    void taskDrawn(nodes.some((node) => node.type === "Image")).then(drawing);
    const project = screen.project();
    if (project?.showInstruction && project.instruction) setGuide(true);
  });
  // What a person may ask for while the connection is gone is fetched before.
  createEffect(() => quiet() && later.map((part) => part.preload()));
  useCommands(() =>
    screenCommands(screen, { help: () => setHelp(true), guide: () => setGuide(true), beside: toggle }),
  );

  return (
    <div class="label-screen">
      <LabelBar
        screen={screen}
        projectId={props.projectId}
        onHelp={() => setHelp(true)}
        onGuidelines={() => setGuide(true)}
        beside={beside()}
        onBeside={() => toggle(beside() ?? "history")}
      />
      {props.review?.bar(screen)}
      <div class="label-open">
        <Switch>
          <Match when={screen.phase().kind === "loading"}>
            <div class="label-wait">
              <Late>
                <Skeleton lines={6} />
              </Late>
            </div>
          </Match>
          <Match when={failure(screen)}>
            {(message) => <Failed message={message()} onRetry={() => void screen.load()} />}
          </Match>
          <Match when={screen.phase().kind === "empty"}>
            <div class="label-empty">
              {props.review?.empty() ?? (
                <>
                  <h2>{say("nothingLeft")}</h2>
                  <p class="muted">{say("nothingLeftHint")}</p>
                </>
              )}
              <LinkButton href={`/projects/${props.projectId}/data`}>{say("backToData")}</LinkButton>
            </div>
          </Match>
          <Match when={screen.open()}>
            {(open) => (
              <Show when={hasRegions(open())} fallback={<Work screen={screen} open={open()} />}>
                <Splitter
                  label={say("panelSize")}
                  fixed="second"
                  size={panel()}
                  min={220}
                  max={560}
                  onResize={(size) => {
                    setPanel(size);
                    writeSetting("labelPanel", String(size));
                  }}
                  first={<Work screen={screen} open={open()} />}
                  second={<Side screen={screen} open={open()} />}
                />
              </Show>
            )}
          </Match>
        </Switch>
        <Show when={screen.open() && beside()}>
          {(name) => (
            <Suspense>
              <Beside screen={screen} name={name()} onName={setBeside} />
            </Suspense>
          )}
        </Show>
      </div>
      <div class="visually-hidden" role="status" aria-live="polite">
        {screen.message()}
      </div>
      <Suspense>
        <Show when={help()}>
          <HelpDialog screen={screen} onClose={() => setHelp(false)} />
        </Show>
        <Show when={guide()}>
          <GuidelinesDialog html={screen.project()?.instruction ?? ""} onClose={() => setGuide(false)} />
        </Show>
        <Show when={screen.conflict()}>
          {(conflict) => <ConflictDialog screen={screen} conflict={conflict()} />}
        </Show>
      </Suspense>
    </div>
  );
}

/** Whether there is anything to list: without regions, questions have the whole width. */
function hasRegions({ host }: Open): boolean {
  if (host.tree.nodes.some((node) => makesRegions(node) || node.type === "Relations")) return true;
  return (
    host.results({}).some((item) => !host.tree.byName.has(item.from_name ?? "")) || host.regions().length > 0
  );
}

/** Whether there is more to say of a task than the task: most that are given by the queue are as they came. */
const hasMore = ({ task, host }: Open): boolean =>
  host.readOnly ||
  task.annotations.length > 0 ||
  task.predictions.length > 0 ||
  task.comments > 0 ||
  !usualStates.has(task.state);

function failure(screen: Screen): string | undefined {
  const phase = screen.phase();
  return phase.kind === "failed" ? phase.message : undefined;
}

function Work(props: { screen: Screen; open: Open }) {
  let scroll: HTMLDivElement | undefined;
  let content: HTMLElement | undefined;
  onMount(() => {
    if (scroll && content) onCleanup(fitHeight(scroll, content));
  });
  return (
    <div class="label-scroll" ref={scroll}>
      <Show when={hasMore(props.open)}>
        <Suspense>
          <Offers screen={props.screen} open={props.open} />
        </Suspense>
      </Show>
      <Problems screen={props.screen} />
      <section class="label-work" aria-label={say("task")} ref={content}>
        <Show when={props.screen.instead() ?? props.open} keyed>
          {(now) =>
            "view" in now ? (
              now.view()
            ) : (
              <TagTree node={now.host.tree.root} host={now.host} modules={now.modules} />
            )
          }
        </Show>
      </section>
    </div>
  );
}

function Problems(props: { screen: Screen }) {
  const lines = () => [
    ...props.screen.missing().map((one) => one.message),
    ...(props.screen.problem() ? [props.screen.problem()] : []),
  ];
  return (
    <Show when={lines().length}>
      <div class="label-problems" role="alert">
        <ul>
          <For each={lines()}>{(line) => <li>{line}</li>}</For>
        </ul>
        <Button
          look="quiet"
          size="small"
          icon="x"
          label={say("dismiss")}
          onClick={() => props.screen.dismiss()}
        />
      </div>
    </Show>
  );
}

function Side(props: { screen: Screen; open: Open }) {
  return (
    <Show when={(props.screen.instead() ?? props.open).host} keyed>
      {(host) => (
        <aside class="label-side" aria-label={say("side")}>
          <RegionsPanel host={host} />
          <Show when={quiet() || host.selection().length > 0}>
            <Suspense>
              <DetailsPanel host={host} />
            </Suspense>
          </Show>
        </aside>
      )}
    </Show>
  );
}

function screenCommands(
  screen: Screen,
  open: { help: () => void; guide: () => void; beside: (name: BesideName) => void },
): readonly Command[] {
  const group = say("labeling");
  const host = () => screen.open()?.host;
  const step = (by: 1 | -1) => {
    const now = host();
    const ids = now?.regions().map((region) => region.id) ?? [];
    if (!now || !ids.length) return;
    const at = ids.indexOf(now.selection()[0] ?? "");
    now.select([ids[(at + by + ids.length) % ids.length] ?? ""]);
  };
  const selectNothing = () => {
    const now = host();
    if (!now) return;
    if (now.relating() !== null) now.startRelation(null);
    else if (now.selection().length) now.select([]);
    else if (now.clearLabels()) screen.announce(say("noLabelPicked"));
  };
  const relate = () => {
    const now = host();
    const [id] = now?.selection() ?? [];
    if (now && id !== undefined && !now.readOnly) now.startRelation(id);
    else screen.announce(say("selectFirst"));
  };
  const remove = () => {
    const now = host();
    now?.removeRegions(now.selection());
  };
  const project = screen.project();
  const list = labelActions();
  return [
    { ...list.submit, group, run: () => void screen.submit() },
    ...(project?.showSkip === false ? [] : [{ ...list.skip, group, run: () => void screen.skip() }]),
    { ...list.undo, group, run: () => screen.undo() },
    { ...list.redo, group, run: () => screen.redo() },
    { ...list.previous, group, run: () => void screen.previous() },
    { ...list.next, group, run: () => void screen.next() },
    { ...list.nextRegion, group, run: () => step(1) },
    { ...list.previousRegion, group, run: () => step(-1) },
    { ...list.delete, group, run: remove },
    { ...list.backspace, group, run: remove },
    { ...list.relate, group, run: relate },
    { ...list.escape, group, run: selectNothing },
    { ...list.help, group, run: open.help },
    ...besideNames.map((name) => ({ ...list[name], group, run: () => open.beside(name) })),
    ...(project?.instruction
      ? [{ id: "label.guide", title: say("guidelines"), group, run: open.guide }]
      : []),
  ];
}
