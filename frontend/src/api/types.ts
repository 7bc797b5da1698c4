/**
 * The server's shapes by the names that the front end has for them. They come from `schema.ts`, which is made from
 * the OpenAPI document (`npm run schema`); by hand is only what no document can say, and why stands beside it.
 */
import type { components, paths as Documented } from "./schema";

type Schemas = components["schemas"];

/** One page of a list. */
export interface Page<Item> {
  count: number;
  next: string | null;
  previous: string | null;
  results: Item[];
}

/* ------------------------------------------------------------------------------------------------ people */

export type UserRef = Schemas["UserRef"];
export type CurrentUser = Schemas["WhoAmI"];
/** Keys by action, as `section:action`. */
export type Hotkeys = CurrentUser["custom_hotkeys"];
export type RoleName = CurrentUser["role"];
export type ProjectRoleName = Schemas["ProjectGroupRead"]["role"];
export type OwnOrganization = Schemas["OwnOrganization"];
export type Member = Schemas["MembershipRead"];
export type Group = Schemas["GroupDetail"];
export type ProjectAccess = Schemas["ProjectAccessRead"];

// Lists to choose from: types leave nothing behind that could be walked. Their order is from most to least power.
export const roleNames = [
  "owner",
  "administrator",
  "manager",
  "reviewer",
  "annotator",
  "viewer",
] as const satisfies readonly RoleName[];
export const projectRoleNames = [
  "manager",
  "reviewer",
  "annotator",
  "viewer",
] as const satisfies readonly ProjectRoleName[];

/* ---------------------------------------------------------------------------------------------- projects */

export type Project = Schemas["ProjectRead"];
/** What can be set of a project, as it is read back. */
export type ProjectSettings = Pick<Project, Extract<keyof Project, keyof Schemas["ProjectWrite"]>>;
export type Strategy = NonNullable<Project["strategy"]>;
export type Template = Schemas["TemplateRead"];
export type ConfigStep = Schemas["ConfigStep"];
export type ConfigEditPlan = Schemas["ConfigEditPlan"];
export type ConfigEditOrder = Schemas["ConfigEditWrite"];
export type Honeypots = Schemas["HoneypotsRead"];
export type Workflow = Schemas["WorkflowRead"];
/** The states of a project's tasks and the ways between them; without events (`on`) people ask for a way. */
export type WorkflowMachine = Schemas["WorkflowDocument"];
export type WorkflowPreset = Schemas["PresetRead"];
export type Work = Schemas["StateDocument"]["work"][number];
export type OfferedTransition = Schemas["OfferedTransition"];

/* ------------------------------------------------------------------------------------- tasks and results */

export type Task = Schemas["TaskRead"];
/** A task of a page: what hangs on it comes along where it is asked for. */
export type ListedTask = Schemas["TaskListed"];
export type Annotation = Schemas["AnnotationRead"];
export type AnnotationVersion = WithItems<Schemas["VersionRead"]>;
/** What somebody said about a task, an annotation or a region of it. */
export type Comment = Schemas["CommentRead"];
/** A state that something came into: by which transition, whose, and why. */
export type PassedState = Schemas["StateRead"];
export type Prediction = Schemas["PredictionRead"];
export type Draft = Schemas["DraftRead"];
export type Column = Schemas["ColumnRead"];
export type Filters = Schemas["ViewFilters"];
export type FilterItem = Filters["items"][number];

/**
 * One item of a result. By hand: what `value` holds depends on the control that made it, and a server stores what
 * it is sent, so that the document says no more than that a result is a list. Other fields are kept as they came.
 */
export interface ResultItem {
  id?: string;
  type: string;
  from_name?: string;
  to_name?: string;
  value?: Record<string, unknown>;
  [field: string]: unknown;
}

/** What is stored with a result, where that is known to be made of such items. */
export type WithItems<Stored> = Omit<Stored, "result"> & { result: readonly ResultItem[] };

/** What the page sends as an annotation: of results it knows more than the document. */
export type AnnotationInput = Omit<Schemas["AnnotationWrite"], "result"> & { result?: readonly ResultItem[] };

/** By hand: which of the two lists is there depends on `all`, which the document's type does not tie together. */
export type SelectedItems = { all: true; excluded: number[] } | { all: false; included: number[] };

export type ActionOutcome = Schemas["ActionOutcome"];

/* --------------------------------------------------------------------------------- jobs, files, exports */

export type Job = Schemas["JobRead"];
export type Upload = Schemas["BegunUploadRead"];
export type UploadPart = Schemas["PartRead"];
export type ResumedUpload = Schemas["ResumedUploadRead"];
export type ExportFormat = Schemas["ExportFormat"];
export type ExportSnapshot = Schemas["ExportRead"];
export type ExportRequest = Schemas["ExportWrite"];
/** What a problem takes with it: the whole import, its file, or only what cannot be read. */
export type OnProblem = NonNullable<Schemas["ImportsWrite"]["on_problem"]>;

/* --------------------------------------------------------------------------------------- flags and audit */

export type Flag = Schemas["FlagRead"];
export type FlagValue = Flag["default"];
export type FlagState = Flag["state"];
/** Who gets which value; all that is set must hold. */
export type FlagRule = Schemas["RuleWrite"];
export type FlagChange = Schemas["FlagChangeRead"];
export type AuditRecord = Schemas["AuditRecordRead"];
export type AuditChange = Schemas["AuditChangeRead"];
export type AuditQuery = NonNullable<Documented["/api/audit/"]["get"]["parameters"]["query"]>;

/* ------------------------------------------------------------------------------------------------- paths */

/** A list answers with a cursor only who sends one, which no page does. */
type WithoutCursor<Body> = Exclude<Body, { next_cursor: string | null }>;

type Answer<Given> = Given extends { content: { "application/json": infer Body } }
  ? Omit<Given, "content"> & { content: { "application/json": WithoutCursor<Body> } }
  : Given;

type Operation<One> = One extends { responses: infer Given }
  ? Omit<One, "responses"> & { responses: { [Status in keyof Given]: Answer<Given[Status]> } }
  : One;

/** What the client may ask for, by path and method. */
export type paths = {
  [Path in keyof Documented]: { [Method in keyof Documented[Path]]: Operation<Documented[Path][Method]> };
};
