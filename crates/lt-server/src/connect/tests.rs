use lt_connect::secret;
use lt_model::slot::SlotKind;
use lt_seal::Secret;

use super::*;

fn file(json: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("connectors.json");
    fs::write(&path, json).unwrap();
    (dir, path)
}

fn json(sealed: &str) -> String {
    format!(
        r#"{{"connectors": [{{"name": "物流",
            "requests": [{{"url": "http://127.0.0.1:1/orders/{{order}}"}}],
            "headers": {{"authorization": {{"sealed": "{sealed}"}}}},
            "variables": {{"状态": {{"pointer": "/s"}}}}}}]}}"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_opened_with_this_servers_key() {
    let root = Key32::new([5; 32]);
    let sealed = secret::seal(&sealing_key(&root), &Secret::new("Bearer x".to_owned())).unwrap();
    let (_dir, path) = file(&json(&sealed));
    let connectors = open(&path, &root).unwrap();
    let looked_up = tokio::task::spawn_blocking(move || {
        let limit = Duration::from_millis(500);
        let known = Slots {
            order: Some("LX1".to_owned()),
            ..Slots::default()
        };
        (
            connectors.look_up("物流", &Slots::default(), limit),
            connectors.look_up("物流", &known, limit),
            connectors.look_up("天气", &known, limit),
        )
    })
    .await
    .unwrap();
    let expected = (
        LookUp::Missing(SlotKind::Order),
        LookUp::Unavailable,
        LookUp::Unavailable,
    );
    assert_eq!(looked_up, expected);
    let other = open(&path, &Key32::new([6; 32])).unwrap_err();
    assert!(matches!(other, ServeError::Connectors { .. }), "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_file_is_said_with_its_name() {
    let root = Key32::new([5; 32]);
    let (_dir, path) = file("{");
    let error = open(&path, &root).unwrap_err().to_string();
    assert!(error.contains("connectors.json"), "{error}");
    let missing = open(Path::new("/no/such/file.json"), &root).unwrap_err();
    assert!(matches!(missing, ServeError::File { .. }), "{missing}");
}
