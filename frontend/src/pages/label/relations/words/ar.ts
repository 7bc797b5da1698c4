import type { RelationWords } from ".";

export default {
  relations: "العلاقات",
  missingRegion: "منطقة مفقودة",
  removeRelation: "أزل هذه العلاقة",
  fromTo: "من {from} إلى {to}",
  toFrom: "من {to} إلى {from}",
  bothWays: "بين {from} و{to}، في الاتجاهين",
  relationOf: "العلاقة {place} من {count}: {what}",
  turn: "غيّر الاتجاه. {what}",
  removed: "أُزيلت العلاقة",
  arrows: "أظهر أسهم العلاقات",
  arrowsShown: "الأسهم ظاهرة",
  arrowsHidden: "الأسهم مخفية",
  nextRelation: "العلاقة التالية",
  previousRelation: "العلاقة السابقة",
  relationLabels: "وسوم هذه العلاقة",
} satisfies RelationWords;
