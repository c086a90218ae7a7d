//! Traditional to simplified characters, as far as customers' questions need them.
//!
//! A table of pairs of our own choosing: characters of everyday and service talk whose simplified
//! form is one character whatever the context.

use std::{collections::HashMap, sync::LazyLock};

const PAIRS: &str = "訂订單单貨货發发還还沒没錢钱們们個个這这為为麼么甚什時时間间問问題题說说話话請请謝谢嗎吗對对開开關关電电機机號号碼码幾几點点從从來来\
過过後后會会員员買买賣卖質质東东西西寶宝貝贝價价優优惠惠滿满減减運运費费險险寄寄遞递達达處处經经濟济應应該该實实際际報报銷销稅税專专業业務务\
廠厂區区縣县鄉乡鎮镇鄰邻樓楼層层門门戶户聯联絡络繫系記记錄录帳账賬账戸户銀银匯汇轉转貸贷債债額额餘余積积獎奖贈赠禮礼換换貴贵賤贱賠赔償偿\
損损壞坏舊旧維维護护養养誤误錯错漏漏遲迟誰谁讓让給给與与並并雖虽須须須须勞劳務务動动態态惡恶氣气極极訴诉證证據据騙骗詐诈盜盗風风險险傷伤燒烧\
煙烟線线網网頁页連连結结點点擊击選选擇择確确認认識识讀读寫写聽听見见視视覺觉觀观親亲愛爱歡欢樂乐難难惱恼煩烦緊紧張张長长短短寬宽圓圆體体\
頭头臉脸眼眼腳脚鞋鞋褲裤襪袜裝装衣衣襯衬衫衫顏颜色色藍蓝綠绿紅红黃黄銅铜鐵铁鋼钢塑塑膠胶紙纸盒盒裏里裡里邊边麵面條条雙双隻只張张臺台灣湾\
國国際际內内廣广場场城城園园學学習习書书筆笔畫画圖图片片聲声響响燈灯車车輛辆鐘钟錶表週周歲岁億亿萬万無无數数據据計计算算設设備备調调節节\
試试驗验檢检測测壓压縮缩複复雜杂簡简單单純纯淨净濕湿熱热冷冷涼凉溫温濾滤塵尘掃扫拖拖電电鍋锅爐炉箱箱櫃柜檯台燈灯櫥橱窗窗簾帘牀床墊垫\
傢家俱具種种類类別别級级權权益益資资產产編编輯辑審审核核準准許许諾诺現现貨货倉仓庫库儲储備备補补貼贴領领獲获勝胜負负責责擔担當当況况狀状\
終终於于將将變变異异況况簽签收收駁驳訊讯懷怀疑疑標标籤签吊吊牌牌剪剪彈弹銹锈釘钉鈕钮釦扣鏈链鎖锁鑰钥鍵键盤盘屏屏螢荧幕幕顯显觸触滑滑\
輸输導导鏡镜頻频錄录製制造造產产廢废棄弃環环衛卫測测藥药醫医院院師师傅傅徵征遠远近近進进退退迴回覆复語语請请求求幫帮助助團团購购組组織织\
協协議议談谈辦办法法規规則则條条款款約约預预備备續续約约終终止止註注冊册銷销歷历史史曆历帶带帳帐獨独屬属級级雲云閃闪貓猫嗶哔";

static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut chars = PAIRS.chars();
    let mut table = HashMap::new();
    while let (Some(traditional), Some(simplified)) = (chars.next(), chars.next()) {
        table.insert(traditional, simplified);
    }
    table
});

/// The simplified form of a character; itself where the table knows none.
pub(crate) fn simplify(c: char) -> char {
    TABLE.get(&c).copied().unwrap_or(c)
}
