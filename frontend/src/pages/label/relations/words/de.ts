import type { RelationWords } from ".";

export default {
  relations: "Beziehungen",
  missingRegion: "fehlende Region",
  removeRelation: "Diese Beziehung entfernen",
  fromTo: "Von {from} zu {to}",
  toFrom: "Von {to} zu {from}",
  bothWays: "Zwischen {from} und {to}, in beide Richtungen",
  relationOf: "Beziehung {place} von {count}: {what}",
  turn: "Richtung ändern. {what}",
  removed: "Beziehung entfernt",
  arrows: "Pfeile der Beziehungen zeigen",
  arrowsShown: "Pfeile eingeblendet",
  arrowsHidden: "Pfeile ausgeblendet",
  nextRelation: "Nächste Beziehung",
  previousRelation: "Vorige Beziehung",
  relationLabels: "Labels dieser Beziehung",
} satisfies RelationWords;
