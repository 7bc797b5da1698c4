/** One record of the audit log: a line that opens into everything it says. */
import { createSignal, createUniqueId, For, Show } from "solid-js";
import type { AuditChange, AuditRecord } from "../../api/types";
import { formatDate } from "../../app/i18n";
import { Icon } from "../../ui/Icon";
import { actorName, kindName, verbName } from "./audit";
import { say } from "./words";

export function Record(props: { record: AuditRecord }) {
  const [open, setOpen] = createSignal(false);
  const id = createUniqueId();
  const further = () => props.record.count - props.record.changes.length;
  return (
    <li class="audit-record">
      <button
        type="button"
        class="audit-line"
        aria-expanded={open()}
        aria-controls={id}
        onClick={() => setOpen(!open())}
      >
        <Icon name={open() ? "chevron-down" : "chevron-right"} size={14} />
        <time dateTime={props.record.at}>{formatDate(props.record.at)}</time>
        <span class="audit-who">{actorName(props.record)}</span>
        <span class="audit-what">
          <For each={props.record.changes}>{(change) => <What change={change} />}</For>
          <Show when={further() > 0}>
            <span class="muted">{say("further", { count: further() })}</span>
          </Show>
        </span>
      </button>
      <Show when={open()}>
        <Details id={id} record={props.record} />
      </Show>
    </li>
  );
}

function What(props: { change: AuditChange }) {
  return (
    <span class={`audit-change audit-${props.change.verb}`}>
      {kindName(props.change.kind)} <bdi>{props.change.id}</bdi> {verbName(props.change.verb)}
    </span>
  );
}

function Details(props: { id: string; record: AuditRecord }) {
  const facts = (): [string, string][] => [
    [say("operation"), props.record.operation],
    [say("request"), props.record.request],
    [say("address"), props.record.address ?? say("forgotten")],
    [say("agent"), props.record.agent ?? say("forgotten")],
    [say("number"), String(props.record.seq)],
    [say("hash"), props.record.hash],
  ];
  return (
    <div id={props.id} class="audit-details">
      <dl>
        <For each={facts()}>
          {([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </>
          )}
        </For>
      </dl>
      <table>
        <caption class="visually-hidden">{say("digests")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("thing")}</th>
            <th scope="col">{say("before")}</th>
            <th scope="col">{say("after")}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.record.changes}>
            {(change) => (
              <tr>
                <td>
                  {kindName(change.kind)} <bdi>{change.id}</bdi>
                </td>
                <td>
                  <code>{change.before ?? "–"}</code>
                </td>
                <td>
                  <code>{change.after ?? "–"}</code>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
