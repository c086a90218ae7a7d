use super::*;

/// A log of two frames of 512 bytes, chained by this module's own arithmetic.
fn log() -> Vec<u8> {
    let mut log = Vec::new();
    for word in [0x377f_0682_u32, 3_007_000, 512, 0, 7, 9, 0, 0] {
        log.extend_from_slice(&word.to_be_bytes());
    }
    for n in 1..=2_u8 {
        for word in [u32::from(n), u32::from(n), 7, 9, 0, 0] {
            log.extend_from_slice(&word.to_be_bytes());
        }
        log.extend_from_slice(&[n; 512]);
    }
    rechain(&log).unwrap()
}

#[test]
fn a_sound_log_stays_as_it_is() {
    assert_eq!(rechain(&log()).unwrap(), log());
}

#[test]
fn every_changed_byte_of_a_frame_leaves_the_frames_in_the_chain() {
    let sound = log();
    for at in HEADER_BYTES..sound.len() {
        let mut changed = sound.clone();
        changed[at] ^= 0x40;
        let again = rechain(&changed).unwrap();
        // A last frame whose salts changed looks like one of an earlier round.
        let last_salts = HEADER_BYTES + 536 + 8..HEADER_BYTES + 536 + 16;
        if !last_salts.contains(&at) {
            assert_eq!(again.len(), sound.len(), "byte {at}");
        }
        assert_eq!(rechain(&again).unwrap(), again);
    }
}

#[test]
fn what_an_earlier_round_left_behind_is_dropped() {
    let mut log = log();
    let sound = log.clone();
    let mut old = log[HEADER_BYTES..HEADER_BYTES + 536].to_vec();
    old[11] = 6;
    log.extend_from_slice(&old);
    assert_eq!(rechain(&log).unwrap(), sound);
}

#[test]
fn pages_are_those_of_commits_of_the_present_round() {
    let mut log = log();
    assert_eq!(committed_pages(&log), Some(BTreeSet::from([1, 2])));
    // A third page that no commit closes.
    let mut more = log[HEADER_BYTES..HEADER_BYTES + 536].to_vec();
    more[3] = 3;
    more[7] = 0;
    log.extend_from_slice(&more);
    assert_eq!(committed_pages(&log), Some(BTreeSet::from([1, 2])));
    // It is closed by a fourth, and what is left of an earlier round does not count.
    let mut last = more.clone();
    (last[3], last[7]) = (4, 4);
    log.extend_from_slice(&last);
    last[3] = 5;
    last[11] = 6;
    log.extend_from_slice(&last);
    assert_eq!(committed_pages(&log), Some(BTreeSet::from([1, 2, 3, 4])));
    assert_eq!(committed_pages(b"no log"), None);
}

#[test]
fn what_is_no_log_is_none() {
    assert_eq!(rechain(b""), None);
    assert_eq!(rechain(&[0; 4_000]), None);
    assert_eq!(rechain(&log()[..40]), None);
}
