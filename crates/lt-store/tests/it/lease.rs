//! How long a desk shows what it has without the server.

use lt_model::Millis;
use lt_store::lease::OFFLINE_LEASE_MS;

use crate::world::{NOW, World, heads, me};

#[test]
fn a_desk_without_the_server_shows_nothing_after_the_lease() {
    const HOUR: Millis = 3_600_000;
    let world = World::new();
    assert_eq!(world.store.reached_at().unwrap(), Some(NOW));
    let ended = |now| world.store.lease_ended(now).unwrap();
    assert!(!ended(NOW) && !ended(NOW + 71 * HOUR));
    assert!(!ended(NOW + OFFLINE_LEASE_MS));
    assert!(ended(NOW + OFFLINE_LEASE_MS + 1));
    // A clock that is a little wrong does no harm; one that was put back does not help.
    assert!(!ended(NOW - 23 * HOUR));
    assert!(ended(NOW - 25 * HOUR));

    // The next contact begins a new one, and so does a quiet connection that is noted.
    let later = NOW + 100 * HOUR;
    world
        .store
        .set_streams("g1", &heads(&[]), 0, &me(), later)
        .unwrap();
    assert!(!ended(later + HOUR));
    world.store.note_reached(later + 50 * HOUR).unwrap();
    assert!(!ended(later + 100 * HOUR));
}
