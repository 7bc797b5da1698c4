/** 中文。 */
import type { DataWords } from ".";

const zh: DataWords = {
  "assigned.column": "分配给",
  "assigned.anybody": "所有任务",
  "assigned.nobody": "未分配",
  "assigned.to": "已分配给 {name}",
  "assigned.action": "分配…",
  "assigned.title": { other: "分配 {count} 个任务" },
  "assigned.hint": "他们会先于其他任务得到这些任务，且每个任务都为他们各保留一份回答。",
  "assigned.mode": "已分配到这些任务的人",
  "assigned.add": "保留，并加入这些人",
  "assigned.replace": "由这些人取代",
  "assigned.remove": "保留，但除去这些人",
  "assigned.people": "人员",
  "assigned.none": "没有人可以在此项目中标注。",
  "assigned.save": "保存",
  "assigned.done": { other: "已更改 {count} 个任务的分配。" },
  "assigned.atWork": "正在分配任务。",
};
export default zh;
