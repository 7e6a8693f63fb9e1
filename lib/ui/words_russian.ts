/** What the pages say in Russian. */

import { GAP_CAUSES } from "../gap_words.ts";
import { counted, type Forms, numeral } from "../language.ts";
import { APP_WORDS } from "./app_words.ts";
import type { Words } from "./words.ts";

const apps = (count: number) =>
  counted("ru", count, { one: "приложение", few: "приложения", other: "приложений" });

const LATE: Forms = { one: "из них опаздывает", other: "из них опаздывают" };

export const RUSSIAN: Words = {
  status: {
    up: "в порядке",
    late: "опаздывает",
    down: "не в порядке",
    unknown: "под вопросом",
    new: "новое",
    paused: "на паузе",
    ignored: "без присмотра",
  },
  standing: {
    up: "в порядке",
    down: "не в порядке",
    unknown: "под вопросом",
    new: "не следили",
    paused: "на паузе",
  },
  gapCause: GAP_CAUSES.ru,

  frame: {
    overview: "Приложения",
    outbox: "Почта",
    gaps: "Перерывы",
    maintenance: "Обслуживание",
    settings: "Настройки",
    logOut: "Выйти",
    pages: "Страницы",
    skip: "К содержанию",
    zone: (name) => `Часовой пояс: ${name}`,
  },

  login: {
    title: "Вход",
    token: "Токен администратора",
    hint: "Он был показан при первом запуске или задан в ADMIN_TOKEN. " +
      "Новый создаст `stillalive token`.",
    button: "Войти",
    codeHint: "Открытая ссылка впустит вас.",
    refused: "Не подходит: токен не тот, или ссылка устарела.",
    wait: (span) =>
      "И этот не подходит: с вашего адреса пришло слишком много неверных токенов. " +
      `Подождите ${span}, прежде чем пробовать дальше; верный впустит в любой момент.`,
  },

  overview: {
    empty: "Пока ни одного приложения",
    welcome: "Отправьте первый сигнал оттуда, где работает ваше приложение. " +
      "Оно зарегистрируется само, и о его молчании придёт письмо.",
    waiting: "Как только сигнал придёт, он появится на этой странице.",
    allWell: (count) =>
      count === 1 ? "Единственное приложение в порядке" : `Все ${apps(count)} в порядке`,
    watchedWell: (count) =>
      count === 1
        ? "Единственное приложение, за которым следим, в порядке"
        : `В порядке всё, за чем следим: ${apps(count)}`,
    late: (all, { late, well }) =>
      well === 1
        ? "Единственное приложение, за которым следим, опаздывает"
        : `${all}, ${counted("ru", late, LATE)}`,
    down: (count, span) =>
      count === 1
        ? `1 приложение не в порядке, уже ${span}`
        : `${apps(count)} не в порядке, дольше всего уже ${span}`,
    unknownToo: (count) => `под вопросом ${numeral("ru", count)}`,
    unknown: (count, well) =>
      `Под вопросом ${apps(count)}` + (well === 0 ? "" : `; в порядке ${numeral("ru", well)}`),
    unwatched: "Сейчас ни за одним приложением не следим",
    nothingFound: "Таких приложений нет.",
    search: "Поиск",
    searchHint: "Имя или app_id",
    anyStatus: "Любое состояние",
    statusFilter: "Состояние",
    tagFilter: "Тег",
    find: "Найти",
    clear: "Показать все",
    app: "Приложение",
    lastHeartbeat: "Последний сигнал",
    lastDay: "Последние сутки",
    uptime: "30 дней",
    shares: "Проценты: доля времени, когда приложение было в порядке, за 30 дней; " +
      "время, о котором мы не могли знать, не в счёт.",
    never: "не было",
    marks: {
      snoozed: (until) => `тревога отложена до ${until}`,
      maintenance: (until) => `обслуживание до ${until}`,
      acknowledged: "принято",
    },
    more: "Ещё",
    first: "К началу",
    ago: (span) => `${span} назад`,
    strip: (parts) => `Последние сутки: ${parts.join(", ")}`,
  },

  app: APP_WORDS.ru,

  statusPage: {
    none: "Показывать нечего",
    well: "Всё в порядке",
    watchedWell: "Всё, за чем следим, в порядке",
    shownWell: "Всё, что здесь показано, в порядке",
    down: (count) => `${apps(count)} не в порядке`,
    cut: (count) => `Показано только начало списка: ${numeral("ru", count)}.`,
  },

  fault: {
    notFound: {
      title: "Такой страницы нет",
      advice: "В адресе опечатка, или того, что здесь было, больше нет.",
    },
    forbidden: {
      title: "Это действие вам недоступно",
      advice: "Войдите с токеном администратора, вернитесь на страницу и попробуйте снова.",
    },
    otherHost: (page, asked) => ({
      title: "Форма пришла с другого адреса",
      advice: `Браузер отправил её со страницы «${page}», а сюда она пришла для «${asked}». ` +
        "Если между ними стоит ваш прокси, пусть он передаёт Host (nginx: proxy_set_header " +
        "Host $http_host), или задайте в BASE_URL то, что стоит в адресной строке браузера, " +
        "и запустите заново. Ничего не изменилось.",
    }),
    unavailable: {
      title: "Сейчас это не получается",
      advice: "Ничего не изменилось. Попробуйте чуть позже.",
    },
    refused: { title: "Так сделать нельзя", advice: "Вернитесь и проверьте, что введено." },
    internal: { title: "Внутренняя ошибка", advice: "Что случилось, записано в журнале." },
    back: "К приложениям",
  },
};
