//! Marks that customers give: asked once, answered once, seen by those who may see the conversation.

use std::sync::Arc;

use lt_backoffice::{Backoffice, visitor::Visitor};
use lt_db::ServerKeys;
use lt_model::{
    Millis,
    agent::Role,
    change::EntityKind,
    conversation::{BOT_SILENCE_MS, Conversation},
    message::{Content, Event},
    routing::{Setting, TransferTo},
    survey::{CHANGE_WITHIN_MS, OPEN_MS, Survey, SurveySettings},
};
use lt_protocol::{
    code::Code,
    survey::AnswerForm,
    sync::{Action, Entity, OpOutcome, RowChange},
    widget::{WidgetAuthor, WidgetSurvey},
};

use crate::{
    back_end::is_postgres,
    world::{Desk, PASSWORD, T0, World, code, config, device, id, login, refused, root},
};

const DAY: Millis = 24 * 3_600_000;
const DELAY: Millis = 60_000;
/// When the conversation is resolved.
const END: Millis = T0 + 100;

fn done(at: Millis) -> OpOutcome {
    OpOutcome::Done { at }
}

/// A shop that asks, an agent, and a customer.
struct Shop {
    world: World,
    admin: Desk,
    agent: Desk,
    visitor: Visitor,
}

fn settings() -> SurveySettings {
    SurveySettings {
        on: true,
        question: "这次帮到您了吗？".to_owned(),
        delay_ms: DELAY,
        ..SurveySettings::default()
    }
}

impl Shop {
    fn new() -> Self {
        Self::with(settings())
    }

    fn with(survey: SurveySettings) -> Self {
        let world = World::with_faq();
        let mut admin = Desk::of(&world.admin);
        let setting = Setting::InboxSurvey {
            inbox_id: world.made.inbox.id,
            survey,
        };
        let outcome = admin.act(&world, Action::Configure { setting }, T0);
        assert_eq!(outcome, done(T0));
        Self {
            agent: world.agent("wang", Role::Agent, &["售前组"]),
            visitor: world.visitor("张三"),
            admin,
            world,
        }
    }

    /// The customer asks for a person, who answers, and resolves at a time.
    fn is_served(&mut self, at: Millis) -> Conversation {
        // A login does not last for days.
        let login = login(&self.world.bo, "wang", PASSWORD, &device(), at - 60).unwrap();
        self.agent = Desk::of(&self.world.bo.authenticate(&login.token, at - 60).unwrap());
        self.world.say(&self.visitor, "转人工", at - 50);
        let conversation = self.newest();
        let conversation_id = conversation.id;
        let claim = Action::Claim { conversation_id };
        assert_eq!(self.agent.act(&self.world, claim, at - 40), done(at - 40));
        let seen = self.newest();
        let said = self.agent.reply(&self.world, &seen, "已为您处理", at - 30);
        assert_eq!(said, done(at - 30));
        self.resolve(&conversation, at)
    }

    fn resolve(&mut self, conversation: &Conversation, at: Millis) -> Conversation {
        let conversation_id = conversation.id;
        let resolve = Action::Resolve { conversation_id };
        assert_eq!(self.agent.act(&self.world, resolve, at), done(at));
        self.newest()
    }

    fn newest(&self) -> Conversation {
        let mut all = self.world.conversations(self.visitor.contact_id);
        all.pop().unwrap()
    }

    fn run(&self, at: Millis) {
        self.world.bo.run_surveys(at).unwrap();
    }

    /// What the page shows.
    fn page(&self, at: Millis) -> Option<WidgetSurvey> {
        let state = self.world.bo.visitor_state(&self.visitor, at).unwrap();
        state.survey
    }

    fn rate(&self, score: u8, comment: &str, at: Millis) -> Option<Code> {
        let asked = self.surveys(&self.agent).pop().unwrap();
        let answer = (score, comment);
        code(
            self.world
                .bo
                .visitor_rate(&self.visitor, asked.id, answer, at),
        )
    }

    /// The surveys that somebody has and has not lost again.
    fn surveys(&self, desk: &Desk) -> Vec<Survey> {
        let mut found: Vec<Survey> = Vec::new();
        for row in self.world.rows(&desk.principal) {
            match row.change {
                RowChange::Put {
                    entity: Entity::Survey(one),
                } => {
                    found.retain(|known| known.id != one.id);
                    found.push(*one);
                }
                RowChange::Del {
                    entity: EntityKind::Survey,
                    id,
                } => found.retain(|known| known.id.to_string() != id),
                RowChange::Put { .. } | RowChange::Del { .. } => {}
            }
        }
        found
    }

    /// Marks in the lines of the thread, none where it was asked.
    fn lines(&self) -> Vec<Option<u8>> {
        let id = self.newest().id;
        let messages = self.world.messages(&self.agent.principal, id);
        messages
            .into_iter()
            .filter_map(|message| match message.content {
                Content::Event(Event::Survey { score, .. }) => Some(score),
                _ => None,
            })
            .collect()
    }

    /// Why nobody was asked, by the log.
    fn passed(&self) -> Option<String> {
        let [action, _, reason] = self.world.last_audit();
        (action == "survey.pass").then_some(reason)
    }
}

#[test]
fn who_was_served_is_asked_once_and_the_mark_is_seen() {
    let mut shop = Shop::new();
    let lead = shop.world.agent("lead", Role::TeamLead, &["售前组"]);
    let other = shop.world.agent("li", Role::Agent, &["售后组"]);
    let before = shop.is_served(END);
    shop.run(END + DELAY - 1);
    assert_eq!(shop.page(END + DELAY - 1), None, "not yet");
    let asked_at = END + DELAY;
    for at in [asked_at, asked_at, asked_at + 1] {
        shop.run(at);
    }
    assert_eq!(shop.lines(), [None]);
    let page = shop.page(asked_at).unwrap();
    assert_eq!(page.question, "这次帮到您了吗？");
    assert_eq!((page.score, page.changeable_until), (None, None));
    let asked = shop.newest();
    assert_eq!(asked.last_message_at, before.last_message_at);
    assert_eq!(
        (asked.status, asked.handler),
        (before.status, before.handler)
    );

    // The mark stands in the thread and on the desks that see the conversation, the comment too.
    let at = asked_at + 1_000;
    assert_eq!(shop.rate(4, " 回得很快 ", at), None);
    assert_eq!(shop.rate(4, "回得很快", at + 5), None, "sent again");
    assert_eq!(shop.lines(), [None, Some(4)]);
    for desk in [&shop.agent, &lead] {
        let seen = shop.surveys(desk).pop().unwrap();
        assert_eq!(seen.agent, Some(shop.agent.principal.agent.id));
        let answer = seen.answer.unwrap();
        assert_eq!((answer.score, answer.comment.as_str()), (4, "回得很快"));
    }
    assert_eq!(shop.surveys(&other), []);

    // Changed within its time; fixed after it.
    let last = at + CHANGE_WITHIN_MS;
    assert_eq!(shop.rate(2, "", last), None);
    assert_eq!(shop.rate(5, "", last + 1), Some(Code::IllegalState));
    assert_eq!(shop.world.last_audit()[..2], ["survey.answer", "denied"]);
    assert_eq!(shop.lines(), [None, Some(4), Some(2)]);
    let page = shop.page(last + 1).unwrap();
    assert_eq!((page.score, page.changeable_until), (Some(2), Some(last)));
    let seen = shop.surveys(&shop.agent).pop().unwrap().answer.unwrap();
    assert_eq!((seen.score, seen.at, seen.changed_at), (2, at, Some(last)));
    assert_eq!(shop.rate(0, "", last), Some(Code::BadRequest));
    let long = "长".repeat(501);
    assert_eq!(shop.rate(2, &long, last), Some(Code::TooLarge));
}

#[test]
fn nobody_answers_for_somebody_else() {
    let mut shop = Shop::new();
    shop.is_served(END);
    shop.run(END + DELAY);
    let asked = shop.surveys(&shop.agent).pop().unwrap();
    let stranger = shop.world.visitor("李四");
    let bo = &shop.world.bo;
    let rated = bo.visitor_rate(&stranger, asked.id, (1, ""), END + DELAY);
    assert_eq!(code(rated), Some(Code::NotFound));
    let opted = bo.visitor_opt_out(&stranger, asked.id, END + DELAY);
    assert_eq!(code(opted), Some(Code::NotFound));
    let unknown = bo.visitor_rate(&shop.visitor, id(), (1, ""), END + DELAY);
    assert_eq!(code(unknown), Some(Code::NotFound));
    assert_eq!(shop.lines(), [None]);
}

#[test]
fn it_is_asked_once_whatever_restarts() {
    let mut shop = Shop::new();
    shop.is_served(END);
    if is_postgres() {
        return;
    }
    // The process ends after the end was noted, and after it was asked, and runs again each time.
    for at in [END + 1, END + DELAY, END + DELAY + 1, END + DELAY + 2] {
        shop.run(at);
        shop = again(shop, None);
    }
    shop.run(END + DELAY + 3);
    assert_eq!(shop.lines(), [None]);
    let asked = "SELECT count(*) FROM survey";
    assert_eq!(shop.world.number(asked), 1);
    let read = "SELECT count(*) FROM audit WHERE record LIKE '%\"survey.read\"%'";
    assert_eq!(
        shop.world.number(read),
        1,
        "what was read is not read again"
    );
}

/// The same shop in another process.
fn again(shop: Shop, public_url: Option<&str>) -> Shop {
    let Shop {
        world:
            World {
                folder,
                bo,
                made,
                admin,
            },
        admin: desk,
        agent,
        visitor,
    } = shop;
    let gone = bo.gone();
    drop(bo);
    // What was at work in it has let go of the file.
    assert!(gone.is_some_and(|gone| gone.blocking_recv().is_err()));
    let path = folder.path().join("lingtai.db");
    let config = lt_backoffice::Config {
        public_url: public_url.map(str::to_owned),
        ..config()
    };
    let db = crate::back_end::open(&path);
    let bo: Arc<Backoffice> = Backoffice::open(db, ServerKeys::from_root(&root()), config).unwrap();
    let world = World {
        folder,
        bo,
        made,
        admin,
    };
    Shop {
        world,
        admin: desk,
        agent,
        visitor,
    }
}

#[test]
fn who_was_only_greeted_or_goes_on_is_not_asked() {
    let mut shop = Shop::new();
    // The bot greets, and an agent ends it without a word.
    shop.world.say(&shop.visitor, "你好", T0 + 1);
    let greeted = shop.newest();
    shop.resolve(&greeted, END);
    shop.run(END + DELAY);
    assert_eq!(shop.passed().as_deref(), Some("nothing_answered"));
    // The customer writes again before it is asked.
    shop.visitor = shop.world.visitor("王五");
    shop.is_served(END + DAY);
    shop.run(END + DAY + 1);
    shop.world.say(&shop.visitor, "还有一个问题", END + DAY + 2);
    shop.run(END + DAY + DELAY);
    assert_eq!(shop.passed().as_deref(), Some("goes_on"));
    assert_eq!(shop.page(END + DAY + DELAY), None);
    // It is asked after the next end.
    let open = shop.newest();
    shop.resolve(&open, END + DAY + 2 * DELAY);
    shop.run(END + DAY + 2 * DELAY + 1);
    shop.run(END + DAY + 3 * DELAY);
    assert!(shop.page(END + DAY + 3 * DELAY).is_some());
    assert_eq!(shop.lines(), [None]);
}

#[test]
fn an_answer_of_the_bot_is_marked_by_its_entry() {
    let shop = Shop::new();
    let history = shop.world.say(&shop.visitor, "退款多久能到账", T0 + 1);
    let answered = history.iter().find(|line| line.author == WidgetAuthor::Bot);
    let source = answered.unwrap().source.clone();
    // Nobody ends it: the customer has nothing more to say.
    let end = T0 + 1 + BOT_SILENCE_MS;
    shop.world.bo.tick(end).unwrap();
    shop.run(end + 1);
    shop.run(end + DELAY);
    let asked = shop.world.bo.visitor_state(&shop.visitor, end + DELAY);
    let asked = asked.unwrap().survey.unwrap();
    let answer = (5, "");
    let rated = shop
        .world
        .bo
        .visitor_rate(&shop.visitor, asked.id, answer, end + DELAY);
    assert_eq!(code(rated), None);
    let seen = shop.surveys(&shop.admin).pop().unwrap();
    let by = seen.source.unwrap();
    assert_eq!(format!("{}@{}", by.faq_id, by.version), source);
    assert_eq!(seen.agent, None);
}

#[test]
fn nobody_is_asked_too_often_or_against_their_wish() {
    let mut shop = Shop::new();
    shop.is_served(END);
    shop.run(END + DELAY);
    shop.run(END + 2 * DAY);
    assert_eq!(shop.world.last_audit()[0], "survey.remind");
    // A second conversation, soon after.
    let soon = END + 5 * DAY;
    shop.is_served(soon);
    shop.run(soon + DELAY);
    assert_eq!(shop.passed().as_deref(), Some("asked_lately"));
    // Long after; then the customer has had enough.
    let later = END + 20 * DAY;
    shop.is_served(later);
    shop.run(later + DELAY);
    let asked = shop.page(later + DELAY).unwrap();
    let bo = Arc::clone(&shop.world.bo);
    bo.visitor_opt_out(&shop.visitor, asked.id, later + DELAY)
        .unwrap();
    assert_eq!(shop.world.last_audit()[0], "survey.opt_out");
    assert_eq!(shop.page(later + DELAY), None);
    shop.run(later + DELAY + DAY);
    assert_eq!(shop.world.last_audit()[0], "survey.let_be", "no reminder");
    let last = END + 60 * DAY;
    shop.is_served(last);
    shop.run(last + DELAY);
    assert_eq!(shop.passed().as_deref(), Some("opted_out"));
}

#[test]
fn who_has_not_answered_is_reminded_once() {
    let mut shop = Shop::new();
    shop.is_served(END);
    let asked_at = END + DELAY;
    shop.run(asked_at);
    let n_before = shop.newest().seq;
    shop.run(asked_at + DAY - 1);
    assert_eq!(shop.newest().seq, n_before);
    for at in [DAY, DAY + 1, 2 * DAY] {
        shop.run(asked_at + at);
    }
    assert_eq!(shop.newest().seq, n_before + 1);
    assert!(shop.page(asked_at + DAY).unwrap().is_reminded);
    let history = shop.world.bo.visitor_messages(&shop.visitor, 0).unwrap();
    let last = history.last().unwrap();
    assert_eq!(last.author, WidgetAuthor::Bot);
    assert!(last.text.contains("还没有为上次的服务评分"));
    // Answered in the end; a day later it could not have been.
    assert_eq!(
        shop.rate(5, "", asked_at + OPEN_MS),
        Some(Code::IllegalState)
    );
    assert_eq!(shop.page(asked_at + OPEN_MS), None);
    assert_eq!(shop.rate(5, "", asked_at + OPEN_MS - 1), None);
}

#[test]
fn an_inbox_that_asks_nobody_asks_nobody() {
    let mut shop = Shop::with(SurveySettings::default());
    shop.is_served(END);
    shop.run(END + DELAY);
    assert_eq!(shop.lines(), []);
    assert_eq!(shop.world.number("SELECT count(*) FROM survey_due"), 0);
    let unfit = SurveySettings {
        delay_ms: -1,
        ..settings()
    };
    let inbox_id = shop.world.made.inbox.id;
    let set = |desk: &mut Desk, inbox_id, survey| {
        let setting = Setting::InboxSurvey { inbox_id, survey };
        desk.act(&shop.world, Action::Configure { setting }, T0)
    };
    assert_eq!(
        set(&mut shop.admin, inbox_id, unfit),
        refused(Code::BadRequest)
    );
    assert_eq!(
        set(&mut shop.admin, id(), settings()),
        refused(Code::NotFound)
    );
    let outcome = set(&mut shop.agent, inbox_id, settings());
    assert_eq!(outcome, refused(Code::Forbidden));
}

#[test]
fn a_mark_goes_where_its_conversation_goes() {
    let mut shop = Shop::new();
    let lead = shop
        .world
        .agent("lead", Role::TeamLead, &["售前组", "售后组"]);
    let there = shop.world.agent("li", Role::Agent, &["售后组"]);
    shop.is_served(END);
    shop.run(END + DELAY);
    shop.rate(5, "", END + DELAY);
    let conversation_id = shop.newest().id;
    let at = END + 2 * DELAY;
    let open = Action::Reopen { conversation_id };
    assert_eq!(shop.agent.act(&shop.world, open, at), done(at));
    let transfer = Action::Transfer {
        conversation_id,
        to: TransferTo::Group {
            group_id: shop.world.group("售后组"),
        },
        note: String::new(),
    };
    assert_eq!(shop.agent.act(&shop.world, transfer, at), done(at));
    assert_eq!(shop.surveys(&shop.agent), []);
    assert_eq!(shop.surveys(&there).len(), 1);
    assert_eq!(shop.surveys(&lead).len(), 1);
}

#[test]
fn a_channel_without_a_page_gets_a_link_that_opens_one_survey() {
    if is_postgres() {
        return;
    }
    let mut shop = again(Shop::new(), Some("https://kefu.example:8443"));
    shop.is_served(END);
    // As a mail box: the page of this shop is only how the test writes.
    shop.world
        .raw()
        .execute("UPDATE inbox SET kind = 'email'")
        .unwrap();
    shop.run(END + DELAY);
    let messages = shop.world.messages(&shop.agent.principal, shop.newest().id);
    let text = messages.iter().rev().find_map(|one| one.text()).unwrap();
    let (_, token) = text.split_once("https://kefu.example:8443/s/").unwrap();
    let bo = &shop.world.bo;
    let at = END + DELAY + 1;
    let found = bo.survey_by_link(token, at).unwrap();
    assert_eq!(found.question.0, "这次帮到您了吗？");
    assert_eq!(found.organisation, "聆选旗舰店");
    let mark = |score| AnswerForm::Mark {
        score,
        comment: String::new(),
    };
    bo.answer_by_link(token, &mark(3), at).unwrap();
    // The same link again: changed within its time, no second answer, fixed after it.
    bo.answer_by_link(token, &mark(4), at + CHANGE_WITHIN_MS)
        .unwrap();
    let replayed = bo.answer_by_link(token, &mark(1), at + CHANGE_WITHIN_MS + 1);
    assert_eq!(code(replayed), Some(Code::IllegalState));
    let kept = bo.survey_by_link(token, at).unwrap().survey.answer.unwrap();
    assert_eq!(kept.score, 4);
    assert_eq!(shop.lines(), [None, Some(3), Some(4)]);
    let ended = END + DELAY + OPEN_MS + CHANGE_WITHIN_MS;
    let cut = token.get(1..).unwrap();
    for (token, at) in [(token, ended), ("", at), (cut, at)] {
        assert_eq!(code(bo.survey_by_link(token, at)), Some(Code::NotFound));
    }
}
