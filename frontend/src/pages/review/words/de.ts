import type { ReviewWords } from ".";

export default {
  review: "Prüfung",
  waiting: { one: "{count} Aufgabe wartet auf ein Urteil", other: "{count} Aufgaben warten auf ein Urteil" },
  accept: "Annehmen",
  fixAndAccept: "Berichtigen und annehmen",
  return: "Zurückgeben",
  later: "Später",
  reason: "Warum es zurückgeht",
  reasonHint: "Was ist zu verbessern? Enter sendet, Escape bricht ab.",
  sendBack: "Zurücksenden",
  cancel: "Abbrechen",
  noVerdict: "Hier ist kein Urteil mehr abzugeben.",
  nothingLeft: "Nichts mehr zu prüfen",
  nothingLeftHint: "Gelabelte Aufgaben erscheinen hier.",
  withOthers: {
    one: "{count} Aufgabe ist eigene Arbeit oder wird von jemand anderem geprüft.",
    other: "{count} Aufgaben sind eigene Arbeit oder werden von anderen geprüft.",
  },
  reviewCount: "Prüfen ({count})",
} satisfies ReviewWords;
