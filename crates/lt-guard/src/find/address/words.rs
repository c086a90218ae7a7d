//! Word lists of the address recogniser.

use crate::words::Words;

/// Provinces, autonomous regions and municipalities, long forms first.
pub(super) static PROVINCES: Words = Words::new(
    "新疆维吾尔自治区 广西壮族自治区 宁夏回族自治区 内蒙古自治区 西藏自治区 香港特别行政区
     澳门特别行政区 北京市 上海市 天津市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省
     浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省 四川省 贵州省 云南省
     陕西省 甘肃省 青海省 台湾省 内蒙古 黑龙江 北京 上海 天津 重庆 河北 山西 辽宁 吉林 江苏 浙江
     安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 广西 西藏
     宁夏 新疆 香港 澳门",
);
/// Ends of administrative names, after which a blank or a comma may stand.
pub(super) static ADMIN: Words = Words::new(
    "省 市 区 县 镇 乡 街道 自治州 州 盟 旗 开发区 新区 村 路 街 道 巷 苑 园 城 小区 花园 公寓
     大厦",
);
/// Ends of street names.
pub(super) static STREETS: Words =
    Words::new("路 街 大道 道 巷 胡同 弄 里 条 段 坊 街坊 公路 国道 堤 埭");
/// Ends of the names of estates and buildings.
pub(super) static ESTATES: Words = Words::new(
    "小区 社区 花园 家园 公寓 大厦 广场 新村 宿舍 家属院 大院 院 园 苑 城 里 庄 府 湾 居 邸 墅 庭
     阁 轩 郡 坊 村 楼 寓 中心 国际 名都 世家 嘉园 都 区 期 岸 山 海 台 峰 岛 谷 洲 公馆 天地 港
     门 第 第一城 学校 大学 医院 工业园 产业园 科技园",
);
/// Ends of village names.
pub(super) static VILLAGES: Words = Words::new("村 屯 寨 庄 乡 镇 湾 沟 坪 营 堡 店 岭 嘎查 组 队");

/// What people say before an address; the address begins after the last of them.
pub(super) static LEADS: Words = Words::new(
    "收货地址 地址 住址 住在 我住 家住 住的是 住 家在 我家 他家 她家 家里 寄到 寄往 寄去 寄给 寄
     邮到 送到 送货到 送去 送至 送 发到 发往 发去 发货到 发至 到 在 是 改成 改为 改到 改至 换成
     换到 写成 写的 填的 搬到 麻烦 请 给 我 你 您 就 也 还 了 的 吧 从 把 跟 一下 这边 那边 位于
     去 到达 上门 收货 收件 叫 让 说 户籍 籍贯 单位 公司 门牌 快递放 放在 放到",
);
/// Words that never are part of a place name and so end the search to the left or right.
pub(super) const STOPS: &str = "的了我你您他她它们这那吗呢吧啊呀哦是在";

/// A public place: shop, depot, return address.
pub(super) static PUBLIC_BEFORE: Words = Words::new(
    "退货地址 退回地址 退换货地址 退货 退回 寄回 门店 店铺 专柜 旗舰店 体验店 实体店 专卖店
     线下店 你们店 你们公司 你们仓 你们在 你们那 你们的店 贵司 贵公司 仓库 发货地 总部 售后点 售后服务 服务中心 客服中心
     售后地址 维修点 维修中心 服务网点 网点 营业厅 自提点 自提 驿站 展厅 办事处 店在 店地址
     商家地址 卖家地址 公司地址 官方地址",
);
pub(super) static PUBLIC_AFTER: Words = Words::new(
    "门店 专卖店 旗舰店 体验店 分店 专柜 营业厅 售后 仓库 退货 网点 自提 客服 维修 的店 店吗
     店几点 店还 店有 这家店 那家店 驿站",
);
/// Words that make the address the writer's own all the same.
pub(super) static OWN: Words =
    Words::new("我家 我住 家住 收货地址 收件地址 我的地址 住址 寄给我 寄到我 送到我 我这");

/// Ends of words that only look like street names: 线路3号, 这条路10号.
pub(super) static NO_STREETS: Words = Words::new(
    "条路 线路 套路 思路 电路 半路 道路 铁路 走路 问路 网路 条街 逛街 渠道 频道 轨道 管道 通道 知道 味道
     跑道 报道 隧道 这里 那里 哪里 店里 手里 心里 群里 阶段 时段 手段 地段",
);
