//! No text of a customer and no secret stands readable in any file, of the server or of a desk.

use anyhow::{Result, ensure};
use lt_model::agent::Role;
use serde_json::{Value, json};

use super::{Dice, Proved, Scale, count};
use crate::{
    at_rest::{self, Report},
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::{PASSWORD, Shop},
};

/// What is searched for in the desk's own search, to know that its index has been written.
const INDEXED: &str = "雨伞";
/// Texts that one message of the customer carries: a page may not send many in a minute.
const TEXTS_A_MESSAGE: usize = 12;

/// The planted texts by the way that they take.
struct Planted {
    name: String,
    by_customer: Vec<String>,
    by_agent: Vec<String>,
    draft: String,
}

impl Planted {
    fn new(n_texts: u64, seed: u64) -> Self {
        let mut dice = Dice::new(seed, 1);
        let n_texts = n_texts.max(4);
        let n_by_agent = (n_texts / 4).max(1);
        let free = |dice: &mut Dice| {
            let colours = ["蓝色", "墨绿", "橙红", "月白"];
            let places = ["凉亭", "码头", "钟楼", "茶馆"];
            let pick = |dice: &mut Dice, from: [&'static str; 4]| {
                let at = usize::try_from(dice.below(4)).unwrap_or(0);
                from.get(at).copied().unwrap_or_default()
            };
            let (place, colour) = (pick(dice, places), pick(dice, colours));
            format!(
                "{place}旁{colour}{INDEXED}编号{:08}",
                dice.below(100_000_000)
            )
        };
        let by_customer = (0..n_texts.saturating_sub(n_by_agent + 2).max(1))
            .map(|n| match n % 4 {
                0 => free(&mut dice),
                1 => format!("139{:08}", dice.below(100_000_000)),
                2 => format!(
                    "栖梧路{}号锦溪花园{}室",
                    1_000 + dice.below(9_000),
                    dice.below(9_000)
                ),
                _ => format!("visitor{:09}@example.com", dice.below(1_000_000_000)),
            })
            .collect();
        Self {
            name: format!("欧阳清风{:06}", dice.below(1_000_000)),
            by_customer,
            by_agent: (0..n_by_agent).map(|_| free(&mut dice)).collect(),
            draft: free(&mut dice),
        }
    }

    fn all(&self) -> Vec<String> {
        let one = [self.name.clone(), self.draft.clone()];
        let all = self.by_customer.iter().chain(&self.by_agent).cloned();
        all.chain(one).collect()
    }
}

/// Plants texts on every way that a text takes, then searches every file: while all is open, with
/// journals, and when all is closed. The control is a store without encryption.
///
/// # Errors
/// What kept the shop, the customer or the desk from working.
pub async fn prove(scale: &Scale) -> Result<Proved> {
    let planted = Planted::new(scale.texts, scale.seed);
    let mut shop = Shop::open().await?;
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await?;
    let mut desk = Desk::sign_in(&shop, "xiaotong").await?;
    let customer = Customer::visit(&shop, &planted.name).await?;
    work(&mut desk, &customer, &planted).await?;

    let mut needles = planted.all();
    let n_texts = needles.len();
    // Nothing that opens anything stands in a file either.
    needles.extend([PASSWORD, PASSPHRASE, customer.token()].map(str::to_owned));
    let desk_folder = desk.folder.clone();
    let mut desk = Some(desk);
    let mut sum = Report::default();
    for is_open in [true, false] {
        for folder in [&shop.data(), &desk_folder] {
            let report = at_rest::search(folder, &needles)?;
            ensure!(
                report.files >= 2 && report.bytes > 10_000,
                "there is hardly anything in {}",
                folder.display()
            );
            sum.files += report.files;
            sum.bytes += report.bytes;
            sum.hits.extend(report.hits);
        }
        if is_open {
            shop.stop().await;
            if let Some(desk) = desk.take() {
                desk.close().await;
            }
        }
    }
    let control = tempfile::tempdir()?;
    at_rest::write_control(control.path(), &needles)?;
    let seen = at_rest::search(control.path(), &needles)?.hits.len();

    let misses: Vec<String> = sum
        .hits
        .iter()
        .map(|hit| {
            let file = hit.file.file_name().unwrap_or_default().to_string_lossy();
            format!("text {} as {:?} in {file}", hit.needle, hit.encoding)
        })
        .collect();
    Ok(Proved {
        name: "rest",
        ok: misses.is_empty() && seen == needles.len(),
        figures: vec![
            ("texts", count(n_texts)),
            ("secrets", count(needles.len() - n_texts)),
            ("files_read", count(sum.files)),
            ("kib_read", sum.bytes / 1_024),
            ("found", count(sum.hits.len())),
            ("control_found", count(seen)),
        ],
        misses,
        seed: scale.seed,
    })
}

/// The customer writes, the agent answers and drafts, and the desk indexes what it has.
async fn work(desk: &mut Desk, customer: &Customer, planted: &Planted) -> Result<()> {
    for texts in planted.by_customer.chunks(TEXTS_A_MESSAGE) {
        customer
            .says(&format!("转人工，{}", texts.join("，")))
            .await?;
    }
    let row = desk.only("queue").await?;
    let id = json!({"conversation_id": row["id"]});
    desk.wait_for("what the customer wrote", "conversation.get", id, |view| {
        has_all(view, planted.by_customer.len())
    })
    .await?;
    for text in &planted.by_agent {
        desk.reply(&row["id"], text).await?;
    }
    let draft = json!({"conversation_id": row["id"], "text": planted.draft});
    desk.ask("draft.save", draft).await?;
    desk.wait_for("everything sent", "connection.get", json!({}), |view| {
        view["pending"] == 0
    })
    .await?;
    let query = json!({"query": INDEXED, "limit": 5});
    desk.wait_for("the index", "search.run", query, |hits| {
        hits["items"]
            .as_array()
            .is_some_and(|hits| !hits.is_empty())
    })
    .await?;
    Ok(())
}

/// Whether as many messages of the customer are there as it took to write so many texts.
fn has_all(view: &Value, n_texts: usize) -> bool {
    let messages = view["messages"].to_string();
    messages.matches("转人工，").count() >= n_texts.div_ceil(TEXTS_A_MESSAGE)
}
