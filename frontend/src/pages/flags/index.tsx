/** Feature flags, for those who run the installation: what each says, for whom, and who decided it. */
import { useQuery, useQueryClient } from "@tanstack/solid-query";
import { For, Show } from "solid-js";
import { about, rolloutsQuery } from "../../api/queries";
import { readFlags, useDecides } from "../../app/flags";
import { t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { EmptyState } from "../../ui/EmptyState";
import { Loaded } from "../../ui/Loaded";
import { FlagCard } from "./FlagCard";
import "../page.css";
import "./flags.css";

export default function FlagsPage() {
  useTitle(() => t("flags.title"));
  const decides = useDecides();
  return (
    <div class="page flags">
      <div class="page-head">
        <div>
          <h1>{t("flags.title")}</h1>
          <p class="muted">{t("flags.hint")}</p>
        </div>
      </div>
      <Show
        when={decides()}
        fallback={
          <EmptyState icon="info" title={t("flags.closed")}>
            {t("flags.closedHint")}
          </EmptyState>
        }
      >
        <Flags />
      </Show>
    </div>
  );
}

function Flags() {
  const client = useQueryClient();
  const flags = useQuery(() => rolloutsQuery());
  const changed = () => {
    void client.invalidateQueries({ queryKey: about.flags });
    void readFlags();
  };
  return (
    <Loaded query={flags}>
      {(listed) => <For each={listed()}>{(flag) => <FlagCard flag={flag} onChanged={changed} />}</For>}
    </Loaded>
  );
}
