//! An administrator keeps accounts and groups at the desk, and other desks follow.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use lt_protocol::code::{Code, WireError};
use scenarios::{
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::{ADMIN, Shop},
};
use serde_json::{Value, json};

const MEMBER: &str = "赵敏";
/// The password that the member chooses.
const OWN: &str = "口令由自己来定，十二个字以上";

async fn enter(desk: &Desk, shop: &Shop, password: &str) -> Result<Value, WireError> {
    let args = json!({"server": shop.enrolment.to_string(), "username": "zhaomin",
        "password": password, "passphrase": PASSPHRASE});
    desk.ask("session.login", args).await
}

async fn is_online(desk: &mut Desk) {
    let online = |view: &Value| view["state"] == "online";
    desk.wait_for("online", "connection.get", json!({}), online)
        .await
        .unwrap();
}

async fn is_out(desk: &mut Desk) {
    let ended = |view: &Value| view["state"] == "signed_out";
    desk.wait_for("the end of the session", "connection.get", json!({}), ended)
        .await
        .unwrap();
}

/// The customer waits, nobody has them.
async fn waits(desk: &mut Desk, id: &Value) {
    let row = desk.only("queue").await.unwrap();
    assert_eq!(&row["id"], id);
    assert_eq!(row["handler"]["kind"], "queue", "{row}");
}

/// The member takes it, and everybody knows.
async fn takes(member: &mut Desk, admin: &mut Desk, id: &Value) {
    let args = json!({"conversation_id": id});
    member
        .ask("conversation.claim", args.clone())
        .await
        .unwrap();
    let held = |view: &Value| view["row"]["handler"]["name"] == MEMBER;
    admin
        .wait_for("who has it", "conversation.get", args, held)
        .await
        .unwrap();
}

fn group(view: &Value, category: &str) -> Value {
    let groups = view["groups"].as_array().unwrap();
    let takes = |group: &&Value| group["categories"][0] == category;
    groups.iter().find(takes).unwrap()["id"].clone()
}

fn member(view: &Value) -> Value {
    let members = view["members"].as_array().unwrap();
    let is_it = |one: &&Value| one["name"] == MEMBER;
    members.iter().find(is_it).unwrap().clone()
}

fn edit(member: &Value, groups: &Value) -> Value {
    let seen = json!({"name": member["name"], "role": member["role"],
        "groups": member["groups"], "skills": member["skills"]});
    json!({"agent_id": member["id"], "seen": seen, "name": member["name"],
        "role": member["role"], "groups": groups, "skills": member["skills"]})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_comes_moves_and_goes_and_the_desks_follow() {
    let shop = Shop::open().await.unwrap();
    let mut admin = Desk::sign_in(&shop, ADMIN).await.unwrap();
    let before = admin.ask("members.list", json!({})).await.unwrap();
    assert_eq!(before["members"].as_array().unwrap().len(), 1);
    assert_eq!(before["members"][0]["is_last_admin"], true);
    let here = group(&before, "售前");
    let elsewhere = group(&before, "投诉");
    let new = json!({"username": "ZhaoMin", "name": MEMBER, "role": "agent",
        "groups": [here], "skills": [{"name": "售前", "level": 80}]});
    let made = admin.ask("members.create", new.clone()).await.unwrap();
    let password = made["password"].as_str().unwrap();
    let taken = admin.ask("members.create", new).await.unwrap_err();
    assert_eq!(taken.code, Code::Taken);

    // The member signs in at another desk, and has the queue of the group.
    let mut desk = Desk::start(shop.desk_folder("desk-zhaomin"));
    enter(&desk, &shop, password).await.unwrap();
    is_online(&mut desk).await;
    let refused = desk.ask("members.list", json!({})).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says("转人工").await.unwrap();
    let id = desk.only("queue").await.unwrap()["id"].clone();
    takes(&mut desk, &mut admin, &id).await;

    // The group is taken away: its rows leave the desk, and the customer waits for somebody else.
    let is_seen = |view: &Value| member(view)["seen_at"].is_i64();
    let view = admin
        .wait_for("that they are here", "members.list", json!({}), is_seen)
        .await
        .unwrap();
    let moved = edit(&member(&view), &json!([elsewhere]));
    let view = admin.ask("members.edit", moved).await.unwrap();
    let args = json!({"conversation_id": id});
    desk.wait_for("it left", "conversation.get", args.clone(), Value::is_null)
        .await
        .unwrap();
    waits(&mut admin, &id).await;
    let back = edit(&member(&view), &json!([elsewhere, here]));
    admin.ask("members.edit", back).await.unwrap();
    desk.only("queue").await.unwrap();
    takes(&mut desk, &mut admin, &id).await;

    // Another password: out, and in again by it alone. The customer is still theirs.
    let who = json!({"agent_id": member(&view)["id"]});
    let reset = admin.ask("members.password", who.clone()).await.unwrap();
    is_out(&mut desk).await;
    let old = enter(&desk, &shop, password).await.unwrap_err();
    assert_eq!(old.code, Code::WrongPassword);
    let password = reset["password"].as_str().unwrap();
    enter(&desk, &shop, password).await.unwrap();
    is_online(&mut desk).await;
    let held = |view: &Value| view["row"]["handler"]["name"] == MEMBER;
    admin
        .wait_for("still theirs", "conversation.get", args, held)
        .await
        .unwrap();

    // Their own password, for the one that they were given.
    let own = |present: &str| json!({"present": present, "new": OWN});
    let wrong = desk.ask("members.own_password", own("not this one")).await;
    assert_eq!(wrong.unwrap_err().code, Code::WrongPassword);
    desk.ask("members.own_password", own(password))
        .await
        .unwrap();
    is_online(&mut desk).await;
    let password = OWN;

    // Deactivated: out for good, and the customer waits again.
    let set = |active| json!({"agent_id": who["agent_id"], "active": active});
    let view = admin.ask("members.active", set(false)).await.unwrap();
    assert_eq!(member(&view)["active"], false);
    let nobody = |session: &Value| session["phase"] == "signed_out";
    desk.wait_for("the way in", "session.get", json!({}), nobody)
        .await
        .unwrap();
    let ended = |view: &Value| view["account_ended"] == true;
    desk.wait_for("that it has ended", "connection.get", json!({}), ended)
        .await
        .unwrap();
    let list = json!({"scope": "queue", "sort": "waiting"});
    let shut = desk.ask("inbox.list", list).await.unwrap_err();
    assert_eq!(shut.code, Code::SignedOut, "nothing of it is shown");
    let out = enter(&desk, &shop, password).await.unwrap_err();
    assert_eq!(out.code, Code::WrongPassword);
    waits(&mut admin, &id).await;

    // Activated: the same password, the same groups.
    admin.ask("members.active", set(true)).await.unwrap();
    enter(&desk, &shop, password).await.unwrap();
    is_online(&mut desk).await;
    let view = desk.ask("connection.get", json!({})).await.unwrap();
    assert_eq!(view["account_ended"], false);
    let row = desk.only("queue").await.unwrap();
    assert_eq!(row["id"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_made_and_renamed_and_nothing_of_it_waits_without_the_server() {
    let mut shop = Shop::open().await.unwrap();
    let mut admin = Desk::sign_in(&shop, ADMIN).await.unwrap();
    let new = json!({"name": "物流组", "categories": ["物流"]});
    let view = admin.ask("members.group_create", new).await.unwrap();
    let id = group(&view, "物流");
    let renamed = json!({"group_id": id, "name": "物流一组", "categories": ["物流"]});
    admin.ask("members.group_edit", renamed).await.unwrap();
    admin
        .wait_for("the name", "session.get", json!({}), |session| {
            session["me"]["groups"].to_string().contains("物流一组")
        })
        .await
        .unwrap();

    shop.stop().await;
    let offline = |view: &Value| view["state"] == "offline";
    admin
        .wait_for("offline", "connection.get", json!({}), offline)
        .await
        .unwrap();
    for (name, args) in [
        ("members.list", json!({})),
        (
            "members.create",
            json!({"username": "lina", "name": "李娜", "role": "agent", "groups": [], "skills": []}),
        ),
    ] {
        let refused = admin.ask(name, args).await.unwrap_err();
        assert_eq!(refused.code, Code::Offline, "{name}");
    }
    let waiting = admin.ask("connection.get", json!({})).await.unwrap();
    assert_eq!(waiting["pending"], 0, "{waiting}");
    shop.start().await.unwrap();
    is_online(&mut admin).await;
    let view = admin.ask("members.list", json!({})).await.unwrap();
    let members = view["members"].as_array().unwrap();
    assert_eq!(members.len(), 1, "nobody was made meanwhile");
}
