import type { ReviewWords } from ".";

export default {
  review: "审核",
  waiting: { other: "{count} 个任务等待裁定" },
  accept: "接受",
  fixAndAccept: "修正并接受",
  return: "退回",
  later: "稍后",
  reason: "退回原因",
  reasonHint: "需要修改什么？回车发送，Esc 取消。",
  sendBack: "送回",
  cancel: "取消",
  noVerdict: "此处已无需裁定。",
  nothingLeft: "没有需要审核的任务",
  nothingLeftHint: "标注完成的任务会出现在这里。",
  withOthers: { other: "{count} 个任务是您自己的工作或正由他人审核。" },
  reviewCount: "审核（{count}）",
} satisfies ReviewWords;
