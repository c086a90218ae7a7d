//! A burst is told once, at the lead's desk, by mail and by a short message, whatever the server does in
//! between; whoever acknowledges it stops the escalation.

use anyhow::{Context, Result};
use lt_model::agent::Role;
use lt_seal::{encode::hex_encode, hmac_sha256_keyed};
use lt_server::{DataDir, pki};
use scenarios::{
    customer::Customer,
    desk::{Desk, now},
    shop::Shop,
    sinks::{Call, Mail, Sink},
};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];
const PASSWORD: &str = "mail-passphrase";
const HOOK_KEY: &str = "key-of-the-hook";

async fn set_up_ways(
    shop: &Shop,
    desk: &Desk,
    mail: &Sink<Mail>,
    sms: &Sink<Call>,
    hook: &Sink<Call>,
) -> Result<()> {
    let authority = std::fs::read_to_string(DataDir::new(shop.data()).ca_pem())?;
    let email = json!({"channel": "email", "settings": {"host": "127.0.0.1",
        "port": mail.address.port(), "security": "tls", "username": "alerts",
        "from": "alerts@lingtai.example", "authority": authority}});
    let text = json!({"channel": "sms", "settings": {"method": "POST",
        "url": format!("http://{}/send?to={{{{phone}}}}", sms.address),
        "headers": [], "secret_header": "authorization",
        "body": r#"{"mobile":"{{phone}}","content":"{{sign}}{{text}}"}"#, "sign": "【聆选】",
        "success_pointer": "/code", "success_value": "OK", "allow_private": true}});
    let webhook = json!({"channel": "webhook", "settings":
        {"url": format!("http://{}/hook", hook.address), "allow_private": true}});
    for (settings, secret) in [(email, PASSWORD), (text, "Bearer k"), (webhook, HOOK_KEY)] {
        let args = json!({"settings": settings, "enabled": true, "secret": secret});
        desk.ask("delivery.save", args).await?;
    }
    Ok(())
}

/// So many customers in the queue, none of whom the bot could answer.
async fn burst(shop: &Shop, n: usize) -> Result<()> {
    for _ in 0..n {
        let customer = Customer::visit(shop, "").await?;
        for text in ["呜哩哇啦咕噜", "叽里呱啦嘟噜", "哔哩吧啦咚呛"] {
            customer.says(text).await?;
        }
    }
    Ok(())
}

fn of<'a>(alerts: &'a Value, measure: &str) -> Option<&'a Value> {
    let all = alerts["alerts"].as_array()?;
    all.iter().find(|alert| alert["measure"] == measure)
}

/// Waits for the minute after which the alert that nobody acknowledged is escalated.
async fn escalated(lead: &mut Desk, open: &Value) -> Result<Value> {
    let mut last = Err(anyhow::anyhow!("not waited for"));
    for _ in 0..4 {
        last = lead
            .wait_for("the escalation", "alert.list", open.clone(), |view| {
                of(view, "backlog").is_some_and(|alert| alert["level"] == 1)
            })
            .await;
        if last.is_ok() {
            break;
        }
    }
    last
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_told_once_and_acknowledging_stops_the_escalation() -> Result<()> {
    let mut shop = Shop::open().await?;
    shop.hire("chen", "陈班长", Role::TeamLead, ALL).await?;
    let mail = Sink::mail(pki::server_config(&DataDir::new(shop.data()))?)?;
    let (sms, hook) = (Sink::http()?, Sink::http()?);
    let mut admin = Desk::sign_in(&shop, "dianzhang").await?;
    set_up_ways(&shop, &admin, &mail, &sms, &hook).await?;
    let tried = admin
        .ask(
            "delivery.test",
            json!({"channel": "email", "to": "ops@lingtai.example"}),
        )
        .await?;
    assert_eq!(tried["error"], Value::Null, "{tried}");
    let trial = mail.wait_for(1).await?;
    assert_eq!(trial[0].to, ["ops@lingtai.example"]);
    let mut lead = Desk::sign_in(&shop, "chen").await?;
    // The rules of a new organisation; one of them escalates after a minute here.
    let rules = lead
        .wait_for("rules", "alert.rules", json!({}), |view| {
            view["rules"]
                .as_array()
                .is_some_and(|rules| rules.len() >= 7)
        })
        .await?;
    for measure in ["response_failure", "backlog"] {
        let all = rules["rules"].as_array().context("rules")?;
        let rule = all
            .iter()
            .find(|rule| rule["draft"]["measure"] == measure)
            .context("a rule")?;
        let mut draft = rule["draft"].clone();
        draft["escalation"] = json!([{"after_min": 1, "to": "everyone", "by": ["email"]}]);
        let edit = json!({"id": rule["id"], "base": rule["edition"], "draft": draft});
        lead.ask("alert.rule_save", edit).await?;
    }
    let prefs = json!({"prefs": {"email": "chen@lingtai.example", "phone": "13800001234",
        "email_from": "warning", "sms_from": "critical", "popup_from": "notice"}});
    lead.ask("alert.prefs_set", prefs).await?;
    lead.wait_for("delivered", "connection.get", json!({}), |view| {
        view["state"] == "online" && view["pending"] == 0
    })
    .await?;

    let began = now();
    burst(&shop, 51).await?;
    let open = json!({"scope": "open", "limit": 50});
    let alerts = lead
        .wait_for("both alerts", "alert.list", open.clone(), |view| {
            of(view, "backlog").is_some() && of(view, "response_failure").is_some()
        })
        .await?;
    println!(
        "both alerts are at the lead's desk {} ms after the burst began",
        now() - began
    );
    assert_eq!(
        alerts["alerts"].as_array().map(Vec::len),
        Some(2),
        "{alerts}"
    );
    let backlog = of(&alerts, "backlog").context("backlog")?.clone();
    let failure = of(&alerts, "response_failure").context("failure")?.clone();
    assert!(backlog["reading"]["level"].as_i64() > Some(50), "{backlog}");
    assert!(
        failure["reading"]["level"].as_i64() > Some(1_000),
        "{failure}"
    );
    // Before its minute is over, however long all that follows takes: it is not escalated.
    let alert_id = failure["id"].clone();
    lead.ask("alert.acknowledge", json!({"alert_id": alert_id}))
        .await?;
    lead.wait_for("acknowledged", "connection.get", json!({}), |view| {
        view["pending"] == 0
    })
    .await?;
    let told = lead.notification_of("预警").await?;
    println!("popup: {}", told.body);

    // The trial, and one mail for each alert; short messages and calls likewise.
    let mails = mail.wait_for(3).await?;
    let texts = sms.wait_for(2).await?;
    let calls = hook.wait_for(2).await?;
    println!(
        "mail, short message and call went out {} ms after it began",
        now() - began
    );
    assert!(
        mails[1..]
            .iter()
            .all(|mail| mail.user && mail.to == ["chen@lingtai.example"])
    );
    assert!(
        texts
            .iter()
            .all(|call| call.line.contains("/send?to=13800001234"))
    );
    assert!(
        texts
            .iter()
            .all(|call| call.header("authorization") == Some("Bearer k"))
    );
    for call in &calls {
        let at = call.header("x-lingtai-timestamp").context("a time")?;
        let parts: [&[u8]; 3] = [at.as_bytes(), b".", call.body.as_bytes()];
        let signed = format!(
            "v1={}",
            hex_encode(&hmac_sha256_keyed(HOOK_KEY.as_bytes(), &parts))
        );
        assert_eq!(call.header("x-lingtai-signature"), Some(signed.as_str()));
    }

    // The server goes away and comes back: nothing is told twice.
    shop.stop().await;
    shop.start().await?;
    lead.wait_for("online again", "connection.get", json!({}), |view| {
        view["state"] == "online"
    })
    .await?;
    let escalated = escalated(&mut lead, &open).await?;
    let failure = of(&escalated, "response_failure").context("failure")?;
    assert_eq!(
        (&failure["state"], &failure["level"]),
        (&json!("acknowledged"), &json!(0))
    );
    // Three as before, and the escalation of the other one.
    let mails = mail.wait_for(4).await?;
    assert_eq!(mails.len(), 4, "{mails:?}");
    assert_eq!((sms.kept().len(), hook.kept().len()), (2, 2));
    // The server notes it when the other side has said that it took it.
    admin
        .wait_for("all noted as sent", "delivery.get", json!({}), |view| {
            let lines = view["log"].as_array();
            lines.is_some_and(|lines| {
                lines.len() == 7 && lines.iter().all(|line| line["state"] == "sent")
            })
        })
        .await?;
    Ok(())
}
