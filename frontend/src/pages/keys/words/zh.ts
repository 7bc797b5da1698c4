/** 中文。 */
import type { KeyWords } from ".";

const zh: KeyWords = {
  title: "按键",
  hint: "先按某个按键的按钮，再按想要的键。设置随账户保存。",
  find: "查找操作或按键",
  noneFound: "没有匹配的操作。",
  changeOf: "更改“{action}”的按键：",
  noKey: "无按键",
  press: "请按键…",
  pressing: "请按“{action}”的新按键。按 Esc 放弃。",
  remove: "取消“{action}”的按键",
  reset: "恢复“{action}”的原按键：{keys}",
  resetAll: "全部恢复",
  taken: "{keys} 已经用于“{other}”。",
  takeOver: "改用于此",
  leave: "保持不变",
  meets: "也用于：{other}",
  changed: "{action}：{keys}",
  givenUp: "没有更改",
  onDevice: "已保存在此设备上。能连接服务器时会存入账户。",
  labels: "此任务的标签和答案",
  labelsHint: "它们的按键属于项目的配置。",
  labeling: "标注",
  picture: "在图片中",
  everywhere: "所有页面",
};

export default zh;
