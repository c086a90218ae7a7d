use super::*;

const NOW: Millis = 1_795_600_000_000;

fn fresh() -> (tempfile::TempDir, DataDir) {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::new(folder.path().join("shop"));
    (folder, data)
}

#[test]
fn the_key_reads_back_and_is_never_overwritten() {
    let (_folder, data) = fresh();
    assert!(matches!(data.root_key(), Err(ServeError::NoData(_))));
    data.create(&["desk.example.com".to_owned()], NOW).unwrap();
    let key = data.root_key().unwrap();
    assert!(matches!(
        data.create(&["desk.example.com".to_owned()], NOW),
        Err(ServeError::DataExists(_))
    ));
    assert!(data.root_key().unwrap().same_as(&key));
}

#[test]
fn a_database_without_its_key_is_not_given_another_one() {
    let (_folder, data) = fresh();
    data.create(&["desk.example.com".to_owned()], NOW).unwrap();
    let authority = fs::read(data.ca_pem()).unwrap();
    fs::write(data.database(), b"sealed").unwrap();
    fs::remove_file(data.key_file()).unwrap();
    assert!(matches!(data.root_key(), Err(ServeError::KeyMissing(_))));
    assert!(matches!(
        data.create(&["desk.example.com".to_owned()], NOW),
        Err(ServeError::KeyMissing(_))
    ));
    // Desktops go on trusting the authority that they know.
    assert_eq!(fs::read(data.ca_pem()).unwrap(), authority);
}

#[test]
fn a_wrong_key_file_is_named() {
    let (_folder, data) = fresh();
    data.create(&["desk.example.com".to_owned()], NOW).unwrap();
    let texts: [&[u8]; 5] = [
        b"",
        b"hello",
        b"lingtai-server-key-1 12",
        b"lingtai-server-key-9 00",
        b"\xFF\xFE\x00",
    ];
    for text in texts {
        write_private(&data.key_file(), text).unwrap();
        assert!(
            matches!(data.root_key(), Err(ServeError::KeyFile { .. })),
            "{text:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, data) = fresh();
    data.create(&["desk.example.com".to_owned()], NOW).unwrap();
    let mode = fs::metadata(data.key_file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(data.key_file(), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(data.root_key(), Err(ServeError::KeyFile { .. })));
}

#[test]
fn a_name_that_cannot_be_certified_leaves_nothing_initialised() {
    let (_folder, data) = fresh();
    let tried = data.create(&["坏 name".to_owned()], NOW);
    assert!(matches!(tried, Err(ServeError::Certificate { .. })));
    data.create(&["good.example.com".to_owned()], NOW).unwrap();
    assert_eq!(data.issued().unwrap().names, ["good.example.com"]);
}

#[test]
fn a_renewal_keeps_the_authority() {
    let (_folder, data) = fresh();
    data.create(&["desk.example.com".to_owned()], NOW).unwrap();
    let ca = fs::read(data.ca_pem()).unwrap();
    let before = data.issued().unwrap();
    let after = pki::renew(&data, None, NOW + 300 * 86_400_000).unwrap();
    assert_eq!(fs::read(data.ca_pem()).unwrap(), ca);
    assert_eq!(after.names, before.names);
    assert_eq!(after.not_after - before.not_after, 300 * 86_400_000);
    assert!(pki::server_config(&data).is_ok());
}
