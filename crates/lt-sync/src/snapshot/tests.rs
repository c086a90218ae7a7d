use lt_model::change::EntityKind;
use lt_protocol::sync::RowChange;

use super::*;

fn row(seq: u64, id: &str) -> Row {
    Row {
        stream: 3,
        seq,
        rev: 1,
        change: RowChange::Del {
            entity: EntityKind::Faq,
            id: id.to_owned(),
        },
    }
}

fn packed(rows: &[Row]) -> Vec<u8> {
    let mut lines = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut lines, row).unwrap();
        lines.push(b'\n');
    }
    pack(&lines)
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(bytes, 1).unwrap()
}

#[test]
fn a_page_reads_back() {
    let rows = [row(1, "ec-001"), row(2, "ec-002")];
    assert_eq!(read_page(&packed(&rows)).unwrap(), rows);
    assert_eq!(read_page(&pack(b"")).unwrap(), []);
}

#[test]
fn a_page_that_unpacks_to_too_much_is_refused() {
    // A few kilobytes that would become many megabytes.
    let bomb = pack(&vec![b' '; 512 * 1024 * 1024]);
    assert!(bomb.len() < 64 * 1024);
    assert!(matches!(read_page(&bomb), Err(SyncError::BadAnswer)));
    // One large row may be larger than a page; two rows together may not.
    let large = "x".repeat(MAX_PAGE_BYTES);
    assert_eq!(read_page(&packed(&[row(1, &large)])).unwrap().len(), 1);
    let two = packed(&[row(1, &large), row(2, "ec-002")]);
    assert!(matches!(read_page(&two), Err(SyncError::BadAnswer)));
}

#[test]
fn junk_is_refused() {
    let whole = packed(&[row(1, "ec-001")]);
    for junk in [
        &b"{}"[..],
        &pack(b"{\"stream\":1}\n"),
        &pack(b"not json"),
        &whole[..whole.len() - 3],
    ] {
        assert!(matches!(read_page(junk), Err(SyncError::BadAnswer)));
    }
}
