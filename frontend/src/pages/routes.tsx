/** Which page answers which address. Every page is fetched when it is first visited. */
import { Navigate, type RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";

const LabelPage = lazy(() => import("./label"));
const ProjectsPage = lazy(() => import("./projects"));

export const routes: RouteDefinition[] = [
  { path: "/", component: () => <Navigate href="/projects" /> },
  { path: "/projects", component: ProjectsPage },
  { path: "/projects/:id/label", component: LabelPage },
  { path: "/projects/:id/data/:task", component: LabelPage },
];
