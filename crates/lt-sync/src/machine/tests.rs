use lt_model::{
    agent::{Agent, Presence, Role},
    id::{AgentId, SessionId},
};
use lt_protocol::sync::{Action, Op, OpOutcome};
use proptest::prelude::*;

use super::*;

const BACKOFF: Backoff = Backoff {
    first_ms: 500,
    most_ms: 30_000,
};

/// A machine and a clock of its own.
struct Bench {
    machine: Machine,
    mono_ms: u64,
    random: u64,
}

impl Bench {
    fn new() -> Self {
        let random = u64::MAX / 3;
        let mut bench = Self {
            machine: Machine::new(BACKOFF, None, at(0, random)),
            mono_ms: 0,
            random,
        };
        assert_eq!(bench.on(Input::Tick), [Output::Dial]);
        bench
    }

    /// Connected, greeted and in step.
    fn online() -> Self {
        let mut bench = Self::new();
        bench.on(Input::Opened);
        bench.frame(challenge());
        bench.frame(welcome());
        bench.on(Input::Welcomed { in_step: true });
        assert_eq!(bench.on(Input::Queue(Vec::new())), []);
        assert_eq!(bench.state(), ConnectionState::Online);
        bench
    }

    fn on(&mut self, input: Input) -> Vec<Output> {
        self.machine.on(input, at(self.mono_ms, self.random))
    }

    fn frame(&mut self, frame: ServerFrame) -> Vec<Output> {
        self.on(Input::Frame(Box::new(frame)))
    }

    fn state(&self) -> ConnectionState {
        self.machine.status().state
    }

    /// Waits until the machine wants to be woken.
    fn wait(&mut self) -> Vec<Output> {
        self.mono_ms = self.machine.deadline_ms();
        self.on(Input::Tick)
    }
}

fn at(mono_ms: u64, random: u64) -> Now {
    Now {
        wall: 1_700_000_000_000 + mono_ms as i64,
        mono_ms,
        random,
    }
}

fn challenge() -> ServerFrame {
    ServerFrame::Challenge {
        nonce: "bm9uY2U".to_owned(),
    }
}

fn welcome() -> ServerFrame {
    ServerFrame::Welcome {
        session: SessionId(uuid::Uuid::nil()),
        agent: Agent {
            id: AgentId(uuid::Uuid::nil()),
            username: String::new(),
            display_name: String::new(),
            role: Role::Agent,
            groups: Vec::new(),
            presence: Presence::Online,
            capacity: 1,
            capacities: Vec::new(),
            skills: Vec::new(),
        },
        server_now: 0,
        generation: "g1".to_owned(),
        last_n: 0,
        streams: Vec::new(),
    }
}

fn batch(batch: u64, last: bool) -> ServerFrame {
    ServerFrame::Batch {
        batch,
        cuts: Vec::new(),
        rows: Vec::new(),
        chk: Vec::new(),
        last,
    }
}

fn ops(range: std::ops::RangeInclusive<u64>) -> Vec<Op> {
    range
        .map(|n| Op {
            after: None,
            n,
            id: lt_model::id::OpId(uuid::Uuid::from_u128(u128::from(n))),
            at: 0,
            action: Action::SetPresence {
                presence: Presence::Busy,
            },
        })
        .collect()
}

fn pushed(outputs: &[Output]) -> Vec<u64> {
    outputs
        .iter()
        .filter_map(|output| match output {
            Output::Send(ClientFrame::Push { ops }) => Some(ops.iter().map(|op| op.n)),
            _ => None,
        })
        .flatten()
        .collect()
}

#[test]
fn a_greeting_ends_in_step_and_asks_for_the_outbox() {
    let mut bench = Bench::new();
    bench.on(Input::Opened);
    assert_eq!(bench.state(), ConnectionState::Syncing);
    let hello = bench.frame(challenge());
    assert_eq!(
        hello,
        [Output::Hello {
            nonce: "bm9uY2U".to_owned()
        }]
    );
    let outputs = bench.frame(welcome());
    assert!(matches!(&outputs[..], [Output::Welcome { generation, .. }] if generation == "g1"));
    let outputs = bench.on(Input::Welcomed { in_step: false });
    assert_eq!(
        outputs,
        [Output::ReadQueue {
            after_n: 0,
            limit: 200
        }]
    );
    assert_eq!(bench.state(), ConnectionState::Syncing);

    assert!(matches!(
        bench.frame(batch(7, false))[..],
        [Output::Apply { batch: 7, .. }]
    ));
    let ack = |outputs: &[Output]| outputs.contains(&Output::Send(ClientFrame::Ack { batch: 7 }));
    assert!(ack(&bench.on(Input::Applied {
        batch: 7,
        last: false
    })));
    assert_eq!(bench.state(), ConnectionState::Syncing);
    assert!(ack(&bench.on(Input::Applied {
        batch: 7,
        last: true
    })));
    assert_eq!(bench.state(), ConnectionState::Online);
}

#[test]
fn a_batch_that_was_not_committed_is_not_acknowledged() {
    let mut bench = Bench::online();
    bench.frame(batch(1, true));
    let outputs = bench.on(Input::StoreFailed(StoreFailure::Other));
    assert_eq!(outputs[0], Output::Close);
    assert!(
        !outputs
            .iter()
            .any(|output| matches!(output, Output::Send(_)))
    );
    assert_eq!(bench.machine.status().problem, Some(Problem::Store));
    assert_eq!(bench.wait(), [Output::Dial]);
}

#[test]
fn at_most_two_hundred_operations_are_unanswered() {
    let mut bench = Bench::online();
    assert_eq!(
        bench.on(Input::Nudge),
        [Output::ReadQueue {
            after_n: 0,
            limit: 200
        }]
    );
    let outputs = bench.on(Input::Queue(ops(1..=200)));
    assert_eq!(pushed(&outputs), (1..=200).collect::<Vec<_>>());
    // Nothing more goes up until an answer is stored; then the next one does.
    assert_eq!(bench.on(Input::Nudge), []);
    let answer = ServerFrame::Result {
        n: 1,
        op_id: ops(1..=1)[0].id,
        outcome: OpOutcome::Done { at: 0 },
    };
    assert!(matches!(
        &bench.frame(answer)[..],
        [Output::Answers(answers)] if answers[0].n == 1
    ));
    let outputs = bench.on(Input::Answered(vec![1]));
    assert_eq!(
        outputs,
        [Output::ReadQueue {
            after_n: 200,
            limit: 1
        }]
    );
    assert_eq!(pushed(&bench.on(Input::Queue(ops(201..=201)))), [201]);
}

#[test]
fn a_push_stays_far_below_a_frame() {
    let mut bench = Bench::online();
    let mut long = ops(1..=60);
    for op in &mut long {
        op.action = Action::SendMessage {
            conversation_id: lt_model::id::ConversationId(uuid::Uuid::nil()),
            message_id: lt_model::id::MessageId(uuid::Uuid::nil()),
            text: "字".repeat(6_000),
            seen_seq: 0,
            source: None,
            question: None,
            composed: lt_protocol::sync::Composed::default(),
        };
    }
    bench.on(Input::Nudge);
    let mut first_n = 1;
    while first_n <= 60 {
        let rest = long.iter().filter(|op| op.n >= first_n).cloned().collect();
        let outputs = bench.on(Input::Queue(rest));
        let numbers = pushed(&outputs);
        assert_eq!(numbers.first(), Some(&first_n));
        assert!(numbers.len() <= 14, "{numbers:?}");
        first_n = numbers.last().unwrap() + 1;
    }
}

#[test]
fn after_a_new_connection_everything_unanswered_goes_up_again() {
    let mut bench = Bench::online();
    bench.on(Input::Nudge);
    assert_eq!(pushed(&bench.on(Input::Queue(ops(1..=3)))), [1, 2, 3]);
    bench.on(Input::Closed(None));
    assert_eq!(bench.state(), ConnectionState::Offline);
    assert_eq!(bench.wait(), [Output::Dial]);
    bench.on(Input::Opened);
    bench.frame(challenge());
    bench.frame(welcome());
    let outputs = bench.on(Input::Welcomed { in_step: true });
    assert!(outputs.contains(&Output::ReadQueue {
        after_n: 0,
        limit: 200
    }));
    assert_eq!(pushed(&bench.on(Input::Queue(ops(2..=3)))), [2, 3]);
}

#[test]
fn silence_is_pinged_and_then_counts_as_loss() {
    let mut bench = Bench::online();
    assert_eq!(bench.wait(), [Output::Send(ClientFrame::Ping)]);
    assert_eq!(bench.mono_ms, 20_000);
    bench.frame(ServerFrame::Pong);
    assert_eq!(bench.wait(), [Output::Send(ClientFrame::Ping)]);
    assert_eq!(bench.mono_ms, 40_000);
    let outputs = bench.wait();
    assert_eq!((bench.mono_ms, &outputs[0]), (65_000, &Output::Close));
    assert_eq!(bench.state(), ConnectionState::Offline);
    // Until the last frame everything was in step.
    assert_eq!(bench.machine.status().synced_at, Some(1_700_000_020_000));
}

#[test]
fn whoever_hears_much_and_says_nothing_pings_all_the_same() {
    let mut bench = Bench::online();
    // A customer types every five seconds, and nothing of it is to be answered.
    let typing = ServerFrame::Typing {
        conversation_id: lt_model::id::ConversationId(uuid::Uuid::nil()),
    };
    let mut pings = Vec::new();
    for at_ms in (5_000..=60_000).step_by(5_000) {
        while bench.machine.deadline_ms() < at_ms {
            let at_ms = bench.machine.deadline_ms();
            if bench.wait() == [Output::Send(ClientFrame::Ping)] {
                pings.push(at_ms);
            }
        }
        bench.mono_ms = at_ms;
        bench.frame(typing.clone());
    }
    assert_eq!(pings, [20_000, 40_000]);
    assert_eq!(bench.state(), ConnectionState::Online);
}

#[test]
fn while_the_server_cannot_reach_its_data_everything_unanswered_waits_and_then_goes_up_again() {
    let mut bench = Bench::online();
    bench.on(Input::Nudge);
    assert_eq!(pushed(&bench.on(Input::Queue(ops(1..=3)))), [1, 2, 3]);
    let answer = ServerFrame::Result {
        n: 1,
        op_id: ops(1..=1)[0].id,
        outcome: OpOutcome::Done { at: 0 },
    };
    bench.frame(answer);
    bench.on(Input::Answered(vec![1]));
    assert_eq!(
        bench.frame(ServerFrame::Slow {
            retry_after_ms: 900
        }),
        []
    );
    assert_eq!(bench.on(Input::Nudge), [], "nothing goes up meanwhile");
    let outputs = bench.wait();
    assert_eq!(bench.mono_ms, 900);
    let read = Output::ReadQueue {
        after_n: 0,
        limit: 200,
    };
    assert_eq!(outputs, [read]);
    assert_eq!(pushed(&bench.on(Input::Queue(ops(2..=4)))), [2, 3, 4]);
    assert_eq!(bench.state(), ConnectionState::Online);
}

#[test]
fn a_snapshot_is_fetched_once_however_often_it_is_asked_for() {
    let mut bench = Bench::online();
    let must = || ServerFrame::MustSnapshot {
        stream: 4,
        at: 90,
        floor: 7,
    };
    assert!(!bench.frame(must()).is_empty());
    assert_eq!(bench.frame(must()), []);
    bench.on(Input::SnapshotFailed(None));
    bench.wait();
    bench.on(Input::Opened);
    bench.frame(challenge());
    bench.frame(welcome());
    bench.on(Input::Welcomed { in_step: false });
    // What is left of the session before says nothing any more.
    assert_eq!(bench.on(Input::Snapshotted { stream: 4, at: 90 }), []);
    assert_eq!(bench.on(Input::SnapshotFailed(None)), []);
    assert!(!bench.frame(must()).is_empty());
}

#[test]
fn waits_double_up_to_a_limit_and_begin_anew_once_in_step() {
    let mut bench = Bench::new();
    for most_ms in [
        500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ] {
        // Any wait up to the limit may come: this randomness gives the limit itself.
        bench.random = most_ms;
        bench.on(Input::DialFailed { untrusted: false });
        assert_eq!(bench.machine.deadline_ms() - bench.mono_ms, most_ms);
        assert_eq!(bench.wait(), [Output::Dial]);
    }
    for n_failures in 0..64 {
        assert!(BACKOFF.wait_ms(n_failures, u64::MAX / 7 * u64::from(n_failures % 7)) <= 30_000);
    }
    // A session that is closed at once is no better than none; after a good one, the first wait is one
    // of up to 500 ms again.
    for (lives_ms, wait_ms) in [(0, 4_000), (4_999, 4_000), (5_000, 4_000 % 501)] {
        bench.on(Input::Opened);
        bench.frame(welcome());
        bench.on(Input::Welcomed { in_step: true });
        bench.mono_ms += lives_ms;
        bench.random = 4_000;
        bench.on(Input::Closed(None));
        let waited_ms = bench.machine.deadline_ms() - bench.mono_ms;
        assert_eq!(waited_ms, wait_ms, "after {lives_ms} ms");
        assert_eq!(bench.wait(), [Output::Dial]);
    }
}

#[test]
fn a_number_that_was_used_is_renewed_before_the_next_try() {
    let mut bench = Bench::online();
    bench.on(Input::Nudge);
    assert_eq!(pushed(&bench.on(Input::Queue(ops(1..=3)))), [1, 2, 3]);
    let outputs = bench.on(Input::Closed(Some(close::NUMBER_USED)));
    assert_eq!(outputs[0], Output::Renumber);
    assert_eq!(bench.state(), ConnectionState::Offline);
    assert_eq!(bench.wait(), [Output::Dial]);
    bench.on(Input::Opened);
    bench.frame(challenge());
    bench.frame(welcome());
    let outputs = bench.on(Input::Welcomed { in_step: true });
    let read = Output::ReadQueue {
        after_n: 0,
        limit: 200,
    };
    assert!(outputs.contains(&read));
    assert_eq!(pushed(&bench.on(Input::Queue(ops(151..=153)))).len(), 3);
    // Only that close means it.
    let outputs = bench.on(Input::Closed(Some(close::SEQUENCE)));
    assert!(!outputs.contains(&Output::Renumber));
}

#[test]
fn an_ended_session_and_a_newer_server_are_no_loss_of_connection() {
    for (input, problem) in [
        (Input::Closed(Some(close::AUTH)), None),
        (
            Input::Closed(Some(close::ENDED)),
            Some(Problem::AccountEnded),
        ),
        (
            Input::Frame(Box::new(ServerFrame::Error {
                code: Code::SignedOut,
            })),
            None,
        ),
    ] {
        let mut bench = Bench::online();
        let outputs = bench.on(input);
        assert_eq!(outputs.last(), Some(&Output::End));
        assert_eq!(bench.state(), ConnectionState::SignedOut);
        assert_eq!(bench.machine.status().problem, problem);
        assert_eq!(bench.on(Input::Closed(Some(close::AUTH))), []);
    }
    let mut bench = Bench::online();
    bench.on(Input::Closed(Some(close::UPGRADE)));
    assert_eq!(bench.state(), ConnectionState::UpgradeRequired);
    assert_eq!(bench.machine.deadline_ms(), 300_000);
}

#[test]
fn a_server_that_wants_a_new_greeting_is_not_shown_as_lost() {
    let mut bench = Bench::online();
    bench.frame(ServerFrame::Bye { retry_after_ms: 0 });
    bench.on(Input::Closed(Some(1_001)));
    assert_eq!(bench.state(), ConnectionState::Syncing);
    assert!(bench.machine.deadline_ms() <= 50);
    let mut bench = Bench::online();
    bench.frame(ServerFrame::Bye {
        retry_after_ms: 2_000,
    });
    bench.on(Input::Closed(Some(1_001)));
    assert_eq!(bench.state(), ConnectionState::Offline);
    assert!((2_000..3_000).contains(&bench.machine.deadline_ms()));
}

#[test]
fn a_second_batch_out_of_step_fetches_everything_again() {
    let mut bench = Bench::online();
    let outputs = bench.on(Input::StoreFailed(StoreFailure::OutOfStep));
    assert!(!outputs.contains(&Output::ResetCache));
    bench.wait();
    bench.on(Input::Opened);
    bench.frame(welcome());
    bench.on(Input::Welcomed { in_step: false });
    let outputs = bench.on(Input::StoreFailed(StoreFailure::OutOfStep));
    assert_eq!(outputs[..2], [Output::ResetCache, Output::Close]);
}

#[test]
fn an_untrusted_certificate_is_told_and_retrying_is_possible() {
    let mut bench = Bench::new();
    bench.on(Input::DialFailed { untrusted: true });
    assert_eq!(bench.machine.status().problem, Some(Problem::Untrusted));
    assert_eq!(bench.on(Input::RetryNow), [Output::Dial]);
    assert_eq!(bench.on(Input::RetryNow), []);
}

fn any_input() -> impl Strategy<Value = Input> {
    prop_oneof![
        Just(Input::Opened),
        any::<bool>().prop_map(|untrusted| Input::DialFailed { untrusted }),
        Just(Input::Frame(Box::new(challenge()))),
        Just(Input::Frame(Box::new(welcome()))),
        any::<bool>().prop_map(|last| Input::Frame(Box::new(batch(1, last)))),
        Just(Input::Frame(Box::new(ServerFrame::Pong))),
        Just(Input::Frame(Box::new(ServerFrame::Bye {
            retry_after_ms: 9
        }))),
        any::<bool>().prop_map(|in_step| Input::Welcomed { in_step }),
        (1..300_u64).prop_map(|n| Input::Answered(vec![n])),
        (1..50_u64, 0..100_u64).prop_map(|(n, len)| Input::Queue(ops(n..=n + len))),
        (1..4_u64).prop_map(|stream| {
            Input::Frame(Box::new(ServerFrame::MustSnapshot {
                stream,
                at: 9,
                floor: 3,
            }))
        }),
        (1..4_u64).prop_map(|stream| Input::Snapshotted { stream, at: 9 }),
        Just(Input::SnapshotFailed(None)),
        Just(Input::Frame(Box::new(ServerFrame::Slow {
            retry_after_ms: 700
        }))),
        Just(Input::Nudge),
        Just(Input::RetryNow),
        Just(Input::Tick),
        Just(Input::StoreFailed(StoreFailure::Other)),
        prop_oneof![
            Just(None),
            Just(Some(1_000)),
            Just(Some(close::SEQUENCE)),
            Just(Some(close::NUMBER_USED))
        ]
        .prop_map(Input::Closed),
    ]
}

proptest! {
    #[test]
    fn in_any_order_pushes_ascend_within_a_connection_and_an_end_is_in_sight(
        inputs in proptest::collection::vec((any_input(), 0..40_000_u64, any::<u64>()), 1..80),
    ) {
        let mut machine = Machine::new(BACKOFF, None, at(0, 0));
        let (mut mono_ms, mut pushed_n) = (0, 0);
        for (input, passed_ms, random) in inputs {
            mono_ms += passed_ms;
            // A new session begins with the first again, and so does a server that was slow.
            let fresh = match &input {
                Input::Welcomed { .. } => true,
                Input::Frame(frame) => matches!(**frame, ServerFrame::Slow { .. }),
                _ => false,
            };
            for output in machine.on(input, at(mono_ms, random)) {
                if let Output::Send(ClientFrame::Push { ops }) = &output {
                    for op in ops {
                        prop_assert!(fresh || op.n > pushed_n);
                        pushed_n = op.n;
                    }
                }
            }
            if fresh {
                pushed_n = 0;
            }
            // Whatever happened, the machine wants to be woken within the longest wait.
            prop_assert!(machine.deadline_ms() <= mono_ms + 300_000);
        }
    }
}

#[test]
fn a_first_fetch_shows_how_far_it_is_and_ends_in_step() {
    let mut bench = Bench::online();
    let must = ServerFrame::MustSnapshot {
        stream: 4,
        at: 90,
        floor: 7,
    };
    let outputs = bench.frame(must);
    let fetch = Output::Snapshot {
        stream: 4,
        at: 90,
        floor: 7,
    };
    assert_eq!(outputs[0], fetch);
    assert_eq!(bench.state(), ConnectionState::Syncing);
    let progress = Progress {
        n_rows: 30,
        n_total: 50,
    };
    bench.on(Input::Fetched {
        stream: 4,
        progress,
    });
    assert_eq!(bench.machine.status().fetching, Some(progress));
    // The other streams go on meanwhile, and do not make it look done.
    bench.frame(batch(1, true));
    bench.on(Input::Applied {
        batch: 1,
        last: true,
    });
    assert_eq!(bench.state(), ConnectionState::Syncing);
    let outputs = bench.on(Input::Snapshotted { stream: 4, at: 80 });
    let told = ClientFrame::Snapshotted { stream: 4, at: 80 };
    assert_eq!(outputs[0], Output::Send(told));
    assert_eq!(bench.machine.status().fetching, None);
    assert_eq!(bench.state(), ConnectionState::Online);
    assert_eq!(bench.on(Input::Snapshotted { stream: 4, at: 80 }), []);
}

#[test]
fn a_fetch_that_breaks_off_begins_anew_with_the_next_session() {
    let mut bench = Bench::online();
    bench.frame(ServerFrame::MustSnapshot {
        stream: 4,
        at: 90,
        floor: 0,
    });
    let outputs = bench.on(Input::SnapshotFailed(None));
    assert_eq!(outputs[0], Output::Close);
    assert_eq!(bench.machine.status().fetching, None);
    // What it still says concerns nobody.
    let progress = Progress::default();
    let late = Input::Fetched {
        stream: 4,
        progress,
    };
    assert_eq!(bench.on(late), []);
    assert_eq!(bench.wait(), [Output::Dial]);
}

#[test]
fn rows_that_differ_are_asked_for_again() {
    let mut bench = Bench::online();
    let outputs = bench.on(Input::Diverged(vec![4, 9]));
    let resync = |stream| Output::Send(ClientFrame::Resync { stream });
    assert_eq!(outputs, [resync(4), resync(9)]);
}

#[test]
fn a_clock_that_is_wrong_is_known_from_the_greeting() {
    // How long the greeting took, and what the server's clock said.
    let cases = [
        (0, 0, 0),
        (400, 200, 0),
        (2_000, 601_000, 600_000),
        (10, -86_399_995, -86_400_000),
    ];
    for (took_ms, server, expected) in cases {
        let mut bench = Bench::new();
        bench.on(Input::Opened);
        bench.mono_ms = 5_000;
        bench.frame(challenge());
        bench.mono_ms += took_ms;
        let ServerFrame::Welcome {
            session,
            agent,
            generation,
            last_n,
            streams,
            ..
        } = welcome()
        else {
            panic!("not a welcome");
        };
        bench.frame(ServerFrame::Welcome {
            session,
            agent,
            server_now: 1_700_000_005_000 + server,
            generation,
            last_n,
            streams,
        });
        assert_eq!(
            bench.machine.status().skew_ms,
            expected,
            "{took_ms} {server}"
        );
    }
}
