/** English, the language the others are held to. */
export const en = {
  "assigned.column": "Assigned to",
  "assigned.anybody": "All tasks",
  "assigned.nobody": "Assigned to nobody",
  "assigned.to": "Assigned to {name}",
  "assigned.action": "Assign…",
  "assigned.title": { one: "Assign {count} task", other: "Assign {count} tasks" },
  "assigned.hint": "They are given these tasks before all others, and one answer of each is kept for them.",
  "assigned.mode": "Those the tasks are assigned to already",
  "assigned.add": "stay, and these people are added",
  "assigned.replace": "are replaced by these people",
  "assigned.remove": "stay, but for these people",
  "assigned.people": "People",
  "assigned.none": "Nobody may annotate in this project.",
  "assigned.save": "Save",
  "assigned.done": {
    one: "The assignment of {count} task has changed.",
    other: "The assignment of {count} tasks has changed.",
  },
  "assigned.atWork": "The tasks are being assigned.",
};
