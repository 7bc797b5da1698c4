import type { RelationWords } from ".";

export default {
  relations: "关系",
  missingRegion: "缺失的区域",
  removeRelation: "移除此关系",
  fromTo: "从 {from} 到 {to}",
  toFrom: "从 {to} 到 {from}",
  bothWays: "{from} 与 {to} 之间，双向",
  relationOf: "第 {place} 个关系，共 {count} 个：{what}",
  turn: "更改方向。{what}",
  removed: "已移除关系",
  arrows: "显示关系的箭头",
  arrowsShown: "已显示箭头",
  arrowsHidden: "已隐藏箭头",
  nextRelation: "下一个关系",
  previousRelation: "上一个关系",
  relationLabels: "此关系的标签",
} satisfies RelationWords;
