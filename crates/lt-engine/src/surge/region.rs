//! From which province somebody writes, where they say so.

/// Provinces as people name them, without the ending of the full name.
const PROVINCES: &[&str] = &[
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
];
/// Large cities by which people name where they are, with their provinces.
const CITIES: &[(&str, &str)] = &[
    ("广州", "广东"),
    ("深圳", "广东"),
    ("东莞", "广东"),
    ("佛山", "广东"),
    ("杭州", "浙江"),
    ("宁波", "浙江"),
    ("温州", "浙江"),
    ("义乌", "浙江"),
    ("南京", "江苏"),
    ("苏州", "江苏"),
    ("无锡", "江苏"),
    ("成都", "四川"),
    ("武汉", "湖北"),
    ("长沙", "湖南"),
    ("郑州", "河南"),
    ("西安", "陕西"),
    ("济南", "山东"),
    ("青岛", "山东"),
    ("合肥", "安徽"),
    ("福州", "福建"),
    ("厦门", "福建"),
    ("南昌", "江西"),
    ("沈阳", "辽宁"),
    ("大连", "辽宁"),
    ("长春", "吉林"),
    ("哈尔滨", "黑龙江"),
    ("石家庄", "河北"),
    ("太原", "山西"),
    ("昆明", "云南"),
    ("贵阳", "贵州"),
    ("南宁", "广西"),
    ("兰州", "甘肃"),
    ("乌鲁木齐", "新疆"),
];
/// What follows names that are no place: times, tastes, brands.
const NO_PLACE: &[&str] = &["时间", "路", "菜", "银行", "烤鸭"];

/// The province that a text names first; none where it names none.
#[must_use]
pub fn region(text: &str) -> Option<&'static str> {
    let named = PROVINCES.iter().map(|name| (*name, *name));
    named
        .chain(CITIES.iter().copied())
        .filter_map(|(name, province)| {
            let places = text.match_indices(name);
            let mut real = places.filter(|(at, _)| {
                let rest = text.get(at + name.len()..).unwrap_or_default();
                !NO_PLACE.iter().any(|after| rest.starts_with(after))
            });
            real.next().map(|(at, _)| (at, province))
        })
        .min_by_key(|(at, _)| *at)
        .map(|(_, province)| province)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_counts() {
        for (text, expected) in [
            ("我在浙江，快递一直没到", Some("浙江")),
            ("广东深圳的，三天没动", Some("广东")),
            ("发往哈尔滨的件破损", Some("黑龙江")),
            ("收货地址上海市南京路", Some("上海")),
            ("北京时间早上八点下的单", None),
            ("充电冒烟", None),
        ] {
            assert_eq!(region(text), expected, "{text}");
        }
    }
}
