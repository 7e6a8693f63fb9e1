/**
 * Letters in Russian.
 *
 * @module
 */

import { GAP_CAUSES } from "./gap_words.ts";
import { counted, type Forms, numeral, plural } from "./language.ts";
import type { Change, Words } from "./letter_words.ts";

const APPS: Forms = { one: "приложение", few: "приложения", other: "приложений" };
/** After "of" or "from". */
const OF_APPS: Forms = { one: "приложения", other: "приложений" };
const NEWS: Forms = { one: "уведомление", few: "уведомления", other: "уведомлений" };
const ABSENCES: Forms = { one: "перерыв", few: "перерыва", other: "перерывов" };
const LATE: Forms = { one: "опаздывает", other: "опаздывают" };
const NEW: Forms = { one: "новое", other: "новых" };
const FALLS: Forms = { one: "сбой", few: "сбоя", other: "сбоев" };

const TIMES: Forms = { few: "раза", other: "раз" };
const ALARMS: Forms = { one: "тревога", few: "тревоги", other: "тревог" };

const LOST = {
  deleted: "База данных удалена",
  replaced: "База данных подменена",
  "taken over": "База данных перешла к другому",
} as const;

const VERBS: Readonly<Record<Change, Forms>> = {
  silent: { one: "не отвечает", other: "не отвечают" },
  // One that said so itself does answer.
  failed: { one: "сообщило об ошибке", other: "сообщили об ошибке" },
  back: { one: "снова отвечает", other: "снова отвечают" },
  // Not "не отвечало", which at night is misread as «не отвечает».
  away: { one: "пропадало", other: "пропадали" },
  flapping: { one: "то пропадает, то отвечает", other: "то пропадают, то отвечают" },
  // Whether it is silent or failing is not known here.
  stillDown: { other: "всё ещё не в порядке" },
  unknown: { other: "под вопросом" },
  heard: { one: "всё же отозвалось", other: "всё же отозвались" },
};

/** Russian words. */
export const RUSSIAN: Words = {
  apps: (change, count) => `${counted("ru", count, APPS)} ${plural("ru", count, VERBS[change])}`,
  others: (change, count) => counted("ru", count, VERBS[change]),
  more: (count) => `ещё ${numeral("ru", count)}`,
  andMore: (count) => `и ещё ${numeral("ru", count)}`,

  noHeartbeat: (span, since) => `Нет сигнала ${span} (с ${since})`,
  reportedFailure: (span, at) => `Сообщило об ошибке ${span} назад (${at})`,
  away: (span, times) => `Перерыв ${span} (${times})`,
  awayOften: (count, total, lastTimes) =>
    `${counted("ru", count, ABSENCES)}, всего ${total} (последний ${lastTimes})`,
  refused: (at, why, address) =>
    `Сигнал всё же приходил (${at}), но был отклонён: ${why} (с адреса ${address})`,
  awayBefore: (count, total) =>
    `До этого: ${counted("ru", count, ABSENCES)}, ${count > 1 ? "всего " : ""}${total}`,
  awayAgain: (count, total) =>
    `После этого: ещё ${counted("ru", count, ABSENCES)}, ${count > 1 ? "всего " : ""}${total}`,
  stillDown: (span, since) => `уже ${span} (с ${since})`,
  nowDown: (span, since) => `Сейчас не в порядке, уже ${span} (с ${since})`,
  cameBack: (span, at) => `Снова ответило ${span} назад (${at})`,
  down: "не в порядке",
  flappingNote: "Новости об этом приходят раз в час, пока всё не успокоится.",
  acknowledge: "Я в курсе: больше не напоминать",
  falls: (count) => `${counted("ru", count, FALLS)} за 7 дней`,
  lastMessage: "Последнее сообщение",
  message: "Сообщение",

  expected: (dueAt, at) => `Сигнал ожидался между ${dueAt} и ${at}; с тех пор ничего не было`,
  missed: (cause, [from, to], others) =>
    `Он мог пропасть: ${GAP_CAUSES.ru[cause]}, с ${from} до ${to}` +
    (others === 0 ? "" : `, а потом ещё ${counted("ru", others, TIMES)}`),
  downAt: (at) => `Если промолчит до ${at}, будет тревога`,
  heardAt: (at) => `сигнал пришёл ${at}`,

  left: (count) => `Ещё ${counted("ru", count, NEWS)} — в следующем письме.`,
  gathered: (span) =>
    "За несколько минут это уже не первое письмо: дальше тревоги собираются вместе, следующее " +
    `письмо — не раньше чем через ${span}.`,

  undelivered: (count) => `Не доставлено: ${counted("ru", count, NEWS)}`,
  news: (count) => counted("ru", count, NEWS),
  reason: "Причина",
  stale: (count) =>
    `До настройки почты накопилось ещё ${counted("ru", count, NEWS)}; всё это уже позади.`,
  staleSubject: "Что было до настройки почты",
  nothing: "Новостей нет",

  deaf: (from, to, span) => `Сигналы не принимались с ${from} до ${to} (${span})`,
  deafOften: (count, total, lastTimes) =>
    `Сигналы не принимались ${counted("ru", count, TIMES)}, всего ${total} ` +
    `(в последний раз ${lastTimes})`,
  because: (cause, gaps) =>
    `${gaps === 1 ? "Причина" : "Причина в последний раз"}: ${GAP_CAUSES.ru[cause]}.`,
  moreTime: (count) => `отсрочка для ${counted("ru", count, OF_APPS)}`,
  moved: (count, end) =>
    `В это время ожидались сигналы от ${
      counted("ru", count, OF_APPS)
    }. Посланное тогда потеряно, ` +
    "поэтому молчание станет тревогой " +
    (end === null ? "позже обычного." : `не раньше, чем через целый период и запас после ${end}.`),
  putOffLater: (count) =>
    `Ещё ${counted("ru", count, ALARMS)} ${
      plural("ru", count, { one: "может", other: "могут" })
    } прийти больше чем на час позже обычного. О каждом таком приложении напишем в обычный срок, ` +
    "если оно промолчит.",

  well: (count, total) => {
    if (total === 0) return "Следить пока не за чем";
    if (count < total) {
      return `В порядке ${numeral("ru", count)} из ${counted("ru", total, OF_APPS)}`;
    }
    return `Все приложения в порядке: ${numeral("ru", total)}`;
  },
  notWell: (count) => `${numeral("ru", count)} не в порядке`,
  unknown: (count) => `${numeral("ru", count)} под вопросом`,
  unknownNote: "Под вопросом: сигнал ожидался, пока приём не работал, и с тех пор его нет.",
  tardy: (count) => counted("ru", count, LATE),
  unheard: (count) => counted("ru", count, NEW),
  unheardNote: "Новые: следим с первого сигнала, а его ещё не было.",
  incidents: (count, since) =>
    count === 0 ? `Ни одного сбоя с ${since}` : `${counted("ru", count, FALLS)} с ${since}`,
  proof: "Это письмо показывает, что тревоги до вас доходят.",

  capacity: ({ apps, most }) =>
    apps >= most
      ? `Новые приложения не регистрируются: их уже ${numeral("ru", apps)} (MAX_APPS)`
      : `Занято ${numeral("ru", apps)} из ${numeral("ru", most)} мест для приложений (MAX_APPS)`,
  capacityAdvice: (isFull) => [
    (isFull
      ? "Сигналы приложений, которых мы ещё не знаем, отклоняются (429), "
      : "Когда места кончатся, сигналы приложений, которых мы ещё не знаем, будут отклоняться (429), ") +
    "и об их молчании никто не узнает. За известными приложениями следим, как и прежде.",
    "Что делать: увеличьте MAX_APPS или удалите приложения, которые вам не нужны. Если их " +
    "регистрируют посторонние, задайте HEARTBEAT_TOKEN или AUTO_REGISTER=false.",
  ],

  unstored: "Сигналы не записываются",
  unstoredSince: (span, since, reason) => `Уже ${span} (с ${since}). SQLite говорит: ${reason}`,
  unstoredAdvice: [
    "Приложениям отвечаем 503 и просим повторить. Ничто из того, на что ответили 200, " +
    "не потеряно, и замолчавшим из-за этого никто не сочтён.",
    "Что делать: чаще всего кончилось место на диске — освободите его; иначе уберите то, на что " +
    "жалуется SQLite. Дальше stillalive продолжит сам, без перезапуска.",
  ],
  unreachable: "Никто не может подключиться: stillalive останавливается",
  unreachableSince: (span, since, reason) => `Уже ${span} (с ${since}): ${reason}`,
  unreachableAdvice: [
    "Заново открыть свой порт не удалось, поэтому stillalive останавливается (код выхода 1), чтобы " +
    "тот, кто следит за его работой, запустил его снова. Пока он не запущен, за приложениями никто " +
    "не следит; замолчавшим из-за этого времени никто не сочтён.",
    "Что делать: проверьте, что он запущен. Если дескрипторов не хватает на всех, кто подключается, " +
    "дайте больше: LimitNOFILE=65536 в юните systemd или --ulimit nofile=65536:65536 в Docker.",
  ],
  lost: (what) => `${LOST[what]}: stillalive останавливается`,
  lostAdvice: (what, database) =>
    what === "taken over"
      ? [
        `Базу «${database}» ведёт другой stillalive: файл блокировки этого удалили во время работы.`,
        "Этот останавливается (код выхода 1): двое сообщали бы обо всём дважды. За приложениями следит тот, другой.",
        "Что делать: не удаляйте файл .lock рядом с базой и запускайте stillalive только один раз.",
      ]
      : [
        `Файл «${database}» ${what === "deleted" ? "удалён" : "подменён другим"} во время работы.`,
        "stillalive останавливается (код выхода 1): иначе он отвечал бы 200 на то, чего нет на диске. " +
        "Пока он не запущен, за приложениями никто не следит.",
        "Что делать: верните файл на место, при нужде из резервной копии, и запустите stillalive. " +
        (what === "deleted"
          ? "Без файла он начнёт с пустой базы, в которой нет ни одного приложения."
          : "Сейчас он запустился бы с тем файлом, который там лежит."),
      ],

  zone: (name) => `Часовой пояс: ${name}`,
  sender: "Отправил stillalive",

  sampleSubject: (subject) => `Пример: ${subject}`,
  sampleNotice: "Только пример тревоги: ничего не случилось",
  testSubject: "Почта stillalive работает",
  testNotice: ({ getsAlarms }) =>
    getsAlarms
      ? "Когда приложение замолчит, тревога придёт на этот адрес."
      : "На этот адрес тревоги не приходят: его нет в ADMIN_EMAILS.",
};
