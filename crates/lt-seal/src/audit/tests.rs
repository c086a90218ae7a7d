use proptest::prelude::*;

use super::*;

const KEY: Key32 = Key32::new([0x42; 32]);

type Links = Vec<Link<Vec<u8>>>;

fn chain(records: &[&str]) -> Links {
    let mut head = Head::GENESIS;
    let append = |record: &&str| {
        head = head.append(&KEY, record.as_bytes());
        Link {
            n: head.n,
            canonical: record.as_bytes().to_vec(),
            hash: head.hash,
        }
    };
    records.iter().map(append).collect()
}

fn check(links: &[Link<Vec<u8>>]) -> Result<u64, u64> {
    verify_chain(&KEY, Head::GENESIS, links.iter().cloned())
        .map(|head| head.n)
        .map_err(|broken| broken.n)
}

#[test]
fn the_formula() {
    let mut bytes = vec![0; 32];
    bytes.extend(1_u64.to_be_bytes());
    bytes.extend("登录".as_bytes());
    assert_eq!(chain(&["登录"])[0].hash, hmac_sha256(&KEY, &[&bytes]));
}

#[test]
fn a_sound_chain_holds_whole_and_in_parts() {
    let links = chain(&["a", "b", "", "d", "e"]);
    assert_eq!(check(&links), Ok(5));
    assert_eq!(check(&[]), Ok(0));
    let middle = Head {
        n: links[1].n,
        hash: links[1].hash,
    };
    let end = verify_chain(&KEY, middle, links[2..].iter().cloned()).unwrap();
    assert_eq!(
        end,
        Head {
            n: 5,
            hash: links[4].hash
        }
    );
    let other = Key32::new([0x43; 32]);
    let refused = verify_chain(&other, Head::GENESIS, links.iter().cloned());
    assert_eq!(refused, Err(BrokenAt { n: 1 }));
}

#[test]
fn every_edit_is_located() {
    let sound = chain(&["a", "b", "c", "d", "e"]);
    let edited = |change: &dyn Fn(&mut Links)| {
        let mut links = sound.clone();
        change(&mut links);
        check(&links)
    };
    assert_eq!(edited(&|l| l[2].canonical = b"x".to_vec()), Err(3));
    assert_eq!(edited(&|l| l[2].canonical.push(0)), Err(3));
    assert_eq!(edited(&|l| l[2].hash[31] ^= 1), Err(3));
    assert_eq!(edited(&|l| l[2].n = 4), Err(3));
    assert_eq!(edited(&|l| drop(l.remove(0))), Err(1));
    assert_eq!(edited(&|l| drop(l.remove(3))), Err(4));
    assert_eq!(edited(&|l| l.swap(1, 2)), Err(2));
    assert_eq!(edited(&|l| l.insert(1, l[0].clone())), Err(2));
    // Renumbering after a removal does not help.
    let renumbered = |l: &mut Links| {
        l.remove(1);
        (1..).zip(l.iter_mut()).for_each(|(n, link)| link.n = n);
    };
    assert_eq!(edited(&renumbered), Err(2));
    // A cut end is not seen by the chain, but by comparing heads.
    assert_eq!(edited(&|l| drop(l.pop())), Ok(4));
}

proptest! {
    #[test]
    fn any_changed_byte_is_located(
        records in proptest::collection::vec(".{1,12}", 1..12),
        at in any::<prop::sample::Index>(),
        byte in any::<prop::sample::Index>(),
        flip in 1_u8..,
    ) {
        let texts: Vec<&str> = records.iter().map(String::as_str).collect();
        let mut links = chain(&texts);
        prop_assert_eq!(check(&links), Ok(records.len() as u64));
        let at = at.index(links.len());
        let byte = byte.index(links[at].canonical.len());
        links[at].canonical[byte] ^= flip;
        prop_assert_eq!(check(&links), Err(at as u64 + 1));
    }
}
