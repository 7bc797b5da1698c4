import type { RelationWords } from ".";

export default {
  relations: "Relaciones",
  missingRegion: "región ausente",
  removeRelation: "Quitar esta relación",
  fromTo: "De {from} a {to}",
  toFrom: "De {to} a {from}",
  bothWays: "Entre {from} y {to}, en ambos sentidos",
  relationOf: "Relación {place} de {count}: {what}",
  turn: "Cambiar la dirección. {what}",
  removed: "Relación quitada",
  arrows: "Mostrar las flechas de las relaciones",
  arrowsShown: "Flechas visibles",
  arrowsHidden: "Flechas ocultas",
  nextRelation: "Relación siguiente",
  previousRelation: "Relación anterior",
  relationLabels: "Etiquetas de esta relación",
} satisfies RelationWords;
