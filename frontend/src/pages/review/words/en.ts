/** English, the language the others are held to. */
export const en = {
  review: "Review",
  waiting: { one: "{count} task waits for a verdict", other: "{count} tasks wait for a verdict" },
  accept: "Accept",
  fixAndAccept: "Fix and accept",
  return: "Return",
  later: "Later",
  reason: "Why it goes back",
  reasonHint: "What has to be mended? Enter sends it, Escape gives up.",
  sendBack: "Send back",
  cancel: "Cancel",
  noVerdict: "There is no verdict to give here any more.",
  nothingLeft: "Nothing left to review",
  nothingLeftHint: "Labeled tasks will show up here.",
  withOthers: {
    one: "{count} task is your own work or with another reviewer.",
    other: "{count} tasks are your own work or with other reviewers.",
  },
  reviewCount: "Review ({count})",
} as const;
