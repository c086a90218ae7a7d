//! Which handler answers which command. The compiler insists that every command has one.

mod alert;
mod alert_window;
mod assist;
mod bell;
mod bulk;
mod canned;
mod conversation;
mod customer;
mod engine;
mod file;
mod inbox;
mod knowledge;
mod learning;
mod live;
mod members;
mod message;
mod metrics;
mod note;
mod outbox;
mod own_words;
mod people;
mod personal;
mod property;
mod quality;
mod report;
mod routing;
mod safekeeping;
mod search;
mod session;
mod settings;
mod survey;
mod ticket;

use std::sync::Arc;

use lt_protocol::{
    code::{Code, WireError},
    command::Command,
};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{console::Console, desk::Desk};

/// Answers a command that the window may ask for.
pub(crate) async fn route(
    console: &Arc<Console>,
    command: Command,
) -> Result<Box<RawValue>, WireError> {
    use Command as C;
    match command {
        C::AppInfo(_) => json(Ok(session::app_info())),
        C::SessionGet(_) => blocking(console, session::get).await,
        C::SessionLogin(args) => json(session::login(console, args).await),
        C::SessionUnlock(args) => json(session::unlock(console, args).await),
        C::SessionUnlockByServer(args) => json(session::unlock_by_server(console, args).await),
        C::SessionLock(_) => json(session::lock(console).await),
        C::SessionLogout(_) => json(session::logout(console).await),
        C::PresenceSet(args) => {
            blocking(console, move |console| session::presence(console, &args)).await
        }
        C::ConnectionGet(_) => blocking(console, session::connection).await,
        C::InboxList(args) => on_desk(console, move |desk| inbox::list(desk, &args)).await,
        C::ConversationGet(args) => {
            on_desk(console, move |desk| conversation::get(desk, &args)).await
        }
        C::ConversationMessages(args) => {
            on_desk(console, move |desk| conversation::messages(desk, &args)).await
        }
        C::ConversationClaim(args) => {
            on_desk(console, move |desk| conversation::claim(desk, &args)).await
        }
        C::ConversationResolve(args) => {
            on_desk(console, move |desk| conversation::resolve(desk, &args)).await
        }
        C::ConversationDecline(args) => {
            on_desk(console, move |desk| routing::decline(desk, &args)).await
        }
        C::ConversationTransfer(args) => {
            on_desk(console, move |desk| routing::transfer(desk, args)).await
        }
        C::TransferTargets(args) => {
            on_desk(console, move |desk| routing::targets(desk, &args)).await
        }
        C::ConversationTakeOver(args) => {
            on_desk(console, move |desk| routing::take_over(desk, &args)).await
        }
        C::ConversationSnooze(args) => {
            on_desk(console, move |desk| routing::snooze(desk, &args)).await
        }
        C::ConversationWake(args) => on_desk(console, move |desk| routing::wake(desk, &args)).await,
        C::ConversationReopen(args) => {
            on_desk(console, move |desk| routing::reopen(desk, &args)).await
        }
        C::ConversationTakeBack(args) => {
            on_desk(console, move |desk| routing::take_back(desk, &args)).await
        }
        C::RoutingReturned(args) => {
            on_desk(console, move |desk| routing::returned(desk, args)).await
        }
        C::MetricsBoard(args) => on_desk(console, move |desk| metrics::board(desk, &args)).await,
        C::MetricsRows(args) => json(metrics::rows(console, args).await),
        C::MetricsMail(_) => json(alert::mail_report(console).await),
        C::MetricsExport(args) => {
            blocking(console, move |console| metrics::export(console, &args)).await
        }
        C::ReportSave(args) => blocking(console, move |console| report::save(console, &args)).await,
        C::ViewList(args) => on_desk(console, move |desk| personal::views(desk, args)).await,
        C::ViewSave(view) => on_desk(console, move |desk| personal::save(desk, view)).await,
        C::ViewDrop(args) => on_desk(console, move |desk| personal::remove(desk, args)).await,
        C::TicketViewList(args) => {
            on_desk(console, move |desk| personal::ticket_views(desk, args)).await
        }
        C::TicketViewSave(args) => {
            on_desk(console, move |desk| personal::save_of_tickets(desk, args)).await
        }
        C::TicketViewDrop(args) => {
            on_desk(console, move |desk| personal::remove_of_tickets(desk, args)).await
        }
        C::OfferList(args) => on_desk(console, move |desk| routing::offers(desk, args)).await,
        C::QualityList(args) => on_desk(console, move |desk| quality::list(desk, &args)).await,
        C::QualityGet(args) => on_desk(console, move |desk| quality::get(desk, &args)).await,
        C::QualitySum(args) => on_desk(console, move |desk| quality::sum(desk, &args)).await,
        C::QualityOfConversation(args) => {
            on_desk(console, move |desk| quality::of_conversation(desk, &args)).await
        }
        C::QualityPick(args) => on_desk(console, move |desk| quality::pick(desk, &args)).await,
        C::QualityScore(args) => on_desk(console, move |desk| quality::score(desk, args)).await,
        C::QualityCalibrate(args) => {
            on_desk(console, move |desk| quality::calibrate(desk, args)).await
        }
        C::QualityAppeal(args) => on_desk(console, move |desk| quality::appeal(desk, args)).await,
        C::QualityDecide(args) => on_desk(console, move |desk| quality::decide(desk, args)).await,
        C::QualityMine(args) => on_desk(console, move |desk| quality::mine(desk, &args)).await,
        C::QualityMonths(args) => on_desk(console, move |desk| quality::months(desk, &args)).await,
        C::QualityForms(_) => on_desk(console, quality::forms).await,
        C::QualityFormCheck(draft) => {
            on_desk(console, move |desk| quality::check_form(desk, &draft)).await
        }
        C::QualityFormSave(edit) => {
            on_desk(console, move |desk| quality::save_form(desk, edit)).await
        }
        C::QualityRules(_) => on_desk(console, quality::rules).await,
        C::QualityRuleCheck(draft) => {
            on_desk(console, move |desk| quality::check_rule(desk, &draft)).await
        }
        C::QualityRuleSave(edit) => {
            on_desk(console, move |desk| quality::save_rule(desk, edit)).await
        }
        C::QualityRuleRemove(args) => {
            on_desk(console, move |desk| quality::remove_rule(desk, &args)).await
        }
        C::SurveyMine(args) => on_desk(console, move |desk| survey::mine(desk, &args)).await,
        C::RoutingSettings(args) => {
            on_desk(console, move |desk| routing::settings(desk, args)).await
        }
        C::RoutingConfigure(args) => {
            on_desk(console, move |desk| routing::configure(desk, args)).await
        }
        C::ConversationRead(args) => {
            on_desk(console, move |desk| conversation::read(desk, &args)).await
        }
        C::ConversationTyping(args) => {
            on_desk(console, move |desk| conversation::typing(desk, &args)).await
        }
        C::DraftSave(args) => on_desk(console, move |desk| message::save_draft(desk, &args)).await,
        C::MessageSend(args) => on_desk(console, move |desk| message::send(desk, &args)).await,
        C::FileStage(args) => json(file::stage(console, args).await),
        C::FileCanned(args) => json(file::canned(console, args).await),
        C::FileStagedList(args) => on_desk(console, move |desk| file::list(desk, &args)).await,
        C::FileDrop(args) => on_desk(console, move |desk| file::drop_one(desk, &args)).await,
        C::FileSend(args) => on_desk(console, move |desk| file::send(desk, &args)).await,
        C::FileCancel(args) => on_desk(console, move |desk| file::cancel(desk, &args)).await,
        C::FileRead(args) => json(file::read(console, args).await),
        C::FileSave(args) => json(file::save(console, args).await),
        C::NoteAdd(args) => on_desk(console, move |desk| note::add(desk, &args)).await,
        C::NoteDraft(args) => on_desk(console, move |desk| note::draft(desk, &args)).await,
        C::MentionChoices(args) => {
            on_desk(console, move |desk| note::colleagues(desk, &args)).await
        }
        C::MessageRecall(args) => on_desk(console, move |desk| note::recall(desk, &args)).await,
        C::ConversationWatch(args) => on_desk(console, move |desk| note::watch(desk, &args)).await,
        C::ConversationBulk(args) => on_desk(console, move |desk| bulk::run(desk, &args)).await,
        C::InboxChoices(_) => on_desk(console, bulk::choices).await,
        C::CannedList(_) => on_desk(console, canned::list).await,
        C::CannedFill(args) => on_desk(console, move |desk| canned::text(desk, &args)).await,
        C::CannedApply(args) => on_desk(console, move |desk| canned::apply(desk, &args)).await,
        C::CannedSave(edit) => on_desk(console, move |desk| canned::save(desk, edit)).await,
        C::CannedRemove(args) => on_desk(console, move |desk| canned::remove(desk, &args)).await,
        C::CannedImport(args) => on_desk(console, move |desk| canned::import(desk, &args)).await,
        C::AlertList(args) => on_desk(console, move |desk| alert::list(desk, &args)).await,
        C::AlertAcknowledge(args) => {
            on_desk(console, move |desk| alert::acknowledge(desk, &args)).await
        }
        C::AlertSilence(args) => on_desk(console, move |desk| alert::silence(desk, &args)).await,
        C::AlertRules(_) => on_desk(console, alert::rules).await,
        C::AlertRuleCheck(draft) => on_desk(console, move |desk| alert::check(desk, &draft)).await,
        C::AlertRulePreview(args) => json(alert::preview(console, args).await),
        C::AlertRuleSave(edit) => on_desk(console, move |desk| alert::save(desk, edit)).await,
        C::AlertRuleRemove(args) => on_desk(console, move |desk| alert::remove(desk, &args)).await,
        C::AlertPrefs(_) => on_desk(console, alert::prefs).await,
        C::AlertPrefsSet(args) => on_desk(console, move |desk| alert::set_prefs(desk, args)).await,
        C::DeliveryGet(_) => json(alert::delivery(console).await),
        C::DeliverySave(args) => json(alert::save_delivery(console, args).await),
        C::DeliveryTest(args) => json(alert::test_delivery(console, args).await),
        C::DeliveryResend(args) => json(alert::resend_delivery(console, args).await),
        C::MembersList(_) => json(members::list(console).await),
        C::MembersCreate(args) => json(members::create(console, args).await),
        C::MembersEdit(args) => json(members::edit(console, args).await),
        C::MembersPassword(args) => json(members::password(console, args).await),
        C::MembersActive(args) => json(members::active(console, args).await),
        C::MembersOwnPassword(args) => json(members::own_password(console, args).await),
        C::MembersGroupCreate(args) => json(members::create_group(console, args).await),
        C::MembersGroupEdit(args) => json(members::edit_group(console, args).await),
        C::ConversationPatch(args) => {
            on_desk(console, move |desk| property::patch(desk, args)).await
        }
        C::PropertyChoices(_) => on_desk(console, property::choices).await,
        C::SummaryEdit(args) => on_desk(console, move |desk| property::begin(desk, &args)).await,
        C::SummaryDraft(args) => on_desk(console, move |desk| property::draft(desk, &args)).await,
        C::SummarySave(args) => on_desk(console, move |desk| property::save(desk, &args)).await,
        C::ConflictResolve(args) => {
            on_desk(console, move |desk| property::end_conflict(desk, &args)).await
        }
        C::CustomerGet(args) => on_desk(console, move |desk| customer::get(desk, &args)).await,
        C::CustomerRefresh(args) => {
            on_desk(console, move |desk| customer::refresh(desk, &args)).await
        }
        C::PeopleGet(args) => on_desk(console, move |desk| people::get(desk, &args)).await,
        C::PeopleFind(args) => on_desk(console, move |desk| people::find(desk, &args)).await,
        C::PeopleCompare(args) => on_desk(console, move |desk| people::compare(desk, &args)).await,
        C::PeopleMerge(args) => on_desk(console, move |desk| people::merge(desk, &args)).await,
        C::PeopleSplit(args) => on_desk(console, move |desk| people::split(desk, &args)).await,
        C::LiveList(args) => on_desk(console, move |desk| live::list(desk, &args)).await,
        C::WhisperSend(args) => on_desk(console, move |desk| live::whisper(desk, &args)).await,
        C::WhisperDraft(args) => on_desk(console, move |desk| live::draft(desk, &args)).await,
        C::OutboxList(_) => on_desk(console, outbox::list).await,
        C::OutboxCopy(args) => on_desk(console, move |desk| outbox::copy(desk, &args)).await,
        C::OutboxRetry(args) => on_desk(console, move |desk| outbox::retry(desk, &args)).await,
        C::OutboxDiscard(args) => on_desk(console, move |desk| outbox::discard(desk, &args)).await,
        C::AssistSuggest(args) => on_desk(console, move |desk| assist::suggest(desk, &args)).await,
        C::AssistExplain(args) => on_desk(console, move |desk| assist::explain(desk, &args)).await,
        C::FaqList(args) => on_desk(console, move |desk| knowledge::list(desk, &args)).await,
        C::FaqGet(args) => on_desk(console, move |desk| knowledge::get(desk, &args)).await,
        C::HealthGet(args) => on_desk(console, move |desk| knowledge::health(desk, args)).await,
        C::HealthRun(args) => on_desk(console, move |desk| knowledge::check(desk, args)).await,
        C::HealthStop(args) => on_desk(console, move |desk| knowledge::stop(desk, args)).await,
        C::EngineGet(args) => on_desk(console, move |desk| engine::get(desk, args)).await,
        C::EngineCheck(draft) => on_desk(console, move |desk| engine::check(desk, &draft)).await,
        C::EngineTry(args) => on_desk(console, move |desk| engine::trial(desk, &args)).await,
        C::EngineSave(args) => on_desk(console, move |desk| engine::save(desk, &args)).await,
        C::EngineRestore(args) => on_desk(console, move |desk| engine::restore(desk, &args)).await,
        C::LearningThumb(args) => on_desk(console, move |desk| learning::thumb(desk, &args)).await,
        C::LearningThumbs(args) => {
            on_desk(console, move |desk| learning::thumbs(desk, &args)).await
        }
        C::LearnedList(args) => on_desk(console, move |desk| learning::list(desk, &args)).await,
        C::LearnedRule(args) => on_desk(console, move |desk| learning::rule(desk, args)).await,
        C::FaqSearch(args) => on_desk(console, move |desk| assist::search(desk, &args)).await,
        C::SearchRun(args) => on_desk(console, move |desk| search::run(desk, &args)).await,
        C::SearchFind(args) => on_desk(console, move |desk| search::find(desk, &args)).await,
        C::ConversationFind(args) => {
            on_desk(console, move |desk| search::places(desk, &args)).await
        }
        C::TicketBoard(args) => on_desk(console, move |desk| ticket::board(desk, &args)).await,
        C::TicketList(args) => on_desk(console, move |desk| ticket::list(desk, &args)).await,
        C::TicketGet(args) => on_desk(console, move |desk| ticket::get(desk, &args)).await,
        C::TicketChoices(args) => on_desk(console, move |desk| ticket::choices(desk, args)).await,
        C::TicketPrepare(args) => on_desk(console, move |desk| ticket::prepare(desk, &args)).await,
        C::TicketCreate(args) => on_desk(console, move |desk| ticket::create(desk, args)).await,
        C::TicketMove(args) => on_desk(console, move |desk| ticket::move_to(desk, args)).await,
        C::TicketClaim(args) => on_desk(console, move |desk| ticket::claim(desk, &args)).await,
        C::TicketRelease(args) => on_desk(console, move |desk| ticket::release(desk, &args)).await,
        C::TicketAssign(args) => on_desk(console, move |desk| ticket::assign(desk, &args)).await,
        C::TicketTransfer(args) => {
            on_desk(console, move |desk| ticket::transfer(desk, &args)).await
        }
        C::TicketTakeBack(args) => {
            on_desk(console, move |desk| ticket::take_back(desk, &args)).await
        }
        C::TicketReturn(args) => on_desk(console, move |desk| ticket::give_back(desk, &args)).await,
        C::TicketComment(args) => on_desk(console, move |desk| ticket::comment(desk, args)).await,
        C::TicketColleagues(args) => {
            on_desk(console, move |desk| ticket::colleagues(desk, &args)).await
        }
        C::TicketSeen(args) => on_desk(console, move |desk| ticket::seen(desk, &args)).await,
        C::TicketBulk(args) => on_desk(console, move |desk| ticket::bulk(desk, &args)).await,
        C::TicketBulkUndo(args) => {
            on_desk(console, move |desk| ticket::bulk_undo(desk, &args)).await
        }
        C::TicketPatch(args) => on_desk(console, move |desk| ticket::patch(desk, args)).await,
        C::TicketMerge(args) => on_desk(console, move |desk| ticket::merge(desk, &args)).await,
        C::TicketVerify(args) => on_desk(console, move |desk| ticket::verify(desk, &args)).await,
        C::TicketExport(args) => {
            blocking(console, move |console| ticket::export(console, &args)).await
        }
        C::TicketTypeList(args) => on_desk(console, move |desk| ticket::types(desk, args)).await,
        C::TicketTypeCheck(args) => {
            on_desk(console, move |desk| ticket::check_type(desk, args)).await
        }
        C::TicketTypeSave(args) => {
            on_desk(console, move |desk| ticket::save_type(desk, args)).await
        }
        C::SecurityGet(_) => blocking(console, safekeeping::security).await,
        C::SecurityPassphrase(args) => json(safekeeping::passphrase(console, args).await),
        C::SecurityRekey(args) => json(safekeeping::rekey(console, args).await),
        C::BackupGet(_) => blocking(console, safekeeping::backups).await,
        C::BackupMake(args) => json(safekeeping::make(console, args).await),
        C::BackupInspect(args) => json(safekeeping::inspect(console, args).await),
        C::BackupRestore(args) => json(safekeeping::restore(console, args).await),
        C::AlertsPutAway(_) => on_desk(console, alert_window::put_away).await,
        C::AlertsShow(args) => on_desk(console, move |desk| alert_window::show(desk, &args)).await,
        C::BellList(_) => on_desk(console, bell::list).await,
        C::BellSeen(args) => on_desk(console, move |desk| bell::seen(desk, &args)).await,
        C::SettingsGet(_) => blocking(console, settings::get).await,
        C::SettingsSet(settings) => {
            blocking(console, move |console| settings::set(console, settings)).await
        }
    }
}

/// Runs a handler that reads or writes the store, on a thread that may block.
async fn blocking<T: Serialize + Send + 'static>(
    console: &Arc<Console>,
    handler: impl FnOnce(&Console) -> Result<T, WireError> + Send + 'static,
) -> Result<Box<RawValue>, WireError> {
    let console = Arc::clone(console);
    let answer = tokio::task::spawn_blocking(move || json(handler(&console))).await;
    answer.unwrap_or_else(|_| Err(WireError::new(Code::Internal, "a handler broke off")))
}

/// The same for handlers that need the open desk of a signed-in agent.
async fn on_desk<T: Serialize + Send + 'static>(
    console: &Arc<Console>,
    handler: impl FnOnce(&Desk) -> Result<T, WireError> + Send + 'static,
) -> Result<Box<RawValue>, WireError> {
    blocking(console, |console| handler(&*console.desk()?)).await
}

fn json<T: Serialize>(answer: Result<T, WireError>) -> Result<Box<RawValue>, WireError> {
    to_raw_value(&answer?)
        .map_err(|_| WireError::new(Code::Internal, "an answer cannot be written"))
}
