/** The data manager: every task of a project in one table, however many there are. */
import { useNavigate, useParams, useSearchParams } from "@solidjs/router";
import { useQuery } from "@tanstack/solid-query";
import { createResource, Show } from "solid-js";
import { columnsQuery, peopleQuery, projectQuery } from "../../api/queries";
import type { Column, Project } from "../../api/types";
import { locale, t } from "../../app/i18n";
import { useTitle } from "../../app/place";
import { Loaded, Skeleton } from "../../ui/Loaded";
import { DataTable } from "./DataTable";
import type { ViewParams } from "./view";
import { fetchWords } from "./words";
import "./data.css";

export default function DataPage() {
  const params = useParams<{ id: string }>();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams() as unknown as [
    ViewParams,
    (change: object, how?: object) => void,
  ];
  const id = () => Number(params.id);
  const project = useQuery(() => projectQuery(id()));
  const columns = useQuery(() => columnsQuery(id()));
  const [spoken] = createResource(locale, fetchWords);
  const people = useQuery(() => ({ ...peopleQuery(), retry: false }));
  useTitle(() => (project.isSuccess ? project.data.title : t("app.data")));
  const peopleById = () =>
    new Map((people.isSuccess ? people.data : []).map((person) => [person.id, person]));

  return (
    <div class="data">
      <h1 class="visually-hidden">{t("data.title")}</h1>
      {/* Keyed: what is ticked, open and under way belongs to one project. */}
      <Show when={params.id} keyed>
        <Loaded query={project} skeleton={<Skeleton lines={8} height={24} />}>
          {(found) => (
            <Loaded query={columns} skeleton={<Skeleton lines={8} height={24} />}>
              {(answer) => (
                <Show when={spoken()}>
                  <DataTable
                    project={found() as Project}
                    columns={answer().columns as Column[]}
                    people={peopleById}
                    params={search}
                    setParams={setSearch}
                    onLabel={(task) =>
                      navigate(task ? `/projects/${id()}/data/${task}` : `/projects/${id()}/label`)
                    }
                  />
                </Show>
              )}
            </Loaded>
          )}
        </Loaded>
      </Show>
    </div>
  );
}
