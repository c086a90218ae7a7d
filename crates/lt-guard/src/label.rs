//! What a text calls the number that follows.

use crate::page::{Page, is_han};
use crate::words::Words;

/// The name that stands before a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// 订单号, 单号.
    Order,
    /// A number of things rather than of a person: parcels, machines, tickets, money movements.
    Thing,
    /// 身份证, 证件号.
    IdCard,
}

static THINGS: Words = Words::new(
    "运单号 运单 快递单号 物流单号 物流号 快递号 工单号 工单 流水号 流水 交易号 交易单号 支付单号
     退款单号 退货单号 售后单号 服务单号 商户号 商户编号 商户单号 批次号 批次 批号 条码 条形码
     商品码 序列号 机身号 设备号 产品编号 商品编号 商品编码 商品id 编号 编码 货号 款号 型号 券码
     券号 卡券 兑换码 验证码 校验码 动态码 取件码 取货码 提货码 核销码 防伪码 追溯码 发票号
     发票号码 发票代码 税号 保单号 合同号 凭证号 回执号 受理号 申请号 会员号 积分 时间戳
     timestamp imei sn s/n sku isbn ean 参考号 票号 车架号 发动机号",
);
const ORDERS: &[&str] = &[
    "订单号",
    "订单号码",
    "订单编号",
    "订单id",
    "单号",
    "orderno",
    "order no",
    "orderid",
    "order id",
];

/// Reads the label just before `start`, over 是, 为, colons and blanks.
pub(crate) fn before(page: &Page, start: usize) -> Option<Label> {
    let i = page.back(start, 4, |c| {
        matches!(
            c,
            ' ' | ':' | '是' | '为' | '#' | '(' | '=' | '"' | '“' | '「' | '【' | '[' | '.'
        )
    });
    if page
        .ends_any(
            i,
            &["身份证", "身份证号", "身份证号码", "证件号", "证件号码"],
        )
        .is_some()
    {
        return Some(Label::IdCard);
    }
    if let Some(len) = THINGS.before(page, i) {
        let bare_latin = page.get(i - len).is_some_and(|c| c.is_ascii_alphabetic());
        let glued = page
            .before(i - len)
            .is_some_and(|c| c.is_ascii_alphanumeric());
        let order = page.ends(i, "订单编号") || page.ends(i, "订单编码");
        if !(order || bare_latin && glued) {
            return Some(Label::Thing);
        }
    }
    let len = page.ends_any(i, ORDERS)?;
    Some(if len > 2 || is_order_word(page, i - len) {
        Label::Order
    } else {
        Label::Thing
    })
}

/// 单号 alone is an order's, while 快递单号, 维修单号 and the like are not: looks at what stands
/// before 单号 at `at`.
pub(crate) fn is_order_word(page: &Page, at: usize) -> bool {
    let loose = "的我这该原是个有报给您发核查下新老旧两一你附上面帮贴吧呢了";
    page.before(at)
        .is_none_or(|c| !is_han(c) || c == '订' || loose.contains(c))
}
