/** Which page answers which address. Every page is fetched when it is first visited. */
import { Navigate, type RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";
import { queried, worded } from "../app/queried";

const SignInPage = worded(() => import("./signin"));
const ProjectsPage = queried(() => import("./projects"));
const CreatePage = queried(() => import("./create"));
const DataPage = queried(() => import("./data"));
const LabelPage = lazy(() => import("./label"));
const ReviewPage = queried(() => import("./review"));
const SettingsPage = queried(() => import("./settings"));
const AccountPage = queried(() => import("./settings/account"));
const ForgotPage = worded(() => import("./signin/Forgot"));
const ResetPage = worded(() => import("./signin/Reset"));
const JoinPage = worded(() => import("./signin/Join"));
const MembersPage = queried(() => import("./members"));
const FlagsPage = queried(() => import("./flags"));
const AuditPage = queried(() => import("./audit"));
const PlaygroundPage = queried(() => import("./playground"));
const NotFound = worded(() => import("./NotFound"));

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
  { path: "/projects/:id/review", component: ReviewPage },
  { path: "/projects/:id/settings/:section?", component: SettingsPage },
  { path: "/playground", component: PlaygroundPage },
  { path: "/flags", component: FlagsPage },
  { path: "/audit", component: AuditPage },
  { path: "/account", component: AccountPage },
  { path: "*", component: NotFound },
];
