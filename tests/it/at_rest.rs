//! No text of a customer stands unencrypted on any disk.

use lt_model::agent::Role;
use scenarios::{at_rest, customer::Customer, desk::Desk, shop::Shop};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_a_customer_is_readable_on_disk() {
    let needles: Vec<String> = [
        "月亮门口的蓝色雨伞不见了",
        "13987654321",
        "欧阳清风",
        "我们已经找到您的雨伞",
        "稍后再寄出那把伞",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, &needles[2]).await.unwrap();
    customer
        .says(&format!("{}，电话{}，转人工", needles[0], needles[1]))
        .await
        .unwrap();
    let row = desk.only("queue").await.unwrap();
    desk.reply(&row["id"], &needles[3]).await.unwrap();
    let draft = json!({"conversation_id": row["id"], "text": needles[4]});
    desk.ask("draft.save", draft).await.unwrap();
    desk.wait_for(
        "indexed",
        "search.run",
        json!({"query": "雨伞", "limit": 5}),
        |hits| {
            hits["items"]
                .as_array()
                .is_some_and(|items| !items.is_empty())
        },
    )
    .await
    .unwrap();

    // While everything is open, journals and all; then again when it is closed.
    let folder = desk.folder.clone();
    for _ in 0..2 {
        for folder in [&shop.data(), &folder] {
            let report = at_rest::search(folder, &needles).unwrap();
            assert!(report.files >= 2 && report.bytes > 10_000, "{report:?}");
            assert_eq!(report.hits, [], "{report:?}");
        }
        shop.stop().await;
    }
    drop(desk);

    let control = tempfile::tempdir().unwrap();
    at_rest::write_control(control.path(), &needles).unwrap();
    let seen = at_rest::search(control.path(), &needles).unwrap();
    assert_eq!(
        seen.hits.len(),
        needles.len(),
        "the search finds what is there to be found"
    );
}
