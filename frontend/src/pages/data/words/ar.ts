/** العربية. */
import type { DataWords } from ".";

const ar: DataWords = {
  "assigned.column": "مسندة إلى",
  "assigned.anybody": "كل المهام",
  "assigned.nobody": "غير مسندة إلى أحد",
  "assigned.to": "مسندة إلى {name}",
  "assigned.action": "إسناد…",
  "assigned.title": {
    zero: "إسناد {count} مهمة",
    one: "إسناد مهمة واحدة ({count})",
    two: "إسناد مهمتين ({count})",
    few: "إسناد {count} مهام",
    many: "إسناد {count} مهمة",
    other: "إسناد {count} مهمة",
  },
  "assigned.hint": "تُعطى لهم هذه المهام قبل غيرها، وتُحفظ لكل منهم إجابة في كل مهمة.",
  "assigned.mode": "من أُسندت إليهم المهام من قبل",
  "assigned.add": "يبقون، ويُضاف هؤلاء الأشخاص",
  "assigned.replace": "يحل هؤلاء الأشخاص محلهم",
  "assigned.remove": "يبقون ما عدا هؤلاء الأشخاص",
  "assigned.people": "الأشخاص",
  "assigned.none": "لا يمكن لأحد الوسم في هذا المشروع.",
  "assigned.save": "حفظ",
  "assigned.done": {
    zero: "تغيّر إسناد {count} مهمة.",
    one: "تغيّر إسناد مهمة واحدة ({count}).",
    two: "تغيّر إسناد مهمتين ({count}).",
    few: "تغيّر إسناد {count} مهام.",
    many: "تغيّر إسناد {count} مهمة.",
    other: "تغيّر إسناد {count} مهمة.",
  },
  "assigned.atWork": "يجري إسناد المهام.",
};
export default ar;
