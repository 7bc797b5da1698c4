/** العربية. */
import type { KeyWords } from ".";

const ar: KeyWords = {
  title: "المفاتيح",
  hint: "اضغط زر المفتاح ثم المفاتيح التي تريدها له. تُحفظ مع حسابك.",
  find: "ابحث عن إجراء أو مفتاح",
  noneFound: "لا إجراء يطابق.",
  changeOf: "تغيير مفاتيح {action}:",
  noKey: "بلا مفتاح",
  press: "اضغط المفاتيح…",
  pressing: "اضغط المفاتيح الجديدة لـ {action}. مفتاح Escape يلغي.",
  remove: "نزع مفاتيح {action}",
  reset: "إعادة مفاتيح {action} الأولى: {keys}",
  resetAll: "كلها كما كانت",
  taken: "{keys} يعني «{other}» بالفعل.",
  takeOver: "خذه",
  leave: "اتركه",
  meets: "أيضًا: {other}",
  changed: "{action}: {keys}.",
  givenUp: "لم يتغير شيء",
  onDevice: "حُفظت على هذا الجهاز. يحصل عليها الحساب عند الوصول إلى الخادم.",
  labels: "تسميات هذه المهمة وإجاباتها",
  labelsHint: "مفاتيحها جزء من إعداد المشروع.",
  labeling: "التسمية",
  picture: "في الصورة",
  everywhere: "في كل مكان",
};

export default ar;
