/** What the fake server knows at the start: people, projects of a few kinds, templates. Tasks are made by number. */
import type {
  AuditRecord,
  CurrentUser,
  ExportFormat,
  Flag,
  Project,
  Task,
  Template,
} from "../../src/api/types";

export const password = "correct horse";

type Person = Omit<CurrentUser, "role" | "permissions">;

const person = (own: Pick<Person, "id" | "first_name" | "last_name" | "email" | "initials">): Person => ({
  ...own,
  username: own.email.replace(/@.*/, ""),
  avatar: null,
  phone: "",
  custom_hotkeys: {},
  allow_newsletters: false,
  active_organization: 1,
  active_organization_meta: { title: "Analytical Engines", email: "ada@example.com" },
  date_joined: "2026-09-01T08:00:00Z",
  last_activity: "2026-10-20T08:00:00Z",
});

export const ada: CurrentUser = {
  ...person({ id: 1, first_name: "Ada", last_name: "Lovelace", email: "ada@example.com", initials: "AL" }),
  role: "owner",
  permissions: ["project.create", "audit.read"],
};

export const people: Person[] = [
  ada,
  person({ id: 2, first_name: "Grace", last_name: "Hopper", email: "grace@example.com", initials: "GH" }),
  person({ id: 3, first_name: "", last_name: "", email: "kai@example.com", initials: "K" }),
];

export const boxesConfig = `<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image">
    <Label value="Car" background="#2f7ed8"/>
    <Label value="Person" background="#d8572f"/>
  </RectangleLabels>
</View>
`;

export const sentimentConfig = `<View>
  <Text name="text" value="$text"/>
  <Choices name="sentiment" toName="text" choice="single">
    <Choice value="Positive"/>
    <Choice value="Negative"/>
    <Choice value="Neutral"/>
  </Choices>
</View>
`;

const parsedBoxes = {
  label: {
    type: "RectangleLabels",
    to_name: ["image"],
    inputs: [{ type: "Image", valueType: null, value: "image" }],
    labels: ["Car", "Person"],
    labels_attrs: {},
  },
};

const parsedSentiment = {
  sentiment: {
    type: "Choices",
    to_name: ["text"],
    inputs: [{ type: "Text", valueType: null, value: "text" }],
    labels: ["Positive", "Negative", "Neutral"],
    labels_attrs: {},
  },
};

export function project(own: Partial<Project> & { id: number; title: string }): Project {
  return {
    description: "",
    label_config: "<View></View>",
    parsed_label_config: {},
    expert_instruction: "",
    show_instruction: false,
    show_skip_button: true,
    enable_empty_annotation: true,
    color: "#FFFFFF",
    maximum_annotations: 1,
    assigned_only: false,
    honeypot_every: 0,
    overlap_cohort_percentage: 100,
    sampling: "Sequential sampling",
    strategy: null,
    show_ground_truth_first: false,
    blind_mode: "off",
    skip_queue: "REQUEUE_FOR_OTHERS",
    model_version: "",
    show_collab_predictions: true,
    pinned_at: null,
    created_at: "2026-10-01T08:30:00.000000Z",
    created_by: ada,
    task_number: 0,
    finished_task_number: 0,
    total_annotations_number: 0,
    total_predictions_number: 0,
    skipped_annotations_number: 0,
    num_tasks_with_annotations: 0,
    useful_annotation_number: 0,
    ground_truth_number: 0,
    queue_total: 0,
    queue_done: 0,
    organization: 1,
    state: "open",
    config_version: 1,
    config_job: null,
    config_has_control_tags: true,
    config_suitable_for_bulk_annotation: false,
    validate_predictions: true,
    validate_annotations: false,
    show_annotation_history: false,
    evaluate_predictions_automatically: false,
    reveal_preannotations_interactively: false,
    show_overlap_first: false,
    annotator_evaluation_enabled: false,
    is_published: false,
    is_draft: false,
    agreement_threshold: null,
    max_additional_annotators_assignable: 0,
    min_annotations_to_start_training: 0,
    start_training_on_annotation_update: false,
    task_data_login: null,
    task_data_password: null,
    control_weights: {},
    version: 1,
    ...own,
  };
}

export function projects(): Project[] {
  return [
    project({
      id: 1,
      title: "Street scenes",
      description: "Cars and people at twelve crossings, for the braking model.",
      color: "#2f7ed8",
      label_config: boxesConfig,
      parsed_label_config: parsedBoxes,
      task_number: 2_480,
      finished_task_number: 1_612,
      total_annotations_number: 2_034,
      pinned_at: "2026-10-03T10:00:00.000000Z",
      maximum_annotations: 2,
    }),
    project({
      id: 2,
      title: "Review sentiment",
      description: "How people feel about their new kettle.",
      color: "#3f9a5b",
      label_config: sentimentConfig,
      parsed_label_config: parsedSentiment,
      task_number: 100_000,
      finished_task_number: 100_000,
      total_annotations_number: 121_407,
    }),
    project({ id: 3, title: "Bird song", description: "", color: "#b8860b" }),
    project({
      id: 4,
      title: "Invoices: totals, dates and suppliers across eleven countries and six alphabets",
      description: "Text of scanned invoices.",
      label_config: sentimentConfig,
      parsed_label_config: parsedSentiment,
      task_number: 640,
      finished_task_number: 12,
      total_annotations_number: 12,
    }),
  ];
}

const reviews = [
  "Boils quickly and pours without a drip. I would buy it again tomorrow.",
  "The lid came off on the second day; the shop was kind about it.",
  "Quiet, sturdy, and the handle stays cool. A little heavy when full.",
  "水烧得很快，就是盖子有点紧。",
  "It is a kettle. It boils water.",
  "غلاية ممتازة وسريعة.",
];

/** The task with this number in this project: the same every time. */
export function task(project: Project, n: number): Task {
  const labeled = n <= (project.finished_task_number ?? 0);
  const isImage = project.id === 1;
  return {
    id: project.id * 1_000_000 + n,
    inner_id: n,
    project: project.id,
    data: isImage
      ? {
          image: `/data/upload/${project.id}/${(n * 7919).toString(16).padStart(8, "0")}-crossing-${n}.png`,
          camera: `cam-${n % 12}`,
        }
      : { text: `${reviews[n % reviews.length]}`, source: n % 3 ? "shop" : "survey" },
    meta: null,
    overlap: project.maximum_annotations,
    is_labeled: labeled,
    state: labeled ? "labeled" : "unlabeled",
    created_at: "2026-10-02T09:00:00.000000Z",
    updated_at: new Date(Date.UTC(2026, 9, 20) - n * 60_000).toISOString(),
    updated_by: labeled ? [{ user_id: 1 }] : [],
    completed_at: labeled ? "2026-10-20T09:00:00.000000Z" : null,
    total_annotations: labeled ? 1 + (n % 2) : 0,
    cancelled_annotations: n % 17 === 0 ? 1 : 0,
    total_predictions: 0,
    annotators: labeled ? (n % 2 ? [1, 2] : [3]) : [],
    assigned: [],
    avg_lead_time: labeled ? 8 + (n % 30) : null,
    draft_exists: false,
    file_upload: null,
    storage_filename: null,
    annotations: [],
    predictions: [],
    drafts: [],
    allow_skip: true,
    predictions_score: null,
    predictions_model_versions: "",
    annotations_ids: "",
    annotations_results: "",
    predictions_results: "",
    comment_count: 0,
    unresolved_comment_count: 0,
    last_comment_updated_at: null,
    comment_authors: [],
    version: 1,
  };
}

export const templates: Template[] = [
  {
    id: "boxes",
    title: "Object detection with boxes",
    group: "Images",
    description: "Draw a box around each thing and name it.",
    config: boxesConfig,
    sample: { image: "/data/upload/1/sample.png" },
    expected_result: [],
  },
  {
    id: "image-classes",
    title: "Image classification",
    group: "Images",
    description: "Choose one class for the whole picture.",
    config:
      '<View>\n  <Image name="image" value="$image"/>\n  <Choices name="choice" toName="image">\n    <Choice value="Cat"/>\n    <Choice value="Dog"/>\n  </Choices>\n</View>\n',
    sample: { image: "/data/upload/1/sample.png" },
    expected_result: [],
  },
  {
    id: "sentiment",
    title: "Text classification",
    group: "Text",
    description: "Choose what a text says or feels.",
    config: sentimentConfig,
    sample: { text: "It is a kettle." },
    expected_result: [],
  },
  {
    id: "names",
    title: "Named entities",
    group: "Text",
    description: "Mark words and name what they are.",
    config:
      '<View>\n  <Labels name="label" toName="text">\n    <Label value="Person"/>\n    <Label value="Place"/>\n  </Labels>\n  <Text name="text" value="$text"/>\n</View>\n',
    sample: { text: "Ada met Charles in London." },
    expected_result: [],
  },
];

export const formats: ExportFormat[] = [
  { name: "JSON", title: "JSON", description: "Every task with all of its annotations, as they are stored." },
  { name: "JSON_MIN", title: "JSON, short", description: "One flat record for each annotation." },
  { name: "CSV", title: "CSV", description: "One row for each annotation, for a spreadsheet." },
  { name: "COCO", title: "COCO", description: "Boxes and polygons in one file.", tags: ["image"] },
  { name: "YOLO", title: "YOLO", description: "One text file for each picture.", tags: ["image"] },
  { name: "CONLL2003", title: "CoNLL 2003", description: "Words with their entities.", disabled: true },
];

export const flags = (): Flag[] => [
  {
    name: "command_palette",
    about: "The palette of all commands in the application.",
    owner: "application",
    expires: "2027-06-30",
    stays: "",
    values: [true, false],
    default: true,
    in_browser: true,
    state: "rules",
    rules: [
      { value: true, percentage: 25, organizations: [1, 7], begins: "2026-12-01T09:00:00Z" },
      { value: false, percentage: 100 },
    ],
    version: 2,
    seen: { true: 41, false: 118 },
  },
  {
    name: "export_destinations",
    about: "Exports may be put into stores of the operator's (S3, Google Cloud Storage, Azure).",
    owner: "data",
    expires: null,
    stays: "turns the way out of the installation off at once",
    values: [true, false],
    default: true,
    in_browser: false,
    state: "default",
    rules: [],
    version: 0,
    seen: {},
  },
];

export const auditRecords = (): AuditRecord[] =>
  Array.from({ length: 12 }, (_, n) => {
    const seq = 12 - n;
    const digest = (text: string) => text.repeat(64).slice(0, 64);
    const isDeletion = seq % 5 === 0;
    const changes: AuditRecord["changes"] = [
      {
        kind: seq % 4 === 1 ? "project" : "annotation",
        id: String(4096 * seq + 1),
        verb: isDeletion ? "deleted" : seq % 2 ? "created" : "updated",
        before: seq % 2 ? null : digest("3f"),
        after: isDeletion ? null : digest("a9"),
      },
      { kind: "task", id: String(seq), verb: "updated", before: digest("07"), after: digest("c4") },
    ];
    return {
      seq,
      hash: digest("5e"),
      at: `2026-11-28T10:${String(10 + seq)}:00Z`,
      user: seq % 3 ? 1 : 9,
      email: seq % 3 ? "ada@example.com" : "",
      operation: "POST /api/tasks/{task_id}/annotations/",
      request: `request-${seq}`,
      address: seq % 3 ? "203.0.113.9" : null,
      agent: seq % 3 ? "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" : null,
      changes,
      count: seq % 7 ? 2 : 90,
    };
  });
