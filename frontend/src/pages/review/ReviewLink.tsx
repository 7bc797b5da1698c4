/** The way to the review of a project, for those whose verdict is waited for; nothing for all others. */
import { useQuery } from "@tanstack/solid-query";
import { createResource, Show } from "solid-js";
import { accessQuery, workflowQuery } from "../../api/queries";
import { locale } from "../../app/i18n";
import { LinkButton } from "../../ui/Button";
import { awaited } from "./awaited";
import { fetchWords, say } from "./words";

export default function ReviewLink(props: { project: number }) {
  const workflow = useQuery(() => workflowQuery(props.project));
  const access = useQuery(() => accessQuery(props.project));
  const [spoken] = createResource(locale, fetchWords);
  const count = () =>
    workflow.isSuccess && access.isSuccess ? awaited(workflow.data, access.data.your_role) : null;
  return (
    <Show when={spoken() && count() !== null}>
      <LinkButton icon="circle-check" href={`/projects/${props.project}/review`}>
        {say("reviewCount", { count: count() ?? 0 })}
      </LinkButton>
    </Show>
  );
}
