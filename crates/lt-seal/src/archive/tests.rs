use std::io::{Cursor, Write};

use proptest::prelude::*;

use super::*;

const CHUNK: usize = 64;

fn sealed_with(way: &Way, files: &[(&str, Vec<u8>)]) -> (Manifest, Vec<u8>) {
    let mut writer = ArchiveWriter::with_chunks(way, Cost::LEAST, CHUNK, Vec::new()).unwrap();
    for (name, content) in files {
        writer.begin(name).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish("test", 42, &[("version", "1")]).unwrap()
}

fn key() -> Way {
    Way::Key(Key32::new([3; 32]))
}

fn opened(way: &Way, sealed: &[u8]) -> Result<Vec<Vec<u8>>> {
    let manifest = verify(way, &mut Cursor::new(sealed))?;
    let mut files = vec![Vec::new(); manifest.files.len()];
    open(way, &manifest, sealed, &mut |idx, piece| {
        files[idx].extend_from_slice(piece);
        Ok(())
    })?;
    Ok(files)
}

/// Where each record begins, and where the last one ends.
fn bounds(sealed: &[u8]) -> Vec<usize> {
    let mut at = HEADER_BYTES;
    let mut found = vec![at];
    while at < sealed.len() {
        let length = u32::from_be_bytes(sealed[at + 9..at + 13].try_into().unwrap());
        at += HEAD_BYTES + length as usize;
        found.push(at);
    }
    found
}

fn fault(sealed: &[u8]) -> Fault {
    match opened(&key(), sealed) {
        Err(Error::Archive(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

fn long() -> Vec<u8> {
    (0..CHUNK * 5 + 10).map(|i| i as u8).collect()
}

#[test]
fn files_come_back_and_the_manifest_says_what_they_are() {
    let files = [
        ("a.db", long()),
        ("empty", vec![]),
        ("tls/ca.pem", vec![1, 2, 3]),
    ];
    for way in [key(), Way::Passphrase("合上眼睛 数到七".into())] {
        let (manifest, sealed) = sealed_with(&way, &files);
        assert_eq!(
            opened(&way, &sealed).unwrap(),
            files.clone().map(|(_, content)| content)
        );
        let read = verify(&way, &mut Cursor::new(&sealed)).unwrap();
        assert_eq!(read, manifest);
        assert_eq!((read.kind.as_str(), read.made_at_ms), ("test", 42));
        assert_eq!(read.notes["version"], "1");
        assert_eq!(read.files[2].n_bytes, 3);
        assert_eq!(
            read.files[1].sha256,
            crate::encode::hex_encode(&crate::sha256(b""))
        );
    }
}

#[test]
fn a_child_key_is_found_by_who_opens_the_archive_alone() {
    let way = Way::Passphrase("right and long".into());
    let writer = ArchiveWriter::with_chunks(&way, Cost::LEAST, CHUNK, Vec::new()).unwrap();
    let (key, other) = (writer.child("db/v1"), writer.child("index/v1"));
    let (_, sealed) = writer.finish("test", 1, &[]).unwrap();
    assert!(
        child(&way, sealed.as_slice(), "db/v1")
            .unwrap()
            .same_as(&key)
    );
    assert!(!other.same_as(&key));
    let wrong = Way::Passphrase("wrong and long".into());
    assert!(matches!(
        child(&wrong, sealed.as_slice(), "db/v1"),
        Err(Error::WrongSecret)
    ));
}

#[test]
fn an_archive_without_files_is_one() {
    let (_, sealed) = sealed_with(&key(), &[]);
    assert!(opened(&key(), &sealed).unwrap().is_empty());
}

#[test]
fn the_wrong_secret_is_told_from_damage_and_from_the_other_way() {
    let (_, by_key) = sealed_with(&key(), &[("a", long())]);
    let passphrase = Way::Passphrase("right and long".into());
    let (_, by_passphrase) = sealed_with(&passphrase, &[("a", long())]);
    let other = Way::Key(Key32::new([4; 32]));
    assert!(matches!(opened(&other, &by_key), Err(Error::WrongSecret)));
    let wrong = Way::Passphrase("wrong and long".into());
    assert!(matches!(
        opened(&wrong, &by_passphrase),
        Err(Error::WrongSecret)
    ));
    assert!(matches!(
        opened(&passphrase, &by_key),
        Err(Error::NoSuchSlot)
    ));
    assert!(matches!(
        opened(&key(), &by_passphrase),
        Err(Error::NoSuchSlot)
    ));
    let mut later = by_key;
    later[4] = 9;
    assert!(matches!(
        opened(&key(), &later),
        Err(Error::UnknownVersion(9))
    ));
    assert!(matches!(opened(&key(), b"LTAR"), Err(Error::Malformed(_))));
}

#[test]
fn cut_swapped_flipped_and_repeated_chunks_are_named() {
    let (_, sealed) = sealed_with(&key(), &[("a", long())]);
    let at = bounds(&sealed);
    assert_eq!(at.len(), 8, "six chunks and the manifest");
    let record = |n: usize| &sealed[at[n]..at[n + 1]];
    let of = |records: &[usize]| {
        let mut bytes = sealed[..HEADER_BYTES].to_vec();
        records
            .iter()
            .for_each(|n| bytes.extend_from_slice(record(*n)));
        bytes
    };
    assert_eq!(fault(&of(&[0, 1, 2])), Fault::Cut(3));
    assert_eq!(fault(&of(&[0, 1, 2, 3, 4, 5])), Fault::Cut(6));
    assert_eq!(fault(&sealed[..at[3] + 20]), Fault::Cut(3));
    assert_eq!(
        fault(&of(&[0, 2, 1, 3, 4, 5, 6])),
        Fault::OutOfPlace {
            expected: 1,
            found: 2
        }
    );
    assert_eq!(
        fault(&of(&[0, 1, 6])),
        Fault::OutOfPlace {
            expected: 2,
            found: 6
        }
    );
    assert_eq!(fault(&of(&[0, 1, 1, 2, 3, 4, 5, 6])), Fault::Repeated(1));
    assert_eq!(fault(&of(&[0, 1, 2, 3, 4, 5, 6, 6])), Fault::Trailing);
    // Another archive of the same key has another salt.
    let (_, other) = sealed_with(&key(), &[("a", long())]);
    let mut mixed = of(&[0, 1]);
    mixed.extend_from_slice(&other[at[2]..]);
    assert_eq!(fault(&mixed), Fault::Altered(2));
}

#[test]
fn every_flipped_byte_is_refused_and_a_chunk_is_named() {
    let (_, sealed) = sealed_with(&key(), &[("a", long())]);
    let at = bounds(&sealed);
    for position in 0..sealed.len() {
        let mut copy = sealed.clone();
        copy[position] ^= 0x10;
        let refused = opened(&key(), &copy);
        assert!(refused.is_err(), "byte {position}");
        // Beyond a record's head the record itself is named.
        let n = at.iter().rposition(|start| *start <= position);
        if let Some(n) = n
            && position >= at[n] + HEAD_BYTES
        {
            assert!(
                matches!(refused, Err(Error::Archive(Fault::Altered(found))) if found == n as u64),
                "byte {position}"
            );
        }
    }
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let mut writer = ArchiveWriter::with_chunks(&key(), Cost::LEAST, CHUNK, Vec::new()).unwrap();
    assert!(writer.write_all(b"x").is_err(), "no file was begun");
    for name in [
        "",
        "/etc/passwd",
        "../a",
        "a/../b",
        "a//b",
        "c:\\a",
        "a\\b",
        ".",
    ] {
        assert!(
            matches!(writer.begin(name), Err(Error::OutOfRange(_))),
            "{name}"
        );
    }
    writer.begin("tls/ca.pem").unwrap();
}

#[test]
fn a_cost_that_would_hold_up_the_reader_is_refused() {
    let way = Way::Passphrase("right and long".into());
    let (_, mut sealed) = sealed_with(&way, &[]);
    sealed[38..42].copy_from_slice(&(1024 * 1024_u32).to_be_bytes());
    assert!(matches!(opened(&way, &sealed), Err(Error::OutOfRange(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_written_comes_back(
        files in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 0..5),
        step in 1_usize..100,
    ) {
        let mut writer =
            ArchiveWriter::with_chunks(&key(), Cost::LEAST, CHUNK, Vec::new()).unwrap();
        for (idx, content) in files.iter().enumerate() {
            writer.begin(&format!("f{idx}")).unwrap();
            for piece in content.chunks(step) {
                writer.write_all(piece).unwrap();
            }
        }
        let (_, sealed) = writer.finish("test", 1, &[]).unwrap();
        prop_assert_eq!(opened(&key(), &sealed).unwrap(), files);
    }

    #[test]
    fn no_other_sequence_of_records_is_taken(
        order in prop::collection::vec(0_usize..7, 0..9),
    ) {
        let (_, sealed) = sealed_with(&key(), &[("a", long())]);
        let at = bounds(&sealed);
        let mut bytes = sealed[..HEADER_BYTES].to_vec();
        for n in &order {
            bytes.extend_from_slice(&sealed[at[*n]..at[*n + 1]]);
        }
        prop_assert_eq!(opened(&key(), &bytes).is_ok(), order == [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(opened(&key(), &bytes).is_err());
        let mut headed = sealed_with(&key(), &[]).1[..HEADER_BYTES].to_vec();
        headed.extend_from_slice(&bytes);
        prop_assert!(opened(&key(), &headed).is_err());
    }
}

/// The corpus was written by another program, from the format's description alone.
#[test]
fn the_corpus_is_read_or_refused_by_name() {
    macro_rules! corpus {
        ($name:literal) => {
            include_bytes!(concat!("../../../../tests/corpus/archive/", $name)).as_slice()
        };
    }
    let files = opened(&key(), corpus!("good.ltar")).unwrap();
    let first = String::from_utf8(files[0].clone()).unwrap();
    assert!(first.starts_with("聆台的备份") && files[1].starts_with(b"-----BEGIN"));
    for (sealed, expected) in [
        (corpus!("cut.ltar"), Fault::Cut(3)),
        (corpus!("flipped.ltar"), Fault::Altered(0)),
        (corpus!("repeated.ltar"), Fault::Repeated(1)),
        (corpus!("elsewhere.ltar"), Fault::Manifest),
        (
            corpus!("swapped.ltar"),
            Fault::OutOfPlace {
                expected: 1,
                found: 2,
            },
        ),
    ] {
        assert_eq!(fault(sealed), expected);
    }
}
