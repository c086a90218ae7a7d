//! The proofs in their short form.

use std::path::Path;

use scenarios::prove::{Proved, Scale, feed, kill, rest, tamper};

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
    let proved = feed::prove(&scale).unwrap();
    kept(&proved);
    assert!(proved.figure("changes") >= 1_500 && proved.figure("batches") > 30);
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
async fn a_desk_that_is_killed_loses_and_doubles_nothing() {
    let scale = Scale {
        edits: 30,
        kills: 4,
        ..Scale::default()
    };
    let program = Path::new(env!("CARGO_BIN_EXE_prove"));
    let proved = kill::prove(program, &scale).await.unwrap();
    kept(&proved);
    assert!(proved.figure("delivered") >= proved.figure("edits"));
}
