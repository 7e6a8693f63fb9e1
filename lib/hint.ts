/**
 * Hints: what an admin should do about what a mail server, or the way to it,
 * said.
 *
 * @module
 */

import type { Language } from "./language.ts";

/** `{host}` stands for the server's name. */
const ENGLISH = {
  "no relay": "The server takes no mail from this machine: use the one of your mail provider.",
  "no STARTTLS":
    "The server does not offer STARTTLS: set SMTP_SECURITY=tls with its port for TLS, mostly SMTP_PORT=465.",
  "letter too large": "The letter is too large for the server, or the mailbox is full.",
  "nothing listens":
    "Nothing listens there: check SMTP_HOST and SMTP_PORT, and whether the server runs.",
  "unknown host":
    'No address is known for "{host}": check SMTP_HOST, and the name server of this machine.',
  "unreachable":
    "The server cannot be reached: check SMTP_HOST and SMTP_PORT, and whether a firewall or your provider blocks that port.",
  "no TLS here":
    "The server does not speak TLS on this port: set SMTP_SECURITY=starttls, mostly with SMTP_PORT=587.",
  "TLS at once":
    "Perhaps the server expects TLS from the start: try SMTP_SECURITY=tls, mostly with SMTP_PORT=465.",
  "certificate expired":
    "The server's certificate has expired: renew it there, and check the date of this machine.",
  "certificate of another":
    `The server's certificate is not for "{host}": set SMTP_HOST to the name that it is for.`,
  "certificate not trusted":
    "The server's certificate is of no trusted authority, or has expired: name a file with its authority in SMTP_CA_FILE, or have it renewed.",
  "not secured":
    "The connection broke off while it was being secured: perhaps the certificate has expired, is not for the name in SMTP_HOST, or wants its authority in SMTP_CA_FILE.",
  "login over TLS": "The server takes a password only over TLS: set SMTP_SECURITY=starttls or tls.",
  "login over TLS, or none":
    "Many servers take a password only over TLS: set SMTP_SECURITY=starttls or tls, or unset SMTP_USER and SMTP_PASSWORD.",
  "no login here":
    "The server takes no password on this port: try SMTP_PORT=587 or 465, or unset SMTP_USER and SMTP_PASSWORD.",
  "no way to log in": "The server knows no way to log in that we know (PLAIN, LOGIN, CRAM-MD5).",
  "app password of Yandex":
    "An app password is needed: make one for mail at https://id.yandex.ru/security/app-passwords, set SMTP_PASSWORD to it, and allow mail programs in the mailbox's settings.",
  "app password of Google":
    "An app password is needed: make one at https://myaccount.google.com/apppasswords and set SMTP_PASSWORD to it.",
  "wrong password":
    "User name or password refused: check SMTP_USER and SMTP_PASSWORD; many providers want an app password.",
  "app password of Mail.ru":
    "An app password is needed: make one for mail at https://account.mail.ru/user/2-step-auth/passwords and set SMTP_PASSWORD to it.",
  "login at Microsoft":
    'User name or password refused, or SMTP login is off: check SMTP_USER and SMTP_PASSWORD, and have "Authenticated SMTP" switched on for the mailbox in Microsoft\'s admin center.',
  "SMTP login off at Microsoft":
    'Microsoft lets this mailbox not log in by password over SMTP: have "Authenticated SMTP" switched on for it in the admin center; where that is not to be had, send by another mail server.',
  "credentials of Amazon":
    "Amazon SES wants SMTP credentials of its own, not AWS keys: make them in the SES console for the region in SMTP_HOST, and set SMTP_USER and SMTP_PASSWORD to them.",
  "log in by browser":
    "The provider wants to see a person first: log in with a browser from this network, then try again, or make an app password.",
  "account off": "The account may not send: log in with a browser and see what the provider says.",
  "login needed":
    "The server wants to know who sends: set SMTP_USER and SMTP_PASSWORD, and SMTP_SECURITY to starttls or tls.",
  "sender not owned":
    "The sender is not owned by the user: set MAIL_FROM to the address of the account in SMTP_USER.",
  "check sender": "The server does not take this sender: check MAIL_FROM.",
  "unverified at Amazon":
    "Amazon SES does not know this address: verify MAIL_FROM in the SES console for the region in SMTP_HOST, and while the account is in the sandbox ADMIN_EMAILS, too.",
  "domain not proven":
    "The server does not believe that we may send for the domain of MAIL_FROM: send by that domain's own mail server, or have its SPF and DKIM put right.",
  "TLS needed": "The server wants TLS: set SMTP_SECURITY to starttls or tls.",
  "blocked":
    "The server takes nothing from this account or network for now, mostly because of spam from there: ask the provider in SMTP_HOST.",
  "sending limit":
    "The provider's limit on sending is reached: letters go out when it lets them. If that happens again, ask it for more, or use another mail server for stillalive.",
  "spam":
    "The server suspects spam: set MAIL_FROM to your own address there, and look whether the provider has blocked the mailbox.",
  "mailbox full": "The mailbox is full.",
  "mailbox off": "The mailbox is switched off: check the address.",
  "no such mailbox": "There is no such mailbox: check the address.",
  "not allowed there":
    "The server does not let this user send there: check MAIL_FROM and the address.",
  "check address": "Check the address.",
} as const;

/** What to do, by a name. */
export type HintName = keyof typeof ENGLISH;

/** All of them. */
export const HINT_NAMES = Object.keys(ENGLISH) as readonly HintName[];

/** What to do about a server. */
export interface Hint {
  readonly name: HintName;
  /** The server, as SMTP_HOST names it. */
  readonly host: string;
}

const RUSSIAN: Readonly<Record<HintName, string>> = {
  "no relay":
    "Сервер не принимает почту с этой машины: укажите сервер своего почтового провайдера.",
  "no STARTTLS":
    "Сервер не предлагает STARTTLS: задайте SMTP_SECURITY=tls и его порт для TLS, обычно SMTP_PORT=465.",
  "letter too large": "Письмо слишком велико для сервера, или ящик переполнен.",
  "nothing listens": "Там никто не отвечает: проверьте SMTP_HOST и SMTP_PORT и работает ли сервер.",
  "unknown host": "Для «{host}» не нашлось адреса: проверьте SMTP_HOST и сервер имён этой машины.",
  "unreachable":
    "До сервера не достучаться: проверьте SMTP_HOST и SMTP_PORT и не закрыт ли этот порт брандмауэром или провайдером.",
  "no TLS here":
    "На этом порту сервер не говорит по TLS: задайте SMTP_SECURITY=starttls, обычно вместе с SMTP_PORT=587.",
  "TLS at once":
    "Возможно, сервер ждёт TLS сразу: попробуйте SMTP_SECURITY=tls, обычно вместе с SMTP_PORT=465.",
  "certificate expired":
    "Сертификат сервера истёк: его надо обновить; проверьте и дату на этой машине.",
  "certificate of another":
    "Сертификат сервера выдан не на имя «{host}»: укажите в SMTP_HOST то, на которое он выдан.",
  "certificate not trusted":
    "Сертификату сервера нет доверия, или он истёк: укажите файл с его центром сертификации в SMTP_CA_FILE или обновите сертификат.",
  "not secured":
    "Связь прервалась при установке защиты: возможно, сертификат истёк, выдан не на имя из SMTP_HOST или его центр надо указать в SMTP_CA_FILE.",
  "login over TLS":
    "Пароль сервер принимает только по TLS: задайте SMTP_SECURITY=starttls или tls.",
  "login over TLS, or none":
    "Многие серверы принимают пароль только по TLS: задайте SMTP_SECURITY=starttls или tls либо уберите SMTP_USER и SMTP_PASSWORD.",
  "no login here":
    "На этом порту сервер пароля не принимает: попробуйте SMTP_PORT=587 или 465 либо уберите SMTP_USER и SMTP_PASSWORD.",
  "no way to log in":
    "Сервер не знает ни одного из известных нам способов входа (PLAIN, LOGIN, CRAM-MD5).",
  "app password of Yandex":
    "Нужен пароль приложения: создайте его для почты на https://id.yandex.ru/security/app-passwords, впишите в SMTP_PASSWORD и разрешите почтовые программы в настройках ящика.",
  "app password of Google":
    "Нужен пароль приложения: создайте его на https://myaccount.google.com/apppasswords и впишите в SMTP_PASSWORD.",
  "wrong password":
    "Имя или пароль не подошли: проверьте SMTP_USER и SMTP_PASSWORD; многим провайдерам нужен пароль приложения.",
  "app password of Mail.ru":
    "Нужен пароль для внешнего приложения: создайте его для почты на https://account.mail.ru/user/2-step-auth/passwords и впишите в SMTP_PASSWORD.",
  "login at Microsoft":
    "Имя или пароль не подошли, или вход по SMTP выключен: проверьте SMTP_USER и SMTP_PASSWORD и включите для ящика «Authenticated SMTP» в центре администрирования Microsoft.",
  "SMTP login off at Microsoft":
    "Microsoft не пускает этот ящик по SMTP с паролем: включите для него «Authenticated SMTP» в центре администрирования; если это уже невозможно, отправляйте через другой почтовый сервер.",
  "credentials of Amazon":
    "Amazon SES нужны отдельные учётные данные SMTP, а не ключи AWS: создайте их в консоли SES для региона из SMTP_HOST и впишите в SMTP_USER и SMTP_PASSWORD.",
  "log in by browser":
    "Провайдер хочет сначала увидеть человека: войдите из этой сети через браузер и попробуйте снова или создайте пароль приложения.",
  "account off":
    "Учётной записи запрещено отправлять письма: войдите через браузер и посмотрите, что пишет провайдер.",
  "login needed":
    "Сервер хочет знать, кто отправляет: задайте SMTP_USER и SMTP_PASSWORD, а SMTP_SECURITY — starttls или tls.",
  "sender not owned":
    "Адрес отправителя не принадлежит пользователю: укажите в MAIL_FROM адрес учётной записи из SMTP_USER.",
  "check sender": "Сервер не принимает этого отправителя: проверьте MAIL_FROM.",
  "unverified at Amazon":
    "Amazon SES не знает этого адреса: подтвердите MAIL_FROM в консоли SES для региона из SMTP_HOST, а пока учётная запись в песочнице — и адреса из ADMIN_EMAILS.",
  "domain not proven":
    "Сервер не верит, что мы вправе писать от имени домена из MAIL_FROM: отправляйте через почтовый сервер этого домена или исправьте его записи SPF и DKIM.",
  "TLS needed": "Сервер требует TLS: задайте SMTP_SECURITY=starttls или tls.",
  "blocked":
    "Сервер пока ничего не принимает от этой учётной записи или сети, чаще всего из-за спама оттуда: обратитесь к провайдеру из SMTP_HOST.",
  "sending limit":
    "Исчерпан лимит провайдера на отправку: письма уйдут, когда он позволит. Если это повторяется, попросите увеличить лимит или заведите для stillalive другой почтовый сервер.",
  "spam":
    "Сервер принял письмо за спам: укажите в MAIL_FROM свой адрес на этом сервере и посмотрите, не заблокирован ли ящик.",
  "mailbox full": "Ящик переполнен.",
  "mailbox off": "Ящик отключён: проверьте адрес.",
  "no such mailbox": "Такого ящика нет: проверьте адрес.",
  "not allowed there":
    "Сервер не даёт этому пользователю писать туда: проверьте MAIL_FROM и адрес.",
  "check address": "Проверьте адрес.",
};

const TEXTS: Readonly<Record<Language, Readonly<Record<HintName, string>>>> = {
  en: ENGLISH,
  ru: RUSSIAN,
};

/**
 * What to suspect of a server that does not greet: that it waits for TLS to
 * begin. Null where it did; then it is only slow.
 */
export function silenceHint(
  { host, security }: { readonly host: string; readonly security: "tls" | "starttls" | "none" },
): Hint | null {
  return security === "tls" ? null : { name: "TLS at once", host };
}

/** A hint in words. */
export function hintText({ name, host }: Hint, language: Language): string {
  return TEXTS[language][name].replace("{host}", () => host);
}

/** The same for the log and the terminal, which speak English; null for none. */
export function englishHint(hint: Hint | null): string | null {
  return hint === null ? null : hintText(hint, "en");
}
