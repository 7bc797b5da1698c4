/** The keys that work here, by group. */
import { For } from "solid-js";
import { Dialog } from "../../ui/Dialog";
import { Kbd } from "../../ui/Kbd";
import { type Command, commands } from "../commands";
import { keyCaps } from "../hotkeys";
import { t } from "../i18n";
import "./KeyList.css";

export default function KeyList(props: { onClose: () => void }) {
  const groups = () => {
    const byGroup = new Map<string, Command[]>();
    for (const command of commands())
      if (command.keys) byGroup.set(command.group, [...(byGroup.get(command.group) ?? []), command]);
    return [...byGroup];
  };
  return (
    <Dialog open title={t("command.keys")} description={t("command.keysHint")} onClose={props.onClose}>
      <For each={groups()}>
        {([group, list]) => (
          <section class="key-group">
            <h3>{group}</h3>
            <dl>
              <For each={list}>
                {(command) => (
                  <div>
                    <dt>{command.title}</dt>
                    <dd>
                      <Kbd caps={keyCaps(command.keys ?? "")} />
                    </dd>
                  </div>
                )}
              </For>
            </dl>
          </section>
        )}
      </For>
    </Dialog>
  );
}
