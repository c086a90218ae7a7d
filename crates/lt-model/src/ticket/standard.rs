//! The types that a new organisation begins with. An administrator edits them.

use crate::{
    id::TicketTypeId,
    priority::Priority,
    sla::{SlaPolicy, SlaTargets},
    ticket::{
        TicketField, TicketFieldKind as Kind, TicketRequired as Due, TicketSource, TicketType,
    },
};

/// Departments that tickets go to, beside the groups that answer customers.
pub const DEPARTMENTS: [&str; 2] = ["物流组", "财务组"];

/// A type with the names of its departments, which the caller knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// The type, without departments.
    pub kind: TicketType,
    /// The department that begins.
    pub group: &'static str,
    /// Departments that it goes to next.
    pub path: &'static [&'static str],
}

/// The types, in the order in which they are offered.
pub fn types(mut id: impl FnMut() -> TicketTypeId) -> Vec<Standard> {
    vec![
        returns(id()),
        parcel(id()),
        complaint(id()),
        custom_made(id()),
        billing(id()),
    ]
}

fn returns(id: TicketTypeId) -> Standard {
    let fields = vec![
        order(Due::Create),
        field("product", "商品", Kind::Text, Due::No).from(TicketSource::Product),
        field(
            "request",
            "诉求",
            choice(&["退货退款", "换货", "仅退款", "维修", "补发"]),
            Due::Create,
        ),
        field(
            "reason",
            "原因",
            choice(&[
                "质量问题",
                "尺码不合适",
                "发错货",
                "少件漏发",
                "运输破损",
                "七天无理由",
                "其他",
            ]),
            Due::Create,
        ),
        field("amount", "退款金额", Kind::Money, Due::No).from(TicketSource::Amount),
        field(
            "channel",
            "退款渠道",
            choice(&["原路退回", "微信支付", "支付宝", "银行卡"]),
            Due::No,
        ),
        field("back_tracking", "退回运单号", Kind::Tracking, Due::No),
        field("address", "换货地址", Kind::Address, Due::No).from(TicketSource::Address),
        field("detail", "问题描述", Kind::LongText, Due::No).from(TicketSource::Matter),
        field("serial", "退款流水号", Kind::Text, Due::No).hint("财务填写"),
    ];
    Standard {
        kind: kind(
            id,
            ("售后退换", "退货、换货、退款与补发"),
            Priority::Normal,
            fields,
            sla((240, 120, 60, 30), (4_320, 2_880, 1_440, 480)),
            &[
                "退货", "换货", "退款", "退换", "质量", "尺码", "漏发", "发错",
            ],
        ),
        group: "售后组",
        path: &["财务组"],
    }
}

fn parcel(id: TicketTypeId) -> Standard {
    let fields = vec![
        order(Due::No),
        field("tracking", "运单号", Kind::Tracking, Due::Create).from(TicketSource::Tracking),
        field(
            "problem",
            "问题",
            choice(&[
                "物流停滞",
                "显示签收未收到",
                "包裹破损",
                "疑似丢件",
                "改地址",
                "拒收退回",
            ]),
            Due::Create,
        ),
        field("address", "收货地址", Kind::Address, Due::No).from(TicketSource::Address),
        field("phone", "收货电话", Kind::Phone, Due::No).from(TicketSource::Phone),
        field("detail", "情况说明", Kind::LongText, Due::No).from(TicketSource::Matter),
        field("result", "核实结果", Kind::LongText, Due::Resolve).hint("物流填写，完成前必填"),
    ];
    Standard {
        kind: kind(
            id,
            ("物流查件", "停滞、丢件、破损、签收异常与改地址"),
            Priority::Normal,
            fields,
            sla((120, 120, 60, 20), (2_880, 1_440, 720, 240)),
            &[
                "物流", "快递", "包裹", "签收", "派送", "运单", "丢件", "驿站",
            ],
        ),
        group: "售后组",
        path: &["物流组"],
    }
}

fn complaint(id: TicketTypeId) -> Standard {
    let fields = vec![
        field(
            "subject",
            "投诉对象",
            choice(&[
                "服务态度",
                "商品质量",
                "物流配送",
                "价格与促销",
                "虚假宣传",
                "其他",
            ]),
            Due::Create,
        ),
        order(Due::No),
        field("demand", "客户要求", Kind::LongText, Due::Create).from(TicketSource::Matter),
        field(
            "risk",
            "风险",
            Kind::Choices {
                options: owned(&["12315", "媒体曝光", "律师函", "平台介入", "人身安全"]),
            },
            Due::No,
        ),
        field("callback", "需要回电", Kind::YesNo, Due::No),
        field("phone", "联系电话", Kind::Phone, Due::No).from(TicketSource::Phone),
        field("compensation", "补偿金额", Kind::Money, Due::No),
        field("outcome", "处理结果", Kind::LongText, Due::Resolve).hint("完成前必填"),
    ];
    Standard {
        kind: kind(
            id,
            ("投诉", "投诉、举报与升级"),
            Priority::High,
            fields,
            sla((60, 60, 30, 15), (2_880, 1_440, 720, 240)),
            &["投诉", "举报", "12315", "曝光", "维权", "差评"],
        ),
        group: "投诉专席",
        path: &[],
    }
}

fn custom_made(id: TicketTypeId) -> Standard {
    let fields = vec![
        order(Due::Create),
        field("product", "定制商品", Kind::Text, Due::Create).from(TicketSource::Product),
        field("spec", "定制参数", Kind::LongText, Due::No).hint("尺寸、刻字、颜色"),
        field(
            "fault",
            "不符之处",
            choice(&["尺寸不符", "刻字错误", "颜色不符", "工艺瑕疵", "逾期交付"]),
            Due::Create,
        ),
        field("promised", "承诺交付日", Kind::Date, Due::No).from(TicketSource::Date),
        field(
            "proposal",
            "处理方案",
            choice(&["重新制作", "返修", "部分退款", "全额退款"]),
            Due::Resolve,
        ),
        field("amount", "退款金额", Kind::Money, Due::No).from(TicketSource::Amount),
    ];
    Standard {
        kind: kind(
            id,
            ("定制产品售后", "刻字、量身与来图定制的售后"),
            Priority::Normal,
            fields,
            sla((240, 240, 120, 60), (7_200, 4_320, 2_160, 960)),
            &["定制", "刻字", "量身", "来图"],
        ),
        group: "售后组",
        path: &[],
    }
}

fn billing(id: TicketTypeId) -> Standard {
    let fields = vec![
        order(Due::No),
        field(
            "dispute",
            "争议",
            choice(&[
                "重复扣款",
                "金额不符",
                "退款未到账",
                "优惠未抵扣",
                "发票有误",
            ]),
            Due::Create,
        ),
        field("amount", "争议金额", Kind::Money, Due::Create).from(TicketSource::Amount),
        field("paid_on", "付款日期", Kind::Date, Due::No).from(TicketSource::Date),
        field(
            "paid_by",
            "付款方式",
            choice(&["微信支付", "支付宝", "银行卡", "花呗", "对公转账"]),
            Due::No,
        ),
        field("detail", "情况说明", Kind::LongText, Due::No).from(TicketSource::Matter),
        field("serial", "流水号", Kind::Text, Due::Resolve).hint("财务填写，完成前必填"),
    ];
    Standard {
        kind: kind(
            id,
            ("账单争议", "扣款、到账、优惠与发票"),
            Priority::High,
            fields,
            sla((120, 120, 60, 20), (2_880, 1_440, 720, 240)),
            &[
                "扣款",
                "到账",
                "差价",
                "发票",
                "账单",
                "优惠券",
                "重复",
                "金额",
            ],
        ),
        group: "售后组",
        path: &["财务组"],
    }
}

fn kind(
    id: TicketTypeId,
    (name, description): (&str, &str),
    priority: Priority,
    fields: Vec<TicketField>,
    sla: SlaPolicy,
    words: &[&str],
) -> TicketType {
    TicketType {
        id,
        version: 1,
        name: name.to_owned(),
        description: description.to_owned(),
        group_id: None,
        path: Vec::new(),
        priority,
        fields,
        sla,
        words: owned(words),
        active: true,
    }
}

/// Minutes for low, normal, high and urgent: first response (and next), then resolution.
fn sla(response: (u32, u32, u32, u32), resolution: (u32, u32, u32, u32)) -> SlaPolicy {
    let targets = |(low, normal, high, urgent)| SlaTargets {
        low,
        normal,
        high,
        urgent,
    };
    SlaPolicy {
        first_response: targets(response),
        next_response: targets(response),
        resolution: targets(resolution),
        ..SlaPolicy::default()
    }
}

fn order(required: Due) -> TicketField {
    field("order", "订单号", Kind::Order, required).from(TicketSource::Order)
}

fn field(key: &str, label: &str, kind: Kind, required: Due) -> TicketField {
    TicketField {
        key: key.to_owned(),
        label: label.to_owned(),
        kind,
        required,
        hint: String::new(),
        source: None,
    }
}

fn choice(options: &[&str]) -> Kind {
    Kind::Choice {
        options: owned(options),
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

impl TicketField {
    fn from(mut self, source: TicketSource) -> Self {
        self.source = Some(source);
        self
    }

    fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }
}
