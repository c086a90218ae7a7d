//! The proofs in their short form.

use scenarios::prove::{Proved, Scale, rest};

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
