//! The page's files: what a browser is told, and what they hold.

use std::{collections::BTreeMap, fs, path::PathBuf};

use crate::world::World;

fn file(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "widget", name]
        .iter()
        .collect();
    fs::read_to_string(path).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_strict_and_complete() {
    let world = World::open().await;
    let path = format!("/chat/{}", world.inbox);
    let page = world.call("GET", &path, Vec::new(), b"").await;
    let headers: BTreeMap<_, _> = page.headers.into_iter().collect();
    let policy = &headers["content-security-policy"];
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(headers["x-content-type-options"], "nosniff");

    let html = String::from_utf8(page.body).unwrap();
    let mut n_parts = 0;
    for part in html
        .split('"')
        .filter(|part| part.starts_with("/widget/app/"))
    {
        n_parts += 1;
        let answer = world.call("GET", part, Vec::new(), b"").await;
        assert_eq!(answer.status, 200, "{part}");
        let tag = answer
            .headers
            .iter()
            .find(|(name, _)| name == "etag")
            .map(|(_, tag)| tag.clone())
            .unwrap();
        let again = world
            .call("GET", part, vec![("if-none-match", tag)], b"")
            .await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{part}");
    }
    assert_eq!(n_parts, 4);

    let embed = world.call("GET", "/widget.js", Vec::new(), b"").await;
    let headers: BTreeMap<_, _> = embed.headers.into_iter().collect();
    assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
}

#[test]
fn nothing_in_the_page_is_inline_and_no_text_becomes_markup() {
    let html = file("chat.html");
    for inline in ["<style", " style=", " onclick=", " onload=", "javascript:"] {
        assert!(!html.contains(inline), "{inline}");
    }
    assert_eq!(
        html.matches("<script").count(),
        html.matches("<script type=\"module\" src=").count()
    );
    for name in [
        "chat.js",
        "view.js",
        "file.js",
        "link.js",
        "keep.js",
        "survey.js",
        "words.js",
        "widget.js",
    ] {
        let code = file(name);
        for markup in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ] {
            assert!(!code.contains(markup), "{markup} in {name}");
        }
    }
}

#[test]
fn both_languages_say_everything() {
    let code = file("words.js");
    let mut keys: Vec<Vec<String>> = Vec::new();
    for line in code.lines() {
        if line == "  \"zh-CN\": {" || line == "  en: {" {
            keys.push(Vec::new());
        } else if line.starts_with("};") {
            break;
        } else if let Some(last) = keys.last_mut()
            && let Some((key, _)) = line
                .strip_prefix("    ")
                .and_then(|line| line.split_once(':'))
        {
            last.push(key.to_owned());
        }
    }
    assert_eq!(keys.len(), 2);
    assert!(keys[0].len() > 30);
    assert_eq!(keys[0], keys[1]);
    let used = ["chat.js", "view.js", "file.js", "survey.js"]
        .map(file)
        .concat();
    for key in &keys[0] {
        let stem = key.rsplit_once('_').map_or(key.as_str(), |(stem, _)| stem);
        let known = used.contains(&format!("\"{key}\"")) || used.contains(&format!("{stem}_$"));
        assert!(
            known || code.contains(&format!("t(\"{key}\"")),
            "{key} is said nowhere"
        );
    }
}
