import type { ReviewWords } from ".";

export default {
  review: "المراجعة",
  waiting: {
    zero: "لا مهام تنتظر حكما",
    one: "مهمة واحدة تنتظر حكما",
    two: "مهمتان تنتظران حكما",
    few: "{count} مهام تنتظر حكما",
    many: "{count} مهمة تنتظر حكما",
    other: "{count} مهمة تنتظر حكما",
  },
  accept: "قبول",
  fixAndAccept: "تصحيح وقبول",
  return: "إرجاع",
  later: "لاحقا",
  reason: "سبب الإرجاع",
  reasonHint: "ما الذي يجب إصلاحه؟ يرسله Enter ويلغيه Escape.",
  sendBack: "أعد الإرسال",
  cancel: "إلغاء",
  noVerdict: "لم يعد هنا حكم يُعطى.",
  nothingLeft: "لا شيء للمراجعة",
  nothingLeftHint: "ستظهر المهام المعلّمة هنا.",
  withOthers: {
    zero: "لا مهام عند غيرك.",
    one: "مهمة واحدة من عملك أو عند مراجع آخر.",
    two: "مهمتان من عملك أو عند مراجعين آخرين.",
    few: "{count} مهام من عملك أو عند مراجعين آخرين.",
    many: "{count} مهمة من عملك أو عند مراجعين آخرين.",
    other: "{count} مهمة من عملك أو عند مراجعين آخرين.",
  },
  reviewCount: "راجع ({count})",
} satisfies ReviewWords;
