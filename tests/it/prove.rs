//! The proofs in their short form.

use std::path::Path;

use scenarios::{
    postgres,
    prove::{
        Proved, Scale, feed, kill, net, nodes, rekey, rest, revoke, sale, snapshot, surge, tamper,
    },
};

/// Prints what came of it, with its seed, and fails where the promise is missed.
#[expect(clippy::print_stdout, reason = "a failing run is repeated by its seed")]
fn kept(proved: &Proved) {
    println!("{}{}", proved.table(), proved.json());
    assert!(proved.ok, "{proved:?}");
    assert_eq!(proved.misses, [] as [String; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_readable_is_at_rest() {
    let scale = Scale {
        texts: 16,
        ..Scale::default()
    };
    let proved = rest::prove(&scale).await.unwrap();
    kept(&proved);
    assert_eq!(proved.figure("texts"), 16);
    assert_eq!(proved.figure("control_found"), 16 + 3);
}

#[test]
fn the_feed_has_no_gaps() {
    let scale = Scale {
        changes: 1_500,
        writers: 6,
        ..Scale::default()
    };
    let proved = feed::prove(&[feed::Back::Sqlite], &scale).unwrap();
    kept(&proved);
    assert!(proved.figure("changes_sqlite") >= 1_500 && proved.figure("batches_sqlite") >= 26);
}

#[test]
fn the_feed_of_several_nodes_has_no_gaps() {
    if !postgres::can_start() {
        return;
    }
    let scale = Scale {
        changes: 1_500,
        writers: 6,
        ..Scale::default()
    };
    let proved = feed::prove(&[feed::Back::Postgres], &scale).unwrap();
    kept(&proved);
    assert!(proved.figure("changes_postgres") >= 1_500 && proved.figure("batches_postgres") >= 26);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_killed_loses_and_doubles_nothing() {
    if !postgres::can_start() {
        return;
    }
    let program = Path::new(env!("CARGO_BIN_EXE_prove"));
    let proved = nodes::prove(program, &Scale::default()).await.unwrap();
    kept(&proved);
    assert_eq!(proved.figure("node_kills"), 1);
    assert!(proved.figure("acknowledged_to_agents") > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_flipped_byte_is_silently_accepted() {
    let scale = Scale {
        flips: 6,
        ..Scale::default()
    };
    let proved = tamper::prove(&scale).await.unwrap();
    kept(&proved);
    assert_eq!(proved.figure("flips"), 7 * 6);
    assert!(proved.figure("noticed") > proved.figure("whole"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_and_a_server_that_are_killed_lose_and_double_nothing() {
    let scale = Scale {
        edits: 30,
        kills: 4,
        ..Scale::default()
    };
    let program = Path::new(env!("CARGO_BIN_EXE_prove"));
    let proved = kill::prove(program, &scale).await.unwrap();
    kept(&proved);
    assert!(proved.figure("delivered") >= proved.figure("edits"));
    assert!(proved.figure("server_kills") >= 2);
}

#[test]
fn desks_come_into_step_again_whatever_the_network_does() {
    let scale = Scale {
        seeds: 0,
        ..Scale::default()
    };
    let proved = net::prove(&scale).unwrap();
    kept(&proved);
    assert_eq!(proved.figure("converged"), proved.figure("seeds"));
    assert!(proved.figure("desk_crashes") > 0 && proved.figure("server_crashes") > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_may_no_longer_see_leaves_the_desk() {
    let scale = Scale {
        rounds: 2,
        ..Scale::default()
    };
    let proved = revoke::prove(&scale).await.unwrap();
    kept(&proved);
    assert_eq!(proved.figure("places_before"), 4);
    assert_eq!(proved.figure("found_after"), 0);
    assert_eq!(proved.figure("replies_refused_in_sight"), 1);
    assert_eq!(proved.figure("lease_ended"), 1);
}

#[test]
fn a_change_of_the_key_that_is_killed_leaves_a_store_that_opens() {
    let scale = Scale {
        kills: 4,
        ..Scale::default()
    };
    let program = Path::new(env!("CARGO_BIN_EXE_prove"));
    let proved = rekey::prove(program, &scale).unwrap();
    kept(&proved);
    assert!(proved.figure("kills") >= 4 && proved.figure("rows") == 3_000 + 25);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_fetches_a_long_stream_whole_and_lost_rows_come_back() {
    let scale = Scale {
        rows: 2_500,
        kills: 1,
        flips: 3,
        ..Scale::default()
    };
    let proved = snapshot::prove(&scale).await.unwrap();
    kept(&proved);
    assert_eq!(
        (proved.figure("rows"), proved.figure("rows_lost")),
        (2_500, 3)
    );
    assert!(proved.figure("streams_healed") >= 1);
}

#[test]
fn a_surge_of_complaints_is_told_in_time_and_chance_is_not() {
    let scale = Scale {
        seeds: 1,
        days: 42,
        ..Scale::default()
    };
    let proved = surge::prove(&scale).unwrap();
    kept(&proved);
    assert!(proved.figure("usual_10_surges") > 5);
    assert!(proved.figure("twin_false_alarms_in_100_weeks") > 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_day_with_a_bad_product_is_told_once_and_its_numbers_are_right() {
    let proved = sale::prove(&Scale::default()).await.unwrap();
    kept(&proved);
    assert!(proved.figure("conversations") > 500);
    assert_eq!(proved.figure("other_escalations"), 1);
    assert!(proved.figure("cells") > 100 && proved.figure("control_found") > 0);
}
