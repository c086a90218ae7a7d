//! Files that suffer: the desk and the server recover or say what is wrong, and nothing that was
//! accepted is lost unheard.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use lt_model::agent::Role;
use lt_protocol::{code::Code, event::NoticeCode, widget::WidgetAuthor};
use scenarios::{
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    folder::{copy, copy_of_one_moment},
    shop::Shop,
};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];
/// What was written while there was no server.
const UNSENT: [&str; 2] = ["离线回复一", "离线回复二"];

/// Changes a byte that lies this part of the way into a file.
fn flip(path: &Path, part: f64) {
    let len = fs::metadata(path).unwrap().len();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a small file"
    )]
    let at = (len as f64 * part) as usize;
    flip_at(path, at);
}

fn flip_at(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x40;
    fs::write(path, bytes).unwrap();
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// A desk that was closed with two unsent replies and a draft, its folder and the server's kept.
struct Story {
    shop: Shop,
    customer: Customer,
    conversation: Value,
    desk: PathBuf,
    /// As a killed program leaves it.
    kept_killed: PathBuf,
    /// As a program leaves it that was closed.
    kept_closed: PathBuf,
    kept_server: PathBuf,
}

impl Story {
    async fn begin() -> Self {
        let mut shop = Shop::open().await.unwrap();
        shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
            .await
            .unwrap();
        let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
        let customer = Customer::visit(&shop, "李梅").await.unwrap();
        customer.says("我要转人工").await.unwrap();
        let row = desk.only("queue").await.unwrap();
        let id = json!({"conversation_id": row["id"]});
        desk.ask("conversation.claim", id).await.unwrap();
        desk.only("mine").await.unwrap();
        shop.stop().await;
        let offline = |view: &Value| view["state"] == "offline";
        desk.wait_for("offline", "connection.get", json!({}), offline)
            .await
            .unwrap();
        for text in UNSENT {
            desk.reply(&row["id"], text).await.unwrap();
        }
        let draft = json!({"conversation_id": row["id"], "text": "草稿半句"});
        desk.ask("draft.save", draft).await.unwrap();
        // What a killed program leaves is what is on the disk while it still runs.
        let kept_killed = shop.desk_folder("kept-killed");
        copy_of_one_moment(&desk.folder, &kept_killed).unwrap();
        let kept_server = shop.desk_folder("kept-server");
        copy(&shop.data(), &kept_server).unwrap();
        let desk = desk.close().await;
        let kept_closed = shop.desk_folder("kept-closed");
        copy(&desk, &kept_closed).unwrap();
        Self {
            shop,
            customer,
            conversation: row["id"].clone(),
            desk,
            kept_killed,
            kept_closed,
            kept_server,
        }
    }

    /// Both folders as they were, the server stopped.
    async fn again(&mut self, ended: Ended) {
        self.shop.stop().await;
        copy(&self.kept_server, &self.shop.data()).unwrap();
        let kept = match ended {
            Ended::Killed => &self.kept_killed,
            Ended::Closed => &self.kept_closed,
        };
        copy(kept, &self.desk).unwrap();
    }

    async fn replies(&self) -> Vec<String> {
        let page = self.customer.sees().await.unwrap();
        page.into_iter()
            .filter(|message| message.author == WidgetAuthor::Agent)
            .map(|message| message.text)
            .collect()
    }
}

/// How the program ended before.
#[derive(Clone, Copy)]
enum Ended {
    Killed,
    Closed,
}

/// What happens to the desk's folder, and what is to come of it.
struct Case {
    name: &'static str,
    ended: Ended,
    damage: fn(&Path),
    /// What the agent is told of the store.
    told: Option<NoticeCode>,
    /// Whether the unsent replies and the draft are still there.
    keeps_unsent: bool,
}

const CASES: &[Case] = &[
    Case {
        name: "control",
        ended: Ended::Killed,
        damage: |_| {},
        told: None,
        keeps_unsent: true,
    },
    Case {
        name: "a byte in a page of the log that was written again later",
        ended: Ended::Killed,
        damage: |desk| flip_at(&desk.join("store.db-wal"), 2_056),
        told: None,
        keeps_unsent: true,
    },
    Case {
        name: "a page that the log has too",
        ended: Ended::Killed,
        damage: |desk| flip(&desk.join("store.db"), 0.02),
        told: None,
        keeps_unsent: true,
    },
    Case {
        name: "the head of the store",
        ended: Ended::Closed,
        damage: |desk| flip(&desk.join("store.db"), 0.0),
        told: Some(NoticeCode::StoreReplacedUnsentLost),
        keeps_unsent: false,
    },
    Case {
        name: "the end of the store, where what came last from the server is",
        ended: Ended::Closed,
        damage: |desk| flip(&desk.join("store.db"), 0.997),
        told: Some(NoticeCode::StoreReplaced),
        keeps_unsent: true,
    },
    Case {
        name: "half of the store is cut off",
        ended: Ended::Closed,
        damage: |desk| {
            let bytes = fs::read(desk.join("store.db")).unwrap();
            fs::write(desk.join("store.db"), &bytes[..bytes.len() / 2]).unwrap();
        },
        told: Some(NoticeCode::StoreReplacedUnsentLost),
        keeps_unsent: false,
    },
    Case {
        name: "the log is gone",
        ended: Ended::Killed,
        damage: |desk| fs::remove_file(desk.join("store.db-wal")).unwrap(),
        told: Some(NoticeCode::StoreReplacedUnsentLost),
        keeps_unsent: false,
    },
    Case {
        name: "the store is emptied",
        ended: Ended::Killed,
        damage: |desk| {
            fs::write(desk.join("store.db"), b"").unwrap();
            fs::remove_file(desk.join("store.db-wal")).unwrap();
        },
        told: Some(NoticeCode::StoreReplacedUnsentLost),
        keeps_unsent: false,
    },
    Case {
        name: "the store is gone",
        ended: Ended::Killed,
        damage: |desk| {
            for name in ["store.db", "store.db-wal", "store.db-shm"] {
                fs::remove_file(desk.join(name)).unwrap();
            }
        },
        told: Some(NoticeCode::StoreReplacedUnsentLost),
        keeps_unsent: false,
    },
    Case {
        name: "the key file is damaged",
        ended: Ended::Killed,
        damage: |desk| flip(&desk.join("keys.json"), 0.7),
        told: None,
        keeps_unsent: true,
    },
    Case {
        name: "the key file is gone",
        ended: Ended::Killed,
        damage: |desk| fs::remove_file(desk.join("keys.json")).unwrap(),
        told: None,
        keeps_unsent: true,
    },
    Case {
        name: "the key file and its copy are gone",
        ended: Ended::Killed,
        damage: |desk| {
            fs::remove_file(desk.join("keys.json")).unwrap();
            fs::remove_file(desk.join("keys.copy.json")).unwrap();
        },
        told: Some(NoticeCode::StoreReplacedUnsentLost),
        keeps_unsent: false,
    },
    Case {
        name: "the note of whose store it is is garbled",
        ended: Ended::Killed,
        damage: |desk| fs::write(desk.join("store.key-id"), [0xFF; 30]).unwrap(),
        told: None,
        keeps_unsent: true,
    },
    Case {
        name: "a byte in every file of the indexes",
        ended: Ended::Killed,
        damage: |desk| {
            for file in files_below(&desk.join("index")) {
                if fs::metadata(&file).unwrap().len() > 20 {
                    flip(&file, 0.5);
                }
            }
        },
        told: Some(NoticeCode::IndexRebuilt),
        keeps_unsent: true,
    },
    Case {
        name: "every file of the indexes is cut",
        ended: Ended::Killed,
        damage: |desk| {
            for file in files_below(&desk.join("index")) {
                let bytes = fs::read(&file).unwrap();
                fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
            }
        },
        told: Some(NoticeCode::IndexRebuilt),
        keeps_unsent: true,
    },
    Case {
        name: "the indexes are gone",
        ended: Ended::Killed,
        damage: |desk| fs::remove_dir_all(desk.join("index")).unwrap(),
        told: None,
        keeps_unsent: true,
    },
    Case {
        name: "a file is in the place of the indexes",
        ended: Ended::Killed,
        damage: |desk| {
            fs::remove_dir_all(desk.join("index")).unwrap();
            fs::write(desk.join("index"), b"x").unwrap();
        },
        told: None,
        keeps_unsent: true,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_whose_files_suffer_recovers_and_says_what_is_lost() {
    let mut story = Story::begin().await;
    for case in CASES {
        story.again(case.ended).await;
        (case.damage)(&story.desk);
        story.shop.start().await.unwrap();
        recovers(&story, case).await;
    }
}

async fn recovers(story: &Story, case: &Case) {
    let name = case.name;
    let mut desk = Desk::start(story.desk.clone());
    let session = desk.ask("session.get", json!({})).await.unwrap();
    let session = match session["phase"].as_str() {
        Some("locked") => desk.unlock().await.unwrap(),
        _ => session,
    };
    if session["phase"] != "ready" {
        let session = desk.log_in(&story.shop, "xiaotong").await.unwrap();
        assert_eq!(session["phase"], "ready", "{name}");
    }
    desk.wait_for(name, "connection.get", json!({}), |view| {
        view["state"] == "online" && view["pending"] == 0
    })
    .await
    .unwrap();
    // Everything comes back from the server, and both indexes find it.
    let id = json!({"conversation_id": story.conversation});
    let view = desk
        .wait_for(name, "conversation.get", id, |view| {
            view["messages"].to_string().contains("我要转人工")
        })
        .await
        .unwrap();
    let draft = if case.keeps_unsent {
        "草稿半句"
    } else {
        ""
    };
    assert_eq!(view["draft"], draft, "{name}");
    desk.wait_for(
        name,
        "search.run",
        json!({"query": "转人工", "limit": 5}),
        |hits| hits.to_string().contains(r#""kind":"message""#),
    )
    .await
    .unwrap();
    desk.wait_for(
        name,
        "faq.search",
        json!({"query": "退款", "limit": 3}),
        |hits| {
            hits["items"]
                .as_array()
                .is_some_and(|items| !items.is_empty())
        },
    )
    .await
    .unwrap();
    let expected: &[&str] = if case.keeps_unsent { &UNSENT } else { &[] };
    assert_eq!(story.replies().await, expected, "{name}");
    let told: Vec<NoticeCode> = desk
        .notices()
        .into_iter()
        .filter(|notice| *notice != NoticeCode::PendingDelivered)
        .collect();
    assert_eq!(told, Vec::from_iter(case.told), "{name}");

    // It is told once: the next start is like any other.
    desk.close().await;
    let desk = Desk::start(story.desk.clone());
    let session = desk.unlock().await.unwrap();
    assert_eq!(session["phase"], "ready", "{name}");
    assert_eq!(desk.notices(), [], "{name}");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_never_share_a_desk() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let second = Desk::start(desk.folder.clone());
    let refused = second.unlock().await.unwrap_err();
    assert_eq!(refused.code, Code::InUse);
    let connection = desk.ask("connection.get", json!({})).await.unwrap();
    assert_eq!(connection["state"], "online");
    desk.close().await;
    second.unlock().await.unwrap();
    let wrong = json!({"passphrase": format!("{PASSPHRASE}!")});
    assert!(
        second.ask("session.unlock", wrong).await.is_ok(),
        "it is open already"
    );
}

/// Name, what happens to the server's folder, and what the server says to it; nothing when it serves.
type ServerCase = (&'static str, fn(&Path), Option<&'static str>);

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_files_suffer_says_so_and_makes_nothing_anew() {
    let mut shop = Shop::open().await.unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    customer.says("退款几天能收到").await.unwrap();
    // The first look delivers the answer, the second one sees that.
    customer.sees().await.unwrap();
    let page = customer.sees().await.unwrap();
    // What a killed server leaves.
    let kept = shop.desk_folder("kept-server");
    copy_of_one_moment(&shop.data(), &kept).unwrap();
    let cases: &[ServerCase] = &[
        ("control", |_| {}, None),
        (
            "a byte in the log",
            |data| flip_at(&data.join("lingtai.db-wal"), 2_056),
            None,
        ),
        (
            "the lock file",
            |data| fs::write(data.join("lingtai.db.lock"), [0xFF; 99]).unwrap(),
            None,
        ),
        (
            "the log is gone",
            |data| fs::remove_file(data.join("lingtai.db-wal")).unwrap(),
            Some("missing or empty"),
        ),
        (
            "the database is gone",
            |data| fs::remove_file(data.join("lingtai.db")).unwrap(),
            Some("missing or empty"),
        ),
        (
            "the database is emptied",
            |data| fs::write(data.join("lingtai.db"), b"").unwrap(),
            Some("missing or empty"),
        ),
        (
            "the key is gone",
            |data| fs::remove_file(data.join("server.key")).unwrap(),
            Some("put back the key file"),
        ),
        (
            "the key is cut",
            |data| fs::write(data.join("server.key"), b"lingtai-server-key-1 12").unwrap(),
            Some("64 hexadecimal digits"),
        ),
        (
            "the key is no text",
            |data| fs::write(data.join("server.key"), [0xFF; 86]).unwrap(),
            Some("it is no text"),
        ),
        (
            "a certificate is gone",
            |data| fs::remove_file(data.join("tls/server.pem")).unwrap(),
            Some("certificates"),
        ),
    ];
    for (name, damage, said) in cases {
        shop.stop().await;
        copy(&kept, &shop.data()).unwrap();
        damage(&shop.data());
        match (shop.start().await, said) {
            (Ok(_), None) => assert_eq!(customer.sees().await.unwrap(), page, "{name}"),
            (Err(error), Some(said)) => {
                let error = format!("{error:#}");
                assert!(error.contains(said), "{name}: {error}");
            }
            (result, _) => panic!("{name}: {:?}", result.map(|_| "it starts")),
        }
    }

    // Every page is looked at before anything is served.
    copy(&kept, &shop.data()).unwrap();
    shop.start().await.unwrap();
    shop.stop().await;
    let folded = shop.desk_folder("folded-server");
    copy(&shop.data(), &folded).unwrap();
    for part in [0.0, 0.1, 0.3, 0.5, 0.7, 0.9] {
        copy(&folded, &shop.data()).unwrap();
        flip(&shop.data().join("lingtai.db"), part);
        let error = format!("{:#}", shop.start().await.unwrap_err());
        assert!(error.contains("is damaged"), "{part}: {error}");
    }
    copy(&folded, &shop.data()).unwrap();
    shop.start().await.unwrap();
    assert_eq!(
        customer.sees().await.unwrap(),
        page,
        "with the copy put back"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_follows_a_server_that_was_put_back_from_a_backup() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    customer.says("我要转人工").await.unwrap();
    shop.stop().await;
    let backup = shop.desk_folder("backup");
    copy(&shop.data(), &backup).unwrap();
    shop.start().await.unwrap();

    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    customer.says("备份之后的第一句").await.unwrap();
    customer.says("备份之后的第二句").await.unwrap();
    let id = json!({"conversation_id": row["id"]});
    let shows =
        |text: &'static str| move |view: &Value| view["messages"].to_string().contains(text);
    desk.wait_for("seen", "conversation.get", id.clone(), shows("第二句"))
        .await
        .unwrap();

    // The session began after the backup, so the agent signs in again.
    shop.stop().await;
    copy(&backup, &shop.data()).unwrap();
    shop.start().await.unwrap();
    customer.says("恢复之后").await.unwrap();
    let ended = |view: &Value| view["state"] == "signed_out";
    desk.wait_for("the end of the session", "connection.get", json!({}), ended)
        .await
        .unwrap();
    desk.log_in(&shop, "xiaotong").await.unwrap();
    let view = desk
        .wait_for(
            "what came after it",
            "conversation.get",
            id,
            shows("恢复之后"),
        )
        .await
        .unwrap();
    assert!(
        !view["messages"].to_string().contains("备份之后"),
        "as the server has it: {view}"
    );
    desk.reply(&row["id"], "您好，我在").await.unwrap();
    desk.wait_for("sent", "connection.get", json!({}), |view| {
        view["pending"] == 0
    })
    .await
    .unwrap();
    let page = customer.sees().await.unwrap();
    assert_eq!(
        page.last().map(|message| message.text.as_str()),
        Some("您好，我在")
    );
}
