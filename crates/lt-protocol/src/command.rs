//! The console's commands: name, request and response of everything a window may ask for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::alert::{
    AlertArgs, AlertListArgs, AlertPrefsArgs, AlertPrefsView, AlertPreview, AlertPreviewArgs,
    AlertRuleArgs, AlertRuleCheck, AlertRuleEdit, AlertRulesView, AlertSilenceArgs, AlertsView,
    DeliveryResendArgs, DeliverySaveArgs, DeliveryTest, DeliveryTestArgs, DeliveryView,
};
use crate::bell::{BellSeenArgs, BellView};
use crate::canned::{
    CannedImportArgs, CannedImportView, CannedList, CannedRemoveArgs, CannedText, CannedUseArgs,
};
use crate::customer::CustomerView;
use crate::file::{
    FileArgs, FileList, FilePiece, FileReadArgs, FileSaved, FileSendArgs, FileStageArgs, FileStaged,
};
use crate::knowledge::{
    EngineCheck, EngineTrial, EngineView, ExplanationView, FaqEntryView, FaqPage, HealthView,
};
use crate::learning::{LearnedView, RuleRequest, ThumbsView};
use crate::live::{LiveArgs, LiveView, WhisperArgs};
use crate::members::{
    MemberActiveArgs, MemberArgs, MemberEditArgs, MemberGroupEditArgs, MemberGroupNewArgs,
    MemberNewArgs, MemberPassword, MembersView, OwnPasswordArgs,
};
use crate::metrics::{
    MetricsBoard, MetricsBoardArgs, MetricsExport, MetricsExportArgs, MetricsRows, MetricsRowsArgs,
};
use crate::people::{
    MergeView, PeopleFindArgs, PeopleFound, PeopleMergeArgs, PeoplePairArgs, PeopleView,
};
use crate::personal::{ViewDropArgs, ViewsView};
use crate::properties::{
    ConflictArgs, CopyView, PatchArgs, PropertyChoices, RetryArgs, SummaryArgs, SummaryDraftArgs,
    SummaryDraftView,
};
use crate::quality::{
    QaAppealArgs, QaDecideArgs, QaFormCheck, QaFormsView, QaGetArgs, QaListArgs, QaListView,
    QaMineArgs, QaMineView, QaMonthsArgs, QaMonthsView, QaOfArgs, QaOfView, QaPickArgs, QaRuleArgs,
    QaRuleCheck, QaRulesView, QaScoreArgs, QaSumArgs, QaSummed, QaView,
};
use crate::report::{ReportSaveArgs, ReportSaved};
use crate::routing::{
    ConfigureArgs, OffersView, ReturnedView, RoutingSettings, SnoozeArgs, TakenBack, TransferArgs,
    TransferTargets,
};
use crate::safekeeping::{
    BackupArgs, BackupFile, BackupInfo, BackupMakeArgs, BackupRestoreArgs, BackupRestored,
    BackupView, PassphraseArgs, RekeyArgs, SecurityView,
};
use crate::search::{ConversationFindArgs, FindArgs, FoundPage, PlacesView};
use crate::survey::{SurveyMineArgs, SurveyMineView};
use crate::teamwork::{
    BulkArgs, BulkView, ColleaguesView, InboxChoices, InboxFilter, MessageArgs, NoteArgs,
    SavedView, WatchArgs,
};
use crate::ticket::{
    SavedTicketArgs, SavedTicketViews, TicketArgs, TicketAssignArgs, TicketBoard, TicketBoardArgs,
    TicketBulkArgs, TicketBulkView, TicketChoices, TicketCommentArgs, TicketCreateArgs,
    TicketExport, TicketExportArgs, TicketForm, TicketListArgs, TicketMergeArgs, TicketMoveArgs,
    TicketPage, TicketPatchArgs, TicketPrepareArgs, TicketReturnArgs, TicketTakeBackArgs,
    TicketTakenBack, TicketTransferArgs, TicketTypeCheck, TicketTypeSaveArgs, TicketTypesView,
    TicketUndoArgs, TicketVerifyArgs, TicketView,
};
use crate::view::{
    AppInfo, AssistView, ConnectionView, ConversationPage, ConversationView, FaqHits, InboxPage,
    InboxScope, InboxSort, MessageView, OutboxView, SearchHits, SessionView, Settings,
};
use lt_model::{
    agent::Presence,
    alert::rule::RuleDraft,
    canned::CannedEdit,
    engine::EngineDraft,
    id::{CannedId, ConversationId, MessageId, OpId},
    learn::Thumb,
    quality::{
        form::{FormDraft, FormEdit},
        sample::{SampleDraft, SampleEdit},
    },
};

/// A window of the desktop, by its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The agent's window.
    Main,
    /// The lead's small window of alerts.
    Alerts,
}

macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $request:ty => $response:ty, [$($window:ident),+]);* $(;)?) => {
        /// A command with its request, as `{"name": …, "args": …}`.
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(tag = "name", content = "args")]
        pub enum Command {
            $($(#[$doc])* #[serde(rename = $name)] $variant($request),)*
        }

        impl Command {
            /// Names of all commands, in the order of the list.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// Its name.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)* }
            }

            /// Whether the window may ask for it. Everything not listed is denied.
            #[must_use]
            pub fn allowed_in(&self, window: Window) -> bool {
                match self { $(Self::$variant(_) => [$(Window::$window),+].contains(&window),)* }
            }
        }

        /// One `name: {request, response}` line per command, for the TypeScript map, and a visit
        /// of every type that the map names.
        pub(crate) fn typescript(config: &ts_rs::Config) -> Result<Vec<String>, ts_rs::ExportError> {
            let mut lines = Vec::new();
            $(
                <$request as TS>::export_all(config)?;
                <$response as TS>::export_all(config)?;
                lines.push(format!(
                    "  {:?}: {{ request: {}; response: {} }};",
                    $name,
                    <$request as TS>::name(config),
                    <$response as TS>::name(config),
                ));
            )*
            Ok(lines)
        }

        /// The types that the command map imports.
        pub(crate) fn typescript_imports(config: &ts_rs::Config) -> Vec<String> {
            let mut names = vec![$(<$request as TS>::name(config), <$response as TS>::name(config)),*];
            names.sort();
            names.dedup();
            names
        }
    };
}

commands! {
    /// Version and platform.
    AppInfo = "app.info", NoArgs => AppInfo, [Main];
    /// Where the session stands: fresh, locked, signed out, ready.
    SessionGet = "session.get", NoArgs => SessionView, [Main, Alerts];
    /// Signs in and, on a new device, makes the encrypted store.
    SessionLogin = "session.login", LoginArgs => SessionView, [Main];
    /// Opens the store with a passphrase.
    SessionUnlock = "session.unlock", UnlockArgs => SessionView, [Main];
    /// Opens the store with the server's share, which it gives to the agent of this device.
    SessionUnlockByServer = "session.unlock_by_server", UnlockByServerArgs => SessionView, [Main];
    /// Closes the store until its passphrase is given again; the session and all that waits is kept.
    SessionLock = "session.lock", NoArgs => SessionView, [Main];
    /// Ends the session; unsent replies are kept.
    SessionLogout = "session.logout", NoArgs => SessionView, [Main];
    /// Sets one's presence.
    PresenceSet = "presence.set", PresenceArgs => SessionView, [Main];
    /// Whether the server is there, and what waits.
    ConnectionGet = "connection.get", NoArgs => ConnectionView, [Main, Alerts];
    /// One scope of the inbox, sorted, with the counts of all scopes.
    InboxList = "inbox.list", InboxArgs => InboxPage, [Main];
    /// One conversation with its latest messages.
    ConversationGet = "conversation.get", ConversationArgs => ConversationView, [Main];
    /// Some messages of a conversation.
    ConversationMessages = "conversation.messages", PageArgs => ConversationPage, [Main];
    /// Where in a conversation something was said.
    ConversationFind = "conversation.find", ConversationFindArgs => PlacesView, [Main];
    /// Takes a waiting conversation.
    ConversationClaim = "conversation.claim", ConversationArgs => ConversationView, [Main];
    /// Marks it resolved.
    ConversationResolve = "conversation.resolve", ConversationArgs => ConversationView, [Main];
    /// Does not take what is offered.
    ConversationDecline = "conversation.decline", ConversationArgs => ConversationView, [Main];
    /// Gives it to a group or to a colleague.
    ConversationTransfer = "conversation.transfer", TransferArgs => ConversationView, [Main];
    /// To whom it may be given.
    TransferTargets = "transfer.targets", ConversationArgs => TransferTargets, [Main];
    /// A supervisor takes it from whoever has it.
    ConversationTakeOver = "conversation.take_over", ConversationArgs => ConversationView, [Main];
    /// Sets it aside until a time or the customer's next message.
    ConversationSnooze = "conversation.snooze", SnoozeArgs => ConversationView, [Main];
    /// Takes it up again.
    ConversationWake = "conversation.wake", ConversationArgs => ConversationView, [Main];
    /// Takes back what was given away a moment ago, while nobody has it.
    ConversationTakeBack = "conversation.take_back", ConversationArgs => TakenBack, [Main];
    /// Opens a resolved one again.
    ConversationReopen = "conversation.reopen", ConversationArgs => ConversationView, [Main];
    /// What is offered to the agent at this desk.
    OfferList = "offer.list", NoArgs => OffersView, [Main];
    /// What went back to the queues while the agent was gone.
    RoutingReturned = "routing.returned", NoArgs => ReturnedView, [Main];
    /// What customers said of the agent.
    SurveyMine = "survey.mine", SurveyMineArgs => SurveyMineView, [Main];
    /// Reviews of the groups of whoever reviews.
    QualityList = "quality.list", QaListArgs => QaListView, [Main];
    /// One review.
    QualityGet = "quality.get", QaGetArgs => QaView, [Main];
    /// What marks come to while they are being made.
    QualitySum = "quality.sum", QaSumArgs => QaSummed, [Main];
    /// Whether and how a conversation is reviewed.
    QualityOfConversation = "quality.of_conversation", QaOfArgs => QaOfView, [Main];
    /// Picks a conversation by hand to be reviewed.
    QualityPick = "quality.pick", QaPickArgs => QaView, [Main];
    /// Scores what was sampled.
    QualityScore = "quality.score", QaScoreArgs => QaView, [Main];
    /// Scores it beside the first reviewer.
    QualityCalibrate = "quality.calibrate", QaScoreArgs => QaView, [Main];
    /// Appeals against a review of one's own work.
    QualityAppeal = "quality.appeal", QaAppealArgs => QaView, [Main];
    /// Decides about an appeal.
    QualityDecide = "quality.decide", QaDecideArgs => QaView, [Main];
    /// The agent's own finished reviews.
    QualityMine = "quality.mine", QaMineArgs => QaMineView, [Main];
    /// How reviews came out by month.
    QualityMonths = "quality.months", QaMonthsArgs => QaMonthsView, [Main];
    /// The scoring forms.
    QualityForms = "quality.forms", NoArgs => QaFormsView, [Main];
    /// What is wrong with one that is being written.
    QualityFormCheck = "quality.form_check", FormDraft => QaFormCheck, [Main];
    /// Makes one, or changes one.
    QualityFormSave = "quality.form_save", FormEdit => QaFormsView, [Main];
    /// The sampling rules.
    QualityRules = "quality.rules", NoArgs => QaRulesView, [Main];
    /// What is wrong with one that is being written.
    QualityRuleCheck = "quality.rule_check", SampleDraft => QaRuleCheck, [Main];
    /// Makes one, or changes one.
    QualityRuleSave = "quality.rule_save", SampleEdit => QaRulesView, [Main];
    /// Removes one.
    QualityRuleRemove = "quality.rule_remove", QaRuleArgs => QaRulesView, [Main];
    /// The settings of routing.
    RoutingSettings = "routing.settings", NoArgs => RoutingSettings, [Main];
    /// Changes one of them.
    RoutingConfigure = "routing.configure", ConfigureArgs => NoArgs, [Main];
    /// The agent has read up to a message.
    ConversationRead = "conversation.read", ReadArgs => NoArgs, [Main];
    /// The agent is typing; told to the customer.
    ConversationTyping = "conversation.typing", ConversationArgs => NoArgs, [Main];
    /// Keeps what is being written; an empty text forgets it.
    DraftSave = "draft.save", DraftArgs => NoArgs, [Main];
    /// Sends a reply: stored here at once, delivered when the server is there.
    MessageSend = "message.send", SendArgs => MessageView, [Main];
    /// Takes a piece of a file that the agent chose.
    FileStage = "file.stage", FileStageArgs => FileStaged, [Main];
    /// Files that wait beside the reply being written.
    FileStagedList = "file.list", ConversationArgs => FileList, [Main];
    /// Drops one of them, or what has come of one.
    FileDrop = "file.drop", FileArgs => NoArgs, [Main];
    /// Sends one of them.
    FileSend = "file.send", FileSendArgs => MessageView, [Main];
    /// Takes back one that has not left this desk yet.
    FileCancel = "file.cancel", MessageArgs => NoArgs, [Main];
    /// Puts the files of a canned reply beside the reply being written.
    FileCanned = "file.canned", CannedUseArgs => FileList, [Main];
    /// A piece of a file, fetched from the server where it is not here.
    FileRead = "file.read", FileReadArgs => FilePiece, [Main];
    /// Saves one outside of the sealed store.
    FileSave = "file.save", FileReadArgs => FileSaved, [Main];
    /// Writes a note to colleagues; the customer never sees it.
    NoteAdd = "note.add", NoteArgs => MessageView, [Main];
    /// Keeps what is being written of a note; an empty text forgets it.
    NoteDraft = "note.draft", DraftArgs => NoArgs, [Main];
    /// Colleagues whom a note may name.
    MentionChoices = "mention.choices", ConversationArgs => ColleaguesView, [Main];
    /// Takes back a message or note of one's own, within two minutes.
    MessageRecall = "message.recall", MessageArgs => MessageView, [Main];
    /// The agent looks at a conversation, or has left it; told to colleagues. Say it again every
    /// twenty seconds.
    ConversationWatch = "conversation.watch", WatchArgs => NoArgs, [Main];
    /// Does something to many conversations.
    ConversationBulk = "conversation.bulk", BulkArgs => BulkView, [Main];
    /// What the inbox may be filtered by.
    InboxChoices = "inbox.choices", NoArgs => InboxChoices, [Main];
    /// All canned replies and macros that this desk finds.
    CannedList = "canned.list", NoArgs => CannedList, [Main];
    /// The text of one for a conversation, filled in as far as the desk knows.
    CannedFill = "canned.fill", CannedUseArgs => CannedText, [Main];
    /// Does what a macro does besides writing.
    CannedApply = "canned.apply", CannedUseArgs => ConversationView, [Main];
    /// Makes one, or changes one.
    CannedSave = "canned.save", CannedEdit => CannedList, [Main];
    /// Removes some.
    CannedRemove = "canned.remove", CannedRemoveArgs => CannedList, [Main];
    /// Looks at a table of them, or takes it over.
    CannedImport = "canned.import", CannedImportArgs => CannedImportView, [Main];
    /// Alerts, open ones first.
    AlertList = "alert.list", AlertListArgs => AlertsView, [Main, Alerts];
    /// Looks after one: nobody else is told.
    AlertAcknowledge = "alert.acknowledge", AlertArgs => AlertsView, [Main, Alerts];
    /// Tells nobody of one for a while.
    AlertSilence = "alert.silence", AlertSilenceArgs => AlertsView, [Main, Alerts];
    /// The rules that alerts come from.
    AlertRules = "alert.rules", NoArgs => AlertRulesView, [Main];
    /// What is wrong with one that is being written.
    AlertRuleCheck = "alert.rule_check", RuleDraft => AlertRuleCheck, [Main];
    /// What it would have done; asks the server.
    AlertRulePreview = "alert.rule_preview", AlertPreviewArgs => AlertPreview, [Main];
    /// Makes one, or changes one.
    AlertRuleSave = "alert.rule_save", AlertRuleEdit => AlertRulesView, [Main];
    /// Removes one.
    AlertRuleRemove = "alert.rule_remove", AlertRuleArgs => AlertRulesView, [Main];
    /// How the agent wants to be told of alerts, at whichever desk.
    AlertPrefs = "alert.prefs", NoArgs => AlertPrefsView, [Main];
    /// Changes that.
    AlertPrefsSet = "alert.prefs_set", AlertPrefsArgs => AlertPrefsView, [Main];
    /// The ways out of the server, and what was sent; asks the server.
    DeliveryGet = "delivery.get", NoArgs => DeliveryView, [Main];
    /// Sets one up; asks the server.
    DeliverySave = "delivery.save", DeliverySaveArgs => DeliveryView, [Main];
    /// Tries one; asks the server.
    DeliveryTest = "delivery.test", DeliveryTestArgs => DeliveryTest, [Main];
    /// Sends what was given up once more; asks the server.
    DeliveryResend = "delivery.resend", DeliveryResendArgs => DeliveryView, [Main];
    /// Accounts and groups; asks the server, as all that follows about them.
    MembersList = "members.list", NoArgs => MembersView, [Main];
    /// Makes an account, with a password that is shown once.
    MembersCreate = "members.create", MemberNewArgs => MemberPassword, [Main];
    /// Changes one.
    MembersEdit = "members.edit", MemberEditArgs => MembersView, [Main];
    /// Gives one another password, shown once, and ends its sessions.
    MembersPassword = "members.password", MemberArgs => MemberPassword, [Main];
    /// Lets one sign in, or not.
    MembersActive = "members.active", MemberActiveArgs => MembersView, [Main];
    /// Changes one's own password, and ends one's sessions elsewhere.
    MembersOwnPassword = "members.own_password", OwnPasswordArgs => NoArgs, [Main];
    /// Makes a group.
    MembersGroupCreate = "members.group_create", MemberGroupNewArgs => MembersView, [Main];
    /// Changes one.
    MembersGroupEdit = "members.group_edit", MemberGroupEditArgs => MembersView, [Main];
    /// Edits priority, category or tags.
    ConversationPatch = "conversation.patch", PatchArgs => ConversationView, [Main];
    /// What the properties may be set to.
    PropertyChoices = "property.choices", NoArgs => PropertyChoices, [Main];
    /// Begins to write the summary, or goes on.
    SummaryEdit = "summary.edit", ConversationArgs => SummaryDraftView, [Main];
    /// Keeps what is being written of it, or forgets it.
    SummaryDraft = "summary.draft", SummaryDraftArgs => NoArgs, [Main];
    /// Saves it.
    SummarySave = "summary.save", SummaryArgs => ConversationView, [Main];
    /// Ends a conflict.
    ConflictResolve = "conflict.resolve", ConflictArgs => NoArgs, [Main];
    /// The customer beside a conversation: earlier ones, and what other systems know so far.
    CustomerGet = "customer.get", ConversationArgs => CustomerView, [Main];
    /// Asks the other systems again.
    CustomerRefresh = "customer.refresh", ConversationArgs => CustomerView, [Main];
    /// Who else the customer of a conversation is, and who they may be.
    PeopleGet = "people.get", ConversationArgs => PeopleView, [Main];
    /// Looks for a customer to merge with.
    PeopleFind = "people.find", PeopleFindArgs => PeopleFound, [Main];
    /// What a merge would do.
    PeopleCompare = "people.compare", PeoplePairArgs => MergeView, [Main];
    /// Says that two customers are one.
    PeopleMerge = "people.merge", PeopleMergeArgs => PeopleView, [Main];
    /// Takes that back.
    PeopleSplit = "people.split", PeoplePairArgs => PeopleView, [Main];
    /// What goes on in the groups of a lead.
    LiveList = "live.list", LiveArgs => LiveView, [Main];
    /// Whispers to the agent at a conversation, or to one's leads.
    WhisperSend = "whisper.send", WhisperArgs => ConversationView, [Main];
    /// Keeps what is being written of a whisper; an empty text forgets it.
    WhisperDraft = "whisper.draft", DraftArgs => NoArgs, [Main];
    /// What waits, was refused, or is in conflict.
    OutboxList = "outbox.list", NoArgs => OutboxView, [Main];
    /// Tries a refused operation again, over no more than was seen.
    OutboxRetry = "outbox.retry", RetryArgs => NoArgs, [Main];
    /// The text of a waiting or refused operation, masked; sent again from there it is whole.
    OutboxCopy = "outbox.copy", OutboxArgs => CopyView, [Main];
    /// Gives up a refused reply; its text goes back to the draft.
    OutboxDiscard = "outbox.discard", OutboxArgs => NoArgs, [Main];
    /// Ranked answers for what the customer wrote last.
    AssistSuggest = "assist.suggest", ConversationArgs => AssistView, [Main];
    /// Searches the cached knowledge.
    FaqSearch = "faq.search", SearchArgs => FaqHits, [Main];
    /// Searches messages, customers and knowledge on this device.
    SearchRun = "search.run", SearchArgs => SearchHits, [Main];
    /// Searches everything on this device, filtered and in the order that is asked for.
    SearchFind = "search.find", FindArgs => FoundPage, [Main];
    /// What speaks for an entry as an answer to what the customer wrote last.
    AssistExplain = "assist.explain", ExplainArgs => ExplanationView, [Main];
    /// The cached knowledge, searched and by business line and category.
    FaqList = "faq.list", FaqListArgs => FaqPage, [Main];
    /// One entry of the cached knowledge.
    FaqGet = "faq.get", FaqArgs => FaqEntryView, [Main];
    /// The last check of the knowledge, or how far the one at work has come.
    HealthGet = "health.get", NoArgs => HealthView, [Main];
    /// Begins to check the knowledge, unless it is being checked.
    HealthRun = "health.run", NoArgs => HealthView, [Main];
    /// Stops the check.
    HealthStop = "health.stop", NoArgs => HealthView, [Main];
    /// The engine's settings of the organisation, with their history.
    EngineGet = "engine.get", NoArgs => EngineView, [Main];
    /// What is wrong with a draft of them.
    EngineCheck = "engine.check", EngineDraft => EngineCheck, [Main];
    /// What the engine makes of a question under the settings and under a draft of them.
    EngineTry = "engine.try", EngineTryArgs => EngineTrial, [Main];
    /// Sends a draft to the server as the new settings; it must be there.
    EngineSave = "engine.save", EngineSaveArgs => EngineView, [Main];
    /// Makes an earlier version the settings again; the server must be there.
    EngineRestore = "engine.restore", EngineRestoreArgs => EngineView, [Main];
    /// Says whether an entry answers what the customer asked.
    LearningThumb = "learning.thumb", ThumbArgs => ThumbsView, [Main];
    /// What the agent said so far of entries in a conversation.
    LearningThumbs = "learning.thumbs", ConversationArgs => ThumbsView, [Main];
    /// The wordings that entries have learned.
    LearnedList = "learned.list", LearnedArgs => LearnedView, [Main];
    /// A lead's last word on a wording.
    LearnedRule = "learned.rule", RuleRequest => NoArgs, [Main];
    /// A board of tickets: the first ones of each state.
    TicketBoard = "ticket.board", TicketBoardArgs => TicketBoard, [Main];
    /// A part of a table of tickets.
    TicketList = "ticket.list", TicketListArgs => TicketPage, [Main];
    /// One ticket with its form, its history and its promises, explained.
    TicketGet = "ticket.get", TicketArgs => TicketView, [Main];
    /// Departments, their people, and types of new tickets.
    TicketChoices = "ticket.choices", NoArgs => TicketChoices, [Main];
    /// A form for a new ticket, filled in with what a conversation has.
    TicketPrepare = "ticket.prepare", TicketPrepareArgs => TicketForm, [Main];
    /// Makes a ticket: kept here at once, numbered when the server has it.
    TicketCreate = "ticket.create", TicketCreateArgs => TicketView, [Main];
    /// Moves it to another state.
    TicketMove = "ticket.move", TicketMoveArgs => TicketView, [Main];
    /// Takes it.
    TicketClaim = "ticket.claim", TicketArgs => TicketView, [Main];
    /// Gives it up: nobody has it then.
    TicketRelease = "ticket.release", TicketArgs => TicketView, [Main];
    /// Gives it to somebody of the department.
    TicketAssign = "ticket.assign", TicketAssignArgs => TicketView, [Main];
    /// Passes it on to another department.
    TicketTransfer = "ticket.transfer", TicketTransferArgs => TicketView, [Main];
    /// Gives it back to the department that waits for it.
    TicketReturn = "ticket.return", TicketReturnArgs => TicketView, [Main];
    /// Takes back what was passed on, until the department that it went to acts; it may have left
    /// this desk.
    TicketTakeBack = "ticket.take_back", TicketTakeBackArgs => TicketTakenBack, [Main];
    /// Writes a comment.
    TicketComment = "ticket.comment", TicketCommentArgs => TicketView, [Main];
    /// Those whom a comment may name.
    TicketColleagues = "ticket.colleagues", TicketArgs => ColleaguesView, [Main];
    /// The agent has looked at it, and at the notes in it that name them.
    TicketSeen = "ticket.seen", TicketArgs => NoArgs, [Main];
    /// The same act on many tickets, or what would come of it.
    TicketBulk = "ticket.bulk", TicketBulkArgs => TicketBulkView, [Main];
    /// Takes back what was done to many tickets, where that may be.
    TicketBulkUndo = "ticket.bulk_undo", TicketUndoArgs => TicketBulkView, [Main];
    /// Edits title, priority or form.
    TicketPatch = "ticket.patch", TicketPatchArgs => TicketView, [Main];
    /// Merges it into another one; answers with that one.
    TicketMerge = "ticket.merge", TicketMergeArgs => TicketView, [Main];
    /// Says whether what was done is right.
    TicketVerify = "ticket.verify", TicketVerifyArgs => TicketView, [Main];
    /// Writes tickets into a file.
    TicketExport = "ticket.export", TicketExportArgs => TicketExport, [Main];
    /// The types of tickets.
    TicketTypeList = "ticket_type.list", NoArgs => TicketTypesView, [Main];
    /// What is wrong with one that is being written.
    TicketTypeCheck = "ticket_type.check", TicketTypeSaveArgs => TicketTypeCheck, [Main];
    /// Changes one, or adds one.
    TicketTypeSave = "ticket_type.save", TicketTypeSaveArgs => TicketTypesView, [Main];
    /// The keys of the local store: the ways in, and how far a change has come.
    SecurityGet = "security.get", NoArgs => SecurityView, [Main];
    /// Gives the local store another passphrase, or its first one; the data is not touched.
    SecurityPassphrase = "security.passphrase", PassphraseArgs => SecurityView, [Main];
    /// Gives the local store a new key. Answers when it has it; other commands wait meanwhile.
    SecurityRekey = "security.rekey", RekeyArgs => SecurityView, [Main];
    /// The backups of the local store.
    BackupGet = "backup.get", NoArgs => BackupView, [Main];
    /// Makes one.
    BackupMake = "backup.make", BackupMakeArgs => BackupFile, [Main];
    /// What a backup file holds, checked to its end.
    BackupInspect = "backup.inspect", BackupArgs => BackupInfo, [Main];
    /// Makes the desk from one: a fresh desk, or in the place of the store in use, which is set aside.
    BackupRestore = "backup.restore", BackupRestoreArgs => BackupRestored, [Main];
    /// The numbers of the service, from what this desk has of them.
    MetricsBoard = "metrics.board", MetricsBoardArgs => MetricsBoard, [Main];
    /// The rows behind a number; the server must be there.
    MetricsRows = "metrics.rows", MetricsRowsArgs => MetricsRows, [Main];
    /// Sends the agent a report of the numbers by mail now; the server must be there.
    MetricsMail = "metrics.mail", NoArgs => DeliveryView, [Main];
    /// Writes a board into a file.
    MetricsExport = "metrics.export", MetricsExportArgs => MetricsExport, [Main];
    /// Saves a picture of numbers or charts.
    ReportSave = "report.save", ReportSaveArgs => ReportSaved, [Main];
    /// The views that the agent saved, at whichever desk.
    ViewList = "view.list", NoArgs => ViewsView, [Main];
    /// Keeps one under its name.
    ViewSave = "view.save", SavedView => ViewsView, [Main];
    /// Removes one.
    ViewDrop = "view.drop", ViewDropArgs => ViewsView, [Main];
    /// The views of the tickets that the agent saved, at whichever desk.
    TicketViewList = "ticket_view.list", NoArgs => SavedTicketViews, [Main];
    /// Keeps one under its name, in the place of the name that it had.
    TicketViewSave = "ticket_view.save", SavedTicketArgs => SavedTicketViews, [Main];
    /// Removes one.
    TicketViewDrop = "ticket_view.drop", ViewDropArgs => SavedTicketViews, [Main];
    /// Closes the window of alerts until something new comes up.
    AlertsPutAway = "alert_window.put_away", NoArgs => NoArgs, [Alerts];
    /// Shows an alert in the agent's window, which comes to the front.
    AlertsShow = "alert_window.show", AlertArgs => NoArgs, [Alerts];
    /// What the agent was told at this desk.
    BellList = "bell.list", NoArgs => BellView, [Main];
    /// The agent has seen it.
    BellSeen = "bell.seen", BellSeenArgs => BellView, [Main];
    /// This installation's settings.
    SettingsGet = "settings.get", NoArgs => Settings, [Main, Alerts];
    /// Replaces them.
    SettingsSet = "settings.set", Settings => Settings, [Main];
}

/// No arguments, or nothing to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoArgs {}

/// How an agent signs in. Debug prints neither password nor passphrase.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LoginArgs {
    /// An enrolment code (`lingtai1.…`, carries address and authority) or an address
    /// (`https://…`; `http://` on loopback only).
    pub server: String,
    /// Login name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Passphrase of the local store, where the OS keychain is not available.
    pub passphrase: Option<String>,
}

impl std::fmt::Debug for LoginArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoginArgs").finish_non_exhaustive()
    }
}

/// Opens the local store. Debug does not print the passphrase.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UnlockArgs {
    /// The passphrase; none tries the keychain again, where the store has no passphrase.
    pub passphrase: Option<String>,
}

impl std::fmt::Debug for UnlockArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnlockArgs").finish_non_exhaustive()
    }
}

/// Opens the local store by the account, where keychain and passphrase do not. Debug prints none of
/// it.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UnlockByServerArgs {
    /// Login name.
    pub username: String,
    /// Password of the account.
    pub password: String,
    /// Takes the place of the passphrase, where that was forgotten.
    pub new_passphrase: Option<String>,
}

impl std::fmt::Debug for UnlockByServerArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnlockByServerArgs").finish_non_exhaustive()
    }
}

/// A presence to set.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PresenceArgs {
    /// It.
    pub presence: Presence,
}

/// Which part of the inbox.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InboxArgs {
    /// 我的, 排队, 全部, 已挂起.
    pub scope: InboxScope,
    /// By what it is sorted.
    pub sort: InboxSort,
    /// Rows before the window that is asked for.
    #[serde(default)]
    pub offset: u32,
    /// Most rows of the window, 500 at the most.
    #[serde(default = "rows_of_a_window")]
    pub limit: u32,
    /// Which of them.
    #[serde(default)]
    #[ts(as = "Option<InboxFilter>", optional)]
    pub filter: InboxFilter,
}

const fn rows_of_a_window() -> u32 {
    200
}

/// A conversation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConversationArgs {
    /// Which.
    pub conversation_id: ConversationId,
}

/// Some messages of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PageArgs {
    /// Of which conversation.
    pub conversation_id: ConversationId,
    /// Which of them.
    pub place: PagePlace,
    /// At most so many, 200 at the most.
    pub limit: u32,
}

/// Where in a conversation a page of messages lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PagePlace {
    /// The latest before a position.
    Before {
        /// It.
        seq: u64,
    },
    /// The first after a position.
    After {
        /// It.
        seq: u64,
    },
    /// Those around a position, itself among them.
    Around {
        /// It.
        seq: u64,
    },
}

/// What the agent has read.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadArgs {
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Up to this `seq`.
    pub seq: u64,
}

/// What is being written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DraftArgs {
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// The text so far.
    pub text: String,
}

/// A reply to send.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SendArgs {
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Made by the window, so that pressing twice sends once.
    pub message_id: MessageId,
    /// The text.
    pub text: String,
    /// The last `seq` on the agent's screen: a reply over unseen messages is stopped.
    pub seen_seq: u64,
    /// The suggestion that the text came from.
    pub faq_id: Option<String>,
    /// The message that it answers, where the agent named one.
    #[serde(default)]
    #[ts(optional)]
    pub reply_to: Option<MessageId>,
    /// The canned replies that went into it.
    #[serde(default)]
    #[ts(as = "Option<Vec<CannedId>>", optional)]
    pub canned: Vec<CannedId>,
}

/// One waiting operation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OutboxArgs {
    /// Which.
    pub op_id: OpId,
}

/// A thumb.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ThumbArgs {
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// The answer that it is for; without one, a suggestion for what the customer wrote last.
    pub answer_id: Option<MessageId>,
    /// The entry.
    pub faq_id: String,
    /// Whether it fits.
    pub thumb: Thumb,
}

/// Which learned wordings.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LearnedArgs {
    /// Of one entry; of all without it.
    pub faq_id: Option<String>,
}

/// What to search for.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SearchArgs {
    /// Words as typed.
    pub query: String,
    /// At most so many, 50 at the most.
    pub limit: u32,
}

/// An entry whose place among the suggestions is to be explained.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExplainArgs {
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Which entry.
    pub faq_id: String,
}

/// Which part of the knowledge.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FaqListArgs {
    /// Words that question, similar question, answer or id must hold; empty for all.
    pub query: String,
    /// Of this business line only.
    pub business_line: Option<String>,
    /// Of this category only.
    pub category: Option<String>,
}

/// An entry of the knowledge.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FaqArgs {
    /// Which.
    pub faq_id: String,
}

/// A question to try.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EngineTryArgs {
    /// As a customer would write it.
    pub text: String,
    /// The settings to try beside those that hold.
    pub draft: EngineDraft,
}

/// A draft to save.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EngineSaveArgs {
    /// The version that the draft was made from; 0 for the engine as it is shipped.
    pub base: u32,
    /// It.
    pub draft: EngineDraft,
}

/// An earlier version to restore.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EngineRestoreArgs {
    /// The version on the screen.
    pub base: u32,
    /// The one to restore; 0 for the engine as it is shipped.
    pub version: u32,
}

#[cfg(test)]
mod tests;
