//! Nothing of the text is on disk. Each way of looking is first shown to find the text in an
//! index that is not sealed: the library compresses, so that a naive search could pass on clear
//! files as well.

use std::collections::HashMap;

use tantivy::Index;

use super::*;
use crate::message_index::schema;

/// Rare enough to be stored as it is, in the text as in the dictionary of terms.
const MARKER: &str = "zxqvwjkyhbgp";

fn marked_entries() -> Vec<Entry> {
    let filler = |n: i64| format!("第{n}条消息，退款单{}，快递{}", n * 7919, n * 104_729);
    let mut entries: Vec<Entry> = (0..3_000)
        .map(|n| entry(Kind::Message, &format!("f{n}"), "c1", n, &filler(n)))
        .collect();
    entries.push(entry(Kind::Message, "x1", "c1", 1, MARKER));
    entries
}

/// Bytes of the files in a folder, lock files (which are empty) excepted.
fn contents(path: &Path) -> HashMap<PathBuf, Vec<u8>> {
    fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|file| (file.clone(), fs::read(file).unwrap()))
        .filter(|(file, bytes)| {
            let is_lock = file.extension().is_some_and(|ending| ending == "lock");
            assert!(!is_lock || bytes.is_empty());
            !is_lock
        })
        .collect()
}

fn contains(files: &HashMap<PathBuf, Vec<u8>>, needle: &[u8]) -> bool {
    files
        .values()
        .any(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
}

/// Whether the library itself can read the folder as it is and finds the term in it.
fn decodes(path: &Path, term: &str) -> bool {
    let Ok(index) = Index::open_in_dir(path) else {
        return false;
    };
    let (_, fields) = schema::build();
    let searcher = index.reader().unwrap().searcher();
    searcher
        .doc_freq(&Term::from_field_text(fields.grams, term))
        .unwrap()
        > 0
}

fn bits_per_byte(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    bytes
        .iter()
        .for_each(|byte| counts[usize::from(*byte)] += 1);
    let share = |count: u32| f64::from(count) / bytes.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| -share(*count) * share(*count).log2())
        .sum()
}

#[test]
fn no_text_is_on_disk() {
    let Fixture {
        index,
        path,
        _folder,
    } = fixture();
    index.upsert(&marked_entries()).unwrap();
    index.commit(8).unwrap();
    assert_eq!(ids(&index, MARKER, &Filter::default()), ["x1"]);

    // The same entries in a folder in clear: what the checks below must be able to see.
    let clear = TempDir::new().unwrap();
    let (layout, _) = schema::build();
    let mut clear_index = Index::create_in_dir(clear.path(), layout).unwrap();
    clear_index.set_tokenizers(schema::tokenizers());
    let mut writer: IndexWriter = clear_index
        .writer_with_num_threads(1, WRITER_BYTES)
        .unwrap();
    for entry in marked_entries() {
        writer.add_document(index.document(&entry)).unwrap();
    }
    writer.commit().unwrap();
    let clear_files = contents(clear.path());
    assert!(
        contains(&clear_files, MARKER.as_bytes()),
        "control: the marker is seen in clear"
    );
    assert!(
        contains(&clear_files, b"conversation_id"),
        "control: the schema is seen in clear"
    );
    assert!(
        decodes(clear.path(), MARKER),
        "control: the clear index is read"
    );
    let lowest = clear_files
        .values()
        .filter(|bytes| bytes.len() > 20_000)
        .map(|bytes| bits_per_byte(bytes))
        .fold(f64::INFINITY, f64::min);
    assert!(
        lowest < 7.9,
        "control: clear files are not noise ({lowest})"
    );

    let sealed_files = contents(&path);
    assert!(sealed_files.len() >= 8);
    assert!(!contains(&sealed_files, MARKER.as_bytes()));
    assert!(!contains(&sealed_files, b"conversation_id"));
    assert!(!contains(&sealed_files, "退款".as_bytes()));
    assert!(!decodes(&path, MARKER));
    let mut n_large = 0;
    for (file, bytes) in &sealed_files {
        assert_eq!(bytes.first_chunk(), Some(b"LTC1"), "{}", file.display());
        if bytes.len() > 20_000 {
            n_large += 1;
            let bits = bits_per_byte(bytes);
            assert!(bits >= 7.98, "{}: {bits}", file.display());
        }
    }
    assert!(n_large > 0);
}

#[test]
fn equal_texts_give_unequal_files() {
    let [left, right] = [fixture(), fixture()].map(|fixture| {
        drop(fixture.index);
        contents(&fixture.path)
            .remove(&fixture.path.join("meta.json"))
            .unwrap()
    });
    assert_ne!(left[4..20], right[4..20], "each file has a salt of its own");
}
