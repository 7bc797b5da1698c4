/** English, the language the others are held to. */
export const en = {
  relations: "Relations",
  missingRegion: "missing region",
  removeRelation: "Remove this relation",
  fromTo: "From {from} to {to}",
  toFrom: "From {to} to {from}",
  bothWays: "Between {from} and {to}, both ways",
  relationOf: "Relation {place} of {count}: {what}",
  turn: "Change the direction. {what}",
  removed: "Relation removed",
  arrows: "Show the arrows of relations",
  arrowsShown: "Arrows shown",
  arrowsHidden: "Arrows hidden",
  nextRelation: "Next relation",
  previousRelation: "Previous relation",
  relationLabels: "Labels of this relation",
} as const;
