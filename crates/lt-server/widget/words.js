// Every text of the chat, Chinese first. The two languages have the same keys; a test compares them.

export const words = {
  "zh-CN": {
    title: "在线客服",
    bot: "智能客服",
    who_none: "有问题随时问",
    who_bot: "智能客服为您解答，可随时转人工",
    who_queue: "正在转接人工客服",
    who_left: "已留言，客服上班后回复",
    who_agent: "{name} 正在为您服务",
    who_connecting: "正在连接",
    placeholder: "写下您的问题",
    placeholder_queue: "可以先把问题写下来，接通后客服能直接看到",
    placeholder_left: "可以继续留言补充，客服上班后能直接看到",
    send: "发送",
    hint: "Enter 发送",
    ask: "转人工",
    ask_sent: "转人工",
    unsolved: "没解决？",
    choose: "选择您想问的",
    queue_next: "正在转接人工客服，下一位就是您",
    queue_nth: "正在转接人工客服，您排在第 {n} 位",
    queue_waiting: "正在转接人工客服，请稍候",
    queue_about: "预计等待 {n} 分钟左右",
    queue_long: "预计等待超过 {n} 分钟",
    left: "已收到您的留言，客服上班后按顺序回复",
    left_until: "已收到您的留言，客服 {at} 上班后按顺序回复",
    typing: "{name} 正在输入",
    net: "网络不稳，正在重连…消息不会丢",
    waiting: "待发送",
    sending: "发送中",
    sent: "已送达",
    read: "已读",
    slow: "发得有点快，稍后自动发出",
    failed: "没发出去",
    failed_too_large: "没发出去，内容太长，请分几次发",
    again: "重发",
    attach: "发图片或文件",
    uploading: "上传中 {n}%",
    cancel: "取消",
    remove: "移除",
    file_too_large: "「{name}」太大：图片最大 10 MB，文件最大 20 MB",
    file_type: "「{name}」的类型不能发，可以发图片、PDF、Word、Excel、文本和 CSV",
    file_empty: "「{name}」是空的",
    failed_file_too_large: "没发出去，文件太大",
    failed_file_type: "没发出去，这种类型的文件不能发",
    failed_file_damaged: "没发出去，文件打不开",
    failed_uploads_full: "没发出去，24 小时内发的文件已到上限，请稍后再试",
    failed_file_not_found: "没发出去，页面关掉前没有传完，请重新选择",
    look: "看大图：{name}",
    save: "保存",
    save_file: "保存「{name}」",
    picture_gone: "图片没有取到，点一下重试",
    jump: "有新消息",
    today: "今天 {date}",
    yesterday: "昨天 {date}",
    tomorrow: "明天 {date}",
    close: "收起",
    survey_question: "您对本次服务满意吗？",
    survey_choose: "点一颗星",
    survey_comment: "还想说点什么（选填）",
    survey_send: "提交评分",
    survey_sending: "提交中，断网也不会丢",
    survey_out: "以后不再邀请",
    survey_later: "以后再说",
    survey_thanks: "您评了 {n} 分（{word}），谢谢",
    survey_change: "修改",
    survey_over: "已经不能评分或修改了",
    survey_failed: "没提交成功，请再试一次",
    mark: "{n} 分，{word}",
    mark_1: "非常不满意",
    mark_2: "不满意",
    mark_3: "一般",
    mark_4: "满意",
    mark_5: "非常满意",
    messages: "聊天记录",
    chars_left: "还可以写 {n} 个字",
    no_inbox: "这个客服入口不存在，请从店铺页面重新打开",
  },
  en: {
    title: "Customer service",
    bot: "Assistant",
    who_none: "Ask us anything",
    who_bot: "Our assistant answers; ask for a person any time",
    who_queue: "Getting a person for you",
    who_left: "Message taken; we answer when we are back",
    who_agent: "{name} is helping you",
    who_connecting: "Connecting",
    placeholder: "Write your question",
    placeholder_queue: "You may already write your question",
    placeholder_left: "You may add to your message",
    send: "Send",
    hint: "Enter to send",
    ask: "Talk to a person",
    ask_sent: "转人工 (talk to a person)",
    unsolved: "Not solved?",
    choose: "Choose what you mean",
    queue_next: "Getting a person for you: you are next",
    queue_nth: "Getting a person for you: number {n} in the queue",
    queue_waiting: "Getting a person for you, please wait",
    queue_about: "about {n} minutes to wait",
    queue_long: "more than {n} minutes to wait",
    left: "We have your message and answer when we are back",
    left_until: "We have your message and answer from {at}",
    typing: "{name} is typing",
    net: "Unstable network, reconnecting… nothing is lost",
    waiting: "Waiting to be sent",
    sending: "Sending",
    sent: "Delivered",
    read: "Read",
    slow: "A little fast: it will be sent in a moment",
    failed: "Not sent",
    failed_too_large: "Not sent: too long, please send it in parts",
    again: "Send again",
    attach: "Send a picture or file",
    uploading: "Uploading {n}%",
    cancel: "Cancel",
    remove: "Remove",
    file_too_large: "{name} is too large: pictures up to 10 MB, files up to 20 MB",
    file_type:
      "{name} is of a kind that is not taken; pictures, PDF, Word, Excel, text and CSV are",
    file_empty: "{name} is empty",
    failed_file_too_large: "Not sent: the file is too large",
    failed_file_type: "Not sent: files of this kind are not taken",
    failed_file_damaged: "Not sent: the file cannot be opened",
    failed_uploads_full: "Not sent: the limit for files in 24 hours is reached; try again later",
    failed_file_not_found: "Not sent before the page was closed: please choose it again",
    look: "Look at {name}",
    save: "Save",
    save_file: "Save {name}",
    picture_gone: "The picture is not here; press to try again",
    jump: "New messages",
    today: "Today, {date}",
    yesterday: "Yesterday, {date}",
    tomorrow: "tomorrow, {date}",
    close: "Close",
    survey_question: "How satisfied are you with our service?",
    survey_choose: "Choose a star",
    survey_comment: "Anything to add? (optional)",
    survey_send: "Send rating",
    survey_sending: "Sending; it is not lost without a network",
    survey_out: "Do not ask again",
    survey_later: "Not now",
    survey_thanks: "You gave {n} of 5 ({word}). Thank you",
    survey_change: "Change",
    survey_over: "It can no longer be rated or changed",
    survey_failed: "Not taken; please try again",
    mark: "{n} of 5, {word}",
    mark_1: "very dissatisfied",
    mark_2: "dissatisfied",
    mark_3: "neutral",
    mark_4: "satisfied",
    mark_5: "very satisfied",
    messages: "Messages",
    chars_left: "{n} characters left",
    no_inbox: "This chat does not exist; please open it again from the shop's page",
  },
};

/** The language to show: Chinese where the browser asks for it, or asks for neither. */
export function pickLanguage(languages) {
  for (const language of languages) {
    const short = language.toLowerCase();
    if (short.startsWith("zh")) return "zh-CN";
    if (short.startsWith("en")) return "en";
  }
  return "zh-CN";
}

export const language = pickLanguage(globalThis.navigator?.languages ?? []);

/** The text of a key, with its `{places}` filled in. */
export function t(key, places = {}) {
  const text = words[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(places[name] ?? ""));
}

/** Longer waits are not told exactly. */
const LONGEST_MINUTES = 60;

const clock = new Intl.DateTimeFormat(language, {
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});
const dayName = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });

/** `10:36` */
export function timeOf(at) {
  return clock.format(at);
}

/** A day as a number that grows by one each day, in the visitor's own time zone. */
export function dayOf(at) {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** Place in the queue, and about how long it will take. */
export function queueText({ queuePosition: n, waitMs }) {
  const place = n === 1 ? t("queue_next") : n ? t("queue_nth", { n }) : t("queue_waiting");
  if (!waitMs) return place;
  const minutes = Math.max(1, Math.round(waitMs / 60_000));
  const wait =
    minutes >= LONGEST_MINUTES ? t("queue_long", { n: minutes }) : t("queue_about", { n: minutes });
  return language === "en" ? `${place}, ${wait}` : `${place}，${wait}`;
}

/** What was left is answered from then on. */
export function leftText(opensAt, now = Date.now()) {
  if (!opensAt) return t("left");
  const day = dayOf(opensAt) === dayOf(now) ? "" : `${dayLabel(opensAt, now)} `;
  return t("left_until", { at: `${day}${timeOf(opensAt)}` });
}

/** `今天 11 月 23 日` */
export function dayLabel(at, now) {
  const date = new Date(at);
  const plain =
    language === "en" ? dayName.format(date) : `${date.getMonth() + 1} 月 ${date.getDate()} 日`;
  const ago = dayOf(now) - dayOf(at);
  if (ago === 0) return t("today", { date: plain });
  if (ago === 1) return t("yesterday", { date: plain });
  if (ago === -1) return t("tomorrow", { date: plain });
  const year = date.getFullYear();
  if (year === new Date(now).getFullYear()) return plain;
  return language === "en" ? `${plain} ${year}` : `${year} 年 ${plain}`;
}
