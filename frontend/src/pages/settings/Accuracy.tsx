/** How well annotators do on the tasks whose answer is known: those who may know it see it. */
import { useQuery } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { honeypotsQuery } from "../../api/queries";
import type { Honeypots } from "../../api/types";
import { locale } from "../../app/i18n";
import { Avatar, personName } from "../../ui/Avatar";
import { Loaded } from "../../ui/Loaded";
import { say } from "./words";

type Annotator = Honeypots["annotators"][number];

export function Accuracy(props: { project: number }) {
  const found = useQuery(() => honeypotsQuery(props.project));
  return (
    <section class="members-section" aria-labelledby="accuracy">
      <h2 id="accuracy">{say("accuracy.title")}</h2>
      <p class="muted">{say("accuracy.hint")}</p>
      <Loaded query={found}>
        {(told) => (
          <Show when={told().annotators.length > 0} fallback={<p class="muted">{say("accuracy.none")}</p>}>
            <Table annotators={told().annotators} />
          </Show>
        )}
      </Loaded>
    </section>
  );
}

function Table(props: { annotators: readonly Annotator[] }) {
  return (
    // On a phone it is wider than the page, and scrolled by key.
    <div class="panel accuracy" role="group" aria-labelledby="accuracy" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">{say("accuracy.person")}</th>
            <th scope="col">{say("accuracy.judged")}</th>
            <th scope="col">{say("accuracy.alike")}</th>
            <th scope="col">{say("accuracy.right")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.annotators}>
            {(each) => (
              <tr>
                <th scope="row">
                  <div class="accuracy-person">
                    <Avatar person={each.user} decorative />
                    {personName(each.user)}
                  </div>
                </th>
                <td class="tabular">{new Intl.NumberFormat(locale()).format(each.judged)}</td>
                <td class="tabular">{share(each.accuracy)}</td>
                <td class="tabular">{range(each)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

/** A share in percent; nothing where there is none. */
const share = (value: number | null): string =>
  value === null ? "" : new Intl.NumberFormat(locale(), { style: "percent" }).format(value);

function range({ right_share, right_interval }: Annotator): string {
  if (right_share === null || right_interval === null) return "";
  const [low = 0, high = 1] = right_interval;
  return say("accuracy.range", { share: share(right_share), low: share(low), high: share(high) });
}
