import "./view.css";
import { createResource, For, Match, Switch } from "solid-js";
import { readText } from "../../config/attributes";
import { asText } from "../../config/variables";
import type { TagViewProps } from "../_contract/contract";
import { word, words } from "../_contract/words";
import { fetchText } from "../Text/content";
import { csvOf, type TableRows, tableOf } from "./rows";

export default function Table(props: TagViewProps) {
  const [table] = createResource(() => load(props));
  return (
    <Switch>
      <Match when={table.error}>
        <p role="alert" class="tag-error">
          {String((table.error as Error).message)}
        </p>
      </Match>
      <Match when={table.state === "ready" && table()}>
        {(found) => (
          <section
            class="data-table"
            tabindex="0"
            aria-label={word("table", { name: props.node.name ?? "" })}
          >
            <table>
              <thead>
                <tr>
                  <For each={found().head}>{(name) => <th scope="col">{name}</th>}</For>
                </tr>
              </thead>
              <tbody>
                <For each={found().rows}>
                  {(row) => (
                    <tr>
                      <For each={row}>{(cell) => <td>{cell}</td>}</For>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </section>
        )}
      </Match>
    </Switch>
  );
}

/** `csv|separator=;|headless|url`: the kind first, then its options. */
async function load({ node, host }: TagViewProps): Promise<TableRows> {
  const [kind = "json", ...options] = readText(node, "valueType").split("|");
  const value = host.attribute(node, "value");
  const content = options.includes("url") || kind === "url" ? await fetchText(asText(value)) : value;
  if (kind !== "csv") return tableOf(content, { name: words("tableName"), value: words("tableValue") });
  const separator = options.find((option) => option.startsWith("separator="))?.slice(10) || ",";
  return csvOf(asText(content), separator, options.includes("headless"));
}
