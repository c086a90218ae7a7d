use lt_protocol::metrics::{MetricCard, MetricSeries, MetricsTable, MetricsTableRow};

use super::*;

fn board() -> MetricsBoard {
    let share = MetricValue::Share { part: 1, whole: 4 };
    MetricsBoard {
        as_of: Some(1_795_395_600_000),
        from: 1_795_363_200_000,
        to: 1_795_449_600_000,
        utc_offset_minutes: 480,
        grain: Grain::Day,
        cards: vec![MetricCard {
            metric: Metric::Coverage,
            now: share,
            before: Some(MetricValue::Share { part: 0, whole: 0 }),
        }],
        at: vec![1_795_363_200_000],
        series: vec![MetricSeries {
            metric: Metric::Coverage,
            now: vec![share],
            before: Vec::new(),
        }],
        heat: Vec::new(),
        tables: vec![MetricsTable {
            by: MetricsBy::Category,
            rows: vec![MetricsTableRow {
                value: "=1+1".to_owned(),
                label: "=1+1 & \"<双>\"".to_owned(),
                values: vec![MetricValue::Time {
                    ms: Some(1_500),
                    of: 2,
                }],
            }],
        }],
        intents: Vec::new(),
        rising: Vec::new(),
        groups: Vec::new(),
    }
}

#[test]
fn a_file_for_any_spreadsheet() {
    let bytes = write(&board(), MetricsFormat::Csv);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(
        text,
        "\u{feff}\"从\",\"2026-11-23 00:00\",\"到\",\"2026-11-24 00:00\"\r\n\
         \"截至\",\"2026-11-23 09:00\"\r\n\
         \"指标\",\"数值\",\"分子\",\"分母\",\"对比期\"\r\n\
         \"智能解决覆盖率\",0.25,1,4,\r\n\
         \r\n\
         \"时间\",\"智能解决覆盖率\"\r\n\
         \"2026-11-23\",0.25\r\n\
         \r\n\
         \"分类\",\"会话量\",\"智能响应率\",\"智能解决覆盖率\",\"响应失败率\",\"首响中位数（秒）\",\
         \"首响 P90（秒）\",\"平均处理时长（秒）\",\"一次解决率\",\"满意度\",\"积压\",\"排队会话\",\"时效违约率\"\r\n\
         \"'=1+1 & \"\"<双>\"\"\",1.5\r\n"
    );
}

#[test]
fn a_workbook_is_a_sound_archive() {
    let bytes = write(&board(), MetricsFormat::Xlsx);
    let text = String::from_utf8_lossy(&bytes);
    assert!(bytes.starts_with(b"PK\x03\x04"));
    for part in [
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet3.xml",
        "=1+1 &amp; &quot;&lt;双&gt;&quot;",
        "<c><v>0.25</v></c>",
    ] {
        assert!(text.contains(part), "{part}");
    }
    // The end says where the directory begins, and how long it is: together all that is before it.
    let end = bytes.len() - 22;
    assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
    let at = |n: usize| u32::from_le_bytes(bytes[end + n..end + n + 4].try_into().unwrap());
    let (length, begin) = (at(12) as usize, at(16) as usize);
    assert_eq!(begin + length, end);
    assert_eq!(&bytes[begin..begin + 4], b"PK\x01\x02");
}
