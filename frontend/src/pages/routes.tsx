/** Which page answers which address. Every page is fetched when it is first visited. */
import { Navigate, type RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";

const SignInPage = lazy(() => import("./signin"));
const ProjectsPage = lazy(() => import("./projects"));
const CreatePage = lazy(() => import("./create"));
const DataPage = lazy(() => import("./data"));
const LabelPage = lazy(() => import("./label"));
const SettingsPage = lazy(() => import("./settings"));
const AccountPage = lazy(() => import("./settings/account"));
const ForgotPage = lazy(() => import("./signin/Forgot"));
const ResetPage = lazy(() => import("./signin/Reset"));
const JoinPage = lazy(() => import("./signin/Join"));
const MembersPage = lazy(() => import("./members"));
const FlagsPage = lazy(() => import("./flags"));
const AuditPage = lazy(() => import("./audit"));
const NotFound = lazy(() => import("./NotFound"));

export const routes: RouteDefinition[] = [
  { path: "/", component: () => <Navigate href="/projects" /> },
  { path: "/signin", component: SignInPage },
  { path: "/forgot", component: ForgotPage },
  { path: "/reset", component: ResetPage },
  { path: "/join", component: JoinPage },
  { path: "/members", component: MembersPage },
  { path: "/projects", component: ProjectsPage },
  { path: "/projects/create", component: CreatePage },
  {
    path: "/projects/:id",
    component: () => <Navigate href={({ location }) => `${location.pathname}/data`} />,
  },
  { path: "/projects/:id/data", component: DataPage },
  { path: "/projects/:id/data/:task", component: LabelPage },
  { path: "/projects/:id/label", component: LabelPage },
  { path: "/projects/:id/settings/:section?", component: SettingsPage },
  { path: "/flags", component: FlagsPage },
  { path: "/audit", component: AuditPage },
  { path: "/account", component: AccountPage },
  { path: "*", component: NotFound },
];
