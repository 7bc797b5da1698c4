/** What the panels beside the work ask of the server. */
import { api, ok } from "../../../api/client";
import type { AnnotationVersion, Comment, PassedState, UserRef } from "../../../api/types";

export const versionsOf = async (id: number): Promise<AnnotationVersion[]> =>
  (await ok(
    api.GET("/api/annotations/{annotation_id}/versions/", { params: { path: { annotation_id: id } } }),
  )) as AnnotationVersion[];

export const removedOf = async (id: number): Promise<AnnotationVersion[]> =>
  (await ok(
    api.GET("/api/tasks/{task_id}/removed-annotations/", { params: { path: { task_id: id } } }),
  )) as AnnotationVersion[];

/** The states a task has been in, newest first. */
export const statesOf = async (id: number): Promise<PassedState[]> =>
  (
    await ok(
      api.GET("/api/fsm/entities/{entity}/{entity_id}/history/", {
        params: { path: { entity: "task", entity_id: id } },
      }),
    )
  ).results;

/** Puts a version of an annotation in the place of the present one, or of none. */
export const restoreVersion = (id: number, number: number) =>
  ok(
    api.POST("/api/annotations/{annotation_id}/versions/{number}/restore/", {
      params: { path: { annotation_id: id, number } },
    }),
  );

export const removeAnnotation = (id: number) =>
  ok(api.DELETE("/api/annotations/{annotation_id}/", { params: { path: { annotation_id: id } } }));

/** The people of the organization. */
export const peopleAround = (): Promise<UserRef[]> => ok(api.GET("/api/users/"));

/** What people are called, by their number. */
export const nameOf = (people: readonly UserRef[] | undefined, id: number | undefined): string => {
  const found = people?.find((person) => person.id === id);
  if (!found) return id === undefined ? "" : `#${id}`;
  return `${found.first_name} ${found.last_name}`.trim() || found.email;
};

export const commentsOf = (task: number): Promise<Comment[]> =>
  ok(api.GET("/api/comments/", { params: { query: { task, expand_created_by: "true" } } }));

export const sayAbout = (body: {
  text: string;
  task: number;
  annotation?: number;
  region_ref?: { regionId: string };
}) => ok(api.POST("/api/comments/", { params: {}, body }));

export const changeComment = (id: number, body: { text?: string; is_resolved?: boolean }) =>
  ok(api.PATCH("/api/comments/{comment_id}/", { params: { path: { comment_id: id } }, body }));

export const removeComment = (id: number) =>
  ok(api.DELETE("/api/comments/{comment_id}/", { params: { path: { comment_id: id } } }));
