use std::io::Write;

use proptest::prelude::*;

use super::*;

fn seal_in(chunk_bytes: usize, master: &Key32, context: &str, plain: &[u8]) -> Vec<u8> {
    let mut writer = ChunkWriter::new(master, context, chunk_bytes, Vec::new()).unwrap();
    writer.write_all(plain).unwrap();
    writer.finish().unwrap();
    writer.into_inner()
}

/// A file of four chunks: 16, 16, 16 and 5 bytes.
fn sample() -> (Key32, Vec<u8>, Vec<u8>) {
    let master = Key32::random().unwrap();
    let plain: Vec<u8> = (0..53).collect();
    let sealed = seal_in(16, &master, "a.term", &plain);
    (master, plain, sealed)
}

#[test]
fn sizes_around_the_chunk_border() {
    let master = Key32::random().unwrap();
    for n_bytes in [0, 1, 15, 16, 17, 31, 32, 33, 160] {
        let plain = vec![0x5A; n_bytes];
        let sealed = seal_in(16, &master, "f", &plain);
        let n_chunks = n_bytes.div_ceil(16).max(1);
        assert_eq!(
            sealed.len(),
            HEADER_BYTES + n_bytes + n_chunks * 16,
            "{n_bytes}"
        );
        assert_eq!(
            open_chunks(&master, "f", &sealed).unwrap(),
            plain,
            "{n_bytes}"
        );
    }
    let large = vec![0xA5; 3 * CHUNK_BYTES + 7];
    let sealed = seal_chunks(&master, "f", &large).unwrap();
    assert_eq!(&sealed[..4], b"LTC1");
    assert_eq!(open_chunks(&master, "f", &sealed).unwrap(), large);
}

#[test]
fn every_single_byte_counts() {
    let (master, plain, sealed) = sample();
    assert_eq!(open_chunks(&master, "a.term", &sealed).unwrap(), plain);
    // In a file of one chunk the chunk size decides nothing, and is still not free to change.
    let single = seal_in(CHUNK_BYTES, &master, "a.term", &plain);
    for sealed in [sealed, single] {
        for position in 0..sealed.len() {
            for flip in [0x01, 0x10, 0x80] {
                let mut altered = sealed.clone();
                altered[position] ^= flip;
                assert!(
                    open_chunks(&master, "a.term", &altered).is_err(),
                    "byte {position}"
                );
            }
        }
    }
}

#[test]
fn every_truncation_and_extension_is_seen() {
    let (master, _, sealed) = sample();
    for n_bytes in 0..sealed.len() {
        assert!(
            open_chunks(&master, "a.term", &sealed[..n_bytes]).is_err(),
            "cut at {n_bytes}"
        );
    }
    for extra in [1, 16, 32] {
        let mut longer = sealed.clone();
        longer.extend(vec![0; extra]);
        assert!(
            open_chunks(&master, "a.term", &longer).is_err(),
            "{extra} more"
        );
    }
}

#[test]
fn chunks_cannot_be_moved() {
    let (master, _, sealed) = sample();
    let (header, body) = sealed.split_at(HEADER_BYTES);
    let chunks: Vec<&[u8]> = body.chunks(32).collect();
    let orders: [&[usize]; 6] = [
        &[1, 0, 2, 3],
        &[0, 2, 1, 3],
        &[0, 1, 3],
        &[0, 0, 1, 2, 3],
        &[3],
        &[0, 1, 2, 3, 3],
    ];
    for order in orders {
        let mut altered = header.to_vec();
        order
            .iter()
            .for_each(|chunk_idx| altered.extend_from_slice(chunks[*chunk_idx]));
        assert!(
            open_chunks(&master, "a.term", &altered).is_err(),
            "{order:?}"
        );
    }
}

#[test]
fn files_cannot_be_swapped() {
    let (master, plain, sealed) = sample();
    assert!(matches!(
        open_chunks(&master, "b.term", &sealed),
        Err(Error::Rejected)
    ));
    let other = Key32::random().unwrap();
    assert!(matches!(
        open_chunks(&other, "a.term", &sealed),
        Err(Error::Rejected)
    ));
    // Same key, same context, another file's chunks under this file's header.
    let twin = seal_in(16, &master, "a.term", &plain);
    let mixed = [&sealed[..HEADER_BYTES], &twin[HEADER_BYTES..]].concat();
    assert!(matches!(
        open_chunks(&master, "a.term", &mixed),
        Err(Error::Rejected)
    ));
}

#[test]
fn an_unfinished_file_is_refused() {
    let master = Key32::random().unwrap();
    let mut output = Vec::new();
    let mut writer = ChunkWriter::new(&master, "f", 16, &mut output).unwrap();
    writer.write_all(&[1; 64]).unwrap();
    drop(writer);
    assert_eq!(output.len(), HEADER_BYTES + 3 * 32);
    assert!(matches!(
        open_chunks(&master, "f", &output),
        Err(Error::Rejected)
    ));
}

#[test]
fn finishing_is_final() {
    let mut writer = ChunkWriter::new(&Key32::new([1; 32]), "f", 16, Vec::new()).unwrap();
    writer.write_all(b"abc").unwrap();
    writer.finish().unwrap();
    let n_bytes = writer.get_mut().len();
    writer.finish().unwrap();
    assert_eq!(writer.get_mut().len(), n_bytes);
    assert!(writer.write(b"d").is_err());
}

#[test]
fn chunk_sizes_are_bounded() {
    let master = Key32::new([1; 32]);
    for bad in [0, MAX_CHUNK_BYTES + 1] {
        let refused = ChunkWriter::new(&master, "f", bad, Vec::new()).err();
        assert!(matches!(refused, Some(Error::OutOfRange(_))), "{bad}");
    }
    let mut greedy = b"LTC1".to_vec();
    greedy.extend([0; 16]);
    greedy.extend(u32::MAX.to_be_bytes());
    greedy.extend([0; 64]);
    assert!(matches!(
        open_chunks(&master, "f", &greedy),
        Err(Error::OutOfRange(_))
    ));
}

proptest! {
    #[test]
    fn round_trips_in_any_pieces(
        plain in proptest::collection::vec(any::<u8>(), 0..500),
        chunk_bytes in 1_usize..70,
        piece_bytes in 1_usize..90,
    ) {
        let master = Key32::new([3; 32]);
        let mut writer = ChunkWriter::new(&master, "p", chunk_bytes, Vec::new()).unwrap();
        for piece in plain.chunks(piece_bytes) {
            writer.write_all(piece).unwrap();
        }
        writer.finish().unwrap();
        prop_assert_eq!(open_chunks(&master, "p", &writer.into_inner()).unwrap(), plain);
    }

    #[test]
    fn arbitrary_bytes_are_refused(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        with_magic in any::<bool>(),
    ) {
        let bytes = if with_magic { [&MAGIC[..], &body].concat() } else { body };
        prop_assert!(open_chunks(&Key32::new([3; 32]), "p", &bytes).is_err());
    }
}
