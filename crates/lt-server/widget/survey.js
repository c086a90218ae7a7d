// The question for a mark after a conversation: five radio buttons that look like stars, words if the
// customer likes, and what was answered. What was chosen and written survives a reload.

import { make } from "./view.js";
import { language, t } from "./words.js";

const BEST = 5;
/** Codes after which the same mark may be taken later. */
const LATER = new Set(["slow_down", "storage", "offline", "internal"]);
const AGAIN_MS = 8_000;

/**
 * Minds the question. `send(event)` gives false while the line is down; `keep` is the drawer of the
 * browser. `show(survey)` takes the state as the server tells it, or null where nothing is asked.
 */
export function newSurvey({ part, keep, send }) {
  let asked = null;
  let isChanging = false;
  let refusal = "";
  let isSubmitted = false;
  let timer = 0;
  const inputs = makeStars();

  /** What is kept of this question: a choice, words, an answer on its way, whether it was put off. */
  const kept = () => {
    const known = keep.survey();
    return known.id === asked?.id ? known : { id: asked?.id };
  };
  const note = (what) => keep.setSurvey({ ...kept(), ...what });

  function makeStars() {
    return Array.from({ length: BEST }, (_, idx) => {
      const input = make("input", "star__input");
      input.type = "radio";
      input.name = "survey-score";
      input.value = String(idx + 1);
      input.setAttribute("aria-label", t("mark", { n: idx + 1, word: t(`mark_${idx + 1}`) }));
      const label = make("label", "star", input, make("span", "star__sign", "☆"));
      label.lastChild.setAttribute("aria-hidden", "true");
      input.addEventListener("change", () => {
        note({ score: idx + 1 });
        draw();
      });
      part["survey-stars"].append(label);
      return input;
    });
  }

  function show(survey) {
    if (asked?.id !== survey?.id) {
      isChanging = false;
      refusal = "";
    }
    asked = survey;
    const { pending } = kept();
    const is = (answer) => answer.score === asked?.score && answer.comment === asked?.comment;
    if (asked && pending && is(pending)) {
      note({ pending: null });
      isChanging = false;
    }
    clearTimeout(timer);
    const left = (asked?.changeable_until ?? 0) - Date.now();
    // The time to change it ends while the page is open.
    if (left > 0) timer = setTimeout(draw, left + 100);
    draw();
  }

  function isShown() {
    if (!asked) return false;
    const { putOff, pending } = kept();
    if (isChanging || pending) return true;
    if (asked.score !== null) return putOff !== "answered" && mayChange();
    // Put off before the reminder, it is asked once more; put off after it, it stays so.
    return putOff !== "reminded" && !(putOff === "asked" && !asked.is_reminded);
  }

  const mayChange = () => Date.now() < (asked?.changeable_until ?? 0);

  function draw() {
    const shown = isShown();
    part.survey.hidden = !shown;
    if (!shown) return;
    const { score, comment, pending } = kept();
    const isDone = asked.score !== null && !isChanging && !pending;
    part["survey-ask"].hidden = isDone;
    part["survey-done"].hidden = !isDone;
    if (isDone) drawDone();
    else drawAsk(score ?? 0, comment ?? "", pending);
  }

  function drawDone() {
    const word = t(`mark_${asked.score}`);
    say(part["survey-thanks"], t("survey_thanks", { n: asked.score, word }));
    part["survey-change"].hidden = !mayChange();
    // Whoever pressed the button stands on what came of it.
    if (isSubmitted) part["survey-thanks"].focus();
    isSubmitted = false;
  }

  function drawAsk(score, comment, pending) {
    const own = language === "en" ? asked.question_en : asked.question;
    say(part["survey-question"], own || t("survey_question"));
    for (const [idx, input] of inputs.entries()) {
      input.checked = idx + 1 === score;
      input.disabled = Boolean(pending);
      input.parentElement.classList.toggle("is-on", idx < score);
      say(input.nextElementSibling, idx < score ? "★" : "☆");
    }
    say(part["survey-word"], score ? t(`mark_${score}`) : t("survey_choose"));
    part["survey-more"].hidden = !score;
    if (document.activeElement !== part["survey-comment"]) part["survey-comment"].value = comment;
    part["survey-comment"].disabled = Boolean(pending);
    part["survey-send"].disabled = Boolean(pending);
    part["survey-out"].hidden = asked.score !== null;
    say(part["survey-note"], refusal ? t(refusal) : pending ? t("survey_sending") : "");
  }

  function say(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  /** Sends the answer that is on its way, if there is one. The server takes the same one once. */
  function flush() {
    const { pending } = kept();
    if (asked && pending) send({ t: "rate", survey: asked.id, ...pending });
  }

  function submit() {
    const { score } = kept();
    if (!asked || !score) return;
    refusal = "";
    const comment = part["survey-comment"].value.trim();
    note({ pending: { score, comment }, comment });
    isSubmitted = true;
    flush();
    draw();
  }

  function refused(id, code) {
    if (id !== asked?.id) return;
    if (LATER.has(code)) {
      setTimeout(flush, AGAIN_MS);
      return;
    }
    note({ pending: null });
    isChanging = false;
    refusal = code === "illegal_state" ? "survey_over" : "survey_failed";
    draw();
  }

  function putOff() {
    const when = asked.score !== null ? "answered" : asked.is_reminded ? "reminded" : "asked";
    note({ putOff: when, pending: null });
    isChanging = false;
    draw();
    part.text.focus();
  }

  part.survey.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  part["survey-comment"].addEventListener("input", () =>
    note({ comment: part["survey-comment"].value }),
  );
  part["survey-later"].addEventListener("click", putOff);
  part["survey-close"].addEventListener("click", putOff);
  part["survey-out"].addEventListener("click", () => {
    if (send({ t: "opt_out", survey: asked.id })) putOff();
  });
  part["survey-change"].addEventListener("click", () => {
    isChanging = true;
    refusal = "";
    note({ score: asked.score, comment: asked.comment });
    draw();
    inputs[asked.score - 1].focus();
  });
  part["survey-later"].setAttribute("aria-label", t("survey_later"));
  part["survey-later"].title = t("survey_later");
  part["survey-close"].setAttribute("aria-label", t("close"));
  part["survey-comment"].placeholder = t("survey_comment");
  part["survey-comment"].setAttribute("aria-label", t("survey_comment"));
  part["survey-out"].textContent = t("survey_out");
  part["survey-send"].textContent = t("survey_send");
  part["survey-change"].textContent = t("survey_change");

  return { show, refused, flush };
}
