use lt_model::{
    agent::{Agent, Presence, Role},
    id::AgentId,
};
use lt_protocol::sync::Action;

use crate::{Account, Device, Store, StoreError};

fn store(folder: &std::path::Path) -> Store {
    let root = lt_seal::Key32::random().unwrap();
    let (store, _) = Store::open(folder, &root, 1).unwrap();
    let account = Account {
        server: String::new(),
        organisation: String::new(),
        agent: Agent {
            id: AgentId(uuid::Uuid::nil()),
            username: "agent".to_owned(),
            display_name: String::new(),
            role: Role::Agent,
            groups: Vec::new(),
            presence: Presence::Offline,
            capacity: 1,
            capacities: Vec::new(),
            skills: Vec::new(),
        },
        device: Device::generate(1).unwrap(),
        session: None,
    };
    store.set_account(&account, 1).unwrap();
    store
}

#[test]
fn a_full_disk_is_told_and_keeps_nothing_by_halves() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let presence = |n: i64| {
        let presence = if n % 2 == 0 {
            Presence::Busy
        } else {
            Presence::Away
        };
        store.enqueue(Action::SetPresence { presence }, n)
    };
    presence(1).unwrap();
    // The database may not grow: what SQLite answers then is what it answers on a full disk.
    let limit = |pages: i64| {
        let writer = store.writer.lock().unwrap();
        writer
            .pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0))
            .unwrap();
    };
    limit(1);
    let mut n_kept = 1;
    let refused = (2..10_000).find_map(|n| match presence(n) {
        Ok(_) => {
            n_kept += 1;
            None
        }
        Err(error) => Some(error),
    });
    assert!(matches!(refused, Some(StoreError::Full)), "{refused:?}");
    assert_eq!(store.queue(0, 20_000).unwrap().len(), n_kept);
    assert_eq!(store.verify_audit().unwrap().unwrap().n, n_kept as u64 + 1);
    store.check().unwrap();
    limit(1_000_000);
    presence(10_000).unwrap();
    let numbers: Vec<_> = store
        .queue(0, 20_000)
        .unwrap()
        .iter()
        .map(|op| op.n)
        .collect();
    assert_eq!(numbers, (1..=n_kept as u64 + 1).collect::<Vec<_>>());
}

#[test]
fn audit_records_cannot_be_changed_or_removed() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let writer = store.writer.lock().unwrap();
    for sql in ["UPDATE audit SET entry = ''", "DELETE FROM audit"] {
        let refused = writer.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("audit records are not"), "{refused}");
    }
}

#[test]
fn a_changed_audit_record_breaks_the_chain_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    for n in 0..4 {
        store.sign_out(n).unwrap();
    }
    assert_eq!(store.verify_audit().unwrap().unwrap().n, 5);
    store
        .writer
        .lock()
        .unwrap()
        .execute_batch(
            "DROP TRIGGER audit_is_not_changed;
             UPDATE audit SET entry = replace(entry, 'logout', 'login') WHERE n = 3;",
        )
        .unwrap();
    assert_eq!(store.verify_audit().unwrap().unwrap_err().n, 3);
}
