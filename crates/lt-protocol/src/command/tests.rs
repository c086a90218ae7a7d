use super::*;

#[test]
fn commands_are_read_by_name_and_refuse_what_they_do_not_know() {
    let read = serde_json::from_str::<Command>;
    assert_eq!(
        read(r#"{"name":"app.info","args":{}}"#).unwrap().name(),
        "app.info"
    );
    for bad in [
        r#"{"name":"app.rm","args":{}}"#,
        r#"{"name":"app.info"}"#,
        r#"{"name":"app.info","args":{"x":1}}"#,
        r#"{"name":"draft.save","args":{"text":"x"}}"#,
        r#"{"name":"search.run","args":{"query":1,"limit":5}}"#,
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
}

#[test]
fn names_are_unique_and_follow_object_action() {
    let mut names = Command::NAMES.to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Command::NAMES.len());
    assert!(
        names.iter().all(|name| name.split('.').count() == 2),
        "{names:?}"
    );
}

#[test]
fn debug_never_prints_a_password() {
    let args = LoginArgs {
        server: "s".into(),
        username: "u".into(),
        password: "hunter2-hunter2".into(),
        passphrase: Some("correct horse".into()),
    };
    let unlock = UnlockByServerArgs {
        username: "u".into(),
        password: "hunter2-hunter2".into(),
        new_passphrase: Some("correct horse".into()),
    };
    for command in [
        Command::SessionLogin(args),
        Command::SessionUnlockByServer(unlock),
    ] {
        let shown = format!("{command:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("correct"),
            "{shown}"
        );
    }
}
