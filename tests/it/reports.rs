//! A report of the numbers goes from the cells of a real server by SMTP over TLS to a mail server, when
//! its time comes, once; and what it says is what the lead's own desktop shows of the same days.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, Result, ensure};
use lt_backoffice::{Backoffice, Config};
use lt_model::{
    Millis,
    agent::Role,
    hours::CHINA_OFFSET_MINUTES,
    metric::{Clock, Grain},
};
use lt_protocol::code::Code;
use lt_seal::encode::base64url_decode;
use lt_server::{DataDir, offline, over_network, pki};
use scenarios::{
    customer::Customer,
    desk::{Desk, now},
    shop::Shop,
    sinks::{Mail, Sink},
};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];
const PASSWORD: &str = "mail-passphrase";
const DAY_MS: Millis = 86_400_000;
const HOUR_MS: Millis = 3_600_000;
const CLOCK: Clock = Clock {
    utc_offset_minutes: CHINA_OFFSET_MINUTES,
};

async fn set_up_mail(shop: &Shop, admin: &Desk, mail: &Sink<Mail>) -> Result<()> {
    let authority = std::fs::read_to_string(DataDir::new(shop.data()).ca_pem())?;
    let args = json!({"enabled": true, "secret": PASSWORD, "settings": {"channel": "email",
        "settings": {"host": "127.0.0.1", "port": mail.address.port(), "security": "tls",
            "username": "alerts", "from": "lingtai@lingtai.example", "authority": authority}}});
    admin.ask("delivery.save", args).await?;
    Ok(())
}

/// The server's part alone, whose clock can be made, while the server is down.
async fn office(data: DataDir) -> Result<Arc<Backoffice>> {
    let config = Config {
        post: Some(over_network()),
        ..Config::default()
    };
    let opened = tokio::task::spawn_blocking(move || {
        let key = data.root_key()?;
        Ok::<_, anyhow::Error>(offline::open(&data, &key, None, config)?)
    });
    opened.await?
}

/// Makes what is due at a time, and sends it. How many were made.
async fn beat(bo: &Arc<Backoffice>, at: Millis) -> Result<usize> {
    let bo = Arc::clone(bo);
    let done = tokio::task::spawn_blocking(move || {
        while bo.count_numbers(now())? {}
        let n_made = bo.make_reports(at)?;
        let post = bo.post().context("nothing sends")?;
        while bo.send_alerts(post, || at)? > 0 {}
        Ok::<_, anyhow::Error>(n_made)
    });
    done.await?
}

async fn close(bo: Arc<Backoffice>) {
    let gone = bo.gone();
    drop(bo);
    if let Some(gone) = gone {
        // An error says the same: it is gone.
        let _ = gone.await;
    }
}

/// A part of a mail by its media type, as it was before it was encoded.
fn part(mail: &Mail, kind: &str) -> Result<String> {
    let mail = mail.text.replace("\r\n", "\n");
    let parts = mail.split("\n--");
    let is_of = |part: &&str| {
        part.split("\n\n").next().is_some_and(|head| {
            let head = head.to_ascii_lowercase();
            head.contains(&format!("content-type: {kind}"))
        })
    };
    let part = parts.filter(|part| !part.starts_with("--")).find(is_of);
    let (head, body) = part
        .context("no such part")?
        .split_once("\n\n")
        .context("no body")?;
    let bytes = match head.to_ascii_lowercase() {
        head if head.contains("base64") => {
            let plain: String = body.split_whitespace().collect();
            let plain = plain.replace('+', "-").replace('/', "_");
            base64url_decode(plain.trim_end_matches('='))?
        }
        head if head.contains("quoted-printable") => quoted(&body.replace("=\n", ""))?,
        _ => body.as_bytes().to_vec(),
    };
    Ok(String::from_utf8(bytes)?)
}

/// What `=E4` and the like stand for.
fn quoted(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'=' {
            bytes.push(byte);
            continue;
        }
        let digits: Vec<u8> = rest.by_ref().take(2).collect();
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits)?, 16)?);
    }
    Ok(bytes)
}

/// Of each line of the table for the sum of all groups: now and before, as they are written there.
fn numbers(csv: &str) -> BTreeMap<String, [String; 2]> {
    let lines = csv.trim_start_matches('\u{feff}').lines().skip(1);
    let lines = lines.filter_map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        let [of, name, now @ .., _, _, _] = &fields[..] else {
            return None;
        };
        let before = fields[5..].join(",");
        (*of == "\"合计\"").then(|| (name.replace('"', ""), [now.join(","), before]))
    });
    lines.collect()
}

/// A value of the board as the table has it.
fn written(value: &Value) -> Result<String> {
    let whole = |name: &str| value[name].as_u64().context("a number");
    Ok(match value["kind"].as_str() {
        Some("share") => {
            let (part, whole) = (whole("part")?, whole("whole")?);
            match whole {
                0 => format!(",{part},0"),
                _ => format!("{},{part},{whole}", part as f64 / whole as f64),
            }
        }
        Some("time") => {
            let of = whole("of")?;
            match value["ms"].as_i64() {
                None => format!(",,{of}"),
                Some(ms) => format!("{},,{of}", ms as f64 / 1_000.0),
            }
        }
        Some("count") => format!("{},,", whole("n")?),
        _ => anyhow::bail!("{value}"),
    })
}

const NAMES: [(&str, &str); 12] = [
    ("volume", "会话量"),
    ("auto_response", "智能响应率"),
    ("coverage", "智能解决覆盖率"),
    ("failure", "响应失败率"),
    ("first_response_p50", "首响中位数"),
    ("first_response_p90", "首响 P90"),
    ("handling", "平均处理时长"),
    ("first_contact", "一次解决率"),
    ("satisfaction", "满意度"),
    ("backlog", "积压"),
    ("queue", "排队会话"),
    ("sla_breach", "时效违约率"),
];

fn is_online(view: &Value) -> bool {
    view["state"] == "online" && view["pending"] == 0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_comes_by_mail_once_and_says_what_the_board_says() -> Result<()> {
    let mut shop = Shop::open().await?;
    shop.hire("chenjie", "陈洁", Role::TeamLead, ALL).await?;
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL).await?;
    let mail = Sink::mail(pki::server_config(&DataDir::new(shop.data()))?)?;
    let admin = Desk::sign_in(&shop, "dianzhang").await?;
    set_up_mail(&shop, &admin, &mail).await?;
    let mut lead = Desk::sign_in(&shop, "chenjie").await?;
    let agent = Desk::sign_in(&shop, "xiaotong").await?;

    // Due on the day after tomorrow at eight: of the seven days that end with tomorrow, since midnight may
    // come while this runs.
    let due = CLOCK.floor(now(), Grain::Day) + 2 * DAY_MS + 8 * HOUR_MS;
    let (weekday, _) = CLOCK.weekday_hour(due);
    let plan = json!({"every": "week", "weekday": weekday, "hour": 8});
    let prefs = json!({"report": plan, "prefs": {"email": "chenjie@lingtai.example", "phone": "",
        "email_from": null, "sms_from": null, "popup_from": null}});
    lead.ask("alert.prefs_set", prefs).await?;
    let shown = lead.ask("alert.prefs", json!({})).await?;
    assert_eq!(shown["report"], plan);
    lead.wait_for("delivered", "connection.get", json!({}), is_online)
        .await?;

    // Something happens, and is worked on.
    let by_bot = Customer::visit(&shop, "张伟").await?;
    by_bot.says("怎么申请退款").await?;
    let by_person = Customer::visit(&shop, "李娜").await?;
    by_person.says("我的手机是 13800001234，转人工").await?;
    let waits = Customer::visit(&shop, "王芳").await?;
    waits.says("转人工").await?;
    let mut agent = agent;
    agent
        .wait_for(
            "two wait",
            "inbox.list",
            json!({"scope": "queue", "sort": "waiting"}),
            |page| page["counts"]["queue"] == 2,
        )
        .await?;

    // One at once, out of turn; agents get none.
    let refused = agent.ask("metrics.mail", json!({})).await;
    assert_eq!(refused.err().map(|error| error.code), Some(Code::Forbidden));
    lead.ask("metrics.mail", json!({})).await?;
    let asked = mail.wait_for(1).await?.remove(0);
    assert_eq!(asked.to, ["chenjie@lingtai.example"]);
    let me = shown["agent_id"].clone();
    lead.wait_for("noted", "delivery.get", json!({}), |view| {
        let line = &view["log"][0];
        line["is_report"] == true && line["agent"] == me && line["state"] == "sent"
    })
    .await?;

    // The time comes. The server is killed in between, and starts twice.
    shop.stop().await;
    let bo = office(DataDir::new(shop.data())).await?;
    assert_eq!(beat(&bo, due - 1).await?, 0, "not yet");
    assert_eq!(beat(&bo, due).await?, 1);
    close(bo).await;
    let bo = office(DataDir::new(shop.data())).await?;
    assert_eq!(beat(&bo, due + HOUR_MS).await?, 0, "once");
    close(bo).await;
    let mails = mail.kept();
    assert_eq!(mails.len(), 2, "the one that was asked for, and this one");
    let weekly = &mails[1];
    assert!(weekly.user && weekly.to == ["chenjie@lingtai.example"]);
    let expected = format!("<report-week-{}-", CLOCK.floor(due, Grain::Day));
    assert!(weekly.text.contains(&expected), "{}", weekly.text);
    let (text, page) = (part(weekly, "text/plain")?, part(weekly, "text/html")?);
    let csv = part(weekly, "text/csv")?;
    for said in [&text, &page, &csv] {
        for word in ["张伟", "李娜", "13800001234"] {
            assert!(!said.contains(word), "{word}");
        }
    }

    // The lead's own desktop shows the same of the same days.
    shop.start().await?;
    let to = CLOCK.floor(due, Grain::Day);
    let from = to - 7 * DAY_MS;
    let args = json!({"from": from, "to": to, "compare_from": from - 7 * DAY_MS, "grain": "day",
        "filter": {"group": null, "slice": null}});
    let in_mail = numbers(&csv);
    assert_eq!(in_mail.len(), NAMES.len(), "{csv}");
    let says_the_same = |board: &Value| -> Result<bool> {
        let cards = board["cards"].as_array().context("cards")?;
        for (metric, name) in NAMES {
            let card = cards.iter().find(|card| card["metric"] == metric);
            let card = card.context("a card")?;
            let shown = [written(&card["now"])?, written(&card["before"])?];
            if in_mail.get(name) != Some(&shown) {
                return Ok(false);
            }
        }
        Ok(true)
    };
    let board = lead
        .wait_for("the board is there", "metrics.board", args, |board| {
            board["cards"][0]["now"]["n"] == 3
        })
        .await?;
    ensure!(says_the_same(&board)?, "{in_mail:?}\n{}", board["cards"]);
    assert_eq!(in_mail["会话量"], ["3,,".to_owned(), "0,,".to_owned()]);
    assert_eq!(in_mail["排队会话"][0], "2,,");
    assert!(text.contains("会话量：3（上期 0，+3）"), "{text}");
    assert!(page.contains("<b>3</b>"), "{page}");
    Ok(())
}
