use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn agent(n: u128) -> AgentId {
    AgentId(Uuid::from_u128(n))
}

fn candidate(n: u128) -> Candidate {
    Candidate {
        agent: agent(n),
        presence: Presence::Online,
        held: 1,
        capacity: 5,
        held_on_channel: 1,
        channel_limit: None,
        skill: None,
        had_customer: false,
        last_assigned_at: Some(1_000),
        has_declined: false,
    }
}

fn skilled(n: u128, level: u8) -> Candidate {
    Candidate {
        skill: Some(Skill {
            name: "售后".to_owned(),
            level,
        }),
        ..candidate(n)
    }
}

/// Who is chosen, and the decisive reason.
fn chosen(candidates: &[Candidate]) -> Option<(AgentId, RoutingReason)> {
    let (agent, why) = choose(candidates)?;
    Some((agent, why.into_iter().next().unwrap()))
}

#[test]
fn the_order_is_last_agent_skill_load_idle() {
    let skill = |level| RoutingReason::Skill {
        name: "售后".to_owned(),
        level,
    };
    let load = |held| RoutingReason::Load { held, capacity: 5 };
    let idle = |since| RoutingReason::Idle { since };
    let last = Candidate {
        had_customer: true,
        held: 4,
        ..candidate(9)
    };
    let busy = |n, held| Candidate {
        held,
        ..candidate(n)
    };
    let idle_since = |n, since| Candidate {
        last_assigned_at: since,
        ..candidate(n)
    };
    let cases = [
        (
            "the one who had the customer",
            vec![skilled(1, 100), last],
            (9, RoutingReason::LastAgent),
        ),
        (
            "the better skill",
            vec![skilled(1, 30), skilled(2, 80)],
            (2, skill(80)),
        ),
        (
            "a skill at all",
            vec![candidate(1), skilled(2, 60)],
            (2, skill(60)),
        ),
        (
            "a small lead in skill does not outweigh the load",
            vec![
                Candidate {
                    held: 3,
                    ..skilled(1, 95)
                },
                skilled(2, 80),
            ],
            (2, load(1)),
        ),
        ("the lower load", vec![busy(1, 3), busy(2, 2)], (2, load(2))),
        (
            "load by share of capacity",
            vec![
                Candidate {
                    held: 2,
                    capacity: 2,
                    ..candidate(3)
                },
                Candidate {
                    held: 3,
                    capacity: 4,
                    ..candidate(1)
                },
                Candidate {
                    held: 4,
                    capacity: 8,
                    ..candidate(2)
                },
            ],
            (
                2,
                RoutingReason::Load {
                    held: 4,
                    capacity: 8,
                },
            ),
        ),
        (
            "who has been idle longer",
            vec![idle_since(1, Some(900)), idle_since(2, Some(100))],
            (2, idle(Some(100))),
        ),
        (
            "who never had any",
            vec![idle_since(1, Some(0)), idle_since(2, None)],
            (2, idle(None)),
        ),
        (
            "the only one",
            vec![candidate(4)],
            (4, RoutingReason::OnlyOne),
        ),
    ];
    for (what, candidates, (n, reason)) in cases {
        assert_eq!(chosen(&candidates), Some((agent(n), reason)), "{what}");
        let mut turned = candidates;
        turned.reverse();
        assert_eq!(
            chosen(&turned).map(|(agent, _)| agent),
            Some(agent(n)),
            "{what}, turned"
        );
    }
}

#[test]
fn only_who_takes_conversations_and_has_room_is_chosen() {
    use Presence as P;
    for presence in [P::Busy, P::Away, P::TransferOnly, P::Offline] {
        let one = Candidate {
            presence,
            ..candidate(1)
        };
        assert_eq!(choose(&[one]), None, "{presence:?}");
    }
    let full = Candidate {
        held: 5,
        ..candidate(1)
    };
    let none = Candidate {
        capacity: 0,
        held: 0,
        ..candidate(1)
    };
    let full_on_channel = Candidate {
        channel_limit: Some(1),
        ..candidate(1)
    };
    let declined = Candidate {
        has_declined: true,
        ..candidate(1)
    };
    for one in [full, none, full_on_channel, declined] {
        assert_eq!(choose(std::slice::from_ref(&one)), None, "{one:?}");
        assert_eq!(
            chosen(&[one, candidate(2)]),
            Some((agent(2), RoutingReason::OnlyOne))
        );
    }
    let room = Candidate {
        channel_limit: Some(2),
        ..candidate(1)
    };
    assert!(choose(&[room]).is_some());
}

#[test]
fn all_reasons_are_told_the_decisive_one_first() {
    let (_, why) = choose(&[
        Candidate {
            held: 0,
            ..skilled(1, 80)
        },
        skilled(2, 85),
    ])
    .unwrap();
    assert_eq!(
        why,
        [
            RoutingReason::Load {
                held: 0,
                capacity: 5
            },
            RoutingReason::Skill {
                name: "售后".to_owned(),
                level: 80
            },
            RoutingReason::Idle { since: Some(1_000) },
        ]
    );
}

#[test]
fn a_skill_is_found_by_category_or_top_category() {
    let skills = [
        Skill {
            name: "售后".to_owned(),
            level: 40,
        },
        Skill {
            name: "售后/退款".to_owned(),
            level: 90,
        },
    ];
    let level = |category: &str| skill_for(&skills, category).map(|skill| skill.level);
    assert_eq!(level("售后/退款"), Some(90));
    assert_eq!(level("售后/换货"), Some(40));
    assert_eq!(level("售前/咨询"), None);
    assert_eq!(level(""), None);
}

#[test]
fn the_wait_is_estimated_from_the_pace() {
    let pace = |accepted, agents| Pace {
        accepted,
        window_ms: 3_600_000,
        agents,
    };
    for (position, pace, expected) in [
        (1, pace(12, 2), Some(300_000)),
        (3, pace(12, 2), Some(900_000)),
        (1, pace(2, 3), Some(60_000)), // too few to believe: three minutes each, three agents
        (2, pace(0, 1), Some(360_000)),
        (1, pace(12, 0), None),
        (500, pace(12, 2), Some(LONGEST_TOLD_MS)),
    ] {
        assert_eq!(
            estimated_wait(position, pace),
            expected,
            "{position} {pace:?}"
        );
    }
}

#[test]
fn who_declined_is_left_alone_for_a_while() {
    let routing = Routing {
        declined: vec![Declined {
            agent: agent(1),
            at: 5_000,
        }],
        ..Routing::default()
    };
    assert!(routing.was_declined_by(agent(1), 5_000 + DECLINE_PAUSE_MS - 1));
    assert!(!routing.was_declined_by(agent(1), 5_000 + DECLINE_PAUSE_MS));
    assert!(!routing.was_declined_by(agent(2), 5_000));
}

proptest! {
    /// Whatever the team, the choice is free, and no free colleague is better by the order.
    #[test]
    fn the_choice_is_free_and_the_best(
        team in prop::collection::vec(
            (0u32..4, 0u16..4, any::<bool>(), prop::option::of(0u8..=100), prop::option::of(0i64..4), 0u8..5),
            0..8,
        )
    ) {
        let presences = [Presence::Online, Presence::Busy, Presence::Away, Presence::TransferOnly, Presence::Offline];
        let team: Vec<Candidate> = (1..).zip(team).map(|(n, (held, capacity, had, level, last, presence))| Candidate {
            presence: presences[usize::from(presence)],
            held,
            capacity,
            had_customer: had,
            skill: level.map(|level| Skill { name: "售后".to_owned(), level }),
            last_assigned_at: last,
            ..candidate(n)
        }).collect();
        match choose(&team) {
            None => prop_assert!(!team.iter().any(Candidate::is_free)),
            Some((chosen, why)) => {
                let chosen = team.iter().find(|one| one.agent == chosen).unwrap();
                prop_assert!(chosen.is_free());
                prop_assert!(!why.is_empty());
                prop_assert!(team.iter().filter(|one| one.is_free()).all(|one| chosen.rank() <= one.rank()));
            }
        }
    }
}
