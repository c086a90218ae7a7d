use lt_backoffice::sample;
use lt_model::agent::Role;
use lt_protocol::{
    api::ImportReport,
    code::Code,
    sync::{Entity, RowChange},
    widget::WidgetAuthor,
};

use crate::world::{T0, World, code};

fn line(id: &str, business_line: &str, question: &str, answer: &str) -> String {
    serde_json::json!({
        "id": id, "business_line": business_line, "category": "售后/退款",
        "question": question, "similar": [], "answer": answer,
    })
    .to_string()
}

fn counts(report: &ImportReport) -> (u32, u32, u32, usize) {
    (
        report.added,
        report.changed,
        report.unchanged,
        report.errors.len(),
    )
}

#[test]
fn an_import_publishes_versions_and_the_engine_answers_from_them() {
    let world = World::new();
    let import = |text: &str| {
        let report = world.bo.import_faq(&world.admin, text.as_bytes(), T0);
        counts(&report.unwrap())
    };
    let refund = line("a", "全店", "退款多久到账", "三天内到账。");
    let invoice = line("b", "全店", "怎么开发票", "在订单页申请。");
    assert_eq!(import(&format!("{refund}\n{invoice}\n")), (2, 0, 0, 0));
    let ask = || {
        let visitor = world.visitor("");
        let history = world.say(&visitor, "退款多久到账", T0 + 1);
        let reply = history.last().unwrap().clone();
        (reply.author, reply.text, reply.source)
    };
    let expected =
        |text: &str, source: &str| (WidgetAuthor::Bot, text.to_owned(), source.to_owned());
    assert_eq!(ask(), expected("三天内到账。", "a@1"));
    let refund = line("a", "全店", "退款多久到账", "一天内到账。");
    assert_eq!(import(&format!("{refund}\n{invoice}\n")), (0, 1, 1, 0));
    assert_eq!(ask(), expected("一天内到账。", "a@2"));
    assert_eq!(import(&format!("{refund}\n{invoice}\n")), (0, 0, 2, 0));
    assert_eq!(world.bo.n_faq_entries(), 2);
}

#[test]
fn one_wrong_line_publishes_nothing() {
    let world = World::new();
    let text = format!(
        "{}\n{}\n",
        line("a", "全店", "退款多久到账", "三天。"),
        line("b", "全店", "", "答")
    );
    let before = world.n_audited();
    let report = world
        .bo
        .import_faq(&world.admin, text.as_bytes(), T0)
        .unwrap();
    assert_eq!(counts(&report), (0, 0, 0, 1));
    assert_eq!(report.errors[0].line, 2);
    assert_eq!(world.bo.n_faq_entries(), 0);
    assert_eq!(world.number("SELECT count(*) FROM faq_version"), 0);
    assert_eq!(world.n_audited(), before);
}

#[test]
fn agents_may_not_publish() {
    let world = World::new();
    let desk = world.agent("wang", Role::Agent, &["售前组"]);
    let before = world.n_audited();
    let text = line("a", "全店", "问", "答");
    let result = world.bo.import_faq(&desk.principal, text.as_bytes(), T0);
    assert_eq!(code(result), Some(Code::Forbidden));
    let result = world.bo.export_faq(&desk.principal, T0);
    assert_eq!(code(result), Some(Code::Forbidden));
    assert_eq!(world.n_audited(), before + 2);
}

#[test]
fn knowledge_travels_to_desktops_and_leaves_with_its_business_line() {
    let world = World::new();
    let desk = world.agent("wang", Role::Agent, &[]);
    for business_line in ["服饰", "家居"] {
        let text = line("a", business_line, "问题一", "答");
        world
            .bo
            .import_faq(&world.admin, text.as_bytes(), T0)
            .unwrap();
    }
    let rows: Vec<(u64, &str)> = world
        .rows(&desk.principal)
        .iter()
        .filter_map(|row| match &row.change {
            RowChange::Put {
                entity: Entity::Faq(_),
            } => Some((row.stream, "put")),
            RowChange::Del { id, .. } if id == "a" => Some((row.stream, "del")),
            _ => None,
        })
        .collect();
    let (clothes, home) = (rows[0].0, rows[2].0);
    assert_ne!(clothes, home);
    assert_eq!(rows, [(clothes, "put"), (clothes, "del"), (home, "put")]);
}

#[test]
fn the_sample_shop_goes_in_and_comes_out_again() {
    let world = World::with_faq();
    let jsonl = world.bo.export_faq(&world.admin, T0).unwrap();
    let report = world.bo.import_faq(&world.admin, &jsonl, T0 + 1).unwrap();
    let n_lines = u32::try_from(sample::faq().unwrap().len()).unwrap();
    assert_eq!(counts(&report), (0, 0, n_lines, 0));
}
