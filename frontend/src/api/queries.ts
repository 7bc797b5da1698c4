/**
 * What the pages ask of the server, as plain `{queryKey, queryFn}` objects for TanStack Query.
 * Keys begin with what they are about, so that a change can be told to all that show it: see `about`.
 */
import { api, ok } from "./client";
import type { AuditQuery, Filters } from "./types";

/** TanStack Query's context: the signal goes off when nobody waits any more. */
interface Fetch {
  signal: AbortSignal;
}

/** The beginnings of keys, for invalidation. */
export const about = {
  projects: ["projects"] as const,
  members: ["members"] as const,
  project: (id: number) => ["project", id] as const,
  tasks: (project: number) => ["tasks", project] as const,
  flags: ["flags"] as const,
  audit: ["audit"] as const,
  exports: (project: number) => ["exports", project] as const,
};

export interface ProjectSearch {
  title: string;
}

export const projectPageSize = 60;

/** Pages of projects, pinned first, then newest; for an infinite query. */
export const projectPages = (search: ProjectSearch) => ({
  queryKey: [...about.projects, search] as const,
  queryFn: ({ pageParam, signal }: Fetch & { pageParam: number }) =>
    ok(
      api.GET("/api/projects/", {
        params: {
          query: {
            page: pageParam,
            page_size: projectPageSize,
            ...(search.title ? { title: search.title } : {}),
          },
        },
        signal,
      }),
    ),
  initialPageParam: 1,
  getNextPageParam: (last: { count: number }, pages: unknown[]) =>
    pages.length * projectPageSize < last.count ? pages.length + 1 : undefined,
});

export const projectQuery = (id: number) => ({
  queryKey: about.project(id),
  queryFn: ({ signal }: Fetch) =>
    ok(api.GET("/api/projects/{project_id}/", { params: { path: { project_id: id } }, signal })),
});

export const templatesQuery = () => ({
  queryKey: ["templates"] as const,
  queryFn: ({ signal }: Fetch) => ok(api.GET("/api/templates/", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const peopleQuery = () => ({
  queryKey: ["people"] as const,
  queryFn: ({ signal }: Fetch) => ok(api.GET("/api/users/", { signal })),
  staleTime: 60_000,
});

export const membersQuery = (organization: number) => ({
  queryKey: [...about.members, organization] as const,
  queryFn: async ({ signal }: Fetch) => {
    const path = { organization_id: organization };
    const query = { page_size: -1 };
    const page = await ok(
      api.GET("/api/organizations/{organization_id}/memberships/", { params: { path, query }, signal }),
    );
    return page.results;
  },
});

export const groupsQuery = () => ({
  queryKey: [...about.members, "groups"] as const,
  queryFn: ({ signal }: Fetch) => ok(api.GET("/api/groups/", { signal })),
});

export const invitationsQuery = () => ({
  queryKey: [...about.members, "invitations"] as const,
  queryFn: ({ signal }: Fetch) => ok(api.GET("/api/invitations/", { signal })),
});

export const accessQuery = (project: number) => ({
  queryKey: [...about.project(project), "access"] as const,
  queryFn: ({ signal }: Fetch) =>
    ok(api.GET("/api/projects/{project_id}/access/", { params: { path: { project_id: project } }, signal })),
});

export const honeypotsQuery = (project: number) => ({
  queryKey: [...about.project(project), "honeypots"] as const,
  queryFn: ({ signal }: Fetch) =>
    ok(
      api.GET("/api/projects/{project_id}/honeypots/", { params: { path: { project_id: project } }, signal }),
    ),
});

export const workflowPresetsQuery = () => ({
  queryKey: ["workflow-presets"] as const,
  queryFn: ({ signal }: Fetch) => ok(api.GET("/api/workflows/presets/", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const workflowQuery = (project: number) => ({
  queryKey: [...about.project(project), "workflow"] as const,
  queryFn: ({ signal }: Fetch) =>
    ok(
      api.GET("/api/projects/{project_id}/workflow/", { params: { path: { project_id: project } }, signal }),
    ),
});

/** The ways that the project itself could go from its state. */
export const projectTransitionsQuery = (project: number) => ({
  queryKey: [...about.project(project), "transitions"] as const,
  queryFn: ({ signal }: Fetch) =>
    ok(
      api.GET("/api/fsm/entities/{entity}/{entity_id}/transitions/", {
        params: { path: { entity: "project", entity_id: project } },
        signal,
      }),
    ),
});

export const columnsQuery = (project: number) => ({
  queryKey: [...about.tasks(project), "columns"] as const,
  queryFn: ({ signal }: Fetch) => ok(api.GET("/api/dm/columns/", { params: { query: { project } }, signal })),
});

export interface TaskView {
  project: number;
  filters: Filters | null;
  /** `["tasks:id"]`, `["-tasks:updated_at"]`; empty for the order of ids. */
  ordering: readonly string[];
}

export const taskPageSize = 100;

/** One page of a project's tasks, counted from 1. */
export const taskPage = (view: TaskView, page: number) => ({
  queryKey: [...about.tasks(view.project), "page", view.filters, view.ordering, page] as const,
  queryFn: ({ signal }: Fetch) => {
    const query = {
      ...(view.filters ? { filters: view.filters } : {}),
      ...(view.ordering.length > 0 ? { ordering: view.ordering } : {}),
    };
    return ok(
      api.GET("/api/tasks/", {
        params: {
          query: {
            project: view.project,
            page,
            page_size: taskPageSize,
            fields: "all",
            ...(Object.keys(query).length > 0 ? { query: JSON.stringify(query) } : {}),
          },
        },
        signal,
      }),
    );
  },
});

export const formatsQuery = (project: number) => ({
  queryKey: ["formats", project] as const,
  queryFn: ({ signal }: Fetch) =>
    ok(
      api.GET("/api/projects/{project_id}/export/formats/", {
        params: { path: { project_id: project } },
        signal,
      }),
    ),
});

export const exportsQuery = (project: number) => ({
  queryKey: about.exports(project),
  queryFn: ({ signal }: Fetch) =>
    ok(api.GET("/api/projects/{project_id}/exports/", { params: { path: { project_id: project } }, signal })),
});

export const tokenQuery = () => ({
  queryKey: ["token"] as const,
  queryFn: ({ signal }: Fetch) => ok(api.GET("/api/current-user/token/", { signal })),
});

/** Pages of the audit log, the newest record first; for an infinite query. */
export const auditPages = (query: AuditQuery) => ({
  queryKey: [...about.audit, query] as const,
  queryFn: ({ pageParam, signal }: Fetch & { pageParam: number }) =>
    ok(
      api.GET("/api/audit/", {
        params: { query: { ...query, ...(pageParam ? { before: pageParam } : {}) } },
        signal,
      }),
    ),
  initialPageParam: 0,
  getNextPageParam: (last: { before: number | null }) => last.before ?? undefined,
});

/** The flags as those who decide about them see them. */
export const rolloutsQuery = () => ({
  queryKey: [...about.flags, "rollouts"] as const,
  queryFn: ({ signal }: Fetch) => ok(api.GET("/api/flags/rollouts/", { signal })),
});

export const flagChangesQuery = (name: string, version: number) => ({
  queryKey: [...about.flags, "changes", name, version] as const,
  queryFn: ({ signal }: Fetch) =>
    ok(api.GET("/api/flags/{name}/changes/", { params: { path: { name } }, signal })),
});
