//! IPv4 and IPv6 addresses; versions with four parts are none.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::hits::Hits;
use crate::page::{Page, is_word};
use crate::span::PiiKind;
use crate::words::Words;

static VERSIONS: Words = Words::new(
    "版本 固件 系统 软件 版 升级 更新 升到 驱动 安装包 app version ver firmware build release
     内核 补丁",
);
static CUES: Words = Words::new("ip 地址 网关 dns 服务器 公网 内网 外网 主机 登录");

pub(super) fn find(page: &Page, hits: &mut Hits) {
    let mut i = 0;
    while i < page.len() {
        let end = page.ahead(i, 64, |c| c.is_ascii_hexdigit() || matches!(c, '.' | ':'));
        if end == i {
            i += 1;
            continue;
        }
        let glued = page.before(i).is_some_and(|c| is_word(c) || c == '-')
            || page.get(end).is_some_and(is_word);
        if !glued {
            claim(page, hits, i, end);
        }
        i = page.ahead(end, page.len(), is_word);
    }
}

fn claim(page: &Page, hits: &mut Hits, from: usize, to: usize) {
    let start = page.ahead(from, 1, |c| c == ':' && page.get(from + 1) != Some(':'));
    let end = page.back(to, 4, |c| c == '.' || c == ':').max(start);
    let text: String = page.slice(start, end).iter().collect();
    if text.contains("::") || text.matches(':').count() == 7 {
        if text.len() >= 4 && text.parse::<Ipv6Addr>().is_ok() {
            hits.add(start, end, PiiKind::Ip);
        }
        return;
    }
    let host = text.split(':').next().unwrap_or_default();
    let end = start + host.len();
    if host.parse::<Ipv4Addr>().is_ok() && !is_version(page, start) && page.get(end) != Some('*') {
        hits.add(start, end, PiiKind::Ip);
    }
}

/// The nearest word before says that this is a version.
fn is_version(page: &Page, start: usize) -> bool {
    let from = page.back(start, 10, |c| !matches!(c, ',' | '。' | '\n' | ';'));
    let nearest = |words: &Words| {
        (from..start)
            .rev()
            .find(|&i| words.at(page, i).is_some_and(|n| i + n <= start))
    };
    let tight = matches!(page.before(start), Some('v' | 'V'));
    tight || nearest(&VERSIONS) > nearest(&CUES)
}
