/**
 * The shapes the server speaks, kept by hand in the form openapi-typescript writes (`paths`), until
 * `schema.ts` is generated from the OpenAPI file and takes this module's place.
 */

export interface UserRef {
  id: number;
  first_name: string;
  last_name: string;
  email: string;
  avatar?: string | null;
  initials?: string;
}

/** Keys by action, as `section:action`. */
export type Hotkeys = Readonly<Record<string, { readonly key: string; readonly active?: boolean }>>;

export interface CurrentUser extends UserRef {
  username: string;
  initials: string;
  active_organization: number;
  active_organization_meta?: { title: string; email: string };
  custom_hotkeys?: Hotkeys;
  permissions?: string[];
  role?: RoleName;
}

export const roleNames = ["owner", "administrator", "manager", "reviewer", "annotator", "viewer"] as const;
export type RoleName = (typeof roleNames)[number];
export const projectRoleNames = ["manager", "reviewer", "annotator", "viewer"] as const;
export type ProjectRoleName = (typeof projectRoleNames)[number];

export interface OwnOrganization {
  id: number;
  title: string;
  role: RoleName;
  /** The one that this session acts in. */
  is_active: boolean;
}

export interface Member {
  id: number;
  role: RoleName;
  is_active: boolean;
  groups: number[];
  user: UserRef;
}

export interface Group {
  id: number;
  name: string;
  members: number[];
}

export interface Invitation {
  id: number;
  role: RoleName;
  email: string;
  expires_at: string;
}

export interface SignUp {
  invitation: string;
  email: string;
  password: string;
  first_name: string;
  last_name: string;
}

export interface ProjectAccess {
  is_members_only: boolean;
  your_role: RoleName;
  members: {
    user: UserRef;
    role: RoleName;
    own_role: ProjectRoleName | null;
    organization_role: RoleName;
  }[];
  groups: { group: { id: number; name: string }; role: ProjectRoleName }[];
}

export type Work = "none" | "some" | "skips" | "enough";

/** The states of a project's tasks and the ways between them; without events (`on`) people ask for a way. */
export interface WorkflowMachine {
  initial: string;
  separates_duties: boolean;
  states: { name: string; title: string; work: Work[]; final: boolean; refuses: string[] }[];
  transitions: {
    name: string;
    title: string;
    from: string[];
    to: string;
    on: string[];
    roles: RoleName[];
    guards: string[];
    effects: string[];
  }[];
}

export interface WorkflowPreset {
  name: string;
  workflow: WorkflowMachine;
}

export interface Workflow {
  /** Null for one of the project's own. */
  preset: string | null;
  workflow: WorkflowMachine;
  /** How many tasks stand in which state. */
  tasks: Record<string, number>;
  /** A job is still taking tasks along after a change. */
  is_following: boolean;
  version: number;
}

export interface OfferedTransition {
  name: string;
  title: string;
  to: string;
  needs_reason: boolean;
}

export type Sampling = "Sequential sampling" | "Uniform sampling" | "Uncertainty sampling";
/** An order of tasks by its name, with its parameters. */
export type Strategy = { name: string } & Record<string, unknown>;
export type SkipQueue = "REQUEUE_FOR_OTHERS" | "REQUEUE_FOR_ME" | "IGNORE_SKIPPED";

export interface ParsedControl {
  type: string;
  to_name: string[];
  inputs: { type: string; valueType?: string | null; value: string }[];
  labels: string[];
  labels_attrs?: Record<string, Record<string, string>>;
}

export interface ProjectSettings {
  title: string;
  description: string;
  label_config: string;
  config_version?: number;
  expert_instruction: string;
  show_instruction: boolean;
  show_skip_button: boolean;
  enable_empty_annotation: boolean;
  color: string;
  maximum_annotations: number;
  overlap_cohort_percentage: number;
  sampling: Sampling;
  strategy: Strategy | null;
  show_ground_truth_first: boolean;
  blind_mode: "off" | "annotations" | "annotations_and_predictions";
  skip_queue: SkipQueue;
  model_version: string;
  show_collab_predictions: boolean;
  pinned_at: string | null;
}

export interface Project extends ProjectSettings {
  id: number;
  created_at: string;
  created_by: UserRef;
  parsed_label_config: Record<string, ParsedControl>;
  /** `open`, `paused` or `finished`. */
  state?: string;
  task_number: number | null;
  finished_task_number: number | null;
  total_annotations_number: number | null;
  total_predictions_number: number | null;
  skipped_annotations_number: number | null;
  num_tasks_with_annotations: number | null;
  queue_total?: number | null;
  queue_done?: number | null;
  version?: number;
}

export interface Page<Item> {
  count: number;
  next: string | null;
  previous: string | null;
  results: Item[];
}

/** One item of a result array. Fields beside these are kept as they came. */
export interface ResultItem {
  id?: string;
  type: string;
  from_name?: string;
  to_name?: string;
  value?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface Annotation {
  id: number;
  result: ResultItem[];
  task: number;
  project: number;
  completed_by: number | UserRef;
  was_cancelled: boolean;
  ground_truth: boolean;
  created_at: string;
  updated_at: string;
  lead_time: number | null;
  parent_prediction: number | null;
  parent_annotation: number | null;
  draft_created_at?: string | null;
  created_username?: string;
  unique_id?: string;
  version?: number;
}

export interface AnnotationInput {
  result?: readonly ResultItem[];
  was_cancelled?: boolean;
  ground_truth?: boolean;
  lead_time?: number;
  draft_id?: number;
  parent_prediction?: number | null;
  parent_annotation?: number | null;
  unique_id?: string;
}

export interface Prediction {
  id: number;
  result: ResultItem[];
  score: number | null;
  model_version: string;
  task: number;
  project: number;
  created_at: string;
  updated_at: string;
}

export interface Draft {
  id: number;
  result: ResultItem[];
  lead_time: number | null;
  task: number;
  annotation: number | null;
  user: string;
  was_postponed: boolean;
  created_at: string;
  updated_at: string;
}

export interface DraftInput {
  result: readonly ResultItem[];
  lead_time?: number;
  was_postponed?: boolean;
}

export interface Task {
  id: number;
  data: Record<string, unknown>;
  meta: Record<string, unknown> | null;
  project: number;
  inner_id: number;
  overlap: number;
  is_labeled: boolean;
  /** By the project's workflow. */
  state?: string;
  allow_skip?: boolean;
  created_at: string;
  updated_at: string;
  updated_by: { user_id: number }[];
  completed_at: string | null;
  total_annotations: number;
  cancelled_annotations: number;
  total_predictions: number;
  annotators: number[];
  avg_lead_time: number | null;
  draft_exists: boolean;
  file_upload: string | null;
  storage_filename: string | null;
  annotations: Annotation[];
  predictions: Prediction[];
  drafts: Draft[];
  version?: number;
  [column: string]: unknown;
}

/** What "next task" answers: a task with the lease on it. */
export interface NextTask extends Task {
  unique_lock_id: string;
  queue: string;
}

export interface TaskPage {
  tasks: Task[];
  total: number;
  total_annotations: number;
  total_predictions: number;
}

export interface FilterItem {
  filter: string;
  operator: string;
  type: string;
  value: unknown;
}

export interface Filters {
  conjunction: "and" | "or";
  items: FilterItem[];
}

export type SelectedItems = { all: true; excluded: number[] } | { all: false; included: number[] };

export interface Column {
  id: string;
  title: string;
  type: string;
  target: string;
  parent?: string;
  help?: string;
  children?: string[];
  visibility_defaults: { explore: boolean; labeling: boolean };
}

export interface Template {
  id: string;
  title: string;
  group: string;
  description: string;
  config: string;
  sample: Record<string, unknown>;
}

/** One step of a change of a config; `touched` counts results in annotations and drafts. */
export interface ConfigStep {
  kind: string;
  control: string;
  before: string;
  after: string;
  touched: number;
}

export interface ConfigEditPlan {
  steps: ConfigStep[];
  /** The labels that each control that stays will have, by its old name. */
  labels: Record<string, string[]>;
  touched: number;
  faults: { place: string; message: string; code: string; suggestion: string }[];
  is_complete: boolean;
}

/** A new config with what was renamed in it: old names to new, labels by their control's old name. */
export interface ConfigEditOrder {
  label_config: string;
  controls?: Record<string, string>;
  objects?: Record<string, string>;
  labels?: Record<string, Record<string, string>>;
  removed?: "keep" | "drop";
}

export type JobState = "queued" | "running" | "undoing" | "completed" | "failed" | "cancelled";

export interface JobProblem {
  place: string;
  message: string;
}

export interface Job {
  id: number;
  kind: string;
  project: number | null;
  state: JobState;
  done: number;
  total: number | null;
  unit: string;
  problems: JobProblem[];
  problem_count: number;
  result: Record<string, unknown>;
  created_at: string;
  started_at: string | null;
  heartbeat_at: string | null;
  finished_at: string | null;
  created_by: number;
  /** Units a second since the work was planned, and what that means for the rest, in seconds. */
  rate: number | null;
  seconds_left: number | null;
  attempts: number;
  last_error: string;
  read_units: number;
  write_units: number;
  /** The path of all problems as a table. */
  report: string | null;
}

export interface UploadPart {
  number: number;
  url: string;
  offset: number;
  size: number;
}

/** An upload that broke off: what is still missing, and the tags of what has arrived. */
export interface ResumedUpload extends Upload {
  arrived: { number: number; etag: string }[];
  is_complete: boolean;
}

export interface Upload {
  id: number | string;
  name: string;
  method: "PUT";
  headers: Record<string, string>;
  parts: UploadPart[];
}

export interface ExportFormat {
  name: string;
  title: string;
  description: string;
  link?: string;
  tags?: string[];
  disabled?: boolean;
}

export interface ExportSnapshot {
  id: number;
  title: string;
  created_by: UserRef | null;
  created_at: string;
  finished_at: string | null;
  status: "created" | "in_progress" | "completed" | "failed";
  md5: string | null;
  counters: { task_number?: number };
  converted_formats: {
    id: number;
    status: string;
    export_type: string;
    /** What the format could not carry, by reason. */
    losses?: Record<string, { count: number; tasks: number[] }>;
  }[];
  export_type?: string;
  job?: number | null;
  progress?: { done: number; total: number | null };
}

/** What a problem takes with it: the whole import, its file, or only what cannot be read. */
export type OnProblem = "refuse" | "skip_files" | "skip_rows";

export interface ExportRequest {
  title?: string;
  export_type?: string;
  task_filter_options?: {
    annotated?: "only" | "exclude";
    finished?: "only";
    skipped?: "exclude";
    only_with_annotations?: boolean;
    labels?: string[];
    agreement_from?: number;
  };
  annotation_filter_options?: {
    usual: boolean;
    ground_truth: boolean;
    skipped: boolean;
    which: "all" | "latest" | "majority";
    annotators?: number[];
    created_from?: string;
    created_to?: string;
  };
  serialization_options?: Record<string, unknown>;
}

export interface ImportCounts {
  task_count: number;
  annotation_count: number;
  prediction_count: number;
  file_upload_ids?: number[];
}

/* ------------------------------------------------------------------ paths, as openapi-typescript writes them */

interface Params<PathParams, Query> {
  query?: Query;
  header?: Record<string, string>;
  path: PathParams;
  cookie?: never;
}

interface Answer<Body, Status extends number> {
  responses: {
    [status in Status]: { headers: Record<string, string>; content: { "application/json": Body } };
  };
}

interface Empty {
  responses: { 204: { headers: Record<string, string>; content?: never } };
}

/** What a flag can say. */
export type FlagValue = boolean | string;
export type FlagState = "off" | "default" | "rules" | "on";

/** Who gets which value; all that is set must hold. */
export interface FlagRule {
  value?: FlagValue | undefined;
  percentage?: number;
  organizations?: number[];
  users?: number[];
  conditions?: { key: string; action: string; value: unknown }[];
  begins?: string | null;
  ends?: string | null;
  split?: Record<string, number>;
}

export interface Flag {
  name: string;
  about: string;
  owner: string;
  expires: string | null;
  stays: string;
  values: FlagValue[];
  default: FlagValue;
  in_browser: boolean;
  state: FlagState;
  rules: FlagRule[];
  version: number;
  /** How many people met which value. */
  seen: Record<string, number>;
}

export interface FlagChange {
  at: string;
  user: number;
  email: string;
  before: { state: FlagState; rules: FlagRule[] } | null;
  after: { state: FlagState; rules: FlagRule[] };
}

export interface AuditChange {
  kind: string;
  id: string;
  verb: "created" | "updated" | "deleted";
  before: string | null;
  after: string | null;
}

export interface AuditRecord {
  seq: number;
  hash: string;
  at: string;
  user: number | null;
  email: string;
  operation: string;
  request: string;
  address: string | null;
  agent: string | null;
  changes: AuditChange[];
  count: number;
}

export interface AuditPage {
  results: AuditRecord[];
  before: number | null;
  total: number;
  signed: number;
  signed_at: string | null;
}

export interface AuditQuery {
  before?: number;
  kind?: string;
  id?: string;
  user?: string;
  operation?: string;
  since?: string;
  until?: string;
}

interface Reads<Body, PathParams = Record<never, never>, Query = never> extends Answer<Body, 200> {
  parameters: keyof PathParams extends never
    ? { query?: Query; header?: Record<string, string>; path?: never; cookie?: never }
    : Params<PathParams, Query>;
  requestBody?: never;
}

type Writes<Input, Output, PathParams = Record<never, never>, Query = never> = {
  parameters: Reads<Output, PathParams, Query>["parameters"];
  requestBody?: { content: { "application/json": Input } };
} & (Output extends undefined ? Empty : Answer<Output, 200>);

interface Id {
  id: number;
}

interface Paging {
  page?: number;
  page_size?: number;
}

interface ProjectListQuery extends Paging {
  title?: string;
  ordering?: string;
  filter?: "all" | "pinned_only" | "exclude_pinned";
}

interface TaskListQuery extends Paging {
  project?: number;
  view?: number;
  fields?: "all" | "task_only";
  /** JSON of {filters, ordering, selectedItems} */
  query?: string;
}

interface ActionBody {
  selectedItems: SelectedItems;
  filters?: Filters;
  ordering?: string[];
  [field: string]: unknown;
}

interface Token {
  token: string;
}

export interface paths {
  "/api/session/": {
    get: Reads<CurrentUser>;
    post: Writes<{ email: string; password: string }, CurrentUser>;
    delete: Writes<never, undefined>;
  };
  "/api/current-user/token": { get: Reads<Token> };
  "/api/current-user/hotkeys/": { patch: Writes<{ custom_hotkeys: Hotkeys }, { custom_hotkeys: Hotkeys }> };
  "/api/current-user/reset-token/": { post: Writes<never, Token> };
  "/api/sign-in-ways/": { get: Reads<{ provider: string | null }> };
  "/api/password-reset/": { post: Writes<{ email: string }, undefined> };
  "/api/password-reset/set/": { post: Writes<{ token: string; password: string }, undefined> };
  "/api/invitations/show/": {
    post: Writes<{ invitation: string }, { organization: string; email: string; role: RoleName }>;
  };
  "/api/invitations/sign-up/": { post: Writes<SignUp, undefined> };
  "/api/invitations/accept/": { post: Writes<{ invitation: string }, undefined> };
  "/api/invitations/": {
    get: Reads<Invitation[]>;
    post: Writes<{ role: RoleName; email: string; days: number }, Invitation & { url: string }>;
  };
  "/api/invitations/{id}/": { delete: Writes<never, undefined, Id> };
  "/api/current-user/organization/": { post: Writes<{ organization: number }, CurrentUser> };
  "/api/current-user/data/archive/": { post: Writes<never, { id: number }> };
  "/api/current-user/erase/": { post: Writes<{ email: string; password?: string }, undefined> };
  "/api/organizations/": {
    get: Reads<OwnOrganization[]>;
    post: Writes<{ title: string }, { id: number; title: string }>;
  };
  "/api/organizations/{id}/transfer/": { post: Writes<{ user: number }, unknown, Id> };
  "/api/organizations/{id}/leave/": { post: Writes<never, undefined, Id> };
  "/api/organizations/{id}/memberships/": {
    get: Reads<Page<Member>, Id, { page_size: number }>;
  };
  "/api/organizations/{id}/memberships/{user}/": {
    patch: Writes<{ role?: RoleName; is_active?: boolean }, unknown, Id & { user: number }>;
    delete: Writes<never, undefined, Id & { user: number }>;
  };
  "/api/groups/": { get: Reads<Group[]>; post: Writes<{ name: string }, Group> };
  "/api/groups/{id}/": { delete: Writes<never, undefined, Id> };
  "/api/groups/{id}/members/{user}/": {
    put: Writes<never, undefined, Id & { user: number }>;
    delete: Writes<never, undefined, Id & { user: number }>;
  };
  "/api/projects/{id}/access/": {
    get: Reads<ProjectAccess, Id>;
    patch: Writes<{ is_members_only: boolean }, undefined, Id>;
  };
  "/api/projects/{id}/members/{user}/": {
    put: Writes<{ role: ProjectRoleName | null }, undefined, Id & { user: number }>;
  };
  "/api/projects/{id}/groups/{group}/": {
    put: Writes<{ role: ProjectRoleName | null }, undefined, Id & { group: number }>;
  };
  "/api/workflows/presets/": { get: Reads<WorkflowPreset[]> };
  "/api/projects/{id}/workflow/": {
    get: Reads<Workflow, Id>;
    put: Writes<{ preset: string; states: Record<string, string> }, Workflow, Id>;
  };
  "/api/fsm/entities/{entity}/{id}/transitions/": {
    get: Reads<OfferedTransition[], Id & { entity: "task" | "project" }>;
  };
  "/api/fsm/entities/{entity}/{id}/transition/": {
    post: Writes<
      { transition_name: string; reason: string },
      { success: boolean; new_state: string },
      Id & { entity: "task" | "project" }
    >;
  };
  "/api/users/": { get: Reads<UserRef[]> };
  "/api/users/{id}/": {
    get: Reads<UserRef, Id>;
    patch: Writes<{ first_name?: string; last_name?: string }, UserRef, Id>;
  };
  "/api/users/{id}/avatar/": { post: Writes<FormData, UserRef, Id>; delete: Writes<never, undefined, Id> };
  "/api/projects/": {
    get: Reads<Page<Project>, Record<never, never>, ProjectListQuery>;
    post: Writes<Partial<ProjectSettings>, Project>;
  };
  "/api/projects/{id}/": {
    get: Reads<Project, Id>;
    patch: Writes<Partial<ProjectSettings>, Project, Id>;
    delete: Writes<never, undefined, Id>;
  };
  "/api/projects/{id}/next/": { get: Reads<NextTask, Id> };
  "/api/projects/{id}/tasks/": { delete: Writes<never, undefined, Id> };
  "/api/projects/validate/": {
    post: Writes<
      { label_config: string },
      { warnings: { place: string; message: string; code: string; suggestion: string }[] },
      Record<never, never>,
      { warnings: boolean }
    >;
  };
  "/api/projects/{id}/validate/": {
    post: Writes<{ label_config: string }, { config_essential_data_has_changed: boolean | null }, Id>;
  };
  "/api/projects/{id}/annotators/": { get: Reads<UserRef[], Id> };
  "/api/templates/": { get: Reads<{ templates: Template[]; groups: string[] }> };
  "/api/projects/{id}/config-edits/": { post: Writes<ConfigEditOrder, Job, Id> };
  "/api/projects/{id}/config-edits/plan/": { post: Writes<ConfigEditOrder, ConfigEditPlan, Id> };
  "/api/projects/{id}/config-edits/{job}/undo/": { post: Writes<never, Job, Id & { job: number }> };
  "/api/tasks/": { get: Reads<TaskPage, Record<never, never>, TaskListQuery> };
  "/api/tasks/{id}/": {
    get: Reads<Task, Id>;
    patch: Writes<{ data?: Record<string, unknown>; meta?: Record<string, unknown> }, Task, Id>;
    delete: Writes<never, undefined, Id>;
  };
  "/api/tasks/{id}/annotations/": {
    get: Reads<Annotation[], Id>;
    post: Writes<
      AnnotationInput,
      Annotation & { next_task?: NextTask | null },
      Id,
      { next?: boolean; was_cancelled?: 1 }
    >;
  };
  "/api/tasks/{id}/drafts": { get: Reads<Draft[], Id>; post: Writes<DraftInput, Draft, Id> };
  "/api/tasks/{id}/annotations/{annotation}/drafts": {
    post: Writes<DraftInput, Draft, Id & { annotation: number }>;
  };
  "/api/tasks/{id}/release/": { post: Writes<never, undefined, Id> };
  "/api/tasks/{id}/heartbeat/": { post: Writes<never, { lease_until: string }, Id> };
  "/api/annotations/{id}/": {
    get: Reads<Annotation, Id>;
    patch: Writes<AnnotationInput, Annotation, Id>;
    delete: Writes<never, undefined, Id>;
  };
  "/api/drafts/{id}/": {
    get: Reads<Draft, Id>;
    patch: Writes<Partial<DraftInput>, Draft, Id>;
    delete: Writes<never, undefined, Id>;
  };
  "/api/dm/columns/": { get: Reads<{ columns: Column[] }, Record<never, never>, { project: number }> };
  "/api/dm/actions/": {
    post: Writes<
      ActionBody,
      { processed_items?: number; reload?: boolean; detail?: string; job?: number; state?: Job["state"] },
      Record<never, never>,
      { project: number; id: string }
    >;
  };
  "/api/projects/{id}/import": { post: Writes<unknown, ImportCounts, Id> };
  "/api/projects/{id}/uploads/": {
    post: Writes<
      { files: { name: string; size: number; content_type: string }[] },
      { uploads: Upload[] },
      Id
    >;
  };
  "/api/projects/{id}/uploads/{upload}/resume/": {
    post: Writes<never, ResumedUpload, Id & { upload: number | string }>;
  };
  "/api/projects/{id}/uploads/{upload}/complete/": {
    post: Writes<
      { parts: { number: number; etag: string }[] },
      { id: number | string; name: string; size: number },
      Id & { upload: number | string }
    >;
  };
  "/api/projects/{id}/imports/": {
    post: Writes<
      {
        upload_ids?: (number | string)[];
        urls?: string[];
        preannotated_from_fields?: string[];
        dry_run?: boolean;
        on_problem?: OnProblem;
      },
      Job,
      Id
    >;
  };
  "/api/projects/{id}/export/formats": { get: Reads<ExportFormat[], Id> };
  "/api/projects/{id}/exports/": {
    get: Reads<ExportSnapshot[], Id>;
    post: Writes<ExportRequest, ExportSnapshot, Id>;
  };
  "/api/projects/{id}/exports/{snapshot}": {
    get: Reads<ExportSnapshot, Id & { snapshot: number }>;
    delete: Writes<never, undefined, Id & { snapshot: number }>;
  };
  "/api/audit/": { get: Reads<AuditPage, Record<never, never>, AuditQuery> };
  "/api/audit/seal/": { post: Writes<never, { sealed: number }> };
  "/api/flags/": { get: Reads<{ flags: Record<string, FlagValue>; decides: boolean }> };
  "/api/flags/rollouts/": { get: Reads<Flag[]> };
  "/api/flags/{name}/": {
    put: Writes<{ state: "off" | "on" | "rules"; rules: FlagRule[] }, Flag, { name: string }>;
  };
  "/api/flags/{name}/changes/": { get: Reads<FlagChange[], { name: string }> };
  "/api/jobs/": { get: Reads<{ results: Job[] }, Record<never, never>, { project?: number }> };
  "/api/jobs/{id}/": { get: Reads<Job, Id> };
  "/api/jobs/{id}/cancel/": { post: Writes<never, Job, Id> };
  "/api/jobs/{id}/retry/": { post: Writes<never, Job, Id> };
}
